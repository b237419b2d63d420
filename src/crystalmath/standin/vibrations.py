"""Vibrations at Γ: force constants by central differences of the potential, modes of the dynamical matrix.

The force constants are differences of the potential's exact forces, made symmetric and free of a net force
on a rigid shift (the acoustic sum rule), so three modes have frequency zero. Only the cell of the run moves.
Flags of selective dynamics fix nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from crystalmath.standin import symmetry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from crystalmath.standin.case import Case
    from crystalmath.standin.cell import Cell
    from crystalmath.standin.response import Potential
    from crystalmath.standin.run import Run

__all__ = ["Vibrations", "configuration", "displace", "force_constants", "relaxing_inverse", "vibrations"]

_THZ: Final = 15.633302  # √(eV/(u Å²))/2π in THz, the factor that VASP's readers use
_HBAR2_EV_U: Final = 4.18015929e-3  # ħ² in eV u Å²
_KB: Final = 8.617333262e-5  # eV/K
_EV_PER_THZ: Final = 4.135667696e-3
_SOFT: Final = 1e-3  # curvatures below this part of the largest do not answer to a force


@dataclass(frozen=True, slots=True)
class Vibrations:
    """Force constants Φ (3N x 3N, eV/Å²), and −Φ/√(m m') in THz² with its eigenvalues, ascending, and modes.

    `eigenvectors` holds one mode in each row (3N), in mass-weighted displacements, orthonormal. A stable mode
    has a negative eigenvalue, −ν², as in vasprun.xml of VASP 6.
    """

    force_constants: NDArray[np.float64]
    hessian: NDArray[np.float64]
    eigenvalues: NDArray[np.float64]
    eigenvectors: NDArray[np.float64]

    @property
    def frequencies_thz(self) -> NDArray[np.float64]:
        """The frequencies, descending; imaginary ones are negative."""
        return np.asarray(-np.sign(self.eigenvalues) * np.sqrt(np.abs(self.eigenvalues)), dtype=np.float64)


def force_constants(potential: Potential, cell: Cell, step_angstrom: float) -> NDArray[np.float64]:
    """Return Φ (3N x 3N) in eV/Å² by central differences."""
    home = cell.cartesian
    size = home.size
    found = np.empty((size, size))
    for index in range(size):
        forces = []
        for sign in (1.0, -1.0):
            moved = home.copy()
            moved.flat[index] += sign * step_angstrom
            forces.append(potential.evaluate(cell.lattice, moved).forces.ravel())
        found[index] = (forces[1] - forces[0]) / (2.0 * step_angstrom)
    return _sum_rule(0.5 * (found + found.T))


def _sum_rule(phi: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Φ with the rigid shifts projected out, which keeps it symmetric."""
    n_ions = len(phi) // 3
    shifts = np.tile(np.eye(3), (n_ions, 1)) / n_ions**0.5
    projector = np.eye(len(phi)) - shifts @ shifts.T
    return np.asarray(projector @ phi @ projector, dtype=np.float64)


def vibrations(phi: NDArray[np.float64], case: Case) -> Vibrations:
    """Return the modes that force constants give the ions of a run."""
    masses = np.array([header.mass for header in case.potcars])[case.cell.types]
    root = np.sqrt(np.repeat(masses, 3))
    hessian = -phi / np.outer(root, root) * _THZ**2
    eigenvalues, eigenvectors = np.linalg.eigh(hessian)
    return Vibrations(phi, hessian, eigenvalues, eigenvectors.T.copy())


def relaxing_inverse(phi: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the inverse of Φ in the space of its positive curvatures: how ions follow a force."""
    curvatures, modes = np.linalg.eigh(phi)
    stiff = curvatures > max(_SOFT * float(curvatures[-1]), 1e-8)
    kept = modes[:, stiff]
    return np.asarray((kept / curvatures[stiff]) @ kept.T, dtype=np.float64)


def configuration(found: Vibrations, case: Case, temperature_k: float) -> Cell:
    """Return the ions displaced by their thermal and zero-point amplitudes, modes with signs in turn.

    This is the one-shot configuration of Zacharias and Giustino, PRB 94, 075125 (2016), for the modes at Γ.
    Modes with imaginary or vanishing frequencies do not contribute.
    """
    cell = case.cell
    masses = np.repeat(np.array([header.mass for header in case.potcars])[cell.types], 3)
    energies = found.frequencies_thz * _EV_PER_THZ
    shift = np.zeros(3 * cell.n_ions)
    real = np.flatnonzero(energies > 1e-4)[::-1]  # from the lowest frequency on
    for number, mode in enumerate(real.tolist()):
        energy = float(energies[mode])
        thermal = 0.0 if temperature_k <= 0 else 1.0 / np.expm1(min(energy / (_KB * temperature_k), 500.0))
        amplitude = (_HBAR2_EV_U / (2.0 * energy) * (2.0 * thermal + 1.0)) ** 0.5
        shift += (-1.0) ** number * amplitude * found.eigenvectors[mode] / np.sqrt(masses)
    moved = (cell.cartesian + shift.reshape(-1, 3)) @ np.linalg.inv(cell.lattice)
    return cell.moved(cell.lattice, moved)


def displace(run: Run) -> None:
    """Go through the displacements of IBRION = 5, or of the inequivalent ions for 6, one ionic step each."""
    before = 0.0
    cells = list(_displaced(run.case))
    for number, cell in enumerate(cells, start=1):
        run.cell = cell
        response = run.evaluate(number)
        last = run.aborted or number == len(cells) or run.stopped()
        run.close_step(response, last=last)
        run.console.ionic_step(number, run.energy_ev, run.energy_ev - before, run.moment)
        before = run.energy_ev
        if last:
            break
    run.cell = run.case.cell


def _displaced(case: Case) -> Iterator[Cell]:
    """Yield the cell of the run and its displacements."""
    cell, wanted = case.cell, case.settings.properties
    yield cell
    ions = range(cell.n_ions) if case.settings.ibrion == 5 else symmetry.inequivalent(cell, case.settings)
    signs = (1.0, -1.0)[: wanted.n_displacements]
    for ion in ions:
        for axis in range(3):
            for sign in signs:
                moved = cell.cartesian.copy()
                moved[ion, axis] += sign * wanted.displacement_angstrom
                yield cell.moved(cell.lattice, moved @ np.linalg.inv(cell.lattice))
