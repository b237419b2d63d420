"""`crystalmath potcars`: which POTCARs there are, and what a calculation lacks. Never their text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crystalmath.cli.output import json_option, print_json, print_table

if TYPE_CHECKING:
    from crystalmath.potcars import PotcarEntry, PotcarLibrary

__all__ = ["potcars"]


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def potcars(ctx: click.Context, as_json: bool) -> None:
    """List the POTCAR folders and the releases found in them."""
    if ctx.invoked_subcommand is not None:
        return
    from crystalmath.potcars import library

    found = library()
    if as_json:
        print_json(found.entries)
    elif found.folders:
        for folder in found.folders:
            click.echo(folder.path)
        _print_releases(found.entries)
    else:
        click.echo("No POTCAR folder is known. Name yours once: crystalmath potcars index DIR", err=True)


def _print_releases(entries: tuple[PotcarEntry, ...]) -> None:
    releases: dict[str, int] = {}
    for entry in entries:
        releases[entry.functional] = releases.get(entry.functional, 0) + 1
    print_table(["RELEASE", "POTCARS"], releases.items())


@potcars.command()
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--release", help="Its release, for example PBE_54, where folder names do not tell it.")
@json_option
def index(directory: Path, release: str | None, as_json: bool) -> None:
    """Look through a POTCAR folder and remember it. Only headers are read and kept."""
    from crystalmath import potcars as collection

    entries = collection.index(directory, release)
    if as_json:
        print_json(entries)
    else:
        _print_releases(entries)


@potcars.command()
@click.argument("template")
@click.argument("structure", type=click.Path(path_type=Path))
@click.option("--code", metavar="LABEL", help="Look where the jobs of this code look.")
@json_option
def status(template: str, structure: Path, code: str | None, as_json: bool) -> int:
    """Say which POTCARs TEMPLATE needs for STRUCTURE, and which are missing (exit 1)."""
    from crystalmath import potcars as collection
    from crystalmath import structures, templates

    needs = templates.potcars_of(template, structures.read(structure).structure)
    found = [collection.status(need.symbols, need.functional, _library(code)) for need in needs]
    if as_json:
        print_json(found)
    else:
        for state in found:
            for entry in state.found:
                click.echo(f"{entry.functional:10} {entry.symbol:8} found    {entry.titel}")
            for symbol in state.missing:
                click.echo(f"{state.functional:10} {symbol:8} MISSING")
    missing = any(state.missing for state in found)
    if missing and not as_json:
        click.echo("Hint: Name a folder that has them: crystalmath potcars index DIR", err=True)
    return int(missing)


def _library(code: str | None) -> PotcarLibrary | None:
    if code is None:
        return None
    from crystalmath import potcars as collection
    from crystalmath.cli.output import open_session
    from crystalmath.engine import codes

    return collection.library(codes.potcar_directory(codes.load(open_session(), code)))
