"""Read a finished VASP run in a directory as far as it goes: numbers, structures, emmet's document.

No AiiDA: the parser makes nodes of what this returns.
"""

from __future__ import annotations

import gzip
import os
import shutil
import warnings
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from crystalmath.engine import seam_atomate2
from crystalmath.engine.flow_documents import wrap
from crystalmath.results import ending as endings
from crystalmath.results.summary import Summary, summarise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from crystalmath.engine.completed import Completed
    from crystalmath.results.ending import Ending

__all__ = ["Reading", "Verdict", "read", "unpack_file"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a run ended: the label of an exit code of VaspCalcJob ("" is success) and its message."""

    label: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What could be read. `completed` is there when the job took the result as its own."""

    verdict: Verdict
    summary: Summary | None = None
    document: dict[str, Any] | None = None
    completed: Completed | None = None
    structure: Any = None
    ionic_steps: tuple[dict[str, Any], ...] = ()


def unpack_file(source: IO[bytes], directory: Path, name: str) -> None:
    """Copy a retrieved file into the directory, uncompressed, with the time at which it was written."""
    target = directory / name.removesuffix(".gz")
    target.parent.mkdir(exist_ok=True)
    if not name.endswith(".gz"):
        with target.open("wb") as file:
            shutil.copyfileobj(source, file)
        return
    written_at = int.from_bytes(source.read(8)[4:8], "little")  # gzip keeps it in its header
    source.seek(0)
    with gzip.open(source) as packed, target.open("wb") as file:
        shutil.copyfileobj(packed, file)
    if written_at:
        os.utime(target, (written_at, written_at))


def read(directory: Path, job: bytes | None, where: str) -> Reading:
    """Return what the run in the directory gives. `job` is the jobflow job behind it, `where` its locator.

    Of a nudged elastic band the numbers and the structure are those of its highest image.
    """
    places = endings.images(directory) or (directory,)
    found = {place: endings.read(directory, place) for place in places}
    if not any(ending.has_vasprun for ending in found.values()):
        return Reading(_without_vasprun(found[places[0]]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a daemon has nobody to warn; ours go into the summary
        for place, ending in found.items():
            if not (ending.vasprun_complete and ending.outcar.finished):
                return _partial(place, ending, _broken_off(ending))
        return _complete(directory, found, job, where)


def _without_vasprun(ending: Ending) -> Verdict:
    if ending.started_twice:
        return Verdict("ERROR_STARTED_TWICE")
    if ending.message:
        return Verdict("ERROR_VASP_STOPPED", ending.message)
    if ending.not_started:
        return Verdict("ERROR_DID_NOT_START", ending.not_started)
    if ending.out_of_time:
        return Verdict("ERROR_OUT_OF_TIME", "no ionic step")
    return Verdict("ERROR_NO_OUTPUT")


def _broken_off(ending: Ending) -> Verdict:
    if ending.out_of_time:
        return Verdict("ERROR_OUT_OF_TIME")
    if ending.message:
        return Verdict("ERROR_VASP_STOPPED", ending.message)
    return Verdict("ERROR_TRUNCATED")


def _complete(directory: Path, found: Mapping[Path, Ending], job: bytes | None, where: str) -> Reading:
    """Read a run that came to its end through the job's own Maker; `found` are its places of output."""
    with seam_atomate2.recorded_vaspruns() as vaspruns:
        try:
            completed = seam_atomate2.complete(job, directory, where) if job else None
            document = (
                completed.document if completed else {"output": seam_atomate2.task_document(directory, where)}
            )
            verdict = Verdict()
        except seam_atomate2.NotAccepted as refusal:
            completed, document = None, wrap(job or b"", refusal.document)
            verdict = Verdict("refused", refusal.reason)
        except Exception as error:  # noqa: BLE001 - pymatgen, emmet and Makers raise anything over odd output
            label = "ERROR_MAKER" if vaspruns else "ERROR_UNREADABLE"
            place, ending = next(iter(found.items()))
            return _partial(place, ending, Verdict(label, f"{type(error).__name__}: {error}"))
    number, vasprun = _highest(vaspruns[-len(found) :])
    place, ending = list(found.items())[number]
    summary = _summary(place, vasprun, ending, document["output"] or {}, number)
    return Reading(
        verdict=_judged(verdict, summary, ending, vasprun),
        summary=summary,
        document=document,
        completed=completed,
        structure=vasprun.final_structure,
        ionic_steps=tuple(vasprun.ionic_steps),
    )


def _highest(vaspruns: Sequence[Any]) -> tuple[int, Any]:
    """Return the run, or of the images of a band that with the highest energy, with its number from 0."""
    if len(vaspruns) == 1:
        return 0, vaspruns[0]
    return max(enumerate(vaspruns), key=lambda one: float(one[1].ionic_steps[-1]["e_0_energy"]))


def _partial(directory: Path, ending: Ending, verdict: Verdict) -> Reading:
    """Read the finished ionic steps of a run that broke off."""
    from pymatgen.io.vasp.outputs import Vasprun

    try:
        vasprun = Vasprun(
            directory / "vasprun.xml", parse_potcar_file=False, exception_on_bad_xml=False, parse_eigen=False,
            parse_dos=False,
        )  # fmt: skip
        steps = [step for step in vasprun.ionic_steps if "e_0_energy" in step and step.get("structure")]
        vasprun.ionic_steps = steps
        structure = steps[-1]["structure"] if steps else vasprun.initial_structure
        vasprun.final_structure = structure
        summary = _summary(directory, vasprun, ending, {}, 0)
    except Exception as error:  # noqa: BLE001 - a file that ends anywhere breaks pymatgen anywhere
        reason = verdict.message or f"no ionic step ({type(error).__name__})"
        return Reading(Verdict(verdict.label, reason))
    done = f"{len(steps)} ionic step{'' if len(steps) == 1 else 's'}"
    return Reading(
        verdict=Verdict(verdict.label, verdict.message or done),
        summary=summary,
        structure=structure,
        ionic_steps=tuple(steps),
    )


def _summary(
    directory: Path, vasprun: Any, ending: Ending, output: Mapping[str, Any], number: int
) -> Summary:
    """Return the numbers of a run; `output` is the job's, in which emmet's calculation has this number."""
    calculations = output.get("calcs_reversed") or output.get("calculations")
    calculation = calculations[number] if calculations else {}
    analysis = output.get("analysis") or {}
    complaints = (*ending.complaints, *(analysis.get("warnings") or ()), *(analysis.get("errors") or ()))
    return summarise(
        vasprun,
        ending,
        electronic=calculation.get("output") or {},
        selective=_selective(directory, vasprun),
        warnings=complaints,
    )


def _selective(directory: Path, vasprun: Any) -> Any:
    """Return which components may move, from vasprun.xml or, where it has none, from the POSCAR."""
    from crystalmath.vasp import poscar

    moves = vasprun.final_structure.site_properties.get("selective_dynamics")
    if moves is None and (directory / "POSCAR").is_file():
        text = (directory / "POSCAR").read_text(errors="replace")
        moves = poscar.parse(text).selective
    return moves if moves is not None and len(moves) == len(vasprun.final_structure) else None


def _judged(verdict: Verdict, summary: Summary, ending: Ending, vasprun: Any) -> Verdict:
    """Return the verdict on a run that came to its end: did it converge?"""
    steps = f"{summary.n_ionic_steps} ionic step{'' if summary.n_ionic_steps == 1 else 's'}"
    unconverged = summary.converged_electronic is False or summary.converged_ionic is False
    if ending.outcar.stopped_on_request and unconverged:
        return Verdict("ERROR_STOPPED_ON_REQUEST", steps)
    if summary.converged_electronic is False:
        nelm = vasprun.parameters.get("NELM")
        return Verdict(
            "ERROR_ELECTRONIC_UNCONVERGED",
            f"NELM = {nelm} steps were not enough in ionic step {summary.n_ionic_steps}",
        )
    if summary.converged_ionic is False:
        force = summary.max_force_ev_per_angstrom
        left = "" if force is None else f"; the largest force is {force:.4f} eV/Å"
        return Verdict(
            "ERROR_IONIC_UNCONVERGED", f"NSW = {vasprun.parameters.get('NSW')} steps were not enough{left}"
        )
    return Verdict("ERROR_MAKER", verdict.message) if verdict.label else verdict
