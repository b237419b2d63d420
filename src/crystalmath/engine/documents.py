"""The documents of a job: for each of its steps what jobflow's own store would hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crystalmath.engine import rows

if TYPE_CHECKING:
    from crystalmath.engine.session import Session

__all__ = ["DocumentRow", "documents"]


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """The document of one step: `output` as plain JSON types, with monty's marks for objects."""

    name: str
    uuid: str
    index: int
    output: Any


def documents(session: Session, job_id: int | str) -> tuple[DocumentRow, ...]:
    """Return the documents of the steps that ended well, in the order of their beginning.

    Raises JobNotFoundError.
    """
    from aiida import orm

    from crystalmath.engine import nodes
    from crystalmath.engine.children import children_of

    found = []
    for child in sorted(children_of(rows.resolve(session, job_id)).values(), key=lambda one: one.pk):
        outputs = orm.load_node(child.pk).outputs
        if child.is_accepted and "document" in outputs:
            document = nodes.load(outputs.document)
            found.append(
                DocumentRow(document["name"], document["uuid"], document["index"], document["output"])
            )
    return tuple(found)
