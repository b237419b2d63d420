"""The rotations under which a crystal looks the same, for reducing k-point meshes."""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from crystalmath.standin.cell import Cell
    from crystalmath.standin.settings import Settings

__all__ = ["inequivalent", "rotations"]

_MOST_IONS: Final = 200  # beyond, looking for rotations costs more than it saves


def rotations(cell: Cell, settings: Settings) -> NDArray[np.int64] | None:
    """Return the point group (R x 3 x 3) as it acts on fractional k-points; None without symmetry (ISYM ≤ 0).

    Only rotations with entries −1, 0 and 1 are looked for, which are all of them in reduced cells; fewer are
    found in strange ones, which costs k-points and nothing else.
    """
    if settings.isym <= 0 or cell.n_ions > _MOST_IONS:
        return None
    kinds = _kinds(cell, settings)
    found = [
        r for r in _of_lattice(cell.lattice, settings.symprec) if _maps(r, cell, kinds, settings.symprec)
    ]
    # r acts on rows of positions from the right (x r), so k columns transform with its inverse
    return np.array([np.rint(np.linalg.inv(r)) for r in found]).astype(np.int64)


def inequivalent(cell: Cell, settings: Settings) -> tuple[int, ...]:
    """Return the first ion of each set of ions that symmetry maps onto each other; all with ISYM ≤ 0."""
    if settings.isym <= 0 or cell.n_ions > _MOST_IONS:
        return tuple(range(cell.n_ions))
    kinds = _kinds(cell, settings)
    partners = list(_partners(np.eye(3, dtype=np.int64), cell, kinds, settings.symprec))
    for rotation in _of_lattice(cell.lattice, settings.symprec):
        partners += list(islice(_partners(rotation, cell, kinds, settings.symprec), 1))
    smallest = np.arange(cell.n_ions)
    while True:
        before = smallest
        for other in partners:
            smallest = np.minimum(smallest, smallest[other])
        if np.array_equal(before, smallest):
            return tuple(int(ion) for ion in np.unique(smallest))


def _kinds(cell: Cell, settings: Settings) -> NDArray[np.float64]:
    """Return a number for each ion, the same for ions of one element and moment."""
    kinds: NDArray[np.float64] = (cell.types * 1000.0).astype(float)
    if settings.ispin == 2 and settings.magmom is not None:
        kinds = kinds + np.array(settings.magmom)
    return kinds


def _of_lattice(lattice: NDArray[np.float64], symprec: float) -> NDArray[np.int64]:
    """Return the integer matrices that keep all lengths and angles of the lattice."""
    metric = lattice @ lattice.T
    rows = np.array(list(product((-1, 0, 1), repeat=3)))
    lengths = np.einsum("ij,jk,ik->i", rows, metric, rows)
    tolerance = 2.0 * symprec * float(np.sqrt(np.trace(metric)))
    candidates = [rows[np.abs(lengths - metric[axis, axis]) < tolerance] for axis in range(3)]
    a, b, c = (candidates[axis] for axis in range(3))
    found = []
    for first in a:
        good_b = b[np.abs(b @ metric @ first - metric[0, 1]) < tolerance]
        good_c = c[np.abs(c @ metric @ first - metric[0, 2]) < tolerance]
        for second in good_b:
            found += [
                (first, second, x)
                for x in good_c[np.abs(good_c @ metric @ second - metric[1, 2]) < tolerance]
            ]
    return np.array(found, dtype=np.int64)


def _maps(rotation: NDArray[np.int64], cell: Cell, kinds: NDArray[np.float64], symprec: float) -> bool:
    """Return whether the rotation with some translation maps every ion onto one of its kind."""
    return any(True for _ in _partners(rotation, cell, kinds, symprec))


def _partners(
    rotation: NDArray[np.int64], cell: Cell, kinds: NDArray[np.float64], symprec: float
) -> Iterator[NDArray[np.intp]]:
    """Yield the ion that each ion is mapped onto, once for each translation that goes with the rotation."""
    turned = cell.fractional @ rotation
    rarest = min(set(kinds.tolist()), key=lambda kind: int(np.sum(kinds == kind)))
    members = np.flatnonzero(kinds == rarest)
    for target in members:
        moved = turned + cell.fractional[target] - turned[members[0]]
        apart = moved[:, None, :] - cell.fractional[None, :, :]
        apart -= np.round(apart)
        distance = np.linalg.norm(apart @ cell.lattice, axis=2)
        distance[kinds[:, None] != kinds[None, :]] = np.inf
        if np.all(distance.min(axis=1) < 10.0 * symprec):
            yield distance.argmin(axis=1)
