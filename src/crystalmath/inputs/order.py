"""The order in which atoms reach the POSCAR that is written.

pymatgen's own input sets group atoms by species, the least electronegative first, and keep the given order
within a species. atomate2's generators, although they say `sort_structure`, keep the order as it is given:
they declare `structure` as a plain field, and with it the setter that sorts is gone. Values given per atom or
per species must follow whatever happens.
"""

from __future__ import annotations

import inspect
import math
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pymatgen.core import Structure

__all__ = ["keeps_atoms", "sorted_order", "species_groups", "written_order"]


def written_order(generator: Any, structure: Structure) -> tuple[int, ...]:
    """Return the index in `structure` of each atom that the generator writes."""
    setter = inspect.getattr_static(type(generator), "structure", None)
    if generator.sort_structure and isinstance(setter, property):
        return sorted_order(structure)
    return tuple(range(len(structure)))


def sorted_order(structure: Structure) -> tuple[int, ...]:
    """Return the index in `structure` of each atom of the structure sorted by pymatgen.

    The same order as `Structure.get_sorted_structure`, which compares sites anew each time; here each species
    is looked at once.
    """
    rank = {site.species: (site.species.average_electroneg, site.species_string) for site in structure}
    if any(math.isnan(electronegativity) for electronegativity, _ in rank.values()):
        sites = list(structure)  # noble gases have none, then the result depends on every comparison made
        return tuple(sorted(range(len(sites)), key=sites.__getitem__))
    ranks = [rank[site.species] for site in structure]
    return tuple(sorted(range(len(ranks)), key=ranks.__getitem__))


def keeps_atoms(structure: Structure, written: Structure, order: Sequence[int]) -> bool:
    """Say whether `written` holds the atoms of `structure`, in that order and where they were."""
    import numpy as np

    if len(structure) != len(written) or not np.array_equal(structure.lattice.matrix, written.lattice.matrix):
        return False
    moved = bool((structure.frac_coords[list(order)] != written.frac_coords).any())
    return not moved and all(
        structure[i].species == site.species for i, site in zip(order, written, strict=True)
    )


def species_groups(structure: Structure) -> tuple[str, ...]:
    """Return the element of each run of equal atoms, as the species line of a POSCAR in that order has it."""
    return tuple(symbol for symbol, _ in groupby(site.specie.symbol for site in structure))
