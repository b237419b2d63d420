"""`crystalmath preview`: the input files of a calculation, before anything runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crystalmath.cli.output import json_option, print_json

if TYPE_CHECKING:
    from crystalmath.inputs import InputSet

__all__ = ["preview"]


@click.command()
@click.argument("template")
@click.argument("structure")
@click.option("--set", "settings", multiple=True, metavar="TAG=VALUE", help="Set an INCAR tag in every step.")
@click.option(
    "--param",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="Set a parameter of the template, see `crystalmath templates NAME`.",
)
@click.option("--step", default=1, show_default=True, type=click.IntRange(min=1), help="Which VASP step.")
@click.option(
    "--write", "directory", type=click.Path(path_type=Path), help="Write the files into this folder."
)
@json_option
def preview(
    template: str,
    structure: str,
    settings: tuple[str, ...],
    parameters: tuple[str, ...],
    step: int,
    directory: Path | None,
    as_json: bool,
) -> None:
    """Show the INCAR, KPOINTS, POSCAR and POTCAR symbols that TEMPLATE writes for STRUCTURE."""
    from crystalmath import inputs, structures
    from crystalmath.inputs import overrides
    from crystalmath.inputs import parameters as given

    typed = overrides.validate(overrides.parse(settings))
    crystal = structures.read(Path(structure)).structure
    found = inputs.preview(crystal, template, typed, step=step, parameters=given.parse(parameters))
    if directory is not None:
        found.write(directory)
    if as_json:
        print_json(found)
    else:
        _print(found, step)
        if directory is not None:
            click.echo(f"Written to {directory}.", err=True)


def _print(found: InputSet, step: int) -> None:
    name = found.steps[step - 1]
    more = ", and more are added as it runs" if found.dynamic else ""
    click.secho(f"Step {step} of {len(found.steps)}{more}: {name}", bold=True)
    click.secho("\nINCAR", bold=True)
    for setting in found.incar:
        click.echo(f"  {setting.tag:12} = {setting.value!s:24} {setting.source}")
    click.secho("\nKPOINTS", bold=True)
    click.echo(
        _indented(found.kpoints_text) if found.kpoints_text else "  none: VASP uses KSPACING of the INCAR"
    )
    click.secho("\nPOSCAR", bold=True)
    lines = found.poscar_text.splitlines()
    click.echo(_indented("\n".join(lines[:28])))
    if len(lines) > 28:
        click.echo(f"  … {len(lines) - 28} more lines")
    click.secho("\nPOTCAR", bold=True)
    click.echo(f"  {found.potcar_functional}: {' '.join(found.potcar_symbols)}")
    for finding in found.findings:
        click.secho(f"  ! {finding.message}", fg="yellow")


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())
