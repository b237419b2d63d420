"""Answers to fields and strain: dielectric tensors, Born charges, piezoelectric and elastic constants.

Electrons: Penn's model, one oscillator at E = 4 eV + 2 E_gap with the plasma frequency of all valence
electrons, ε∞ = 1 + (ħω_p/E)². Charges: rigid point charges, those of the pair potential, which sum to zero;
none in metals. Hence Born charges are multiples of the unit matrix and clamped ions are not piezoelectric.
What ions add follows from force constants Φ, charges Z and internal strain Λ: ε_ion = (4π/V) Z Φ⁻¹ Z,
e = Z Φ⁻¹ Λ / V and C_ion = −Λ Φ⁻¹ Λ / V, all from differences of the potential.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from crystalmath.standin.bands import band_gap
from crystalmath.standin.pair import charges
from crystalmath.standin.vibrations import relaxing_inverse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from crystalmath.standin.case import Case
    from crystalmath.standin.cell import Cell
    from crystalmath.standin.response import Potential

__all__ = ["VOIGT", "Ionic", "born_charges", "dielectric_function", "electronic", "ionic"]

VOIGT: Final = ((0, 0), (1, 1), (2, 2), (0, 1), (1, 2), (2, 0))  # VASP's order of components
_PLASMA_EV2: Final = 1378.84  # (ħω_p)² of one electron per Å³
_COULOMB_EV_ANGSTROM: Final = 14.3996
_COULOMB_PER_M2: Final = 16.0217663  # e/Å² in C/m²
_KBAR: Final = 1602.1766208
_OSCILLATOR_EV: Final = 4.0
_DAMPING_EV: Final = 0.3
_LOCAL_FIELDS: Final = 1.05  # how much ε∞ − 1 is larger without local fields
_STRAIN: Final = 1e-3


@dataclass(frozen=True, slots=True)
class Ionic:
    """What ions contribute; tensors by Voigt components in the order of `VOIGT`.

    `dielectric` 3 x 3; `piezoelectric` 3 x 6 in C/m²; `internal_strain` 3N x 6, forces by strain in eV/Å;
    `clamped` and `relaxed` 6 x 6 are the elastic constants in kBar without, and the part from, relaxing ions.
    """

    dielectric: NDArray[np.float64]
    piezoelectric: NDArray[np.float64]
    internal_strain: NDArray[np.float64]
    clamped: NDArray[np.float64]
    relaxed: NDArray[np.float64]


def born_charges(symbols: Sequence[str]) -> NDArray[np.float64]:
    """Return the effective charge of each ion in e, the same in all directions; zero in metals."""
    return charges(symbols) if band_gap(symbols) > 0.0 else np.zeros(len(symbols))


def _oscillator(case: Case, cell: Cell) -> tuple[float, float]:
    """Return the squared plasma energy in eV² and the energy of the oscillator in eV."""
    return _PLASMA_EV2 * case.n_electrons / cell.volume, _OSCILLATOR_EV + 2.0 * band_gap(cell.symbols)


def electronic(case: Case, cell: Cell) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return ε∞ (3 x 3) with local fields, and without (the independent particle approximation)."""
    plasma, energy = _oscillator(case, cell)
    above = plasma / energy**2
    return (1.0 + above) * np.eye(3), (1.0 + _LOCAL_FIELDS * above) * np.eye(3)


def dielectric_function(
    case: Case, cell: Cell
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return energies in eV (NEDOS points), and the real and imaginary part of the oscillator's ε there."""
    plasma, energy = _oscillator(case, cell)
    grid = np.linspace(0.0, 4.0 * energy, case.settings.nedos)
    found = 1.0 + plasma / (energy**2 - grid**2 - 1j * _DAMPING_EV * grid)
    return grid, found.real.copy(), found.imag.copy()


def ionic(potential: Potential, cell: Cell, phi: NDArray[np.float64]) -> Ionic:
    """Return what the ions of a cell with force constants `phi` (3N x 3N) contribute."""
    follow = relaxing_inverse(phi)
    z = np.kron(born_charges(cell.symbols)[:, None], np.eye(3))  # 3N x 3
    strain, clamped = _by_strain(potential, cell)
    return Ionic(
        dielectric=4.0 * np.pi * _COULOMB_EV_ANGSTROM / cell.volume * (z.T @ follow @ z),
        piezoelectric=_COULOMB_PER_M2 / cell.volume * (z.T @ follow @ strain),
        internal_strain=strain,
        clamped=_KBAR * clamped,
        relaxed=-_KBAR / cell.volume * (strain.T @ follow @ strain),
    )


def _by_strain(potential: Potential, cell: Cell) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the derivatives of forces (3N x 6, eV/Å) and stress (6 x 6, eV/Å³) by strain, ions clamped."""
    forces, stresses = np.empty((3 * cell.n_ions, 6)), np.empty((6, 6))
    for column, (i, j) in enumerate(VOIGT):
        answers = []
        for sign in (1.0, -1.0):
            strain = np.zeros((3, 3))
            strain[i, j] += 0.5 * sign * _STRAIN
            strain[j, i] += 0.5 * sign * _STRAIN
            lattice = cell.lattice @ (np.eye(3) + strain)
            answers.append(potential.evaluate(lattice, cell.fractional @ lattice))
        forces[:, column] = (answers[0].forces - answers[1].forces).ravel() / (2.0 * _STRAIN)
        stress = (answers[0].stress - answers[1].stress) / (2.0 * _STRAIN)
        stresses[:, column] = [stress[k, m] for k, m in VOIGT]
    return forces, 0.5 * (stresses + stresses.T)
