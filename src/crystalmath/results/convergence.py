"""How a run converges: electronic and ionic steps, also while it runs, from the ends of its files."""

from __future__ import annotations

import gzip
import math
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

__all__ = ["Convergence", "ElectronicStep", "IonicStep", "from_texts", "read"]

OSZICAR_BYTES = 1_000_000
OUTCAR_BYTES = 8_000_000

ELECTRONIC = re.compile(
    r"^\s*(?P<algorithm>[A-Z]{3}):\s*(?P<number>\d+)\s+(?P<energy>[-+.\dEeDd]+)\s+(?P<change>[-+.\dEeDd]+)"
)
IONIC = re.compile(
    r"^\s*(?P<number>\d+)\s+(?:T=\s*(?P<temperature>\S+)\s+)?(?:E=\s*\S+\s+)?F=\s*(?P<free>\S+)\s+E0=\s*(?P<energy>\S+)"
)
CHANGE = re.compile(r"d E\s*=\s*(\S+)")
MAGNETIZATION = re.compile(r"mag=\s*(.*?)\s*$")
ITERATION = re.compile(r"Iteration\s+(\d+)\(\s*\d+\)")
FORCES = "TOTAL-FORCE (eV/Angst)"


@dataclass(frozen=True, slots=True)
class ElectronicStep:
    """One electronic step of the ionic step `ionic` (counted from 1): total energy and its change in eV."""

    ionic: int
    number: int
    algorithm: str
    energy_ev: float
    change_ev: float


@dataclass(frozen=True, slots=True)
class IonicStep:
    """One finished ionic step: E0 (sigma → 0) and free energy in eV, the largest force in eV/Å.

    `change_ev` is VASP's `d E`: against the step before, with conjugate gradients the last corrector.
    """

    number: int
    energy_ev: float
    free_energy_ev: float
    change_ev: float | None
    max_force_ev_per_angstrom: float | None
    magnetization_mub: float | None
    temperature_k: float | None


@dataclass(frozen=True, slots=True)
class Convergence:
    """The steps of a run; `complete` is false when its beginning was left out because the files are long."""

    electronic: tuple[ElectronicStep, ...]
    ionic: tuple[IonicStep, ...]
    complete: bool = True

    @property
    def current(self) -> ElectronicStep | None:
        """The last electronic step."""
        return self.electronic[-1] if self.electronic else None


def read(directory: Path, *, moves: Sequence[Sequence[bool]] | None = None) -> Convergence:
    """Return how the run in the folder converges; reading stops at 1 MB of OSZICAR and 8 MB of OUTCAR.

    `moves` (N x 3) are the components that may move; forces on the others are left out.
    """
    oszicar, whole = _tail(directory / "OSZICAR", OSZICAR_BYTES)
    outcar, _ = _tail(directory / "OUTCAR", OUTCAR_BYTES)
    return from_texts(oszicar, outcar, moves=moves, complete=whole)


def from_texts(
    oszicar: str, outcar: str = "", *, moves: Sequence[Sequence[bool]] | None = None, complete: bool = True
) -> Convergence:
    """Return the steps in the ends of an OSZICAR and an OUTCAR."""
    forces = dict(_max_forces(outcar, moves))
    electronic: list[ElectronicStep] = []
    ionic: list[IonicStep] = []
    pending: list[re.Match[str]] = []
    for line in oszicar.splitlines():
        if step := ELECTRONIC.match(line):
            pending.append(step)
        elif summary := IONIC.match(line):
            number = int(summary["number"])
            electronic += _electronic(pending, number)
            pending = []
            if (found := _ionic(summary, line, forces.get(number))) is not None:
                ionic.append(found)
    electronic += _electronic(pending, ionic[-1].number + 1 if ionic else 1)
    return Convergence(tuple(electronic), tuple(ionic), complete)


def _electronic(lines: Sequence[re.Match[str]], ionic: int) -> Iterator[ElectronicStep]:
    for line in lines:
        energy, change = _number(line["energy"]), _number(line["change"])
        if energy is not None and change is not None:
            yield ElectronicStep(ionic, int(line["number"]), line["algorithm"], energy, change)


def _ionic(summary: re.Match[str], line: str, force: float | None) -> IonicStep | None:
    energy, free = _number(summary["energy"]), _number(summary["free"])
    if energy is None or free is None:
        return None
    change, magnetization = CHANGE.search(line), MAGNETIZATION.search(line)
    components = [_number(word) or 0.0 for word in magnetization[1].split()] if magnetization else []
    return IonicStep(
        number=int(summary["number"]),
        energy_ev=energy,
        free_energy_ev=free,
        change_ev=_number(change[1]) if change else None,
        max_force_ev_per_angstrom=force,
        magnetization_mub=_length(components) if components else None,
        temperature_k=_number((summary["temperature"] or "").rstrip(".")) if summary["temperature"] else None,
    )


def _length(components: Sequence[float]) -> float:
    return components[0] if len(components) == 1 else math.hypot(*components)


def _max_forces(outcar: str, moves: Sequence[Sequence[bool]] | None) -> Iterator[tuple[int, float]]:
    """Yield (ionic step, largest force) of each force table; VASP heads each iteration with its numbers."""
    number, lines = 0, iter(outcar.splitlines())
    for line in lines:
        if "Iteration" in line and (found := ITERATION.search(line)):
            number = int(found[1])
        elif FORCES in line and number:
            largest = _largest(lines, moves)
            if largest is not None:
                yield number, largest


def _largest(lines: Iterator[str], moves: Sequence[Sequence[bool]] | None) -> float | None:
    """Read one force table (its title is read already); None when it ends before its closing line."""
    next(lines, None)
    squares: list[float] = []
    for line in lines:
        if "----" in line:
            return math.sqrt(max(squares, default=0.0))
        words = [_number(word) for word in line.split()[3:6]]
        free = moves[len(squares)] if moves is not None and len(squares) < len(moves) else (True, True, True)
        if len(words) != 3:
            return None
        squares.append(sum((f or 0.0) ** 2 for f, moving in zip(words, free, strict=True) if moving))
    return None


def _number(word: str) -> float | None:
    """Return a number as Fortran prints it; None for stars and the like."""
    try:
        return float(word.lower().replace("d", "e"))
    except ValueError:
        return None


def _tail(path: Path, size: int) -> tuple[str, bool]:
    """Return the end of a file, from the start of a line, and whether it is all of it."""
    if not path.is_file():
        return _compressed_tail(path.with_name(path.name + ".gz"), size)
    length = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, length - size))
        data = file.read(size)
    return _lines(data, whole=length <= size)


def _compressed_tail(path: Path, size: int) -> tuple[str, bool]:
    """Return the end of a file that was compressed when the run had ended; nothing while it is written."""
    if not path.is_file():
        return "", True
    data, length = b"", 0
    try:
        with gzip.open(path) as file:
            while chunk := file.read(size):
                data, length = (data + chunk)[-size:], length + len(chunk)
    except (EOFError, OSError, zlib.error):
        return "", True
    return _lines(data, whole=length <= size)


def _lines(data: bytes, *, whole: bool) -> tuple[str, bool]:
    return (data if whole else data.partition(b"\n")[2]).decode(errors="replace"), whole
