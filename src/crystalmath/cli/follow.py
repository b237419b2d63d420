"""Progress of a running job, a line per event: state changes, SCF and ionic steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from crystalmath.engine.session import Session

__all__ = ["follow"]


def follow(session: Session, job_id: int, *, quiet: bool) -> None:
    """Print what happens to the job until it has ended; `quiet` only waits."""
    from crystalmath.engine import watch

    last: tuple[object, ...] = ()
    for progress in watch.follow(session, job_id):
        step = progress.step
        name = f"step {step.index} {step.name}" if step else "waiting for the daemon"
        state = step.state if step else progress.state
        line = (name, state)
        if not quiet and line != last:
            click.echo(f"  job {job_id} · {name} · {state}", err=True)
        last = line
