"""Change what a job is called, and remove jobs."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crystalmath.engine import computer, list_sweep, locks, rows, states
from crystalmath.engine.faults import storage_faults
from crystalmath.engine.index import LABEL_PREFIX
from crystalmath.engine.submit import lock_path
from crystalmath.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crystalmath.engine.rows import JobDetail
    from crystalmath.engine.session import Session

__all__ = ["Deleted", "delete", "label"]

_LONGEST_LABEL = 1000


@dataclass(frozen=True, slots=True)
class Deleted:
    """What was removed: how many nodes of AiiDA, and the working folders on this machine."""

    id: int
    n_nodes: int
    folders: tuple[str, ...]


def label(session: Session, job_id: int | str, text: str) -> JobDetail:
    """Give the job a title and return it as it is then. Raises InputError for one that cannot be a title."""
    from aiida import orm

    if len(text) > _LONGEST_LABEL or (text and not text.isprintable()):
        raise InputError(
            f"A label is one line of at most {_LONGEST_LABEL} characters", hint="Shorten it to a title."
        )
    pk = rows.resolve(session, job_id)
    node = orm.load_node(pk)
    with storage_faults(f"The label of job {pk} cannot be changed"):
        if node.label.startswith(LABEL_PREFIX):
            session.index.label(node.label.removeprefix(LABEL_PREFIX), text)
            node.description = text
        else:
            node.label = text
    return rows.get(session, pk)


def delete(session: Session, job_id: int | str) -> Deleted:
    """Remove the job with its steps, its results and its working folders on this machine. No way back.

    Raises InputError for a job that has not ended, or whose results another job was made from.
    """
    pk = rows.resolve(session, job_id)
    detail = rows.get(session, pk)
    if detail.state not in states.ENDED:
        raise InputError(f"Job {pk} is {detail.state}", hint=f"End it first with: crystalmath cancel {pk}")
    _refuse_step(pk)
    own = {pk, *_descendants(pk)}
    folders = _folders(own)
    with storage_faults(f"Job {pk} cannot be removed"), locks.held(lock_path(session), what="Removing a job"):
        n_nodes = _remove(pk, own)
        session.index.forget([pk])
        list_sweep.prune(session, [pk])
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    return Deleted(pk, n_nodes, tuple(str(folder) for folder in folders))


def _refuse_step(pk: int) -> None:
    from aiida import orm

    caller = orm.load_node(pk).caller
    if caller is not None:
        raise InputError(
            f"{pk} is a step of job {caller.pk}, which would lack it",
            hint=f"Remove the whole job: crystalmath delete {caller.pk}",
        )


def _descendants(pk: int) -> Iterable[int]:
    from aiida import orm

    return [child.pk for child in orm.load_node(pk).called_descendants]


def _remove(pk: int, own: set[int]) -> int:
    from aiida import orm
    from aiida.tools import delete_nodes

    wanted = [pk, *_inputs_of_nobody_else(own)]
    doomed, _ = delete_nodes(wanted, dry_run=True)
    query = orm.QueryBuilder().append(orm.ProcessNode, filters={"id": {"in": list(doomed)}}, project="id")
    others = sorted(set(query.all(flat=True)) - own)
    if others:
        raise InputError(
            f"Job {pk} cannot be removed: {', '.join(map(str, others))} were made from its results",
            hint="Remove the jobs that were made from it first.",
        )
    removed, _ = delete_nodes(wanted, dry_run=False)
    return len(removed)


def _inputs_of_nobody_else(own: set[int]) -> list[int]:
    """Return the data nodes that only these processes were given: their documents, not codes."""
    from aiida import orm

    given = orm.QueryBuilder().append(orm.Data, project="id", tag="data")
    given.append(orm.ProcessNode, filters={"id": {"in": list(own)}}, with_incoming="data")
    users = orm.QueryBuilder().append(
        orm.Data, filters={"id": {"in": given.all(flat=True)}}, project="id", tag="data"
    )
    users.append(orm.ProcessNode, project="id", with_incoming="data")
    used_by: dict[int, set[int]] = {}
    for pk, user in users.all():
        used_by.setdefault(pk, set()).add(user)
    alone = sorted(pk for pk, processes in used_by.items() if processes <= own)
    return [pk for pk in alone if not isinstance(orm.load_node(pk), orm.AbstractCode)]


def _folders(own: set[int]) -> list[Path]:
    """Return the working folders of the steps below the scratch folder of this machine."""
    from aiida import orm

    machine: Any = computer.find()
    if machine is None:
        return []
    scratch = computer.scratch(machine).resolve()
    nodes = [orm.load_node(pk) for pk in own]
    named = [
        node.get_remote_workdir()
        for node in nodes
        if isinstance(node, orm.CalcJobNode) and node.computer is not None and node.computer.pk == machine.pk
    ]
    found = [Path(name).resolve() for name in named if name]
    return [folder for folder in found if scratch in folder.parents and folder.is_dir()]
