"""What the worker does for each method: the library's own functions, and their results as wire models.

Nothing heavy is imported before the first call.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from crystalmath.errors import InputError
from crystalmath_lsp.models import (
    JobCard,
    JobDetail,
    JobRow,
    JobsGetParams,
    JobsListParams,
    JobsPage,
    JobsSubmitParams,
    JobStep,
    StructureSource,
    Submitted,
)

if TYPE_CHECKING:
    from crystalmath.engine.session import Session

__all__ = ["Engine", "get_job", "list_jobs", "submit"]


class Engine:
    """The AiiDA profile of a worker, loaded (or made) when it is first needed."""

    def __init__(self, profile: str | None) -> None:
        self._profile = profile
        self._session: Session | None = None

    @property
    def session(self) -> Session:
        """The loaded profile; a failure is tried again by the next call."""
        if self._session is None:
            from crystalmath import engine

            self._session = engine.open(self._profile, announce=_announce)
        return self._session


def _announce(sentence: str) -> None:
    print(f"crystalmath worker: {sentence}", file=sys.stderr)


def list_jobs(engine: Engine, params: JobsListParams) -> JobsPage:
    """Return a page of jobs; one more is read to know whether there is another page."""
    from crystalmath.engine import jobs

    rows = jobs.list_jobs(engine.session, limit=params.limit + 1, before=params.after)
    page = rows[: params.limit]
    return JobsPage(
        jobs=msgspec.convert(page, list[JobRow], from_attributes=True),
        next=page[-1].id if len(rows) > len(page) else None,
    )


def get_job(engine: Engine, params: JobsGetParams) -> JobDetail:
    """Return a job with its steps and its card."""
    from crystalmath.engine import cards, jobs

    found = jobs.get(engine.session, params.id)
    card = cards.get(engine.session, found.id)
    return JobDetail(
        job=msgspec.convert(found, JobRow, from_attributes=True),
        steps=msgspec.convert(found.steps, list[JobStep], from_attributes=True),
        card=msgspec.convert(msgspec.structs.asdict(card), JobCard),
        code=found.code,
        reason=found.reason,
    )


def submit(engine: Engine, params: JobsSubmitParams) -> Submitted:
    """Store a calculation, hand it to the daemon and return its job."""
    from crystalmath import api
    from crystalmath.engine.submit import Resources
    from crystalmath.engine.submit import submit as submit_request

    _refuse_what_nothing_reads(params)
    request = api.request(
        params.template,
        _structure(params.structure),
        overrides=params.overrides,
        code=params.code,
        label=params.label,
        key=params.key,
    )
    if params.resources is not None:
        request = replace(request, resources=Resources(**msgspec.structs.asdict(params.resources)))
    done = submit_request(engine.session, request)
    return msgspec.convert(done, Submitted, from_attributes=True)


def _structure(source: StructureSource) -> object:
    if source.text is None:
        return Path(source.path or "")
    from crystalmath import structures

    return structures.read(source.text).structure


def _refuse_what_nothing_reads(params: JobsSubmitParams) -> None:
    """A parameter or a waiver that has no effect must not look as if it had one."""
    if params.parameters:
        raise InputError(
            f"The template '{params.template}' has no parameter '{next(iter(params.parameters))}'.",
            hint="Set INCAR tags by overrides; templates take no other parameters.",
        )
    if params.waive:
        raise InputError(
            f"No finding '{params.waive[0]}' stands in the way of this calculation.",
            hint="Submit again without the waiver.",
        )
