"""`crystalmath run`: submit a calculation, follow it when asked, and print its card."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crystalmath.cli.output import json_option, open_session, print_json

if TYPE_CHECKING:
    from crystalmath.engine.session import Session
    from crystalmath.engine.submit import Submitted

__all__ = ["run"]


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
@click.option("--code", metavar="LABEL", help="The VASP executable, see `crystalmath codes`.")
@click.option("--label", default="", help="A title of your own.")
@click.option("--key", help="The same key gives the same job instead of a second one.")
@click.option("--waive", multiple=True, metavar="CODE", help="Run in spite of this error of the check.")
@click.option("--follow", is_flag=True, help="Show progress until the job has ended, then its card.")
@json_option
def run(
    template: str,
    structure: str,
    settings: tuple[str, ...],
    parameters: tuple[str, ...],
    code: str | None,
    label: str,
    key: str | None,
    waive: tuple[str, ...],
    follow: bool,
    as_json: bool,
) -> int:
    """Run TEMPLATE on STRUCTURE (a POSCAR, CIF, … file).

    `crystalmath templates` lists the templates. `run folder DIR` submits the INCAR, KPOINTS and POSCAR
    of a folder as they are.
    """
    from crystalmath.engine import requests, submit
    from crystalmath.inputs import overrides
    from crystalmath.inputs import parameters as given

    request = requests.build(
        template,
        structure,
        overrides=overrides.parse(settings),
        parameters=given.parse(parameters),
        code=code,
        label=label,
        key=key,
        waive=waive,
    )
    session = open_session()
    submitted = submit.submit(session, request)
    if follow:
        return _follow(session, submitted, as_json=as_json)
    if as_json:
        print_json({"id": submitted.id, "uuid": submitted.uuid, "state": submitted.state})
    else:
        click.echo(f"Job {submitted.id} ({submitted.uuid[:8]}) is {submitted.state}.")
        click.echo(f"See it with: crystalmath show {submitted.id}", err=True)
    return 0


def _follow(session: Session, submitted: Submitted, *, as_json: bool) -> int:
    from crystalmath.cli import follow as follower
    from crystalmath.cli.card import print_card, print_plots
    from crystalmath.engine import cards

    follower.follow(session, submitted.id, quiet=as_json)
    card = cards.get(session, submitted.id)
    if as_json:
        print_json(card)
    else:
        print_card(card)
        print_plots(session, card.id)
    return 0 if card.state == "finished" else 1
