"""The electronic model: meshes, occupations, gaps and moments."""

from __future__ import annotations

import numpy as np
import pytest
from ase.build import bulk

from crystalmath.standin import kmesh, symmetry
from crystalmath.standin.bands import band_gap, eigenvalues
from crystalmath.standin.cell import Cell
from crystalmath.standin.occupations import density_of_states, fill, occupation
from crystalmath.standin.settings import read


def crystal(name: str) -> Cell:
    atoms = bulk(name)
    return Cell(name, (name,), (len(atoms),), atoms.cell.array, atoms.get_scaled_positions())


@pytest.mark.parametrize(("name", "order"), [("Al", 48), ("Si", 48), ("Fe", 48), ("Mg", 24)])
def test_point_groups_have_their_known_order(name: str, order: int) -> None:
    """Silicon's 48 hold because a mesh needs only the rotations, not the translations that go with them."""
    found = symmetry.rotations(crystal(name), read(""))
    assert found is not None
    assert len(found) == order


@pytest.mark.parametrize(("name", "divisions", "count"), [("Al", 13, 84), ("Si", 4, 8), ("Al", 8, 29)])
def test_reduced_meshes_are_as_small_as_vasps(name: str, divisions: int, count: int) -> None:
    rotations = symmetry.rotations(crystal(name), read(""))
    mesh = kmesh.regular((divisions,) * 3, gamma=True, rotations=rotations)
    assert len(mesh.points) == count
    assert mesh.weights.sum() == pytest.approx(1.0)


def test_without_symmetry_only_time_reversal_reduces() -> None:
    assert symmetry.rotations(crystal("Al"), read("ISYM = -1")) is None
    assert len(kmesh.regular((3, 3, 3), gamma=True).points) == 14
    assert len(kmesh.regular((2, 2, 2), gamma=False).points) == 4


def test_rotations_do_not_change_the_mean_over_the_mesh() -> None:
    """The reduced mesh with its weights stands for the whole one."""
    cell = crystal("Al")
    whole = kmesh.regular((5, 5, 5), gamma=True)
    reduced = kmesh.regular((5, 5, 5), gamma=True, rotations=symmetry.rotations(cell, read("")))
    means = [
        mesh.weights @ eigenvalues(cell.lattice, mesh.points, 4, n_electrons=3, gap_ev=0.0, n_occupied=1)
        for mesh in (whole, reduced)
    ]
    np.testing.assert_allclose(means[0], means[1], atol=1e-10)


def test_free_electrons_fill_aluminium_to_its_known_width() -> None:
    """11.7 eV is the free electron value at three electrons per 16.6 Å³."""
    cell = crystal("Al")
    mesh = kmesh.regular((16, 16, 16), gamma=True, rotations=symmetry.rotations(cell, read("")))
    energies = eigenvalues(cell.lattice, mesh.points, 8, n_electrons=3, gap_ev=0.0, n_occupied=1)
    assert fill(energies, mesh.weights, 1.5, 0, 0.2) == pytest.approx(11.65, abs=0.1)


def test_eigenvalues_are_periodic_in_reciprocal_space() -> None:
    cell = crystal("Si")
    k = np.array([[0.1, 0.2, -0.3], [1.1, -0.8, 0.7]])
    first, second = eigenvalues(cell.lattice, k, 8, n_electrons=8, gap_ev=0.6, n_occupied=4)
    np.testing.assert_allclose(first, second, atol=1e-10)


@pytest.mark.parametrize("ismear", [-5, -1, 0, 1, 2])
def test_every_smearing_holds_the_electrons(ismear: int) -> None:
    energies = np.sort(np.random.default_rng(1).normal(size=(20, 6)), axis=1)
    weights = np.full(20, 0.05)
    level = fill(energies, weights, 2.7, ismear, 0.1)
    assert weights @ occupation(energies, level, ismear, 0.1).sum(axis=1) == pytest.approx(2.7, abs=1e-6)
    assert occupation(np.array([level]), level, ismear, 0.1)[0] == pytest.approx(0.5)


def test_the_level_of_an_insulator_lies_in_its_gap() -> None:
    energies = np.array([[-1.0, 2.0], [-0.5, 2.5]])
    assert -0.5 < fill(energies, np.array([0.5, 0.5]), 1.0, 0, 0.05) < 2.0


def test_density_of_states_integrates_to_the_bands() -> None:
    energies = np.array([[0.0, 1.0], [0.5, 1.5]])
    grid = np.linspace(-2.0, 4.0, 601)
    density, integral = density_of_states(energies, np.array([0.25, 0.75]), grid, 0.1)
    assert integral[-1] == pytest.approx(2.0, abs=1e-9)
    assert density.sum() * 0.01 == pytest.approx(2.0, abs=1e-9)


def test_gaps_follow_the_composition() -> None:
    assert band_gap(["Al"]) == band_gap(["Fe", "Ni"]) == 0.0
    assert 0.0 < band_gap(["Si", "Si"]) < band_gap(["Ga", "N"]) < band_gap(["Na", "Cl"])
