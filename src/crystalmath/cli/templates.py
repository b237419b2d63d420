"""`crystalmath templates`: what can be run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from crystalmath.cli.output import json_option, print_json, print_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from crystalmath.templates import TemplateDetails

__all__ = ["templates"]

GENERATOR = "input_set_generator."


@click.command()
@click.argument("name", required=False)
@click.option("--all", "everything", is_flag=True, help="Also every VASP Maker of atomate2, by its class.")
@json_option
def templates(name: str | None, everything: bool, as_json: bool) -> None:
    """List the templates, or tell all about the one called NAME: its jobs, what it needs, its parameters."""
    from crystalmath import templates as catalogue

    if name is not None:
        found = catalogue.details(name)
        print_json(found) if as_json else _print(found)
        return
    rows = tuple(t for t in catalogue.all() if t.curated or everything)
    if as_json:
        print_json(rows)
        return
    print_table(["NAME", "WHAT IT DOES"], [[t.name, t.title] for t in rows])
    click.echo("All about one: crystalmath templates NAME", err=True)
    if not everything:
        click.echo("More: crystalmath templates --all", err=True)


def _print(found: TemplateDetails) -> None:
    click.secho(f"{found.name}: {found.title}", bold=True)
    click.echo(found.about)
    if found.refusal is not None:
        click.secho(f"It cannot be run by its name: {found.refusal}", fg="yellow")
    if found.jobs:
        click.secho("\nJobs", bold=True)
        when = {"start": "", "later": "added as it runs"}
        print_table(
            ["NAME", "INPUT SET", ""],
            [[job.name, job.input_set or "Python", when[job.when]] for job in found.jobs],
        )
    click.secho("\nInputs", bold=True)
    for given in found.inputs:
        click.echo(f"  {given.name}{'' if given.required else ' (optional)'}  {given.description}")
    for package in found.packages:
        click.echo(f"  needs {package.name}: {'installed' if package.installed else 'NOT installed'}")
    parameters = list(_parameters(found.schema, ""))
    own = [row for row in parameters if GENERATOR not in row[0] or not found.curated]
    if own:
        click.secho("\nParameters (--param NAME=VALUE)", bold=True)
        print_table(["NAME", "VALUES", "DEFAULT", "UNIT"], own)
    sets = dict.fromkeys(row[0].rpartition(".")[0] for row in parameters if row not in own)
    if sets:
        click.echo("\nThe settings of these input sets too, see --json:")
        click.echo("\n".join(f"  {path}.*" for path in sets))


def _parameters(schema: Mapping[str, Any], path: str) -> Iterator[list[str]]:
    import json

    for name, inner in schema["properties"].items():
        if inner.get("properties") and name != "user_kpoints_settings":
            yield from _parameters(inner, f"{path}{name}.")
            continue
        default = json.dumps(inner["default"], ensure_ascii=False) if "default" in inner else ""
        yield [f"{path}{name}", _values(inner), default, inner.get("unit", "")]


def _values(schema: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_values(option) for option in schema["anyOf"]))
    if "enum" in schema:
        return " | ".join("null" if value is None else str(value) for value in schema["enum"])
    return str(schema.get("type", ""))
