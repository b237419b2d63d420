"""What two jobs were given differently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crystalmath.engine import rows
from crystalmath.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.engine.rows import JobDetail, Step
    from crystalmath.engine.session import Session

__all__ = ["Difference", "diff", "from_defaults"]


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


def from_defaults(session: Session, job_id: int | str) -> tuple[Difference, ...]:
    """Return where the inputs of a job differ from what its template gives without any setting.

    `left` is the template's value on the structure that was asked for. Of later steps, which go on from
    another one, only the INCAR can be compared. Raises JobNotFoundError, InputError.
    """
    from crystalmath import inputs, structures
    from crystalmath.engine import job_request

    detail = rows.get(session, job_id)
    request = job_request.of_job(session, detail.id)
    if request is None or request.structure_text is None:
        raise InputError(
            f"Job {detail.id} was not made from a template and a structure, so there are no defaults",
            hint="Compare it with another job.",
        )
    crystal = structures.read(f"{request.structure_text}\n").structure
    found: list[Difference] = []
    for step in detail.steps:
        made = inputs.preview(crystal, request.template, {}, step=step.index)
        names = ("INCAR", "KPOINTS") if step.index == 1 else ("INCAR",)
        found += _of_inputs(step.index, _only(names, made.files()), _only(names, _files(step)))
        if step.index == len(made.steps):
            break
    return tuple(found)


def _only(names: tuple[str, ...], files: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in files.items() if name in names}


def _of_jobs(a: JobDetail, b: JobDetail) -> Iterator[Difference]:
    for name in ("template", "code", "formula", "n_atoms"):
        before, after = getattr(a, name), getattr(b, name)
        if before != after:
            yield Difference(0, "", name, _text(before), _text(after))
    if len(a.steps) != len(b.steps):
        yield Difference(0, "", "steps", str(len(a.steps)), str(len(b.steps)))


def _of_steps(a: JobDetail, b: JobDetail) -> Iterator[Difference]:
    for before, after in zip(a.steps, b.steps, strict=False):
        yield from _of_inputs(before.index, _files(before), _files(after))


def _of_inputs(step: int, ours: dict[str, str], theirs: dict[str, str]) -> Iterator[Difference]:
    """Yield the tags of the INCARs and the lines of the other files that differ."""
    from crystalmath.vasp import incar

    values = [incar.parse(files.pop("INCAR", "")).values() for files in (ours, theirs)]
    for tag in sorted(values[0].keys() | values[1].keys()):
        pair = (values[0].get(tag), values[1].get(tag))
        if pair[0] != pair[1]:
            yield Difference(step, "INCAR", tag, *pair)
    for name in sorted(ours.keys() | theirs.keys()):
        if ours.get(name) != theirs.get(name):
            yield from _of_texts(step, name, ours.get(name), theirs.get(name))


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
