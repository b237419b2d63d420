"""What follows from a cell: mesh, class, vacuum, ions that are too close."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crystalmath.vasp import cells

if TYPE_CHECKING:
    from crystalmath.vasp.lattice import Matrix

CUBE = ((4.0, 0.0, 0.0), (0.0, 4.0, 0.0), (0.0, 0.0, 4.0))
FCC = ((0.0, 2.0, 2.0), (2.0, 0.0, 2.0), (2.0, 2.0, 0.0))
HEX = ((3.0, 0.0, 0.0), (-1.5, 2.598076211, 0.0), (0.0, 0.0, 5.0))


def test_the_mesh_of_a_spacing_is_rounded_up() -> None:
    assert cells.spacing_mesh(CUBE, 0.5) == (4, 4, 4)
    assert cells.spacing_mesh(CUBE, 10.0) == (1, 1, 1)


def test_hexagonal_and_face_centred_cells_are_told_from_their_vectors() -> None:
    assert [cells.lattice_class(lattice) for lattice in (CUBE, FCC, HEX)] == [
        None,
        "face-centred",
        "hexagonal",
    ]


@pytest.mark.parametrize(
    ("lattice", "expected"),
    [
        (((0.0, 2.5, 3.5), (2.0, 0.0, 3.5), (2.0, 2.5, 0.0)), "face-centred"),
        (((2.0, 2.5, 0.0), (2.0, 0.0, 3.5), (0.0, -2.5, -3.5)), "face-centred"),
        (((-2.0, 2.5, 3.0), (2.0, -2.5, 3.0), (2.0, 2.5, -3.0)), None),
        (((-2.0, 2.0, 5.0), (2.0, -2.0, 5.0), (2.0, 2.0, -5.0)), None),
        (((2.0, 3.0, 0.0), (-2.0, 3.0, 0.0), (0.0, 0.0, 5.0)), None),
        (((2.27, 1.31, 3.95), (-2.27, 1.31, 3.95), (0.0, -2.62, 3.95)), None),
        (((0.0, 0.0, 0.0), (0.0, 3.0, 0.0), (0.0, 0.0, 3.0)), None),
    ],
    ids=["F ortho", "F ortho, other choice", "I ortho", "I tetra", "C ortho", "rhombohedral", "no volume"],
)
def test_face_centred_orthorhombic_cells_are_told_from_other_centrings(
    lattice: Matrix, expected: str | None
) -> None:
    assert cells.lattice_class(lattice) == expected


def test_vacuum_is_the_widest_empty_slab_over_the_boundary_too() -> None:
    slab = ((3.0, 0.0, 0.0), (0.0, 3.0, 0.0), (0.0, 0.0, 20.0))
    assert cells.vacuum(slab, [(0, 0, 0.95), (0, 0, 0.05)])[2] == pytest.approx(18.0)


def test_close_ions_are_found_over_the_boundary_and_in_tiny_cells() -> None:
    (pair,) = set(cells.close_pairs(CUBE, [(0.01, 0, 0), (0.99, 0, 0)], 0.5))
    assert pair.distance_angstrom == pytest.approx(0.08)
    tiny = ((0.4, 0.0, 0.0), (0.0, 4.0, 0.0), (0.0, 0.0, 4.0))
    assert {pair[:2] for pair in cells.close_pairs(tiny, [(0, 0, 0), (0.9, 0, 0)], 0.5)} == {(0, 1)}


def test_ions_apart_are_not_close() -> None:
    assert list(cells.close_pairs(CUBE, [(0, 0, 0), (0.5, 0.5, 0.5)], 0.5)) == []
