"""The curves of a job: how its steps converge, also while they run, and its band structure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from crystalmath.engine import files, jobs
from crystalmath.errors import JobFileError

if TYPE_CHECKING:
    from crystalmath.engine.jobs import Step
    from crystalmath.engine.session import Session
    from crystalmath.results.bands import Bands
    from crystalmath.results.convergence import Convergence

__all__ = ["bands", "convergence"]


def convergence(session: Session, job_id: int | str, *, step: int | None = None) -> Convergence | None:
    """Return how a step of the job converges, counted from 1, by default the current or last one.

    None when that step has written nothing yet. Raises JobFileError for a step that does not exist.
    """
    from crystalmath.results import convergence as curve

    detail = jobs.get(session, job_id)
    chosen = detail.current if step is None else next((s for s in detail.steps if s.index == step), None)
    if chosen is None:
        if step is None:
            return None
        raise JobFileError(
            f"Job {detail.id} has no step {step}; it has {len(detail.steps)}",
            hint=f"See them with: crystalmath show {detail.id}",
        )
    folder = Path(chosen.directory) if chosen.directory else None
    if folder is not None and (folder / "OSZICAR").is_file():
        return curve.read(folder)
    return _retrieved(session, chosen)


def _retrieved(session: Session, step: Step) -> Convergence | None:
    """Return the convergence in the files that were fetched; the OUTCAR may not be among them."""
    from crystalmath.results import convergence as curve

    there = {row.name.removesuffix(".gz"): row.name for row in files.list_files(session, step.id)}
    if "OSZICAR" not in there:
        return None
    outcar = files.read(session, step.id, there["OUTCAR"]) if "OUTCAR" in there else ""
    return curve.from_texts(files.read(session, step.id, there["OSZICAR"]), outcar[-curve.OUTCAR_BYTES :])


def bands(session: Session, job_id: int | str) -> Bands | None:
    """Return the band structure of the last step that followed a path, None when none did."""
    from aiida import orm

    from crystalmath.results import bands as curve
    from crystalmath.results import document

    for step in reversed(jobs.steps(session, job_id)):
        outputs = orm.load_node(step.id).outputs
        if "document" in outputs:
            content = document.load(outputs.document.get_content(mode="rb"))
            structure = document.band_structure(content)
            if structure is not None and (found := curve.from_mapping(structure)) is not None:
                return found
    return None
