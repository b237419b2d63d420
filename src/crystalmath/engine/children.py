"""What the children of a flow say about its steps: the flow's whole state, read from the provenance graph.

Every child carries its step in the label of its call link, which is written in the same transaction as the
child. So a flow that a killed worker left finds each child it ever started, and starts none twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiida import orm

from crystalmath.engine.graph import FlowGraph, Outcome, Step
from crystalmath.engine.nodes import child_label

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Child", "children_of", "graph_of"]

ENDED = ("finished", "excepted", "killed")
WORDS = {"excepted": "it broke off with an exception (see its log)", "killed": "it was killed"}


@dataclass(frozen=True, slots=True)
class Child:
    """One process that a flow started, and what it wants of the flow where that is more than nothing."""

    pk: int
    uuid: str
    state: str
    exit_status: int | None
    exit_message: str | None
    response: Mapping[str, Any] | None = None

    @property
    def has_ended(self) -> bool:
        """Whether it will not change any more."""
        return self.state in ENDED

    @property
    def is_accepted(self) -> bool:
        """Whether its result counts: it ended well, or its job took it although it did not."""
        return self.state == "finished" and (self.exit_status == 0 or self.response is not None)

    @property
    def reason(self) -> str:
        """Why it did not end well."""
        return self.exit_message or WORDS.get(self.state, f"it ended with exit code {self.exit_status}")


def children_of(pk: int) -> dict[str, Child]:
    """Return the children of the flow by the label of their call link."""
    query = orm.QueryBuilder()
    query.append(orm.WorkChainNode, filters={"id": pk}, tag="flow")
    attributes = ["attributes.process_state", "attributes.exit_status", "attributes.exit_message"]
    query.append(
        orm.ProcessNode,
        with_incoming="flow",
        project=["id", "uuid", *attributes],
        edge_project=["label"],
        tag="child",
    )
    rows = {row[-1]: Child(*row[:5]) for row in query.all()}
    responses = _responses([child.pk for child in rows.values() if child.has_ended])
    return {
        label: Child(c.pk, c.uuid, c.state, c.exit_status, c.exit_message, responses.get(c.pk))
        for label, c in rows.items()
    }


def _responses(pks: list[int]) -> dict[int, dict[str, Any]]:
    if not pks:
        return {}
    query = orm.QueryBuilder()
    query.append(orm.ProcessNode, filters={"id": {"in": pks}}, project="id", tag="child")
    query.append(orm.Dict, with_incoming="child", edge_filters={"label": "response"}, project="attributes")
    return dict(query.all())


def graph_of(steps: tuple[Step, ...], children: Mapping[str, Child]) -> FlowGraph:
    """Return the graph of a flow as far as its children have brought it. Raises GraphError."""
    graph = FlowGraph.of(steps)
    changed = True
    while changed:  # what a step adds may have children of its own
        changed = False
        for key in graph.keys("waiting"):
            changed |= _apply(graph, key, children)
    return graph


def _apply(graph: FlowGraph, key: str, children: Mapping[str, Child]) -> bool:
    """Carry over what the children of a step say; return whether they say anything."""
    prepared, run = children.get(child_label("prepare", key)), children.get(child_label("run", key))
    if run is None and prepared is not None and prepared.has_ended and not prepared.is_accepted:
        graph.start(key)
        graph.fail(key, prepared.reason)
    elif run is None:
        return False
    elif not run.has_ended:
        graph.start(key)
    elif run.is_accepted:
        graph.start(key)
        graph.end(key, _outcome(run))
    else:
        graph.start(key)
        graph.fail(key, run.reason)
    return True


def _outcome(child: Child) -> Outcome:
    wishes = child.response
    if wishes is None:
        return Outcome()
    added = {
        kind: tuple(
            Step.from_dict({**step, "source": f"{child.uuid}/{step['source']}"})
            for step in wishes.get(kind, ())
        )
        for kind in ("replace", "detour", "addition")
    }
    return Outcome(
        stop_children=bool(wishes.get("stop_children")),
        stop_jobflow=bool(wishes.get("stop_jobflow")),
        **added,
    )
