"""What the worker does for `jobs.*`: the library's own functions, and their results as wire models."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from crystalmath_lsp import models
from crystalmath_lsp.models import (
    Controlled,
    Difference,
    JobCard,
    JobDetail,
    JobRow,
    JobsPage,
    JobsSubmitParams,
    JobStep,
    StructureSource,
    Submitted,
)

if TYPE_CHECKING:
    from crystalmath.engine.job_request import JobRequest
    from crystalmath_lsp.engine_calls import Engine

__all__ = ["structure_of"]

_FILTERS = (
    "template", "code", "formula", "label", "text", "exit_status", "created_after", "created_before",
    "modified_after", "modified_before",
)  # fmt: skip


def list_jobs(engine: Engine, params: models.JobsListParams) -> JobsPage:
    """Return a page of jobs."""
    from crystalmath.engine import job_list

    wanted = job_list.Filter(
        states=tuple(params.states),
        elements=tuple(params.elements),
        foreign=not params.ours,
        **{name: getattr(params, name) for name in _FILTERS},
    )
    page = job_list.page(
        engine.session,
        wanted,
        sort=params.sort,
        descending=not params.ascending,
        after=params.after,
        limit=params.limit,
    )
    counts = dict(job_list.counts(engine.session, wanted)) if params.counts else None
    rows = msgspec.convert(page.rows, list[JobRow], from_attributes=True)
    return JobsPage(jobs=rows, next=page.next, counts=counts)


def get_job(engine: Engine, params: models.JobsGetParams) -> JobDetail:
    """Return a job with its steps, its card and what it was asked for."""
    from crystalmath.engine import cards, job_request, jobs

    found = jobs.get(engine.session, params.id)
    card = cards.get(engine.session, found.id)
    kept = job_request.of_job(engine.session, found.id)
    return JobDetail(
        job=msgspec.convert(found, JobRow, from_attributes=True),
        steps=msgspec.convert(found.steps, list[JobStep], from_attributes=True),
        card=msgspec.convert(msgspec.structs.asdict(card), JobCard),
        reason=found.reason,
        request=_request(kept, found.label) if kept is not None else None,
        restart_of=kept.restart_of if kept is not None else None,
    )


def _request(kept: JobRequest, label: str) -> JobsSubmitParams:
    return msgspec.convert(
        {
            "template": kept.template,
            "structure": StructureSource(path=kept.structure_path, text=kept.structure_text),
            "overrides": dict(kept.overrides),
            "parameters": dict(kept.parameters),
            "code": kept.code,
            "resources": dict(kept.resources) or None,
            "label": label,
            "waive": list(kept.waive),
        },
        JobsSubmitParams,
    )


def submit(engine: Engine, params: JobsSubmitParams) -> Submitted:
    """Store a calculation, hand it to the daemon and return its job."""
    from crystalmath.engine import requests
    from crystalmath.engine.submit import submit as submit_request

    asked = msgspec.structs.asdict(params.resources) if params.resources is not None else {}
    request = requests.build(
        params.template,
        structure_of(params.structure),
        overrides=params.overrides,
        parameters=params.parameters,
        code=params.code,
        label=params.label,
        key=params.key,
        waive=params.waive,
        resources=asked,
    )
    return msgspec.convert(submit_request(engine.session, request), Submitted, from_attributes=True)


def structure_of(source: StructureSource) -> object:
    """Return what the library takes for a structure: a path, or the crystal in a text."""
    if source.text is None:
        return Path(source.path or "")
    from crystalmath import structures

    return structures.read(f"{source.text}\n").structure


def restart(engine: Engine, params: models.JobsRestartParams) -> Submitted:
    """Submit what a job was, on the last structure that it reached."""
    from crystalmath.engine.restart import restart as restart_job

    done = restart_job(
        engine.session,
        params.id,
        overrides=params.overrides,
        code=params.code,
        label=params.label,
        key=params.key,
        waive=None if params.waive is None else tuple(params.waive),
    )
    return msgspec.convert(done, Submitted, from_attributes=True)


def cancel(engine: Engine, params: models.JobsCancelParams) -> Controlled:
    """End a job with all its steps."""
    from crystalmath.engine import control

    done = control.cancel(engine.session, params.id)
    return Controlled(id=done.id, uuid=done.uuid, state=done.state, changed=not done.already)


def pause(engine: Engine, params: models.JobsCancelParams) -> Controlled:
    """Go no further with a job."""
    from crystalmath.engine import control

    return msgspec.convert(control.pause(engine.session, params.id), Controlled, from_attributes=True)


def resume(engine: Engine, params: models.JobsCancelParams) -> Controlled:
    """Go on with a paused job."""
    from crystalmath.engine import control

    return msgspec.convert(control.resume(engine.session, params.id), Controlled, from_attributes=True)


def label(engine: Engine, params: models.JobsLabelParams) -> JobRow:
    """Give a job a title."""
    from crystalmath.engine import amend

    done = amend.label(engine.session, params.id, params.label)
    return msgspec.convert(done, JobRow, from_attributes=True)


def delete(engine: Engine, params: models.JobsDeleteParams) -> models.Deleted:
    """Remove a job for good, and tell those who watch."""
    from crystalmath.engine import amend

    done = amend.delete(engine.session, params.id)
    engine.notify("jobs.changed", models.JobsChanged(jobs=[], removed=[done.id], all=False))
    return msgspec.convert(done, models.Deleted, from_attributes=True)


def tree(engine: Engine, params: models.JobsTreeParams) -> models.TreeNode:
    """Return a job with all processes below it."""
    from crystalmath.engine import job_tree

    found = job_tree.tree(engine.session, params.id)
    return msgspec.convert(found, models.TreeNode, from_attributes=True)


def log(engine: Engine, params: models.JobsLogParams) -> models.JobLog:
    """Return what a job has to say."""
    from crystalmath.engine import job_log

    found = job_log.log(engine.session, params.id, n_lines=params.n_lines)
    return msgspec.convert(found, models.JobLog, from_attributes=True)


def files(engine: Engine, params: models.JobsFilesParams) -> models.JobFiles:
    """Return the files of a job."""
    from crystalmath.engine.files import list_files

    rows = list_files(engine.session, params.id)
    return models.JobFiles(files=msgspec.convert(rows, list[models.FileRow], from_attributes=True))


def read(engine: Engine, params: models.JobsReadParams) -> models.FilePart:
    """Return a part of a file, cut between characters."""
    from crystalmath.engine.files import read_part

    part = read_part(engine.session, params.id, params.name, offset=params.offset, n_bytes=params.limit)
    end = part.offset + len(part.data)
    data = part.data if end >= part.size_bytes else _whole_characters(part.data)
    end = part.offset + len(data)
    return models.FilePart(
        name=part.name,
        offset=part.offset,
        size_bytes=part.size_bytes,
        text=data.decode("utf-8", errors="replace"),
        next=end if end < part.size_bytes else None,
    )


def _whole_characters(data: bytes) -> bytes:
    """Leave out the beginning of a character at the end; keep at least one byte."""
    for back in range(1, min(4, len(data))):
        byte = data[-back]
        if byte >= 0xC0:
            length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return data[:-back] if back < length else data
        if byte < 0x80:
            break
    return data


def diff(engine: Engine, params: models.JobsDiffParams) -> models.JobDifferences:
    """Return what two jobs were given differently, or a job from what its template gives by itself."""
    from crystalmath.engine import job_diff

    if params.right is None:
        found = job_diff.from_defaults(engine.session, params.left)
    else:
        found = job_diff.diff(engine.session, params.left, params.right)
    return models.JobDifferences(differences=msgspec.convert(found, list[Difference], from_attributes=True))


def watch(engine: Engine, params: models.JobsWatchParams) -> models.Watching:
    """Begin to tell of changes; the front process keeps account of who listens."""
    from crystalmath.engine.job_watch import JobWatch

    session = engine.session
    if engine.watch is None and params.on:
        engine.watch = JobWatch(
            session,
            in_owner=engine.in_owner,
            on_change=lambda rows, removed: engine.notify("jobs.changed", _changed(rows, removed)),
            on_mode=lambda found: engine.notify(
                "system.changed", models.SystemChanged(mode=found.mode, reason=found.reason)
            ),
        )
        engine.watch.start()
    return watching(engine)


def _changed(rows: object, removed: object) -> models.JobsChanged:
    jobs = msgspec.convert(rows, list[JobRow], from_attributes=True)
    return models.JobsChanged(jobs=jobs, removed=msgspec.convert(removed, list[int]), all=False)


def watching(engine: Engine) -> models.Watching:
    """Return how changes are noticed."""
    if engine.watch is None:
        return models.Watching(mode="off", reason=None)
    return msgspec.convert(engine.watch.mode, models.Watching, from_attributes=True)
