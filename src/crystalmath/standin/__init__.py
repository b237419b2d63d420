"""A stand-in for VASP: reads VASP's input files, writes VASP's output files, computes with toy models.

It is not VASP and says so in every file: `PROGRAM` is what its vasprun.xml names as the program.
"""

from __future__ import annotations

from typing import Final

__all__ = ["PROGRAM", "VERSION", "is_standin_program"]

PROGRAM: Final = "crystalmath-standin"
VERSION: Final = "6.0.0"  # the output format it follows; pymatgen compares its first number with VASP's


def is_standin_program(program: str) -> bool:
    """Return whether `program`, as read from vasprun.xml or a banner, is the stand-in and not VASP."""
    return program.strip().lower().startswith(PROGRAM)
