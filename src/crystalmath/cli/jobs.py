"""`crystalmath jobs`, `show`, `files`, `cancel`: what was submitted and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crystalmath.cli.output import json_option, open_session, print_json, print_table
from crystalmath.engine.list_table import SORT_KEYS
from crystalmath.engine.states import STATES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crystalmath.engine.job_list import JobRow, Page, SortKey
    from crystalmath.engine.states import State

__all__ = ["cancel", "files", "jobs", "show"]


@click.command()
@click.argument("text", required=False)
@click.option("--state", "states", multiple=True, type=click.Choice(STATES), help="Only in this state.")
@click.option("--template", help="Only jobs of this template.")
@click.option("--code", help="Only jobs that run with this code.")
@click.option("--formula", help="Only jobs of this reduced formula.")
@click.option("--element", "elements", multiple=True, help="Only jobs whose formula has this element.")
@click.option("--label", help="Only jobs with this in their label.")
@click.option("--exit-code", type=int, help="Only jobs that ended with this exit code.")
@click.option("--since", metavar="TIME", help="Only jobs made at this time (ISO 8601) or later.")
@click.option("--until", metavar="TIME", help="Only jobs made before this time.")
@click.option("--ours", is_flag=True, help="Leave out processes that CrystalMath did not submit.")
@click.option("--sort", type=click.Choice(SORT_KEYS), default="created", show_default=True, help="Order by.")
@click.option("--ascending", is_flag=True, help="The smallest or oldest first.")
@click.option("--counts", is_flag=True, help="Count the jobs of each state instead.")
@click.option("--limit", default=30, show_default=True, type=click.IntRange(1, 2000), help="At most so many.")
@json_option
def jobs(
    states: tuple[State, ...],
    since: str | None,
    until: str | None,
    ours: bool,
    exit_code: int | None,
    elements: tuple[str, ...],
    sort: SortKey,
    ascending: bool,
    counts: bool,
    limit: int,
    as_json: bool,
    **named: str | None,
) -> None:
    """List jobs, the newest first; TEXT is searched in label, formula and template."""
    from crystalmath.engine import job_list

    wanted = job_list.Filter(
        states=states, elements=elements, exit_status=exit_code, created_after=since, created_before=until,
        foreign=not ours, **named,
    )  # fmt: skip
    session = open_session()
    page = job_list.page(session, wanted, sort=sort, descending=not ascending, limit=limit)
    if counts:
        _print_counts(job_list.counts(session, wanted), as_json=as_json)
    elif as_json:
        print_json(page.rows)
    elif page.rows:
        _print_rows(page)
    elif wanted == job_list.Filter():
        click.echo("No jobs yet. Start with: crystalmath run relax POSCAR --follow", err=True)
    else:
        click.echo("No job is like that.", err=True)


def _print_counts(found: Mapping[str, int], *, as_json: bool) -> None:
    if as_json:
        print_json(found)
    else:
        print_table(["STATE", "JOBS"], [[state, found[state]] for state in STATES if state in found])


def _print_rows(page: Page) -> None:
    heads = ["ID", "STATE", "TEMPLATE", "FORMULA", "ATOMS", "CREATED", "LABEL"]
    print_table(heads, [_cells(row) for row in page.rows])
    if page.next is not None:
        click.echo("There are more: see --limit, or choose with the other options.", err=True)


def _cells(row: JobRow) -> list[object]:
    state = f"{row.state} ({row.exit_status})" if row.state == "failed" else row.state
    template = "(foreign)" if row.foreign else row.template
    created = row.created_at[:16].replace("T", " ")
    return [row.id, state, template, row.formula, row.n_atoms, created, row.label]


@click.command()
@click.argument("job_id", metavar="ID")
@click.option("--plot", is_flag=True, help="Draw bands and convergence as well.")
@json_option
def show(job_id: str, plot: bool, as_json: bool) -> None:
    """Show the steps and the result card of a job."""
    from crystalmath.cli.card import print_card, print_plots, print_steps
    from crystalmath.engine import cards
    from crystalmath.engine import jobs as engine_jobs

    session = open_session()
    detail = engine_jobs.get(session, job_id)
    card = cards.get(session, detail.id)
    if as_json:
        print_json(card)
        return
    print_card(card)
    print_steps(detail)
    if plot:
        print_plots(session, detail.id)


@click.command()
@click.argument("job_id", metavar="ID")
@click.argument("name", required=False)
@json_option
def files(job_id: str, name: str | None, as_json: bool) -> None:
    """List the files of a job, or print the one called NAME (for example OUTCAR or 2-static/OUTCAR)."""
    from crystalmath.engine import files as engine_files

    session = open_session()
    if name is not None:
        text = engine_files.read(session, job_id, name)
        if as_json:
            print_json({"name": name, "text": text})
        else:
            click.echo(text, nl=False)
        return
    rows = engine_files.list_files(session, job_id)
    if as_json:
        print_json(rows)
    else:
        print_table(["SIZE", "WHERE", "NAME"], [[row.size_bytes, row.source, row.name] for row in rows])


@click.command()
@click.argument("job_id", metavar="ID")
@json_option
def cancel(job_id: str, as_json: bool) -> None:
    """End a job with all its running steps; what has been recorded stays."""
    from crystalmath.engine import control

    done = control.cancel(open_session(), job_id)
    if as_json:
        print_json(done)
    elif done.already:
        click.echo(f"Job {done.id} had already ended: {done.state}.")
    else:
        click.echo(f"Job {done.id} is {done.state}.")
