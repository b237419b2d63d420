"""Relax ions and cell: the degrees of freedom that ISIF frees, and the minimisers that IBRION names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crystalmath.standin.cell import Cell
    from crystalmath.standin.response import Response
    from crystalmath.standin.settings import Settings

__all__ = ["Freedom", "Minimiser", "minimiser"]

_IONS_MOVE: Final = frozenset({0, 1, 2, 3, 4, 8})
_SHAPE_CHANGES: Final = frozenset({3, 4, 5, 6})
_VOLUME_CHANGES: Final = frozenset({3, 6, 7, 8})
_KBAR: Final = 1.0 / 1602.1766208  # in eV/Å³
_LENGTH_ANGSTROM: Final = 2.5  # turns strains into lengths comparable with those of ions
_MOST_STEP_ANGSTROM: Final = 0.25
_MOST_STRAIN: Final = 0.06


class Freedom:
    """The free directions of ions and cell, and the force along them as one vector (3N + 9)."""

    def __init__(self, cell: Cell, settings: Settings) -> None:
        self._ions = settings.isif in _IONS_MOVE
        self._shape = settings.isif in _SHAPE_CHANGES
        self._volume = settings.isif in _VOLUME_CHANGES
        self._selective = cell.selective
        self._pressure = settings.pstress_kbar * _KBAR
        self._scale = _LENGTH_ANGSTROM * cell.n_ions**0.5

    def force(self, cell: Cell, response: Response) -> NDArray[np.float64]:
        """Return the force (3N ions in eV/Å, then 9 of the cell) with what is fixed projected out."""
        return np.concatenate(
            (self.on_ions(cell, response.forces).ravel(), self._on_cell(cell, response).ravel() / self._scale)
        )

    def on_ions(self, cell: Cell, forces: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the part of vectors on ions (N x 3, Cartesian) along which the ions may move."""
        if not self._ions:
            return np.zeros_like(forces)
        if self._selective is None:
            return forces
        # flags belong to lattice vectors: an ion moves in the span of the free ones
        projected = np.zeros_like(forces)
        for ion, flags in enumerate(self._selective):
            if flags.any():
                basis, _ = np.linalg.qr(cell.lattice[flags].T)
                projected[ion] = basis @ (basis.T @ forces[ion])
        return projected

    def _on_cell(self, cell: Cell, response: Response) -> NDArray[np.float64]:
        virial = -cell.volume * (response.stress + self._pressure * np.eye(3))
        trace = np.trace(virial) / 3.0 * np.eye(3)
        free = np.zeros((3, 3))
        if self._shape:
            free += virial - trace
        if self._volume:
            free += trace
        return free

    def converged(self, cell: Cell, response: Response, force_limit: float) -> bool:
        """Return whether all forces are below the limit (eV/Å), the cell's virial per ion below 0.1 of it."""
        on_ions = np.linalg.norm(self.on_ions(cell, response.forces), axis=1)
        on_cell = np.abs(self._on_cell(cell, response)) / cell.n_ions
        return bool(on_ions.max() < force_limit and on_cell.max() < 0.1 * force_limit)

    def apply(self, cell: Cell, step: NDArray[np.float64]) -> Cell:
        """Return the cell after a step, shortened if it is too long to be trusted."""
        on_ions = step[:-9].reshape(-1, 3)
        strain = step[-9:].reshape(3, 3) / self._scale
        longest = max(
            np.linalg.norm(on_ions, axis=1).max() / _MOST_STEP_ANGSTROM,
            np.abs(strain).max() / _MOST_STRAIN,
            1.0,
        )
        lattice = cell.lattice @ (np.eye(3) + strain / longest)
        if not self._volume:
            lattice *= (cell.volume / abs(np.linalg.det(lattice))) ** (1.0 / 3.0)
        fractional = cell.fractional + on_ions / longest @ np.linalg.inv(cell.lattice)
        return cell.moved(lattice, fractional)


class Minimiser(Protocol):
    """Turns the force at one geometry into the step to the next."""

    def step(self, force: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the displacement that follows from the force, both 3N + 9."""
        ...


def minimiser(settings: Settings) -> Minimiser:
    """Return the minimiser of IBRION = 1 (quasi-Newton), 2 (conjugate gradients) or 3 (damped dynamics)."""
    trial = 0.1 * settings.potim
    if settings.ibrion == 1:
        return QuasiNewton(trial)
    if settings.ibrion == 2:
        return ConjugateGradient(trial)
    return Damped(trial, settings.smass)


@dataclass(slots=True)
class QuasiNewton:
    """Limited-memory BFGS; `trial` is the first inverse curvature in Å²/eV."""

    trial: float
    _steps: list[NDArray[np.float64]] = field(default_factory=list)
    _changes: list[NDArray[np.float64]] = field(default_factory=list)
    _last: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None

    def step(self, force: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the quasi-Newton step."""
        if self._last is not None:
            moved, before = self._last
            if float(moved @ (before - force)) > 1e-10:
                self._steps.append(moved)
                self._changes.append(before - force)
                del self._steps[:-20], self._changes[:-20]
        found = self._two_loops(force)
        longest = np.abs(found).max() / _MOST_STEP_ANGSTROM
        found /= max(float(longest), 1.0)
        self._last = (found, force)
        return found

    def _two_loops(self, force: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the inverse Hessian times the force by Nocedal's recursion."""
        direction = force.copy()
        factors = []
        for s, y in zip(reversed(self._steps), reversed(self._changes), strict=True):
            factor = float(s @ direction) / float(s @ y)
            factors.append(factor)
            direction -= factor * y
        if self._steps:
            direction *= float(self._steps[-1] @ self._changes[-1]) / float(
                self._changes[-1] @ self._changes[-1]
            )
        else:
            direction *= self.trial
        for s, y, factor in zip(self._steps, self._changes, reversed(factors), strict=True):
            direction += s * (factor - float(y @ direction) / float(s @ y))
        return direction


@dataclass(slots=True)
class ConjugateGradient:
    """Polak and Ribière's directions, each searched with a trial step and corrections by the secant."""

    trial: float
    _direction: NDArray[np.float64] | None = None
    _start: NDArray[np.float64] | None = None
    _slope: float = 0.0
    _first_slope: float = 0.0
    _length: float = 0.0
    _tries: int = 0

    def step(self, force: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the next step along the line, or the first along a new one."""
        if self._direction is not None:
            slope = float(force @ self._direction)
            if self._tries < 3 and abs(slope) > 0.15 * self._first_slope:
                return self._correct(slope)
        return self._turn(force)

    def _correct(self, slope: float) -> NDArray[np.float64]:
        """Return the step to the zero of the slope, extrapolated from the last two points."""
        assert self._direction is not None
        curvature = (self._slope - slope) / self._length
        length = slope / curvature if curvature > 1e-12 else 2.0 * self._length
        length = float(np.clip(length, -4.0 * abs(self._length), 4.0 * abs(self._length)))
        self._slope, self._length, self._tries = slope, length, self._tries + 1
        return length * self._direction

    def _turn(self, force: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the trial step along a new direction conjugate to the last."""
        direction = force
        if self._direction is not None and self._start is not None:
            beta = max(0.0, float(force @ (force - self._start)) / float(self._start @ self._start))
            direction = force + beta * self._direction
            if float(direction @ force) <= 0.0:
                direction = force
        longest = float(np.abs(direction).max())
        self._length = min(self.trial, 0.5 * _MOST_STEP_ANGSTROM / longest) if longest > 0 else self.trial
        self._direction, self._start = direction, force
        self._slope = self._first_slope = float(force @ direction)
        self._tries = 0
        return self._length * direction


@dataclass(slots=True)
class Damped:
    """Damped dynamics; a negative `smass` stops what runs against the force, a positive one is friction."""

    trial: float
    smass: float
    _velocity: NDArray[np.float64] | None = None

    def step(self, force: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the step of the damped motion."""
        velocity = np.zeros_like(force) if self._velocity is None else self._velocity
        if self.smass > 0:
            friction = min(self.smass, 2.0) / 2.0
            velocity = ((1.0 - friction) * velocity + 2.0 * self.trial * force) / (1.0 + friction)
        else:
            along = float(velocity @ force) / max(float(force @ force), 1e-30)
            velocity = max(along, 0.0) * force + self.trial * force
        self._velocity = velocity
        return velocity
