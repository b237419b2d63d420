"""Go on from where a job ended: a new job of the same kind on its last structure."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crystalmath.engine import files, job_request, requests, rows, states
from crystalmath.errors import InputError, JobFileError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from crystalmath.engine.job_request import JobRequest
    from crystalmath.engine.rows import JobDetail
    from crystalmath.engine.session import Session
    from crystalmath.engine.submit import Submitted

__all__ = ["restart"]


def restart(
    session: Session,
    job_id: int | str,
    *,
    overrides: Mapping[str, object] | None = None,
    code: str | None = None,
    label: str | None = None,
    key: str | None = None,
    waive: tuple[str, ...] | None = None,
) -> Submitted:
    """Submit what the job was, on the last structure that it reached, and return the new job.

    `overrides` are put over those of the job. Raises InputError for a job that has not ended, was not made
    from a template, or got no further than its inputs.
    """
    from crystalmath.engine import submit

    detail, before = _ended(session, job_id)
    request = requests.build(
        before.template,
        _start(session, detail, before),
        overrides={**before.overrides, **(overrides or {})},
        parameters=before.parameters,
        code=code or before.code,
        label=detail.label if label is None else label,
        key=key,
        waive=before.waive if waive is None else waive,
        resources=before.resources,
    )
    assert request.origin is not None
    linked = replace(request, origin=replace(request.origin, restart_of=detail.uuid))
    return submit.submit(session, linked)


def _ended(session: Session, job_id: int | str) -> tuple[JobDetail, JobRequest]:
    detail = rows.get(session, job_id)
    if detail.state not in states.ENDED:
        raise InputError(
            f"Job {detail.id} is {detail.state}", hint=f"End it first with: crystalmath cancel {detail.id}"
        )
    before = job_request.of_job(session, detail.id)
    if before is None:
        raise InputError(
            f"Job {detail.id} was not made from a template", hint="Submit its Flow again from Python."
        )
    return detail, before


def _start(session: Session, detail: JobDetail, before: JobRequest) -> Any:
    if before.structure_text is None:
        return _folder(session, detail)
    return _structure(session, detail, before.structure_text)


def _structure(session: Session, detail: JobDetail, before: str) -> Any:
    """Return the last structure, with the moments and fixed components of the first one where they fit."""
    from aiida import orm

    from crystalmath import structures

    first = structures.read(before).structure
    for step in reversed(detail.steps):
        outputs = orm.load_node(step.id).outputs
        if "structure" in outputs:
            return _dressed(outputs.structure.get_pymatgen_structure(), first)
        try:
            text = files.read(session, step.id, "CONTCAR")
        except JobFileError:
            continue
        if text.strip():
            return _dressed(structures.read(text, format="poscar").structure, first)
    raise _nowhere(detail)


def _nowhere(detail: JobDetail) -> InputError:
    return InputError(
        f"Job {detail.id} got no further than its inputs",
        hint="Submit it again, with other settings: it has nothing to go on from.",
    )


def _dressed(last: Any, first: Any) -> Any:
    """Hand the properties of sites on: the n-th atom of an element is the n-th in any written order."""
    names = [name for name in ("magmom", "selective_dynamics") if name in first.site_properties]
    places: dict[str, list[int]] = {}
    for number, site in enumerate(first):
        places.setdefault(site.specie.symbol, []).append(number)
    own = [site.specie.symbol for site in last]
    if sorted(own) != sorted(site.specie.symbol for site in first):
        return last  # a step built another cell
    order = [places[symbol].pop(0) for symbol in own]
    for name in names:
        values = first.site_properties[name]
        last.add_site_property(name, [values[number] for number in order])
    return last


def _folder(session: Session, detail: JobDetail) -> Path:
    """Write the files that the job was given, with its CONTCAR as POSCAR, to a folder that is kept."""
    from aiida import orm

    step = detail.steps[-1] if detail.steps else None
    given = getattr(orm.load_node(step.id).inputs, "files", None) if step else None
    if step is None or given is None:
        raise _nowhere(detail)
    try:
        last = files.read(session, step.id, "CONTCAR")
    except JobFileError as error:
        raise _nowhere(detail) from error
    if not last.strip():
        raise _nowhere(detail)
    folder = session.directory / "restarts" / uuid.uuid4().hex
    folder.mkdir(parents=True)
    symbols = orm.load_node(step.id).inputs.potcar.get_dict()["symbols"]
    for name in given.base.repository.list_object_names():
        (folder / name).write_bytes(given.base.repository.get_object_content(name, "rb"))
    (folder / "POSCAR").write_text(last)
    (folder / "POTCAR.spec").write_text("\n".join(symbols))
    return folder
