"""Crystal structures from files: POSCAR, CIF and what pymatgen and ASE read."""

from __future__ import annotations

from crystalmath.structures.reader import CrystalStructure, of, read

__all__ = ["CrystalStructure", "of", "read"]
