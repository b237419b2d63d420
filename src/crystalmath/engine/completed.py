"""What a jobflow job returned, ready to be stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crystalmath.engine.flow_documents import StepJob, flow_steps, sanitise, store_document
from crystalmath.engine.graph import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crystalmath.engine.graph import Step

__all__ = ["Completed", "NewSteps", "Sink", "of_response"]


@dataclass(frozen=True, slots=True)
class NewSteps:
    """The flows that a Response adds to the graph."""

    replace: tuple[StepJob, ...] = ()
    detour: tuple[StepJob, ...] = ()
    addition: tuple[StepJob, ...] = ()


@dataclass(frozen=True, slots=True)
class Completed:
    """What a job returned: the document for jobflow's store, and what it wants of the flow.

    `references` are the uuids of other jobs whose outputs stand in its own by reference; `notes` are
    sentences for the flow's report; `files` are those that it left for others to read.
    """

    document: dict[str, Any]
    stop_children: bool = False
    stop_jobflow: bool = False
    stored_data: Any = None
    new_steps: NewSteps = NewSteps()
    references: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing but the document."""
        wishes = (self.stop_children, self.stop_jobflow, self.stored_data, self.references, self.notes)
        return not any(wishes) and self.new_steps == NewSteps()

    def outcome(self) -> Outcome:
        """Return what it wants of the flow, for the graph."""
        return Outcome(
            stop_children=self.stop_children,
            stop_jobflow=self.stop_jobflow,
            replace=_steps(self.new_steps.replace),
            detour=_steps(self.new_steps.detour),
            addition=_steps(self.new_steps.addition),
        )


@dataclass(slots=True)
class Sink:
    """The one method of a JobStore that `Job.run` calls to store a document."""

    document: Any = None

    def update(self, document: Any, key: Any = None, save: Any = None) -> None:  # noqa: ARG002 - jobflow's signature
        """Keep the document."""
        self.document = document


def of_response(response: Any, document: Any, *, refers: bool = True) -> Completed:
    """Return what a job returned from its Response and the document that it stored.

    `refers` False says that the output holds no reference, which is slow to find out for a large one.
    """
    from jobflow.core.reference import find_and_get_references

    stored = response.stored_data
    if isinstance(stored, dict) and all(value is None for value in stored.values()):
        stored = None  # atomate2 always hands back what custodian said, which here is nothing
    flows = {kind: getattr(response, kind) for kind in ("replace", "detour", "addition")}
    new = {kind: flow_steps(flow) if flow is not None else () for kind, flow in flows.items()}
    found = find_and_get_references(document.output) if refers else ()
    return Completed(
        document=store_document(document),
        stop_children=bool(response.stop_children),
        stop_jobflow=bool(response.stop_jobflow),
        stored_data=sanitise(stored),
        new_steps=NewSteps(**new),
        references=tuple(dict.fromkeys(reference.uuid for reference in found)),
    )


def _steps(items: tuple[StepJob, ...]) -> tuple[Step, ...]:
    return tuple(item.step for item in items)
