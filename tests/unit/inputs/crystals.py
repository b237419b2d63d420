"""Crystals for the tests of inputs: simple, magnetic, interleaved, with U, with flags, large."""

from __future__ import annotations

from typing import Final

from pymatgen.core import Lattice, Structure

SILICON: Final = Structure(Lattice([[0, 2.715, 2.715], [2.715, 0, 2.715], [2.715, 2.715, 0]]), ["Si", "Si"],
                           [[0, 0, 0], [0.25, 0.25, 0.25]])  # fmt: skip
IRON: Final = Structure(
    Lattice.cubic(2.87), ["Fe", "Fe"], [[0, 0, 0], [0.5, 0.5, 0.5]], site_properties={"magmom": [2.2, -2.2]}
)
OXIDE: Final = Structure(
    Lattice.cubic(4.3),
    ["O", "Fe", "O", "Fe"],
    [[0.5, 0.5, 0.5], [0, 0, 0], [0.5, 0, 0], [0, 0.5, 0.5]],
)
FIXED: Final = Structure(
    Lattice.from_parameters(4, 4, 14, 90, 90, 120),
    ["Al", "Al"],
    [[0, 0, 0.1], [1 / 3, 2 / 3, 0.3]],
    site_properties={"selective_dynamics": [[False, False, False], [True, True, True]]},
)
HUNDRED: Final = Structure(Lattice.cubic(4.05), ["Al"], [[0, 0, 0]]) * (5, 5, 4)

ALL: Final = {"silicon": SILICON, "iron": IRON, "oxide": OXIDE, "fixed": FIXED, "hundred": HUNDRED}
