"""The list of jobs as callers see it: up to date with AiiDA at each look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crystalmath.engine import list_sweep
from crystalmath.engine.faults import storage_faults
from crystalmath.engine.list_table import MAX_PAGE, SORT_KEYS, Filter, JobRow, Page, SortKey
from crystalmath.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crystalmath.engine.session import Session

__all__ = ["MAX_PAGE", "SORT_KEYS", "Filter", "JobRow", "Page", "SortKey", "counts", "page"]


def page(
    session: Session,
    wanted: Filter | None = None,
    *,
    sort: SortKey = "created",
    descending: bool = True,
    after: str | None = None,
    limit: int = MAX_PAGE,
) -> Page:
    """Return a page of the jobs that are wanted (all by default), the newest first.

    `after` is the `next` of the page before. Raises InputError for a filter or key that cannot be read.
    """
    if not 1 <= limit <= MAX_PAGE:
        raise InputError(f"A page holds 1 to {MAX_PAGE} jobs, not {limit}", hint="Ask for several pages.")
    list_sweep.refresh(session)
    asked = wanted or Filter()
    with storage_faults("The jobs cannot be listed"):
        while True:
            found = session.index.table.page(
                asked, sort=sort, descending=descending, after=after, limit=limit
            )
            if not list_sweep.prune(session, (row.id for row in found.rows)):
                return found


def counts(session: Session, wanted: Filter | None = None) -> Mapping[str, int]:
    """Return how many of the jobs that are wanted are in each state."""
    with storage_faults("The jobs cannot be counted"):
        return session.index.table.counts(wanted or Filter())
