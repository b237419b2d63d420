"""Eigenvalues from nearly free electrons, with a gap put in where the composition suggests one.

Metals: the empty lattice, ε_n(k) = α ħ²|k+G|²/2m in ascending order. Semiconductors with N occupied bands:
electrons and holes of the empty lattice on either side of a direct gap at Γ, ε_n(k) = −α ħ²|k+G|²/2m of band
N+1−n for n ≤ N and E_gap + α ħ²|k+G|²/2m of band n−N above. α (at most 1) keeps the occupied width of a free
electron gas of that density below 12 eV, as d and semicore states would otherwise widen it beyond reason. The
model knows the lattice, the k-point, the number of electrons and the elements, and nothing of the positions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from crystalmath.standin.elements import element

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["band_gap", "eigenvalues"]

_HBAR2_2M: Final = 3.80998212  # eV Å²
_MAX_WIDTH_EV: Final = 12.0
_ELEMENTAL_GAPS: Final = {
    "H": 9.0, "He": 17.0, "B": 1.5, "C": 4.1, "N": 8.0, "O": 2.0, "F": 4.0, "Ne": 15.0, "Si": 0.6, "P": 1.2,
    "S": 2.5, "Cl": 4.0, "Ar": 9.0, "Ge": 0.3, "Se": 1.0, "Br": 2.5, "Kr": 8.0,
    "Te": 0.2, "I": 1.2, "Xe": 7.0,
}  # fmt: skip
_NONMETALS: Final = frozenset(_ELEMENTAL_GAPS) | {"As", "Sb"}


def band_gap(symbols: Sequence[str]) -> float:
    """Return the gap in eV that the model gives a composition; 0 for metals and alloys.

    Elements: a table of typical values. Compounds with a non-metal: 0.4 eV plus 1.3 eV per unit of
    electronegativity between the extremes.
    """
    present = set(symbols)
    if len(present) == 1:
        return _ELEMENTAL_GAPS.get(next(iter(present)), 0.0)
    if not present & _NONMETALS:
        return 0.0
    chi = [element(symbol).electronegativity for symbol in present]
    return 0.4 + 1.3 * (max(chi) - min(chi))


def eigenvalues(
    lattice: NDArray[np.float64],
    kpoints: NDArray[np.float64],
    n_bands: int,
    *,
    n_electrons: float,
    gap_ev: float,
    n_occupied: int,
) -> NDArray[np.float64]:
    """Return the eigenvalues (K x n_bands) in eV of one spin channel, ascending.

    `kpoints` (K x 3) are fractional; `n_electrons` per cell fixes α; `n_occupied` bands lie below the gap.
    """
    volume = abs(float(np.linalg.det(lattice)))
    alpha = min(1.0, _MAX_WIDTH_EV / _free_width(n_electrons, volume)) if n_electrons > 0 else 1.0
    if gap_ev <= 0.0 or n_occupied == 0:
        return alpha * _empty_lattice(lattice, kpoints, n_bands)
    most = max(n_occupied, n_bands - n_occupied)
    free = alpha * _empty_lattice(lattice, kpoints, most)
    holes = -free[:, :n_occupied][:, ::-1]
    return np.concatenate((holes, gap_ev + free[:, : max(0, n_bands - n_occupied)]), axis=1)[:, :n_bands]


def _free_width(n_electrons: float, volume: float) -> float:
    """Return the occupied width of the free electron gas in eV."""
    return float(_HBAR2_2M * (3.0 * np.pi**2 * n_electrons / volume) ** (2.0 / 3.0))


def _empty_lattice(
    lattice: NDArray[np.float64], kpoints: NDArray[np.float64], n_bands: int
) -> NDArray[np.float64]:
    """Return the lowest n_bands values of ħ²|k+G|²/2m at each k-point, ascending."""
    reciprocal = 2.0 * np.pi * np.linalg.inv(lattice).T
    cartesian = (kpoints - np.round(kpoints)) @ reciprocal
    volume = abs(float(np.linalg.det(lattice)))
    longest = float(np.linalg.norm(reciprocal, axis=1).sum())
    radius = (6.0 * np.pi**2 * (n_bands + 1) / volume) ** (1.0 / 3.0) + longest
    reach = np.ceil(radius * np.linalg.norm(lattice, axis=1) / (2.0 * np.pi)).astype(int)
    axes = [np.arange(-n, n + 1) for n in reach]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3) @ reciprocal
    grid = grid[np.einsum("ij,ij->i", grid, grid) <= radius**2]
    found = np.empty((len(kpoints), n_bands))
    rows = max(1, 2_000_000 // len(grid))
    for start in range(0, len(kpoints), rows):
        part = cartesian[start : start + rows]
        square = np.sum(part**2, axis=1)[:, None] + np.sum(grid**2, axis=1) + 2.0 * part @ grid.T
        lowest = np.partition(square, n_bands - 1, axis=1)[:, :n_bands]
        found[start : start + rows] = np.sort(lowest, axis=1)
    return _HBAR2_2M * np.maximum(found, 0.0)
