"""The crystal of a run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Cell"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A periodic cell; `lattice` rows in Å, `fractional` N x 3, `velocities` N x 3 in Å/fs, Cartesian.

    `species` and `counts` are by type, in the order of POSCAR and POTCAR; `scale` is the factor of POSCAR, by
    which KPOINTS measures Cartesian points.
    """

    comment: str
    species: tuple[str, ...]
    counts: tuple[int, ...]
    lattice: NDArray[np.float64]
    fractional: NDArray[np.float64]
    selective: NDArray[np.bool_] | None = None
    velocities: NDArray[np.float64] | None = None
    scale: float = 1.0

    @property
    def symbols(self) -> tuple[str, ...]:
        """The element of each ion."""
        return tuple(s for s, n in zip(self.species, self.counts, strict=True) for _ in range(n))

    @property
    def types(self) -> NDArray[np.int_]:
        """The number of each ion's type, from 0."""
        return np.repeat(np.arange(len(self.counts)), self.counts)

    @property
    def n_ions(self) -> int:
        """The number of ions."""
        return sum(self.counts)

    @property
    def volume(self) -> float:
        """The volume in Å³."""
        return abs(float(np.linalg.det(self.lattice)))

    @property
    def reciprocal(self) -> NDArray[np.float64]:
        """The reciprocal lattice vectors in rows, in 1/Å, without 2π."""
        return np.asarray(np.linalg.inv(self.lattice).T, dtype=np.float64)

    @property
    def cartesian(self) -> NDArray[np.float64]:
        """The positions in Å."""
        return self.fractional @ self.lattice

    def moved(
        self,
        lattice: NDArray[np.float64],
        fractional: NDArray[np.float64],
        velocities: NDArray[np.float64] | None = None,
    ) -> Cell:
        """Return the same ions elsewhere."""
        return replace(self, lattice=lattice, fractional=fractional, velocities=velocities)
