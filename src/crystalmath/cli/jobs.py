"""`crystalmath jobs`, `show`, `files`, `cancel`: what was submitted and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crystalmath.cli.output import json_option, open_session, print_json, print_table
from crystalmath.engine.states import STATES

if TYPE_CHECKING:
    from crystalmath.engine.jobs import JobRow

__all__ = ["cancel", "files", "jobs", "show"]


@click.command()
@click.argument("text", required=False)
@click.option("--state", type=click.Choice(STATES), help="Only jobs in this state.")
@click.option("--template", help="Only jobs of this template.")
@click.option("--limit", default=30, show_default=True, type=click.IntRange(1, 2000), help="At most so many.")
@json_option
def jobs(text: str | None, state: str | None, template: str | None, limit: int, as_json: bool) -> None:
    """List jobs, the newest first; TEXT is searched in label, formula and template."""
    from crystalmath.engine import jobs as engine_jobs

    session = open_session()
    rows = engine_jobs.list_jobs(session, state=state, template=template, text=text, limit=limit)  # type: ignore[arg-type]  # click has checked the state
    if as_json:
        print_json(rows)
    elif rows:
        print_table(
            ["ID", "STATE", "TEMPLATE", "FORMULA", "ATOMS", "CREATED", "LABEL"], [_cells(row) for row in rows]
        )
    else:
        click.echo("No jobs yet. Start with: crystalmath run relax POSCAR --follow", err=True)


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
