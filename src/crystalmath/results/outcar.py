"""What the end of an OUTCAR says, read without parsing the rest.

pymatgen reads an OUTCAR at 1 to 3 MB per second; looking from the end takes milliseconds whatever its size.
"""

from __future__ import annotations

import mmap
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["OutcarEnd", "read_end"]

FINISHED = b"General timing and accounting"
STOPS = (b"soft stop encountered", b"hard stop encountered")
PRESSURE = b"external pressure ="
MAGNETIZATION = b"number of electron "
ELAPSED = b"Elapsed time (sec):"
NUMBER = re.compile(rb"[-+]?\d+\.?\d*(?:[EeDd][-+]?\d+)?")


@dataclass(frozen=True, slots=True)
class OutcarEnd:
    """The last values of an OUTCAR; None where it has none. `magnetization` has 1 or 3 components in µB."""

    finished: bool
    stopped_on_request: bool
    pressure_kbar: float | None
    magnetization: tuple[float, ...]
    elapsed_s: float | None


def read_end(path: Path) -> OutcarEnd:
    """Return the last values of the OUTCAR; an empty or missing file has none."""
    if not path.is_file() or path.stat().st_size == 0:
        return OutcarEnd(False, False, None, (), None)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        return OutcarEnd(
            finished=text.rfind(FINISHED) >= 0,
            stopped_on_request=any(text.rfind(mark) >= 0 for mark in STOPS),
            pressure_kbar=_first(_numbers(text, PRESSURE)),
            magnetization=_magnetization(text),
            elapsed_s=_first(_numbers(text, ELAPSED)),
        )


def _numbers(text: mmap.mmap, mark: bytes) -> list[float]:
    """Return the numbers between the last `mark` and the end of its line."""
    at = text.rfind(mark)
    if at < 0:
        return []
    end = text.find(b"\n", at)
    line = text[at + len(mark) : end if end >= 0 else len(text)]
    return [float(number.lower().replace(b"d", b"e")) for number in NUMBER.findall(line)]


def _magnetization(text: mmap.mmap) -> tuple[float, ...]:
    values = _numbers(text, MAGNETIZATION)
    return tuple(values[1:4])  # the first number is that of the electrons


def _first(values: list[float]) -> float | None:
    return values[0] if values else None
