"""`crystalmath codes`: the VASP executables that jobs can run with."""

from __future__ import annotations

from pathlib import Path

import click

from crystalmath.cli.output import json_option, open_session, print_json, print_table

__all__ = ["codes"]

EXECUTABLE = click.Path(path_type=Path)


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def codes(ctx: click.Context, as_json: bool) -> None:
    """List the registered VASP executables; the stand-in is not VASP."""
    if ctx.invoked_subcommand is not None:
        return
    from crystalmath.engine import codes as engine_codes

    rows = engine_codes.list_codes(open_session())
    if as_json:
        print_json(rows)
        return
    print_table(
        ["", "LABEL", "COMPUTER", "STD", "GAM", "NCL", "LAUNCHER"],
        [["*" if r.is_default else "", r.label, r.computer, r.std, r.gam, r.ncl, r.launcher] for r in rows],
    )
    click.echo("* is used when no --code is given.", err=True)


@codes.command()
@click.argument("label")
@click.option("--std", type=EXECUTABLE, required=True, help="Path of vasp_std.")
@click.option("--gam", type=EXECUTABLE, help="Path of vasp_gam, used for Gamma-only meshes.")
@click.option("--ncl", type=EXECUTABLE, help="Path of vasp_ncl, used for non-collinear magnetism.")
@click.option("--launcher", default="", help="For example 'mpirun -np {ranks}'.")
@click.option("--ranks", default=1, show_default=True, type=click.IntRange(min=1), help="MPI ranks.")
@click.option("--threads", default=1, show_default=True, type=click.IntRange(min=1), help="OpenMP threads.")
@click.option("--prepend", multiple=True, help="A shell line to run before, for example 'module load vasp'.")
@click.option("--potcars", type=EXECUTABLE, help="POTCAR folder [default: the one of `crystalmath potcars`].")
@click.option("--default", "make_default", is_flag=True, help="Use this one when no --code is given.")
@json_option
def create(
    label: str,
    std: Path,
    gam: Path | None,
    ncl: Path | None,
    launcher: str,
    ranks: int,
    threads: int,
    prepend: tuple[str, ...],
    potcars: Path | None,
    make_default: bool,
    as_json: bool,
) -> None:
    """Register a VASP of this machine after starting it on a tiny input."""
    from crystalmath.engine import codes as engine_codes

    row = engine_codes.create(
        open_session(),
        label,
        std=std,
        gam=gam,
        ncl=ncl,
        launcher=launcher,
        ranks=ranks,
        threads=threads,
        prepend="\n".join(prepend),
        potcars=potcars,
        make_default=make_default,
    )
    if as_json:
        print_json(row)
    else:
        click.echo(f"Registered {row.label}{' as the default' if row.is_default else ''}.")


@codes.command()
@click.argument("label")
def default(label: str) -> None:
    """Use this code when none is named."""
    from crystalmath.engine import codes as engine_codes

    engine_codes.set_default(open_session(), label)
    click.echo(f"{label} is used when no --code is given.")


@codes.command()
@click.argument("label")
def delete(label: str) -> None:
    """Remove a code from the list; finished jobs keep it in their provenance."""
    from crystalmath.engine import codes as engine_codes

    session = open_session()
    before = engine_codes.default(session).pk
    engine_codes.delete(session, label)
    click.echo(f"Removed {label}.")
    left = engine_codes.default(session)
    if left.pk != before:
        kind = ", the stand-in, which is not VASP" if left.label == engine_codes.STANDIN_LABEL else ""
        click.echo(f"Without --code, jobs run on {left.label} now{kind}.", err=True)
