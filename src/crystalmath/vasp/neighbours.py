"""Ions that are too close, for very many ions, with numpy (imported only when called)."""

from __future__ import annotations

import math
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from crystalmath.vasp.cells import ClosePair
from crystalmath.vasp.lattice import lengths, reciprocal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crystalmath.vasp.lattice import Matrix

__all__ = ["available", "close_pairs", "close_to", "inside_cell"]

_TWO_PI: Final = 2 * math.pi


def available() -> bool:
    """Say whether numpy is there."""
    from importlib.util import find_spec

    return find_spec("numpy") is not None


def close_pairs(lattice_angstrom: Matrix, inside: Any, radius: float) -> list[ClosePair]:
    """Return the pairs of different ions closer than `radius` ångström, images included.

    Args:
        lattice_angstrom: the vectors as rows.
        inside: the N x 3 array of `inside_cell`.
        radius: the distance in ångström.
    """
    import numpy as np

    lattice = np.array(lattice_angstrom, dtype=float)
    heights = [_TWO_PI / max(length, 1e-12) for length in lengths(reciprocal(lattice_angstrom))]
    bins = np.array([max(1, min(int(height / radius), 1 << 20)) for height in heights], dtype=np.int64)
    cell = np.minimum((inside * bins).astype(np.int64), bins - 1)
    key = (cell[:, 0] * bins[1] + cell[:, 1]) * bins[2] + cell[:, 2]
    order = np.argsort(key, kind="stable")
    inside, cell, key = inside[order], cell[order], key[order]
    found: set[ClosePair] = set()
    for shift in product((-1, 0, 1), repeat=3):
        if shift < (0, 0, 0):
            continue  # each pair of bins once
        moved = cell + np.array(shift, dtype=np.int64)
        image = np.floor_divide(moved, bins)
        moved -= image * bins
        wanted = (moved[:, 0] * bins[1] + moved[:, 1]) * bins[2] + moved[:, 2]
        start = np.searchsorted(key, wanted, side="left")
        if shift == (0, 0, 0):
            start = np.arange(1, len(inside) + 1)
        for one, two in _candidates(key, wanted, start):
            delta = (inside[two] + image[one] - inside[one]) @ lattice
            distance = np.sqrt((delta * delta).sum(axis=1))
            near = np.nonzero((distance < radius) & (one != two))[0]
            pairs = zip(
                order[one[near]].tolist(), order[two[near]].tolist(), distance[near].tolist(), strict=True
            )
            found.update(ClosePair(min(i, j), max(i, j), length) for i, j, length in pairs)
    return sorted(found)


def _candidates(key: Any, wanted: Any, start: Any) -> Iterator[tuple[Any, Any]]:
    """Yield arrays of ions and of one ion each of the bin wanted, until all bins are exhausted."""
    import numpy as np

    one = np.arange(len(key))
    while True:
        keep = start < len(key)
        one, start = one[keep], start[keep]
        keep = key[start] == wanted[one]
        one, start = one[keep], start[keep]
        if not len(one):
            return
        yield one, start
        start = start + 1


def inside_cell(lattice_angstrom: Matrix, positions: Sequence[float], *, cartesian: bool) -> Any:
    """Return the N x 3 array of fractional coordinates from 0 to 1.

    Args:
        lattice_angstrom: the vectors as rows.
        positions: flat, 3 N numbers, fractional or (with `cartesian`) in ångström.
        cartesian: what `positions` are.
    """
    import numpy as np

    flat = np.asarray(positions, dtype=float).reshape(-1, 3)
    if cartesian:
        flat = flat @ np.linalg.inv(np.array(lattice_angstrom, dtype=float))
    return flat - np.floor(flat)


def close_to(lattice_angstrom: Matrix, inside: Any, radius: float, chosen: Sequence[int]) -> list[ClosePair]:
    """Return the pairs of `close_pairs` that hold one of the chosen ions; meant for a few of them."""
    import numpy as np

    lattice = np.array(lattice_angstrom, dtype=float)
    found: set[ClosePair] = set()
    for ion in chosen:
        delta = inside - inside[ion]
        delta -= np.round(delta)
        near = np.nonzero((np.abs(delta) < _reach(lattice_angstrom, radius)).all(axis=1))[0]
        for other in near:
            vector = delta[other] @ lattice
            distance = float(np.sqrt((vector * vector).sum()))
            if other != ion and distance < radius:
                found.add(ClosePair(min(ion, int(other)), max(ion, int(other)), distance))
    return sorted(found)


def _reach(lattice_angstrom: Matrix, radius: float) -> Any:
    import numpy as np

    return np.array([radius * length / _TWO_PI for length in lengths(reciprocal(lattice_angstrom))])
