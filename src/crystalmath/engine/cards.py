"""The result card of a job, from what AiiDA recorded of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crystalmath.engine import jobs

if TYPE_CHECKING:
    from crystalmath.engine.jobs import JobDetail
    from crystalmath.engine.session import Session
    from crystalmath.results.card import Card

__all__ = ["get"]


def get(session: Session, job_id: int | str) -> Card:
    """Return the card of a job; what the job has not computed (yet) is None. Raises JobNotFoundError."""
    from aiida import orm

    from crystalmath.engine.outcome import last_self_consistent, says_standin, summary_of
    from crystalmath.results.card import Identity, card

    detail = jobs.get(session, job_id)
    run = last_self_consistent(orm.load_node(detail.id))
    step = next((step for step in detail.steps if run is not None and step.id == run.pk), None)
    identity = Identity(
        id=detail.id,
        uuid=detail.uuid,
        state=detail.state,
        exit_status=detail.exit_status,
        exit_message=detail.exit_message or None,
        formula=detail.formula or "",
        n_atoms=detail.n_atoms or 0,
        template=detail.template or "",
        label=detail.label,
        directory=_directory(detail, step.directory if step else None),
        created_at=detail.created_at,
        standin=says_standin([step.id for step in detail.steps]) if run is None else None,
    )
    return card(identity, summary_of(run) if run is not None else None, step=step.name if step else "")


def _directory(detail: JobDetail, of_card: str | None) -> str | None:
    """Return the working folder of the card's step, else that of the step that is current."""
    return of_card or (detail.current.directory if detail.current else None)
