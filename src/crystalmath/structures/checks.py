"""What every structure must have, whatever file it came from: atoms, a cell with volume, whole elements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crystalmath.errors import StructureError

if TYPE_CHECKING:
    from pymatgen.core import Structure

__all__ = ["check"]

FLAT: Final = 1e-4
"""Volume over the product of the three lengths below which a cell counts as flat."""


def check(structure: Structure, source: str) -> None:
    """Refuse what VASP cannot compute.

    Raises:
        StructureError: no atoms, a flat cell, numbers that are none, partial occupancies or no real elements.
    """
    import numpy as np

    if not len(structure):
        raise StructureError(f"{source} has no atoms.", hint="Name a file with a structure in it.")
    matrix = structure.lattice.matrix
    if not (np.isfinite(matrix).all() and np.isfinite(structure.frac_coords).all()):
        raise StructureError(f"{source} has coordinates that are no numbers.", hint="Correct the file.")
    lengths = float(np.prod(np.linalg.norm(matrix, axis=1)))
    if abs(float(np.linalg.det(matrix))) <= FLAT * lengths:
        raise StructureError(
            f"{source}: the cell is flat, its three vectors enclose no volume.",
            hint="Correct the lattice vectors.",
        )
    _check_species(structure, source)


def _check_species(structure: Structure, source: str) -> None:
    from pymatgen.core import DummySpecies

    for number, site in enumerate(structure, 1):
        if not site.is_ordered:
            raise StructureError(
                f"{source}: atom {number} is only partly there or shared by several elements "
                f"({site.species_string}); VASP needs one element on every site.",
                hint="Choose an ordered arrangement, for instance with pymatgen's "
                "OrderDisorderedStructureTransformation or a special quasirandom structure.",
            )
        if isinstance(site.specie, DummySpecies):
            raise StructureError(
                f"{source}: atom {number} ({site.species_string}) is no chemical element.",
                hint="Replace or remove it.",
            )
