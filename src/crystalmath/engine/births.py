"""Processes that were stored and then cut off from their maker before they had a checkpoint.

AiiDA inserts the node of a process first and its checkpoint a moment later. A process without one can
never be run: a worker that is given its task makes it fail. Nobody was told of it, so it is removed and
what made it makes it anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crystalmath.engine.faults import storage_faults

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["half_born", "remove"]


def half_born(pks: Iterable[int]) -> frozenset[int]:
    """Return those of the processes that have no checkpoint and were never started.

    A process that is being made in this moment is one of them: ask only where nobody can be making one.
    """
    from aiida import orm

    asked = list(pks)
    if not asked:  # AiiDA refuses to look for nothing
        return frozenset()
    query = orm.QueryBuilder().append(
        orm.ProcessNode,
        filters={"id": {"in": asked}},
        project=["id", "attributes.process_state", "attributes.checkpoints"],
    )
    return frozenset(
        pk for pk, state, checkpoint in query.all() if state in {None, "created"} and not checkpoint
    )


def remove(pks: Iterable[int]) -> None:
    """Remove half-born processes with the inputs that nothing else uses; codes stay."""
    from aiida import orm
    from aiida.tools import delete_nodes

    for pk in pks:
        links = orm.load_node(pk).base.links.get_incoming(node_class=orm.Data).all_nodes()
        only = [
            node.pk
            for node in links
            if not isinstance(node, orm.AbstractCode)
            and not node.base.links.get_incoming().all()
            and [user.pk for user in node.base.links.get_outgoing().all_nodes()] == [pk]
        ]
        with storage_faults(f"The half-made process {pk} cannot be removed"):
            delete_nodes([pk, *only], dry_run=False)
