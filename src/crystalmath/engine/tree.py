"""The steps of a flow as its user wrote them, and those that they added as they ran."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from crystalmath.engine import rows
from crystalmath.engine.states import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crystalmath.engine.children import Child
    from crystalmath.engine.graph import FlowGraph, Step
    from crystalmath.engine.session import Session

__all__ = ["FlowStep", "StepState", "steps"]

StepState = State | Literal["waiting", "skipped"]


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One step of a flow: `uuid` and `index` are those of its jobflow job, as in its document.

    `id` is the process that ran it, None before it begins; `reason` says why it failed or was left out.
    `children` are the steps that it added to the flow: replacements, detours and additions.
    """

    name: str
    uuid: str
    index: int
    kind: Literal["vasp", "python"]
    state: StepState
    id: int | None = None
    directory: str | None = None
    reason: str | None = None
    children: tuple[FlowStep, ...] = ()


def steps(session: Session, job_id: int | str) -> tuple[FlowStep, ...]:
    """Return the steps of a job in the order of their flow; other processes have their calculations.

    Raises JobNotFoundError.
    """
    from aiida import orm

    from crystalmath.engine.children import children_of, graph_of
    from crystalmath.engine.graph import Step

    pk = rows.resolve(session, job_id)
    node = orm.load_node(pk)
    runs = {run.id: run for run in rows.steps(session, pk)}
    if "flow" not in node.inputs:
        return tuple(_bare(run) for run in runs.values())
    begun = children_of(pk)
    own = tuple(Step.from_dict(step) for step in node.inputs.flow["steps"])
    flow = _Flow(graph_of(own, begun), begun, runs, ended=node.is_terminated)
    return flow.steps(own)


def _bare(run: rows.Step) -> FlowStep:
    return FlowStep(
        run.name, run.uuid, 1, "vasp", run.state, run.id, run.directory, _reason(run.exit_message)
    )


def _reason(text: str | None) -> str | None:
    return text or None


@dataclass(frozen=True, slots=True)
class _Flow:
    graph: FlowGraph
    begun: Mapping[str, Child]
    runs: Mapping[int, rows.Step]
    ended: bool

    def steps(self, wanted: Iterable[Step]) -> tuple[FlowStep, ...]:
        return tuple(self._step(step) for step in wanted)

    def _step(self, step: Step) -> FlowStep:
        from crystalmath.engine.children import added_by
        from crystalmath.engine.nodes import child_label

        prepared = self.begun.get(child_label("prepare", step.key))
        child = self.begun.get(child_label("run", step.key)) or prepared
        run = self.runs.get(child.pk) if child is not None else None
        known: dict[str, Any] = {"name": step.name, "uuid": step.uuid, "index": step.index, "kind": step.kind}
        if child is None or child is prepared:
            return FlowStep(**known, state=self._unbegun(step, child), reason=self._why(step))
        added = added_by(child)
        return FlowStep(
            **known,
            state=run.state if run is not None else _state(child),
            id=child.pk,
            directory=run.directory if run is not None else None,
            reason=None if child.is_accepted or not child.has_ended else child.reason,
            children=self.steps((*added.replace, *added.detour, *added.addition)),
        )

    def _unbegun(self, step: Step, prepared: Child | None) -> StepState:
        if step.key not in self.graph:
            return "skipped"  # what its origin added could not be run
        known: dict[str, StepState] = {"failed": "failed", "skipped": "skipped"}
        found = known.get(self.graph.state(step.key))
        if found is not None:
            return found
        if self.ended:
            return "skipped"
        return "created" if prepared is not None else "waiting"

    def _why(self, step: Step) -> str | None:
        return _reason(self.graph.reason(step.key)) if step.key in self.graph else None


def _state(child: Child) -> StepState:
    """Return the state of a Python step, which has no scheduler to wait for."""
    if not child.has_ended:
        return "running"
    if child.is_accepted:
        return "finished"
    ended: dict[str | None, StepState] = {"excepted": "excepted", "killed": "killed"}
    return ended.get(child.state, "failed")
