"""Wait for jobs and follow them: woken by the daemon's broadcasts, looking once a second without them.

Broadcasts may be lost and the scheduler's queued to running is never broadcast. While a job is waited
for, the daemon is looked after: one that died is brought back.
"""

from __future__ import annotations

import threading
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crystalmath.engine import broker, daemon, reconcile, rows, states
from crystalmath.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.engine.rows import JobDetail, Step
    from crystalmath.engine.session import Session
    from crystalmath.engine.states import State

__all__ = ["Progress", "follow", "wait"]

LOOK_S = 1.0
_CARE_S = 15.0


@dataclass(frozen=True, slots=True)
class Progress:
    """What has changed: the job's state, and the step that is current with its state."""

    id: int
    state: State
    step: Step | None
    n_steps: int


def wait(session: Session, job_id: int | str, timeout: float | None = None) -> JobDetail:
    """Return the job when it has ended. Raises TimeoutError after `timeout` seconds."""
    pk = rows.resolve(session, job_id)
    for _ in follow(session, pk, timeout=timeout):
        pass
    return rows.get(session, pk)


def follow(
    session: Session,
    job_id: int | str,
    *,
    timeout: float | None = None,
    look_s: float = LOOK_S,
    every_look: bool = False,
) -> Iterator[Progress]:
    """Yield the job's progress, first as it is now, then at each change, until it has ended.

    With `every_look` also when nothing has changed, for those who read a running step's files.

    Raises TimeoutError after `timeout` seconds.
    """
    pk = rows.resolve(session, job_id)
    deadline = None if timeout is None else time.monotonic() + timeout
    cared_at = time.monotonic()
    last: Progress | None = None
    with _listening(session) as changed:
        while True:
            now = _progress(session, pk)
            if every_look or now != last:
                yield (last := now)
            if now.state in states.ENDED:
                return
            if deadline is not None and time.monotonic() > deadline:
                raise TimeoutError(f"Job {pk} is still {now.state} after {timeout:g} s")
            if time.monotonic() - cared_at > _CARE_S:
                _care(session)
                cared_at = time.monotonic()
            changed.wait(_pause_s(look_s, deadline))
            changed.clear()


def _progress(session: Session, pk: int) -> Progress:
    from dataclasses import replace

    session.begin()
    detail = rows.get(session, pk)
    # A step's time of modification moves with every look at the scheduler: that is no progress.
    step = replace(detail.current, modified_at="") if detail.current else None
    return Progress(pk, detail.state, step, len(detail.steps))


def _pause_s(look_s: float, deadline: float | None) -> float:
    return look_s if deadline is None else max(0.01, min(look_s, deadline - time.monotonic()))


def _care(session: Session) -> None:
    """Bring the daemon back if it died, with what it lost; an engine that stays down is announced."""
    try:
        daemon.ensure(session, listening=True)
        reconcile.revive(session)
    except EngineError as error:
        session.announce(f"{error.message}. {error.hint}")


@contextmanager
def _listening(session: Session) -> Iterator[threading.Event]:
    """Yield an event that is set when any process of the profile changes its state."""
    changed = threading.Event()
    name = "cm-watch-" + uuid.uuid4().hex
    communicator = _communicator(session)
    if communicator is not None:
        communicator.add_broadcast_subscriber(lambda *_arguments, **_named: changed.set(), name)
    try:
        yield changed
    finally:
        if communicator is not None and not communicator.is_closed():
            communicator.remove_broadcast_subscriber(name)


def _communicator(session: Session) -> Any | None:
    """Return the connection to the broker, None when there is none: looking once a second remains."""
    from aiida.common.exceptions import ConfigurationError
    from aiida.manage import get_manager

    try:
        if session.embedded and not broker.answers(session):
            return None
        return get_manager().get_communicator()
    except (ConfigurationError, ConnectionError, EngineError):
        return None
