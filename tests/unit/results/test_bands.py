from __future__ import annotations

from typing import Any

import pytest

from crystalmath.results import bands

CUBE = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]


def path(lower: list[float], upper: list[float], **more: Any) -> dict[str, Any]:
    """Return a band structure along Γ-X, U-L, as pymatgen writes it."""
    points = [[0.0, 0.0, 0.0], [0.5, 0.0, 0.0], [0.5, 0.5, 0.0], [0.5, 0.5, 0.5]]
    return {
        "branches": [
            {"start_index": 0, "end_index": 1, "name": "\\Gamma-X"},
            {"start_index": 2, "end_index": 3, "name": "U-L"},
        ],
        "kpoints": points,
        "lattice_rec": {"matrix": CUBE},
        "efermi": 0.0,
        "bands": {"1": [lower, upper]},
        **more,
    }


def test_the_path_jumps_without_length_between_branches() -> None:
    read = bands.from_mapping(path([-1, -2, -2, -3], [2, 1, 1, 3]))
    assert read is not None
    assert read.distance_per_angstrom == pytest.approx((0.0, 0.5, 0.5, 1.0))
    assert [(tick.distance_per_angstrom, tick.label) for tick in read.ticks] == [
        (0.0, "Γ"),
        (0.5, "X|U"),
        (1.0, "L"),
    ]
    assert read.segments == ((0, 1), (2, 3))


def test_an_indirect_gap_is_between_different_points() -> None:
    read = bands.from_mapping(path([-1, -2, -2, -3], [2, 1, 1, 3]))
    assert read is not None
    assert (read.gap_ev, read.is_gap_direct, read.is_metal) == (2.0, False, False)
    assert (read.vbm_ev, read.cbm_ev) == (-1.0, 1.0)


def test_a_direct_gap_is_at_one_point() -> None:
    read = bands.from_mapping(path([-1, -2, -2, -3], [1, 2, 2, 3]))
    assert read is not None
    assert read.is_gap_direct


def test_a_band_across_the_fermi_energy_makes_a_metal() -> None:
    read = bands.from_mapping(path([-1, 1, 1, 2], [2, 3, 3, 4]))
    assert read is not None
    assert read.is_metal
    assert read.gap_ev == 0.0
    assert read.vbm_ev is None


def test_the_gap_is_that_over_both_spins() -> None:
    data = path([-1, -2, -2, -3], [2, 1, 1, 3])
    data["bands"]["-1"] = [[-0.5, -2, -2, -3], [2, 0.75, 0.75, 3]]
    read = bands.from_mapping(data)
    assert read is not None
    assert len(read.energy_ev) == 2
    assert read.gap_ev == 1.25


def test_k_points_on_a_mesh_are_no_path() -> None:
    assert bands.from_mapping({"kpoints": [[0, 0, 0]], "bands": {"1": [[0.0]]}}) is None
