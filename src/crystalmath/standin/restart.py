"""The files of an earlier run that a run may start from: CHGCAR, WAVECAR; and STOPCAR, which ends one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from crystalmath.standin.stop import Refusal
from crystalmath.vasp import fortran, incar, poscar

if TYPE_CHECKING:
    from pathlib import Path

    from crystalmath.standin.cell import Cell
    from crystalmath.standin.settings import Settings

__all__ = ["has_density", "has_wavefunctions", "stop_requested", "wavecar"]


def has_wavefunctions(folder: Path, settings: Settings) -> bool:
    """Return whether the run starts from a WAVECAR: one that is there and not empty, unless ISTART = 0."""
    path = folder / "WAVECAR"
    return settings.istart > 0 and path.exists() and path.stat().st_size > 0


def has_density(folder: Path, settings: Settings, cell: Cell) -> bool:
    """Return whether the run starts from this cell's CHGCAR.

    Raises:
        Refusal: ICHARG is 11 or 12-like and CHGCAR is missing, empty, unreadable or of another cell.
    """
    wanted = settings.icharg % 10 == 1
    reason = _why_not(folder / "CHGCAR", cell) if wanted else "not asked for"
    if wanted and reason and settings.icharg >= 10:
        raise Refusal(
            "ERROR: charge density could not be read from file CHGCAR",
            f"for ICHARG>10: {reason}",
        )
    return not reason


def _why_not(path: Path, cell: Cell) -> str:
    """Return why the CHGCAR does not serve, or nothing."""
    try:
        with path.open(encoding="utf-8", errors="replace") as stream:
            head = [stream.readline() for _ in range(8 + cell.n_ions)]
    except FileNotFoundError:
        return "there is no such file"
    if not head[0]:
        return "the file is empty"
    read_in = poscar.parse("".join(head))
    if any(problem.severity == "error" for problem in read_in.problems):
        return "its header is not that of a CHGCAR"
    if read_in.species is not None and (read_in.species != cell.species or read_in.counts != cell.counts):
        return "it belongs to other ions"
    if not np.allclose(np.array(read_in.lattice_angstrom), cell.lattice, atol=1e-4):
        return "it belongs to another lattice"
    return ""


def stop_requested(folder: Path, tag: str) -> bool:
    """Return whether STOPCAR asks for LSTOP (after the ionic step) or LABORT (at once)."""
    try:
        text = (folder / "STOPCAR").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return False
    value = incar.parse(text).values().get(tag)
    try:
        return value is not None and fortran.read_logical(value)
    except ValueError:
        return False


def wavecar(cell: Cell) -> str:
    """Return what the stand-in leaves as WAVECAR: a note that there are no wavefunctions."""
    ions = " ".join(f"{s}{n}" for s, n in zip(cell.species, cell.counts, strict=True))
    return f"crystalmath-standin: this file marks a finished run of {ions}; it holds no wavefunctions\n"
