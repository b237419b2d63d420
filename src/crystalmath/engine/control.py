"""Cancel, pause and resume jobs, and read the answer: AiiDA's own functions only log that it failed."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crystalmath.engine import broker, daemon, reconcile, rows, seam_aiida, states
from crystalmath.errors import EngineError, InputError

if TYPE_CHECKING:
    from crystalmath.engine.session import Session
    from crystalmath.engine.states import State

__all__ = ["Cancelled", "Controlled", "cancel", "pause", "resume"]

ANSWER_S = 10.0


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The job after the request; `already` is true when it had ended before."""

    id: int
    uuid: str
    state: State
    already: bool


@dataclass(frozen=True, slots=True)
class Controlled:
    """The job after the request; `changed` is false when it was so before."""

    id: int
    uuid: str
    state: State
    changed: bool


def pause(session: Session, job_id: int | str, timeout_s: float = 60.0) -> Controlled:
    """Go no further with the job until it is resumed; a program that runs goes on to its end.

    Raises InputError for one that has ended, DaemonError when the daemon does not come up, EngineError when
    the job is not paused after `timeout_s`.
    """
    return _control(session, job_id, True, timeout_s)


def resume(session: Session, job_id: int | str, timeout_s: float = 60.0) -> Controlled:
    """Go on with a paused job: one that was paused by hand, or by AiiDA because its machine was away.

    Raises as `pause` does.
    """
    return _control(session, job_id, False, timeout_s)


def _control(session: Session, job_id: int | str, wanted: bool, timeout_s: float) -> Controlled:
    pk = rows.resolve(session, job_id)
    detail = rows.get(session, pk)
    if detail.state in states.ENDED:
        raise InputError(
            f"Job {pk} has ended: {detail.state}", hint=f"Look at it with: crystalmath show {pk}"
        )
    if not (asked := _paused_as(session, pk, not wanted)):
        return Controlled(pk, detail.uuid, detail.state, changed=False)
    daemon.ensure(session, listening=True)
    reconcile.revive(session)
    deadline = time.monotonic() + timeout_s
    while asked:
        said = _tell(session, asked, wanted)
        session.begin()
        asked = _paused_as(session, pk, not wanted)
        if asked and time.monotonic() > deadline:
            verb = "pause" if wanted else "go on"
            raise EngineError(
                f"Job {pk} was asked to {verb} and has not: {said}",
                hint=f"Look at it with: crystalmath show {pk}",
            )
        if asked:
            time.sleep(0.2)
    return Controlled(pk, detail.uuid, rows.state(session, pk), changed=True)


def _tell(session: Session, pks: tuple[int, ...], wanted: bool) -> str:
    if session.embedded:
        broker.connect(session)
    said = "no answer"
    for pk in pks:
        said = (
            seam_aiida.pause(pk, "paused by the user", ANSWER_S) if wanted else seam_aiida.play(pk, ANSWER_S)
        )
    return said


def _paused_as(session: Session, pk: int, paused: bool) -> tuple[int, ...]:
    """Return the unended processes of the job that are, or are not, paused; steps before their flow."""
    from aiida import orm

    nodes = [orm.load_node(found) for found in reversed(_unended(session, pk))]
    return tuple(node.pk for node in nodes if bool(node.paused) is paused)


def cancel(session: Session, job_id: int | str, timeout_s: float = 60.0) -> Cancelled:
    """End the job with all its steps and return when it has ended.

    The daemon is brought up first when it is down: only a worker can end the program of a step. Raises
    DaemonError when it does not come up, EngineError when the job has not ended after `timeout_s`.
    """
    pk = rows.resolve(session, job_id)
    detail = rows.get(session, pk)
    if detail.state in states.ENDED:
        return Cancelled(pk, detail.uuid, detail.state, already=True)
    daemon.ensure(session, listening=True)
    reconcile.revive(session)
    deadline = time.monotonic() + timeout_s
    while True:
        ended, said = _ask(session, pk)
        if ended is not None:
            return Cancelled(pk, detail.uuid, ended, already=False)
        if time.monotonic() > deadline:
            raise EngineError(
                f"Job {pk} was asked to end and has not: {said}",
                hint=f"Look at it with: crystalmath show {pk}",
            )
        time.sleep(0.2)


def _ask(session: Session, pk: int) -> tuple[State | None, str]:
    """Ask every unended process of the job to end; return its state if all have, and what was answered."""
    said = "no answer"
    if session.embedded:
        broker.connect(session)
    for process in _unended(session, pk):
        said = seam_aiida.kill(process, "cancelled by the user", ANSWER_S)
    session.begin()
    left = _unended(session, pk)
    return (None if left else rows.state(session, pk)), said


def _unended(session: Session, pk: int) -> list[int]:
    """Return the unended processes of the job, itself first: it ends its own steps."""
    detail = rows.get(session, pk)
    below = [step.id for step in detail.steps if step.state not in states.ENDED and step.id != pk]
    return ([pk] if detail.state not in states.ENDED else []) + below
