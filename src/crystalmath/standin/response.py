"""What an interatomic potential answers for one geometry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crystalmath.standin.neighbours import Pairs

__all__ = ["Potential", "Response", "add_by_atom"]


@dataclass(frozen=True, slots=True)
class Response:
    """Energy in eV, forces (N x 3) in eV/Å, stress (3 x 3) in eV/Å³; tension is positive, as in ASE."""

    energy_ev: float
    forces: NDArray[np.float64]
    stress: NDArray[np.float64]


class Potential(Protocol):
    """An interatomic potential for a fixed list of atoms."""

    name: str

    def evaluate(self, lattice: NDArray[np.float64], positions: NDArray[np.float64]) -> Response:
        """Return energy, forces and stress; `lattice` in rows and `positions` Cartesian, both in Å."""
        ...


def add_by_atom(pairs: Pairs, values: NDArray[np.float64], n_atoms: int) -> NDArray[np.float64]:
    """Sum pair values, (P,) or (P x 3), over the first atom of each pair."""
    if values.ndim == 1:
        return np.bincount(pairs.first, weights=values, minlength=n_atoms).astype(float)
    columns = [np.bincount(pairs.first, weights=column, minlength=n_atoms) for column in values.T]
    return np.stack(columns, axis=1)
