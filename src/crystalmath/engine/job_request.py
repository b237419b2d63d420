"""What a job was asked for, kept with it so that it can be asked for again with changes."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from crystalmath.engine import rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crystalmath.engine.session import Session

__all__ = ["JobRequest", "encode", "of_job"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRequest:
    """The request behind a job: a template on a structure.

    `structure_text` is pymatgen's JSON of the crystal, `structure_path` the folder of the template `folder`;
    `waive` are the codes of errors that were accepted, `restart_of` the uuid of the job that this one goes
    on from. `resources` are ranks, threads and walltime_s where they were given.
    """

    template: str
    structure_text: str | None = None
    structure_path: str | None = None
    overrides: Mapping[str, object] = field(default_factory=dict)
    parameters: Mapping[str, object] = field(default_factory=dict)
    code: str | None = None
    resources: Mapping[str, int] = field(default_factory=dict)
    waive: tuple[str, ...] = ()
    restart_of: str | None = None


def encode(request: JobRequest) -> bytes:
    """Return the request as it is stored with the process."""
    from crystalmath.engine import nodes

    return nodes.encode(asdict(request))


def of_job(session: Session, job_id: int | str) -> JobRequest | None:
    """Return what the job was asked for; None for a jobflow Flow and for processes of others."""
    from aiida import orm

    from crystalmath.engine import nodes

    pk = rows.resolve(session, job_id)
    kept = getattr(orm.load_node(pk).inputs, "request", None)
    if not isinstance(kept, orm.SinglefileData):
        return None
    known: dict[str, Any] = nodes.load(kept)
    return JobRequest(**known | {"waive": tuple(known.get("waive", ()))})
