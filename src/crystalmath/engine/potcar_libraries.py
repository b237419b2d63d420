"""The POTCAR library of a code, kept between the jobs of a daemon worker.

Looking through a library touches each of its files; a worker needs it three times per job. It is looked
through again once a minute, and whenever something seems to be missing.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from crystalmath import potcars
from crystalmath.errors import PotcarError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crystalmath.potcars import PotcarEntry, PotcarLibrary

__all__ = ["assemble", "entries"]

FRESH_S = 60.0
_kept: dict[str, tuple[float, PotcarLibrary]] = {}


def entries(code: Any, symbols: Sequence[str], functional: str) -> tuple[PotcarEntry, ...]:
    """Return the POTCARs of these symbols that go with the code. Raises PotcarError for missing ones."""
    try:
        return _library(code).require(symbols, functional)
    except PotcarError:
        return _library(code, fresh=True).require(symbols, functional)


def assemble(code: Any, symbols: Sequence[str], functional: str) -> bytes:
    """Return the POTCAR of a run; it may go to the folder of the run and nowhere else."""
    try:
        return potcars.assemble(symbols, functional, _library(code))
    except PotcarError:
        return potcars.assemble(symbols, functional, _library(code, fresh=True))


def _library(code: Any, *, fresh: bool = False) -> PotcarLibrary:
    from crystalmath.engine import codes

    directory = codes.potcar_directory(code)
    key, now = str(directory), time.monotonic()
    known = _kept.get(key)
    if fresh or known is None or now - known[0] > FRESH_S:
        known = _kept[key] = (now, potcars.library(directory))
    return known[1]
