"""The state of a job in the words of the user, from what AiiDA stores about its processes.

AiiDA's `waiting` means three things; the scheduler's word tells them apart. Pure: no aiida here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["ENDED", "STATES", "Facts", "State", "of_job", "of_process"]

State = Literal[
    "created",
    "queued",
    "running",
    "transferring",
    "paused",
    "asking",
    "finished",
    "failed",
    "excepted",
    "killed",
]
STATES: tuple[State, ...] = get_args(State)
ENDED: frozenset[State] = frozenset({"finished", "failed", "excepted", "killed"})
_FURTHEST: tuple[State, ...] = ("asking", "paused", "running", "transferring", "queued", "created")
_SUB_STATES: dict[str, State] = {
    "uploading": "queued",
    "unstashing": "queued",  # AiiDA's name for: upload done
    "submitting": "queued",
    "stashing": "transferring",  # AiiDA's name for: the job is done
    "retrieving": "transferring",
    "parsing": "transferring",
}
_SCHEDULER: dict[str, State] = {"running": "running", "suspended": "running", "done": "transferring"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What AiiDA stores about one process: its attributes of these names."""

    process_state: str | None
    sub_state: str | None = None  # attribute `state` of a calculation job
    scheduler_state: str | None = None
    paused: bool = False
    is_calculation: bool = False  # a calculation job, as against a work chain
    exit_status: int | None = None


def of_process(facts: Facts) -> State:
    """Return the state of one process by itself; a work chain that works or waits is `running`."""
    if facts.process_state in {None, "created"}:
        return "paused" if facts.paused else "created"
    if facts.process_state == "finished":
        return "finished" if facts.exit_status == 0 else "failed"
    if facts.process_state == "excepted":
        return "excepted"
    if facts.process_state == "killed":
        return "killed"
    return "paused" if facts.paused else _active(facts)


def _active(facts: Facts) -> State:
    if facts.sub_state == "withscheduler":
        return _SCHEDULER.get(facts.scheduler_state or "", "queued")
    # Before its upload a calculation job has no sub-state, whatever AiiDA calls it.
    return _SUB_STATES.get(facts.sub_state or "", "queued" if facts.is_calculation else "running")


def of_job(facts: Facts, steps: Iterable[State]) -> State:
    """Return the state of a job from its own facts and the states of all its steps.

    An active job is what its furthest active step is; between two steps it is running, before the
    first one queued.
    """
    own = of_process(facts)
    if own in ENDED or own == "paused" or facts.is_calculation:
        return own
    states = list(steps)
    active = [state for state in states if state not in ENDED]
    for state in _FURTHEST[:-1]:
        if state in active:
            return state
    if own == "created":
        return "created"
    # A step that was just made does not bring the job back to where it began.
    return "running" if states and not active else "queued"
