"""What a job computed, read from its nodes: the card, the step that the card is of, the documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiida import orm

from crystalmath.engine.calculation_files import local_folder
from crystalmath.results import ending
from crystalmath.results.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["last_self_consistent", "says_standin", "summary_of"]

_HEAD_BYTES = 4_096


def last_self_consistent(node: orm.ProcessNode) -> orm.CalcJobNode | None:
    """Return the VASP run that a job's card is of: the last that ended well and was self-consistent.

    Without such a run it is the last that left any numbers, None when none did.
    """
    runs = _runs_with_summary(node)
    best = None
    for pk, exit_status, is_self_consistent in runs:
        rank = (exit_status == 0 and is_self_consistent, is_self_consistent, pk)
        if best is None or rank >= best:
            best = rank
    return orm.load_node(best[-1]) if best is not None else None


def _runs_with_summary(node: orm.ProcessNode) -> Sequence[tuple[int, int | None, bool]]:
    query = orm.QueryBuilder()
    if isinstance(node, orm.CalcJobNode):
        query.append(
            orm.CalcJobNode, filters={"id": node.pk}, project=["id", "attributes.exit_status"], tag="run"
        )
    else:
        query.append(orm.WorkChainNode, filters={"id": node.pk}, tag="flow")
        query.append(
            orm.CalcJobNode, with_incoming="flow", project=["id", "attributes.exit_status"], tag="run"
        )
    query.append(
        orm.Dict,
        with_incoming="run",
        edge_filters={"label": "summary"},
        project=["attributes.self_consistent"],
    )
    rows: list[Any] = query.all()
    return [(pk, status, bool(flag)) for pk, status, flag in rows]


def summary_of(run: orm.CalcJobNode) -> Summary:
    """Return the numbers of a VASP run that left some."""
    return Summary.from_dict(run.outputs.summary.get_dict())


def says_standin(runs: Sequence[int]) -> bool | None:
    """Return whether the output of the last of these runs that has any is the stand-in's, None without.

    That of a run that goes on still lies in its folder.
    """
    for pk in reversed(runs):
        head = _head_of_output(orm.load_node(pk))
        if head:
            return ending.is_standin(head.decode(errors="replace"))
    return None


def _head_of_output(run: orm.CalcJobNode) -> bytes:
    repository = run.outputs.retrieved.base.repository if "retrieved" in run.outputs else None
    if repository is not None and "vasp.out" in repository.list_object_names():
        with repository.open("vasp.out", "rb") as file:
            return bytes(file.read(_HEAD_BYTES))
    folder = local_folder(run)
    if folder is None or not (folder / "vasp.out").is_file():
        return b""
    with (folder / "vasp.out").open("rb") as file:
        return file.read(_HEAD_BYTES)
