"""The POTCAR library of a code, kept between the jobs of a process.

Looking through a library touches each of its files; a worker needs it three times per job, a submit once.
It is looked through again once a minute, and whenever something seems to be missing.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from crystalmath import potcars
from crystalmath.errors import PotcarError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crystalmath.potcars import PotcarEntry, PotcarFolder, PotcarLibrary

__all__ = ["assemble", "entries", "library"]

FRESH_S = 60.0
_kept: dict[tuple[PotcarFolder, ...], tuple[float, PotcarLibrary]] = {}


def entries(code: Any, symbols: Sequence[str], functional: str) -> tuple[PotcarEntry, ...]:
    """Return the POTCARs of these symbols that go with the code. Raises PotcarError for missing ones."""
    try:
        return library(code).require(symbols, functional)
    except PotcarError:
        return library(code, fresh=True).require(symbols, functional)


def assemble(code: Any, symbols: Sequence[str], functional: str) -> bytes:
    """Return the POTCAR of a run; it may go to the folder of the run and nowhere else."""
    try:
        return potcars.assemble(symbols, functional, library(code))
    except PotcarError:
        return potcars.assemble(symbols, functional, library(code, fresh=True))


def library(code: Any, *, fresh: bool = False) -> PotcarLibrary:
    """Return the library of the code as it was within the last minute; `fresh` as it is now."""
    from crystalmath.engine import codes

    wanted, now = potcars.library(codes.potcar_directory(code)), time.monotonic()
    known = _kept.get(wanted.folders)
    if fresh or known is None or now - known[0] > FRESH_S:
        known = _kept[wanted.folders] = (now, wanted)
    return known[1]
