"""What follows from a cell: the mesh of a spacing, its lattice class, vacuum, ions that are too close."""

from __future__ import annotations

import math
from itertools import combinations, pairwise, product
from typing import TYPE_CHECKING, Final, NamedTuple

from crystalmath.vasp.lattice import angles_degree, lengths, reciprocal, times

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crystalmath.vasp.lattice import Matrix, Vector

__all__ = ["ClosePair", "close_pairs", "hexagonal_plane", "lattice_class", "spacing_mesh", "vacuum"]

_HALF: Final = tuple(
    shift for shift in product((-1, 0, 1), repeat=3) if shift > (0, 0, 0)
)  # each pair of neighbouring bins once


class ClosePair(NamedTuple):
    """Two ions (indices from 0) and their distance over the periodic boundaries."""

    first: int
    second: int
    distance_angstrom: float


def spacing_mesh(lattice_angstrom: Matrix, spacing: float) -> tuple[int, int, int]:
    """Return the mesh that VASP makes of a KSPACING (1/Å)."""
    one, two, three = (
        max(1, math.ceil(length / max(abs(spacing), 1e-6) - 1e-9))
        for length in lengths(reciprocal(lattice_angstrom))
    )
    return one, two, three


def lattice_class(lattice_angstrom: Matrix) -> str | None:
    """Return `hexagonal` or `face-centred` where the vectors show it, else None.

    Face-centred are the primitive vectors of cubic and orthorhombic cells, each half a face's diagonal.
    """
    if _face_centred(lattice_angstrom):
        return "face-centred"
    return "hexagonal" if hexagonal_plane(lattice_angstrom) is not None else None


def hexagonal_plane(lattice_angstrom: Matrix) -> tuple[int, int] | None:
    """Return the two vectors (from 0) of a hexagonal cell that enclose 60 or 120 degrees, else None."""
    sides, angles = lengths(lattice_angstrom), angles_degree(lattice_angstrom)
    for axis, (one, two) in ((2, (0, 1)), (0, (1, 2)), (1, (0, 2))):
        upright = abs(angles[one] - 90) < 0.1 and abs(angles[two] - 90) < 0.1
        if upright and abs(abs(angles[axis] - 90) - 30) < 0.1 and _same(sides[one], sides[two]):
            return one, two
    return None


def _same(x: float, y: float) -> bool:
    return abs(x - y) < 1e-3 * max(x, y)


def _face_centred(lattice_angstrom: Matrix) -> bool:
    """Say whether sums of the vectors, whatever their signs, are the orthogonal edges of a larger cell."""
    for first, second in product((1, -1), repeat=2):
        a, b, c = (
            tuple(sign * x for x in row)
            for sign, row in zip((1, first, second), lattice_angstrom, strict=True)
        )
        edges = [
            tuple(y + z - x for x, y, z in zip(u, v, w, strict=True))
            for u, v, w in ((a, b, c), (b, a, c), (c, a, b))
        ]
        if all(_orthogonal(u, v) for u, v in combinations(edges, 2)):
            return True
    return False


def _orthogonal(u: tuple[float, ...], v: tuple[float, ...]) -> bool:
    product_of_lengths = math.hypot(*u) * math.hypot(*v)
    return abs(sum(x * y for x, y in zip(u, v, strict=True))) < 1e-3 * product_of_lengths


def vacuum(lattice_angstrom: Matrix, fractional: Sequence[Vector]) -> tuple[float, float, float]:
    """Return the widest empty slab perpendicular to each pair of vectors, in ångström."""
    heights = [2 * math.pi / max(length, 1e-12) for length in lengths(reciprocal(lattice_angstrom))]
    gaps: list[float] = []
    for axis in range(3):
        values = sorted(position[axis] % 1.0 for position in fractional)
        if not values:
            gaps.append(0.0)
            continue
        widest = max((b - a for a, b in pairwise(values)), default=0.0)
        gaps.append(max(widest, 1 - values[-1] + values[0]) * heights[axis])
    return gaps[0], gaps[1], gaps[2]


def _bins(lattice_angstrom: Matrix, radius: float, count: int) -> tuple[int, int, int]:
    most = max(1, round(2 * count ** (1 / 3)) + 1)
    one, two, three = (
        max(1, min(int(2 * math.pi / max(length, 1e-12) / radius), most))
        for length in lengths(reciprocal(lattice_angstrom))
    )
    return one, two, three


def close_pairs(lattice_angstrom: Matrix, fractional: Sequence[Vector], radius: float) -> Iterator[ClosePair]:
    """Yield the pairs of different ions closer than `radius` ångström, images included.

    Bins of at least `radius` make it linear in the number of ions. For very many ions
    `neighbours.close_pairs` does the same with numpy.
    """
    bins = _bins(lattice_angstrom, radius, len(fractional))
    inside = [(x - math.floor(x), y - math.floor(y), z - math.floor(z)) for x, y, z in fractional]
    table: dict[tuple[int, int, int], list[int]] = {}
    for index, (x, y, z) in enumerate(inside):
        key = (
            min(int(x * bins[0]), bins[0] - 1),
            min(int(y * bins[1]), bins[1] - 1),
            min(int(z * bins[2]), bins[2] - 1),
        )
        table.setdefault(key, []).append(index)
    for key, members in table.items():
        for position, first in enumerate(members):
            for second in members[position + 1 :]:
                distance = _distance(lattice_angstrom, inside[first], inside[second], (0, 0, 0))
                if distance < radius:
                    yield ClosePair(min(first, second), max(first, second), distance)
        for shift in _HALF:
            wanted = [key[i] + shift[i] for i in range(3)]
            image = (wanted[0] // bins[0], wanted[1] // bins[1], wanted[2] // bins[2])
            other = (wanted[0] % bins[0], wanted[1] % bins[1], wanted[2] % bins[2])
            for first in members:
                for second in table.get(other, ()):
                    distance = _distance(lattice_angstrom, inside[first], inside[second], image)
                    if distance < radius and first != second:
                        yield ClosePair(min(first, second), max(first, second), distance)


def _distance(lattice: Matrix, a: Vector, b: Vector, image: tuple[int, int, int]) -> float:
    """Return the distance in ångström from `a` to the image of `b` (both fractional)."""
    delta = (b[0] + image[0] - a[0], b[1] + image[1] - a[1], b[2] + image[2] - a[2])
    return math.hypot(*times(delta, lattice))
