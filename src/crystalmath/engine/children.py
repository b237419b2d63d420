"""What the children of a flow say about its steps: the flow's whole state, read from the provenance graph.

Every child carries its step in the label of its call link, which is written in the same transaction as the
child. So a flow that a killed worker left finds each child it ever started, and starts none twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiida import orm

from crystalmath.engine.graph import FlowGraph, GraphError, Outcome, Step
from crystalmath.engine.nodes import child_label

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Child", "added_by", "children_of", "graph_of"]

ENDED = ("finished", "excepted", "killed")
WORDS = {"excepted": "it broke off with an exception (see its log)", "killed": "it was killed"}


@dataclass(frozen=True, slots=True)
class Child:
    """One process that a flow started, and what it wants of the flow where that is more than nothing."""

    pk: int
    uuid: str
    state: str | None
    exit_status: int | None
    exit_message: str | None
    is_function: bool = False
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
        return self.exit_message or WORDS.get(self.state or "", f"it ended with exit code {self.exit_status}")


def children_of(pk: int, *, forget_dead: bool = False) -> dict[str, Child]:
    """Return the children of the flow by the label of their call link.

    `forget_dead` is for the flow itself, between two of its steps: it deletes what a killed worker left half
    made. To anybody else a function that runs looks the same.
    """
    query = orm.QueryBuilder()
    query.append(orm.WorkChainNode, filters={"id": pk}, tag="flow")
    attributes = ["attributes.process_state", "attributes.exit_status", "attributes.exit_message"]
    query.append(
        orm.ProcessNode,
        with_incoming="flow",
        project=["id", "uuid", *attributes, "node_type"],
        edge_project=["label"],
        tag="child",
    )
    rows: list[list[Any]] = sorted(query.all(), key=lambda row: row[0])
    responses = _responses([row[0] for row in rows if row[2] in ENDED])
    found: dict[str, Child] = {}
    for pk_child, uuid, state, status, message, node_type, label in rows:
        is_function = "function" in node_type
        child = Child(pk_child, uuid, state, status, message, is_function, responses.get(pk_child))
        if forget_dead and not child.has_ended and _is_dead(child):
            _forget(pk_child)
        else:
            found[label] = child
    return found


def _is_dead(child: Child) -> bool:
    """Return whether the child was cut off together with the worker that was making or running it.

    A function runs inside of the round that calls it, so one that has not ended never will. A calculation
    without a checkpoint never got a task: both are written when it is submitted, in this order.
    """
    if child.is_function:
        return True
    return child.state in (None, "created") and orm.load_node(child.pk).checkpoint is None


def _forget(pk: int) -> None:
    """Delete what a killed worker left of a child, so that the child can be made anew.

    AiiDA's own `delete_nodes` would take the flow along.
    """
    from aiida.manage import get_manager

    made = [link.node.pk for link in orm.load_node(pk).base.links.get_outgoing().all()]
    storage = get_manager().get_profile_storage()
    with storage.transaction():
        storage.delete_nodes_and_connections([pk, *made])


def _responses(pks: list[int]) -> dict[int, dict[str, Any]]:
    if not pks:
        return {}
    query = orm.QueryBuilder()
    query.append(orm.ProcessNode, filters={"id": {"in": pks}}, project="id", tag="child")
    query.append(orm.Dict, with_incoming="child", edge_filters={"label": "response"}, project="attributes")
    return dict(query.all())


def graph_of(steps: tuple[Step, ...], children: Mapping[str, Child]) -> FlowGraph:
    """Return the graph of a flow as far as its children have brought it."""
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
        try:
            graph.end(key, added_by(run))
        except GraphError as error:
            graph.fail(key, f"what it adds to the flow cannot be run: {error}")
    else:
        graph.start(key)
        graph.fail(key, run.reason)
    return True


def added_by(child: Child) -> Outcome:
    """Return what the step of a child wants of the flow, the steps that it adds included."""
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
