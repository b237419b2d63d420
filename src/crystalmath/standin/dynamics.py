"""Molecular dynamics: velocity Verlet with the thermostats of MDALGO and SMASS.

NVE (MDALGO = 0 with SMASS = −3, or 1 without collisions), rescaling (SMASS = −1), Andersen (MDALGO = 1 with
ANDERSEN_PROB), Nosé-Hoover (MDALGO = 0 or 2 with SMASS ≥ 0), Langevin (MDALGO = 3, LANGEVIN_GAMMA in 1/ps).
The cell is fixed. Lengths in Å, times in fs, masses in atomic units.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from crystalmath.standin.incar_types import typed
from crystalmath.standin.motion import Freedom
from crystalmath.standin.stop import Refusal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crystalmath.standin.case import Case
    from crystalmath.standin.cell import Cell
    from crystalmath.standin.run import Run

__all__ = ["Thermostat", "propagate", "starting_velocities"]

_KB: Final = 8.617333262e-5  # eV/K
_ACCELERATION: Final = 9.648533212e-3  # Å/fs² per eV/(Å u)
_NOSE_PERIOD_STEPS: Final = 40.0


def _masses(case: Case) -> NDArray[np.float64]:
    """Return the mass of each ion as a column."""
    by_type = np.array([header.mass for header in case.potcars])
    return by_type[case.cell.types][:, None]


def _kinetic_ev(masses: NDArray[np.float64], velocities: NDArray[np.float64]) -> float:
    return float(0.5 * np.sum(masses * velocities**2) / _ACCELERATION)


def _degrees(cell: Cell) -> int:
    """Return the degrees of freedom: those of the ions without the centre of mass, or the free flags."""
    if cell.selective is not None:
        return max(1, int(cell.selective.sum()))
    return max(3, 3 * cell.n_ions - 3)


def starting_velocities(case: Case) -> NDArray[np.float64]:
    """Return the velocities of POSCAR, or a Maxwell distribution at TEBEG drawn with RANDOM_SEED."""
    cell, masses = case.cell, _masses(case)
    if cell.velocities is not None and np.any(cell.velocities):
        return cell.velocities
    generator = np.random.default_rng(case.settings.random_seed)
    drawn = generator.normal(size=(cell.n_ions, 3)) / np.sqrt(masses)
    drawn = Freedom(cell, case.settings).on_ions(cell, drawn)
    if cell.selective is None:
        drawn -= np.sum(masses * drawn, axis=0) / masses.sum()
    energy = _kinetic_ev(masses, drawn)
    wanted = 0.5 * _degrees(cell) * _KB * case.settings.tebeg_k
    return drawn * (wanted / energy) ** 0.5 if energy > 0.0 else drawn


class Thermostat:
    """Keeps the temperature between steps, the way MDALGO and SMASS say."""

    def __init__(self, case: Case) -> None:
        self._case, self._masses = case, _masses(case)
        self._dof = _degrees(case.cell)
        self._random = np.random.default_rng(case.settings.random_seed + 1)
        self._friction = 0.0  # of Nosé and Hoover, in 1/fs
        self._kind = self._chosen()

    def _number(self, tag: str, default: float) -> float:
        text = self._case.settings.raw.get(tag)
        found = default if text is None else typed(tag, text)
        first = found[0] if isinstance(found, tuple) else found
        if isinstance(first, str):
            raise Refusal(f"Error reading item '{tag}' from file INCAR.")
        return float(first)

    def _chosen(self) -> str:
        algorithm, smass = int(self._number("MDALGO", 0)), self._case.settings.smass
        if self._case.settings.isif == 3 and algorithm == 3:
            raise Refusal("MDALGO = 3 with ISIF = 3: the stand-in keeps the cell in molecular dynamics.")
        if algorithm == 1:
            return "andersen" if self._number("ANDERSEN_PROB", 0.0) > 0 else "none"
        if algorithm in {0, 2}:
            if smass == -1:
                return "rescale"
            return "nose" if smass >= 0 else "none"
        if algorithm == 3:
            return "langevin"
        raise Refusal(f"MDALGO = {algorithm}: the stand-in knows 0, 1, 2 and 3.")

    def apply(self, velocities: NDArray[np.float64], wanted_k: float, step_fs: float) -> NDArray[np.float64]:
        """Return the velocities after half a step of the thermostat."""
        target = 0.5 * self._dof * _KB * wanted_k
        energy = _kinetic_ev(self._masses, velocities)
        if self._kind == "rescale":
            return velocities * float((target / energy) ** 0.5) if energy > 0 else velocities
        if self._kind == "nose":
            rate = 2.0 * np.pi / (_NOSE_PERIOD_STEPS * self._case.settings.potim)
            self._friction += rate**2 * (energy / max(target, 1e-12) - 1.0) * step_fs
            return velocities * float(np.exp(-self._friction * step_fs))
        spread = np.sqrt(_KB * wanted_k * _ACCELERATION / self._masses)
        noise = self._random.normal(size=velocities.shape) * spread
        if self._kind == "langevin":
            keep = float(np.exp(-self._number("LANGEVIN_GAMMA", 10.0) * 1e-3 * step_fs))
            return keep * velocities + float((1.0 - keep**2) ** 0.5) * noise
        if self._kind == "andersen":
            hit = self._random.random(len(velocities)) < 0.5 * self._number("ANDERSEN_PROB", 0.0)
            velocities = velocities.copy()
            velocities[hit] = noise[hit]
        return velocities


def propagate(run: Run) -> None:
    """Move the ions for NSW steps, or until STOPCAR asks for the end."""
    case = run.case
    settings, masses, dof = case.settings, _masses(case), _degrees(case.cell)
    freedom, thermostat = Freedom(case.cell, settings), Thermostat(case)
    velocities, step_fs = starting_velocities(case), settings.potim
    run.place(run.cell.moved(run.cell.lattice, run.cell.fractional, velocities))
    for number in range(1, settings.nsw + 1):
        response = run.evaluate(number)
        push = 0.5 * step_fs * _ACCELERATION * freedom.on_ions(run.cell, response.forces) / masses
        if number > 1:
            velocities = velocities + push  # the second half of the step that led here
        wanted = settings.tebeg_k + (settings.teend_k - settings.tebeg_k) * number / settings.nsw
        velocities = freedom.on_ions(run.cell, thermostat.apply(velocities, wanted, 0.5 * step_fs))
        kinetic = _kinetic_ev(masses, velocities)
        temperature = 2.0 * kinetic / (dof * _KB)
        run.cell = run.cell.moved(run.cell.lattice, run.cell.fractional, velocities)
        last = run.aborted or number == settings.nsw or run.stopped()
        run.outcar.kinetic(run.energy_ev, kinetic, temperature)
        run.close_step(response, last=last, kinetic_ev=kinetic)
        run.console.dynamics_step(number, temperature, run.energy_ev, kinetic, run.moment)
        if last:
            return
        velocities = freedom.on_ions(run.cell, thermostat.apply(velocities, wanted, 0.5 * step_fs)) + push
        fractional = run.cell.fractional + step_fs * velocities @ np.linalg.inv(run.cell.lattice)
        run.place(run.cell.moved(run.cell.lattice, fractional, velocities))
