"""The state of a jobflow graph: which steps may start, and what replace, detour and stop do to the others.

Pure: no AiiDA, no jobflow. The order rules are those of jobflow's own `run_locally`; the one difference is
that steps which do not depend on each other may run at the same time.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["FlowGraph", "GraphError", "Outcome", "State", "Step"]

State = Literal["waiting", "running", "done", "failed", "skipped"]
TERMINAL: frozenset[State] = frozenset({"done", "failed", "skipped"})


class GraphError(ValueError):
    """The graph cannot be run: the sentence names the steps that make it so."""


@dataclass(frozen=True, slots=True)
class Step:
    """One jobflow job: it needs `parents` of its own flow, and starts `after` others outside of it (uuids).

    `directories` are the uuids (or `aiida:` locators) of the calculations whose folder it wants to read;
    `source` says where its job document is kept; `on_missing` is jobflow's `on_missing_references`.
    """

    uuid: str
    index: int
    name: str
    kind: Literal["vasp", "python"]
    parents: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    on_missing: str = "error"
    directories: tuple[str, ...] = ()
    source: str = ""

    @property
    def key(self) -> str:
        """The name of this step that no other step of any flow has."""
        return f"{self.uuid}:{self.index}"

    def as_dict(self) -> dict[str, Any]:
        """Return the step as JSON types."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Step:
        """Return the step that `as_dict` wrote."""
        fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
        return cls(**fields)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step that ended well wants of the flow: jobflow's Response without its output."""

    stop_children: bool = False
    stop_jobflow: bool = False
    replace: tuple[Step, ...] = ()
    detour: tuple[Step, ...] = ()
    addition: tuple[Step, ...] = ()


@dataclass(slots=True)
class _Entry:
    step: Step
    state: State = "waiting"
    reason: str = ""


@dataclass(slots=True)
class FlowGraph:
    """The steps of a flow and how far each is.

    Feed it with `start`, `end` and `fail`; ask it with `ready`, `state` and `finished`.
    """

    _entries: dict[str, _Entry] = field(default_factory=dict)
    _of_uuid: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _barrier: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _stopping: set[str] = field(default_factory=set)
    _stopped: str = ""

    @classmethod
    def of(cls, steps: Iterable[Step]) -> FlowGraph:
        """Return the graph of a flow that has not begun. Raises GraphError for cycles and missing parents."""
        graph = cls()
        added = tuple(steps)
        graph._check(added)
        graph._insert(added)
        return graph

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def step(self, key: str) -> Step:
        """Return the step of that key."""
        return self._entries[key].step

    def state(self, key: str) -> State:
        """Return how far the step is."""
        return self._entries[key].state

    def reason(self, key: str) -> str:
        """Return why the step failed or was left out; empty otherwise."""
        return self._entries[key].reason

    def keys(self, *states: State) -> tuple[str, ...]:
        """Return the steps in these states (in any, when none is named) in the order of their adding."""
        return tuple(key for key, entry in self._entries.items() if not states or entry.state in states)

    def latest(self, uuid: str) -> Step | None:
        """Return the step of the uuid with the highest index that ended well, None when none did."""
        done = [self.step(key) for key in self._of_uuid.get(uuid, ()) if self.state(key) == "done"]
        return max(done, key=lambda step: step.index, default=None)

    @property
    def finished(self) -> bool:
        """Whether nothing runs and nothing can start any more."""
        return not self.keys("running") and not self.ready()

    def ready(self) -> tuple[str, ...]:
        """Return the steps that may start now."""
        return tuple(key for key in self.keys("waiting") if self._may_start(self._entries[key].step))

    def start(self, key: str) -> None:
        """Note that the step runs."""
        self._entries[key].state = "running"

    def end(self, key: str, outcome: Outcome | None = None) -> None:
        """Note that the step ended well and do what its outcome asks for.

        Raises GraphError, with nothing changed, when it asks for steps that cannot be run.
        """
        entry = self._entries[key]
        wish = outcome or Outcome()
        kinds = [_after_origin(entry.step, steps) for steps in (wish.replace, wish.detour, wish.addition)]
        self._check([step for steps in kinds for step in steps])
        entry.state = "done"
        for steps in kinds:
            self._insert(steps)
        self._barrier[entry.step.uuid] |= {step.uuid for steps in kinds[:2] for step in steps}
        if wish.stop_children:
            self._stopping.add(entry.step.uuid)
        if wish.stop_jobflow:
            self._stopped = entry.step.name
        self._settle()

    def fail(self, key: str, reason: str) -> None:
        """Note that the step failed; those that need its output will not run."""
        entry = self._entries[key]
        entry.state, entry.reason = "failed", reason
        self._settle()

    def _check(self, steps: Sequence[Step]) -> None:
        """Raise GraphError for steps that cannot be added."""
        _check_acyclic(steps)
        keys = [step.key for step in steps]
        known = {*self._of_uuid, *(step.uuid for step in steps)}
        for step in steps:
            if step.key in self._entries or keys.count(step.key) > 1:
                raise GraphError(f"The step '{step.name}' ({step.key}) is in the flow twice")
            missing = [uuid for uuid in (*step.parents, *step.after) if uuid not in known]
            if missing and step.on_missing == "error":
                raise GraphError(
                    f"The step '{step.name}' needs the output of {missing[0]}, which is not in the flow"
                )

    def _insert(self, steps: Sequence[Step]) -> None:
        for step in steps:
            self._entries[step.key] = _Entry(step)
            self._of_uuid[step.uuid].append(step.key)

    def _may_start(self, step: Step) -> bool:
        return not self._stopped and all(
            self._is_complete(uuid, frozenset({step.key})) for uuid in (*step.parents, *step.after)
        )

    def _is_complete(self, uuid: str, seen: frozenset[str]) -> bool:
        """Return whether all steps of the uuid, and those between it and its children, have ended."""
        pending = [
            key for key in self._of_uuid.get(uuid, ()) if self.state(key) not in TERMINAL and key not in seen
        ]
        if pending:
            return False
        behind = self._barrier.get(uuid, set()) - {uuid}
        return all(self._is_complete(other, seen) for other in behind)

    def _settle(self) -> None:
        """Leave out the steps that can no longer run, until there are no more of them."""
        changed = True
        while changed:
            changed = False
            for key in self.keys("waiting"):
                reason = self._hindrance(self._entries[key].step)
                if reason:
                    self._entries[key].state, self._entries[key].reason = "skipped", reason
                    changed = True

    def _hindrance(self, step: Step) -> str:
        if self._stopped:
            return f"the flow was stopped by '{self._stopped}'"
        for uuid in step.parents:
            keys = self._of_uuid.get(uuid, [])
            if uuid in self._stopping:
                self._stopping.add(step.uuid)
                return f"'{self._entries[keys[0]].step.name}' stopped the steps that follow it"
            failed = [key for key in keys if self.state(key) in ("failed", "skipped")]
            if failed and step.on_missing == "error":
                return f"'{self._entries[failed[0]].step.name}' did not end well"
        return ""


def _after_origin(origin: Step, steps: Sequence[Step]) -> tuple[Step, ...]:
    """Return steps that do not wait for the one that asked for them.

    It is done, and waiting for its uuid could mean waiting for its own replacement.
    """
    own = {step.uuid for step in steps}
    return tuple(
        replace(step, after=tuple(uuid for uuid in step.after if uuid != origin.uuid or uuid in own))
        for step in steps
    )


def _check_acyclic(steps: Sequence[Step]) -> None:
    """Raise GraphError when steps wait for each other."""
    needs = {step.uuid: {u for u in step.parents if u != step.uuid} for step in steps}
    names = {step.uuid: step.name for step in steps}
    while needs:
        free = [uuid for uuid, parents in needs.items() if not parents & needs.keys()]
        if not free:
            circle = ", ".join(f"'{names[uuid]}'" for uuid in needs)
            raise GraphError(f"The steps {circle} wait for each other")
        for uuid in free:
            del needs[uuid]
