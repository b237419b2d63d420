"""The order of atoms in the POSCAR that is written."""

from __future__ import annotations

import numpy as np
import pytest
from pymatgen.core import Lattice, Structure

from crystalmath.inputs.order import keeps_atoms, sorted_order, species_groups


@pytest.mark.parametrize(
    "species",
    [
        ["O", "Fe", "O", "Li", "P"],
        ["Fe3+", "O2-", "Fe2+", "O2-", "Fe3+"],
        ["He", "O", "Ar", "Fe", "He"],
        ["Pd", "Rh", "Pd", "Rh", "Pt"],
    ],
)
def test_sorting_is_that_of_pymatgen(species: list[str]) -> None:
    """Rare gases have no electronegativity, rhodium and palladium nearly share one."""
    structure = Structure(Lattice.cubic(9), species, np.arange(15).reshape(5, 3) / 20)
    order = sorted_order(structure)
    assert keeps_atoms(structure, structure.get_sorted_structure(), order)


def test_moved_atoms_or_another_cell_are_noticed() -> None:
    structure = Structure(Lattice.cubic(4), ["Si", "C"], [[0, 0, 0], [0.5, 0.5, 0.5]])
    moved = structure.copy()
    moved.translate_sites([1], [0.1, 0, 0])
    assert not keeps_atoms(structure, moved, (0, 1))
    assert not keeps_atoms(structure, structure * 2, (0, 1))
    assert not keeps_atoms(structure, structure, (1, 0))
    assert keeps_atoms(structure, structure, (0, 1))


def test_groups_are_runs_of_equal_elements() -> None:
    structure = Structure(Lattice.cubic(9), ["Fe", "Fe", "O", "Fe"], np.arange(12).reshape(4, 3) / 20)
    assert species_groups(structure) == ("Fe", "O", "Fe")
