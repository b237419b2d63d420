"""What two jobs were given differently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crystalmath.engine import rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.engine.rows import JobDetail, Step
    from crystalmath.engine.session import Session

__all__ = ["Difference", "diff"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: `step` 0 is the job itself; `name` is an INCAR tag, or what else differs.

    None stands where one of the two has no such thing.
    """

    step: int
    file: str
    name: str
    left: str | None
    right: str | None


def diff(session: Session, left: int | str, right: int | str) -> tuple[Difference, ...]:
    """Return what the inputs of two jobs differ in, step by step. Raises JobNotFoundError."""
    a, b = rows.get(session, left), rows.get(session, right)
    return (*_of_jobs(a, b), *_of_steps(a, b))


def _of_jobs(a: JobDetail, b: JobDetail) -> Iterator[Difference]:
    for name in ("template", "code", "formula", "n_atoms"):
        before, after = getattr(a, name), getattr(b, name)
        if before != after:
            yield Difference(0, "", name, _text(before), _text(after))
    if len(a.steps) != len(b.steps):
        yield Difference(0, "", "steps", str(len(a.steps)), str(len(b.steps)))


def _of_steps(a: JobDetail, b: JobDetail) -> Iterator[Difference]:
    from crystalmath.vasp import incar

    for before, after in zip(a.steps, b.steps, strict=False):
        ours, theirs = _files(before), _files(after)
        values = [incar.parse(files.pop("INCAR", "")).values() for files in (ours, theirs)]
        for tag in sorted(values[0].keys() | values[1].keys()):
            pair = (values[0].get(tag), values[1].get(tag))
            if pair[0] != pair[1]:
                yield Difference(before.index, "INCAR", tag, *pair)
        for name in sorted(ours.keys() | theirs.keys()):
            if ours.get(name) != theirs.get(name):
                yield from _of_texts(before.index, name, ours.get(name), theirs.get(name))


def _of_texts(step: int, name: str, left: str | None, right: str | None) -> Iterator[Difference]:
    """Yield the lines that differ, by their number."""
    if left is None or right is None:
        yield Difference(step, name, "file", left, right)
        return
    before, after = left.splitlines(), right.splitlines()
    for number in range(max(len(before), len(after))):
        ours = before[number] if number < len(before) else None
        theirs = after[number] if number < len(after) else None
        if ours != theirs:
            yield Difference(step, name, f"line {number + 1}", ours, theirs)


def _files(step: Step) -> dict[str, str]:
    """Return the texts that a VASP run was given; nothing for calculations of others."""
    from aiida import orm

    given = getattr(orm.load_node(step.id).inputs, "files", None)
    if given is None:
        return {}
    repository = given.base.repository
    names = repository.list_object_names()
    return {name: repository.get_object_content(name, "rb").decode(errors="replace") for name in names}


def _text(value: object) -> str | None:
    return None if value is None else str(value)
