"""What makes the watchdog suspect that a process is lost, and how long it waits before it acts.

A suspicion may be wrong: what it leads to asks the daemon itself before anything is done. Those that
describe what a healthy daemon can look like, too, are followed up once and not again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.engine.task_files import Task

__all__ = ["DEAD_WORKER", "Active", "BrokerSign", "Sight", "Suspicion", "Vigil", "doubts", "suspicions"]

Kind = Literal[
    "a submission was cut short",
    "the supervisor is gone",
    "the broker is gone",
    "the broker is silent",
    "there is no worker",
    "the worker is deaf",
    "its task is not taken",
    "its task is with a dead worker",
    "its task was taken and nothing happened",
    "it has no task",
]
DEAD_WORKER: Final = "its task is with a dead worker"
# Seconds that a suspicion must last: what circus, the broker or a starting worker puts right by itself.
_PATIENCE_S: dict[Kind, float] = {
    "a submission was cut short": 15.0,
    "the supervisor is gone": 0.0,
    "the broker is gone": 8.0,
    "the broker is silent": 10.0,
    "there is no worker": 8.0,
    "the worker is deaf": 5.0,
    "its task is not taken": 5.0,
    "its task is with a dead worker": 5.0,
    "its task was taken and nothing happened": 0.0,
    "it has no task": 10.0,
}
_ONCE: frozenset[Kind] = frozenset({"its task was taken and nothing happened", "it has no task"})
_AGAIN_S = 30.0  # doubled each time
_LONGEST_S = 600.0
_RISING_S = 45.0  # a worker that is younger may not have subscribed yet, on a busy machine
_TAKEN_S = 15.0  # a free worker takes a task at once
_BEGUN_S = 15.0  # a worker that has taken a task changes its process at once
_STATUS_S = 30.0  # the broker writes its status every 5 s
_SLOTS = 100  # a worker takes 200 tasks at a time; with fewer it refuses none


@dataclass(frozen=True, slots=True)
class BrokerSign:
    """The living broker: when it started and what it last wrote (seconds since the epoch)."""

    started_at_s: float
    wrote_at_s: float
    task_subscribers: int


@dataclass(frozen=True, slots=True)
class Active:
    """A process that has not ended and when its node was last written (seconds since the epoch)."""

    pk: int
    modified_at_s: float


@dataclass(frozen=True, slots=True)
class Sight:
    """What one look at the daemon found; `workers` are the times at which the living ones started."""

    now_s: float
    has_supervisor: bool
    broker: BrokerSign | None
    workers: tuple[float, ...]
    tasks: tuple[Task, ...]
    active: tuple[Active, ...]
    reserved: tuple[str, ...] = ()  # the client keys that have no process yet


@dataclass(frozen=True, slots=True)
class Suspicion:
    """One thing that may be wrong, with a process or a client key; `worker` is a start where it counts."""

    kind: Kind
    pk: int | None = None
    worker: float | None = None
    since_s: float = field(default=0.0, compare=False)
    key: str | None = None

    def __str__(self) -> str:
        """Return it as a sentence without a stop."""
        return self.kind if self.pk is None else f"process {self.pk}: {self.kind}"


def suspicions(sight: Sight) -> Iterator[Suspicion]:
    """Yield what is suspicious in a look; without supervisor, broker or worker nothing else counts."""
    parts = tuple(_parts(sight))
    yield from parts
    if not parts:
        yield from _not_taken(sight)
        yield from doubts(sight)
        for key in sight.reserved:
            yield Suspicion("a submission was cut short", key=key, since_s=sight.now_s)


def doubts(sight: Sight) -> Iterator[Suspicion]:
    """Yield the processes of which only the workers can tell whether one of them has it."""
    yield from _handed_out(sight)
    yield from _taskless(sight)


def _parts(sight: Sight) -> Iterator[Suspicion]:
    if not sight.has_supervisor:
        yield Suspicion("the supervisor is gone", since_s=sight.now_s)
    elif sight.broker is None:
        yield Suspicion("the broker is gone", since_s=sight.now_s)
    elif not sight.workers:
        yield Suspicion("there is no worker", since_s=sight.now_s)
    elif sight.now_s - max(sight.broker.wrote_at_s, sight.broker.started_at_s) > _STATUS_S:
        yield Suspicion("the broker is silent", since_s=sight.broker.wrote_at_s)
    elif sight.broker.task_subscribers < len(sight.workers):
        youngest = max(sight.workers)
        # One that is older than the broker is connected to the broker before.
        if sight.now_s - youngest > _RISING_S or youngest < sight.broker.started_at_s - 0.5:
            yield Suspicion("the worker is deaf", worker=youngest, since_s=sight.broker.started_at_s)


def _not_taken(sight: Sight) -> Iterator[Suspicion]:
    youngest = max(sight.workers)
    busy = sum(task.is_handed_out for task in sight.tasks) >= _SLOTS
    for task in sight.tasks:
        waits_s = sight.now_s - max(task.since_s, youngest)
        if not task.is_handed_out and not busy and waits_s > _TAKEN_S:
            yield Suspicion("its task is not taken", task.pk, youngest, task.since_s)


def _handed_out(sight: Sight) -> Iterator[Suspicion]:
    modified = {active.pk: active.modified_at_s for active in sight.active}
    oldest = min(sight.workers, default=sight.now_s)
    for task in sight.tasks:
        if not task.is_handed_out:
            continue
        if task.since_s < oldest:
            yield Suspicion(DEAD_WORKER, task.pk, oldest, task.since_s)
        elif sight.now_s - task.since_s > _BEGUN_S and modified.get(task.pk, sight.now_s) < task.since_s:
            yield Suspicion("its task was taken and nothing happened", task.pk, oldest, task.since_s)


def _taskless(sight: Sight) -> Iterator[Suspicion]:
    held = {task.pk for task in sight.tasks}
    youngest = max(sight.workers, default=0.0)
    for active in sight.active:
        if active.pk not in held:
            yield Suspicion("it has no task", active.pk, youngest, active.modified_at_s)


@dataclass(slots=True)
class Vigil:
    """Which suspicions are open, since when, and when each was last acted on (any clock, in seconds)."""

    _seen_s: dict[Suspicion, float] = field(default_factory=dict)
    _acted: dict[Suspicion, tuple[int, float]] = field(default_factory=dict)

    def due(self, found: Iterator[Suspicion], now_s: float) -> tuple[Suspicion, ...]:
        """Return those that have lasted long enough to be acted on now; what is gone is forgotten."""
        current = tuple(found)
        self._seen_s = {one: self._seen_s.get(one, now_s) for one in current}
        self._acted = {one: acted for one, acted in self._acted.items() if one in self._seen_s}
        return tuple(one for one in current if self._is_due(one, now_s))

    def acted(self, on: tuple[Suspicion, ...], now_s: float) -> None:
        """Note that something was done about these."""
        for one in on:
            self._acted[one] = (self._acted.get(one, (0, 0.0))[0] + 1, now_s)

    def _is_due(self, one: Suspicion, now_s: float) -> bool:
        if now_s - self._seen_s[one] < _PATIENCE_S[one.kind]:
            return False
        if one not in self._acted:
            return True
        times, last_s = self._acted[one]
        pause_s = min(_AGAIN_S * 2 ** (times - 1), _LONGEST_S)
        return one.kind not in _ONCE and now_s - last_s >= pause_s
