"""A self-consistency cycle to look at: the energy approaches the potential's energy step by step.

Nothing is solved: the error starts at some eV per ion in the first cycle (less when wavefunctions or a
density were there), shrinks eightfold in each step and vanishes in the step that converges, which is the
first with ALGO = Exact. Ends after NELM steps at the latest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.standin.settings import Settings

__all__ = ["ElectronicStep", "cycle", "label"]

_SHRINK: Final = 1.0 / 8.0
_COLD_EV: Final = 4.0
_WARM_EV: Final = 0.05


@dataclass(frozen=True, slots=True)
class ElectronicStep:
    """One line of the cycle; energies in eV; `rms_charge` is None while the density is kept."""

    number: int
    label: str
    energy_ev: float
    change_ev: float
    eigenvalue_change_ev: float
    n_evaluations: int
    rms: float
    rms_charge: float | None
    converged: bool


def label(algo: str, number: int) -> str:
    """Return what VASP calls the algorithm of a step in OSZICAR."""
    name = algo.lower()
    if name.startswith(("a", "c")):
        return "CG "
    if name.startswith("d"):
        return "DMP"
    if name.startswith("v") or (name.startswith("f") and number > 5):
        return "RMM"
    return "DAV"


def cycle(
    energy_ev: float,
    settings: Settings,
    *,
    n_ions: int,
    n_states: int,
    first: bool,
    warm: bool,
    never: bool = False,
) -> Iterator[ElectronicStep]:
    """Yield the steps of one cycle; `warm` starts near the end, `never` keeps it from converging.

    `n_states` (bands times k-points) only scales the count of evaluations that VASP prints.
    """
    error = (_COLD_EV if first and not warm else _WARM_EV) * n_ions
    delay = abs(settings.nelmdl) if first and not warm and settings.icharg < 10 else 0
    before = 0.0 if first else energy_ev
    for number in range(1, settings.nelm + 1):
        small = (
            abs(error) < settings.ediff_ev and number >= max(settings.nelmin, 2) and number > min(delay, 4)
        )
        done = (small or settings.diagonalises) and not never
        left = 0.0 if done else error
        energy = energy_ev + left
        change = energy - before
        size = max(abs(left), 1e-12)
        yield ElectronicStep(
            number=number,
            label=label(settings.algo, number),
            energy_ev=energy,
            change_ev=change,
            eigenvalue_change_ev=-abs(change) * 0.8,
            n_evaluations=n_states * (3 if number % 2 else 2),
            rms=size**0.5 * 0.3,
            rms_charge=None if done or number <= delay else size**0.5 * 0.5,
            converged=done,
        )
        if done:
            return
        before = energy
        error = -error if never and abs(error) < 20.0 * settings.ediff_ev else error * _SHRINK
