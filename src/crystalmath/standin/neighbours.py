"""Find all pairs of atoms within a cutoff in a periodic cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Pairs", "find_pairs"]

_CHUNK = 4_000_000  # distances held at once, 32 MB


@dataclass(frozen=True, slots=True)
class Pairs:
    """Every ordered pair (i, j) within the cutoff, sorted by i, periodic images of i included.

    `vectors` (P x 3) lead from atom i to atom j in Å, Cartesian; `distances` (P,) are their lengths in Å.
    """

    first: NDArray[np.intp]
    second: NDArray[np.intp]
    vectors: NDArray[np.float64]
    distances: NDArray[np.float64]


def find_pairs(lattice: NDArray[np.float64], positions: NDArray[np.float64], cutoff_angstrom: float) -> Pairs:
    """Return all pairs closer than the cutoff.

    `lattice` (3 x 3) holds the lattice vectors in rows and `positions` (N x 3) are Cartesian, both in Å.
    """
    fractional = positions @ np.linalg.inv(lattice)
    wrapped = fractional - np.floor(fractional)
    home = wrapped @ lattice
    indices, ghosts = _images(lattice, wrapped, cutoff_angstrom)
    first, second = _close(home, ghosts, cutoff_angstrom)
    vectors = ghosts[second] - home[first]
    distances = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    keep = (distances < cutoff_angstrom) & (distances > 1e-6)
    return Pairs(first[keep], indices[second[keep]], vectors[keep], distances[keep])


def _images(
    lattice: NDArray[np.float64], wrapped: NDArray[np.float64], cutoff: float
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return index and Cartesian position of each periodic image that can be near an atom of the cell."""
    margin = cutoff * np.linalg.norm(np.linalg.inv(lattice), axis=0)  # the cutoff in units of plane spacings
    reach = np.ceil(margin).astype(int)
    ranges = [np.arange(-n, n + 1) for n in reach]
    shifts = np.stack(np.meshgrid(*ranges, indexing="ij"), axis=-1).reshape(-1, 3)
    low, high = wrapped.min(axis=0) - margin, wrapped.max(axis=0) + margin
    found_index, found_position = [], []
    for shift in shifts:
        moved = wrapped + shift
        near = np.flatnonzero(np.all((moved >= low) & (moved <= high), axis=1))
        if near.size:
            found_index.append(near)
            found_position.append(moved[near])
    return np.concatenate(found_index), np.concatenate(found_position) @ lattice


def _close(
    home: NDArray[np.float64], ghosts: NDArray[np.float64], cutoff: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the index pairs whose distance may be below the cutoff, chunk by chunk to spare memory."""
    squared = np.einsum("ij,ij->i", ghosts, ghosts)
    rows = max(1, _CHUNK // len(ghosts))
    limit = (cutoff + 1e-6) ** 2
    first, second = [], []
    for start in range(0, len(home), rows):
        part = home[start : start + rows]
        distance2 = np.einsum("ij,ij->i", part, part)[:, None] + squared - 2.0 * part @ ghosts.T
        i, j = np.nonzero(distance2 < limit)
        first.append(i + start)
        second.append(j)
    return np.concatenate(first), np.concatenate(second)
