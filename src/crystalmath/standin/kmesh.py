"""The k-points of a run: from KPOINTS or KSPACING to a list with weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crystalmath.standin.settings import Settings

__all__ = ["KMesh", "explicit", "from_spacing", "line", "regular"]


@dataclass(frozen=True, slots=True)
class KMesh:
    """k-points (K x 3, fractional) and weights (K,) that sum to one.

    `style` is what vasprun.xml calls the generation: Gamma, Monkhorst-Pack, listgenerated or "" for a list.
    `divisions` are the mesh, or the points per segment of a line.
    """

    comment: str
    style: str
    points: NDArray[np.float64]
    weights: NDArray[np.float64]
    divisions: tuple[int, ...]
    shift: tuple[float, float, float] = (0.0, 0.0, 0.0)
    path: tuple[tuple[float, float, float], ...] = ()

    @property
    def filling_weights(self) -> NDArray[np.float64]:
        """Weights for filling bands: equal ones if all are zero."""
        total = float(self.weights.sum())
        return self.weights / total if total > 0 else np.full(len(self.weights), 1.0 / len(self.weights))


def from_spacing(
    lattice: NDArray[np.float64], settings: Settings, rotations: NDArray[np.int64] | None
) -> KMesh:
    """Return VASP's automatic mesh for KSPACING (1/Å, with 2π) and KGAMMA."""
    reciprocal = 2.0 * np.pi * np.linalg.norm(np.linalg.inv(lattice), axis=0)
    counts = np.maximum(1, np.ceil(reciprocal / settings.kspacing - 1e-9).astype(int))
    divisions = (int(counts[0]), int(counts[1]), int(counts[2]))
    return regular(
        divisions, gamma=settings.kgamma, comment="Automatic mesh from KSPACING", rotations=rotations
    )


def regular(
    divisions: tuple[int, int, int],
    *,
    gamma: bool,
    shift: tuple[float, float, float] = (0.0, 0.0, 0.0),
    comment: str = "Automatic mesh",
    rotations: NDArray[np.int64] | None = None,
) -> KMesh:
    """Return a regular mesh, reduced by time reversal and by `rotations` (R x 3 x 3, on fractional k).

    Points that a rotation takes off the mesh stay as they are.
    """
    counts = np.array(divisions)
    offset = np.array(shift) + (0.0 if gamma else (counts % 2 == 0) * 0.5)
    grid = np.stack(np.meshgrid(*[np.arange(n) for n in divisions], indexing="ij"), axis=-1)
    indices = grid.transpose(2, 1, 0, 3).reshape(-1, 3)
    operations = np.eye(3, dtype=np.int64)[None] if rotations is None else rotations
    operations = np.concatenate((operations, -operations))
    smallest = np.arange(len(indices))
    for operation in operations:
        moved = ((indices + offset) / counts) @ operation.T * counts - offset
        nearest = np.round(moved)
        on_mesh = np.all(np.abs(moved - nearest) < 1e-6, axis=1)
        wrapped = np.mod(nearest.astype(int), counts)
        image = wrapped[:, 0] + counts[0] * (wrapped[:, 1] + counts[1] * wrapped[:, 2])
        smallest = np.where(on_mesh, np.minimum(smallest, image), smallest)
    kept, weights = np.unique(_settled(smallest), return_counts=True)
    points = (indices[kept] + offset) / counts
    points -= np.floor(points + 0.5 - 1e-9)
    style = "Gamma" if gamma else "Monkhorst-Pack"
    return KMesh(comment, style, points, weights / weights.sum(), divisions, shift)


def _settled(smallest: NDArray[np.int_]) -> NDArray[np.int_]:
    """Follow each point to the representative of its representative until nothing changes."""
    while True:
        following = smallest[smallest]
        if np.array_equal(following, smallest):
            return smallest
        smallest = following


def explicit(points: NDArray[np.float64], weights: NDArray[np.float64], comment: str) -> KMesh:
    """Return a list of k-points with weights as KPOINTS gives them, normalised to one."""
    total = float(weights.sum())
    return KMesh(comment, "", points, weights / total if total > 0 else weights, ())


def line(ends: NDArray[np.float64], per_segment: int, comment: str) -> KMesh:
    """Return the points along straight segments; `ends` (2S x 3) are starts and ends in turn."""
    fractions = np.linspace(0.0, 1.0, per_segment)[:, None]
    segments = [start + fractions * (end - start) for start, end in zip(ends[::2], ends[1::2], strict=True)]
    points = np.concatenate(segments)
    path = tuple((float(x), float(y), float(z)) for x, y, z in ends)
    return KMesh(
        comment, "listgenerated", points, np.full(len(points), 1.0 / len(points)), (per_segment,), path=path
    )
