"""`crystalmath templates`: what can be run."""

from __future__ import annotations

import click

from crystalmath.cli.output import json_option, print_json, print_table

__all__ = ["templates"]


@click.command()
@click.argument("name", required=False)
@click.option("--all", "everything", is_flag=True, help="Also every VASP Maker of atomate2, by its class.")
@json_option
def templates(name: str | None, everything: bool, as_json: bool) -> None:
    """List the templates, or show the one called NAME."""
    from crystalmath import templates as catalogue

    if name is not None:
        found: tuple[catalogue.Template, ...] = (catalogue.get(name),)
    else:
        found = tuple(t for t in catalogue.all() if t.curated or everything)
    if as_json:
        print_json(found)
        return
    print_table(["NAME", "WHAT IT DOES"], [[t.name, t.title] for t in found])
    if name is None and not everything:
        click.echo("More: crystalmath templates --all", err=True)
