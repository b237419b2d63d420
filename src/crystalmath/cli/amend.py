"""`crystalmath pause`, `resume`, `restart`, `label`, `delete`: change what becomes of jobs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from crystalmath.cli.output import json_option, open_session, print_json
from crystalmath.errors import InputError

if TYPE_CHECKING:
    from crystalmath.engine.control import Controlled

__all__ = ["delete", "label", "pause", "restart", "resume"]


@click.command()
@click.argument("job_id", metavar="ID")
@json_option
def pause(job_id: str, as_json: bool) -> None:
    """Go no further with a job until it is resumed; a program that runs goes on to its end."""
    from crystalmath.engine import control

    _tell(control.pause(open_session(), job_id), as_json=as_json)


@click.command()
@click.argument("job_id", metavar="ID")
@json_option
def resume(job_id: str, as_json: bool) -> None:
    """Go on with a paused job: paused by you, or by AiiDA because its machine was away."""
    from crystalmath.engine import control

    _tell(control.resume(open_session(), job_id), as_json=as_json)


def _tell(done: Controlled, *, as_json: bool) -> None:
    if as_json:
        print_json(done)
    else:
        click.echo(f"Job {done.id} {'is' if done.changed else 'was already'} {done.state}.")


@click.command()
@click.argument("job_id", metavar="ID")
@click.option("--set", "settings", multiple=True, metavar="TAG=VALUE", help="Set an INCAR tag in every step.")
@click.option("--code", metavar="LABEL", help="The VASP executable [default: that of the job].")
@click.option("--label", help="A title of your own [default: that of the job].")
@click.option("--key", help="The same key gives the same job instead of a second one.")
@click.option("--waive", multiple=True, metavar="CODE", help="Run in spite of this error of the check.")
@json_option
def restart(
    job_id: str,
    settings: tuple[str, ...],
    code: str | None,
    label: str | None,
    key: str | None,
    waive: tuple[str, ...],
    as_json: bool,
) -> None:
    """Run a job again from the last structure that it reached, as a new job that is linked to it."""
    from crystalmath.engine import restart as restarting
    from crystalmath.inputs import overrides

    done = restarting.restart(
        open_session(),
        job_id,
        overrides=overrides.parse(settings),
        code=code,
        label=label,
        key=key,
        waive=waive or None,
    )
    if as_json:
        print_json(done)
    else:
        click.echo(f"Job {done.id} ({done.uuid[:8]}) goes on from job {job_id}; it is {done.state}.")


@click.command()
@click.argument("job_id", metavar="ID")
@click.argument("text")
@json_option
def label(job_id: str, text: str, as_json: bool) -> None:
    """Give a job a title."""
    from crystalmath.engine import amend

    done = amend.label(open_session(), job_id, text)
    if as_json:
        print_json({"id": done.id, "uuid": done.uuid, "label": done.label})
    else:
        click.echo(f"Job {done.id} is called '{done.label}'.")


@click.command()
@click.argument("job_ids", metavar="ID...", nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def delete(job_ids: tuple[str, ...], yes: bool, as_json: bool) -> None:
    """Remove jobs with their steps, results and working folders on this machine. There is no way back."""
    from crystalmath.engine import amend

    session = open_session()
    if not yes:
        if not sys.stdin.isatty():
            raise InputError("Nobody can be asked whether to remove the jobs", hint="Say so with --yes.")
        click.confirm(f"Remove {', '.join(job_ids)} with all results for good?", abort=True, err=True)
    done = [amend.delete(session, job_id) for job_id in job_ids]
    if as_json:
        print_json(done)
    else:
        for one in done:
            folders = f" and {len(one.folders)} folders" if one.folders else ""
            click.echo(f"Job {one.id} is removed: {one.n_nodes} nodes{folders}.")
