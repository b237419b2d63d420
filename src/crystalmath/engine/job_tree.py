"""A job as the tree of everything that AiiDA ran for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crystalmath.engine import list_sweep, rows, states
from crystalmath.engine.list_table import utc

if TYPE_CHECKING:
    from crystalmath.engine.session import Session
    from crystalmath.engine.states import State

__all__ = ["TreeNode", "tree"]

_ATTRIBUTES = (
    "process_label", "process_state", "state", "scheduler_state", "paused", "exit_status", "exit_message"
)  # fmt: skip
_PROJECTED = [
    *("id", "uuid", "label", "ctime", "mtime", "node_type"),
    *(f"attributes.{name}" for name in _ATTRIBUTES),
]


@dataclass(frozen=True, slots=True)
class TreeNode:
    """One process with those that it called, in their order; `kind` is the name of its class or function."""

    id: int
    uuid: str
    name: str
    kind: str
    state: State
    exit_status: int | None
    exit_message: str | None
    created_at: str
    modified_at: str
    children: tuple[TreeNode, ...]


def tree(session: Session, job_id: int | str) -> TreeNode:
    """Return the job with all processes below it. Raises JobNotFoundError."""
    from aiida import orm

    pk = rows.resolve(session, job_id)
    query = orm.QueryBuilder().append(orm.ProcessNode, filters={"id": pk}, project=_PROJECTED)
    root = query.first()
    called: dict[int, list[Any]] = {}
    level = [pk]
    while level:
        below = orm.QueryBuilder().append(
            orm.ProcessNode, filters={"id": {"in": level}}, project="id", tag="caller"
        )
        below.append(orm.ProcessNode, with_incoming="caller", project=_PROJECTED)
        level = []
        for caller, *found in below.all():
            called.setdefault(caller, []).append(found)
            level.append(found[0])
    return _node(root, called)


def _node(found: Any, called: dict[int, list[Any]]) -> TreeNode:
    pk, uuid, label, created, modified, node_type, kind, *facts, exit_message = found
    children = tuple(_node(child, called) for child in sorted(called.get(pk, ()), key=lambda row: row[0]))
    known = list_sweep.facts_of(node_type, *facts)
    below = [child.state for child in children if child.kind != ""]
    own = states.of_process(known) if known.is_calculation else states.of_job(known, below)
    return TreeNode(
        id=pk,
        uuid=uuid,
        name=label or kind or "",
        kind=kind or "",
        state=own,
        exit_status=known.exit_status,
        exit_message=None if own == "finished" else exit_message or None,
        created_at=utc(created),
        modified_at=utc(modified),
        children=children,
    )
