"""A POSCAR or CONTCAR as a pymatgen Structure, every number to the last bit as pymatgen computes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crystalmath.errors import StructureError
from crystalmath.vasp import poscar as poscars

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray
    from pymatgen.core import Structure

    from crystalmath.vasp.poscar import Poscar

__all__ = ["Raw", "poscar_structure"]


class Raw(NamedTuple):
    """What is read: the text, the path when there is one, and the name for messages."""

    text: str
    path: Path | None
    source: str


def poscar_structure(raw: Raw) -> Structure:
    """Return the crystal of a POSCAR text with its selective dynamics and velocities as site properties.

    Raises:
        StructureError: the first problem, with file, line and reason.
    """
    from pymatgen.core import Structure

    poscar = poscars.parse(raw.text)
    for problem in poscar.problems:
        if problem.severity == "error":
            raise StructureError(
                f"{raw.source}, line {problem.line}: {problem.message}.", hint=f"Correct line {problem.line}."
            )
    structure = Structure(
        _lattice(poscar),
        _elements(poscar, raw.source),
        _coordinates(poscar),
        coords_are_cartesian=poscar.cartesian,
        to_unit_cell=False,
        validate_proximity=False,
    )
    return _with_properties(structure, poscar)


def _lattice(poscar: Poscar) -> NDArray[np.float64]:
    import numpy as np

    vectors: NDArray[np.float64] = np.array(poscar.vectors)
    if len(poscar.scale) == 1 and poscar.scale[0] < 0:
        volume = abs(float(np.linalg.det(vectors)))
        factor = float((-poscar.scale[0] / volume) ** (1 / 3)) if volume else 1.0
        vectors *= factor
        return vectors
    vectors *= np.array(poscar.factors)
    return vectors


def _coordinates(poscar: Poscar) -> NDArray[np.float64]:
    import numpy as np

    written = np.array(poscar.positions).reshape(-1, 3)
    return written * np.array(poscar.factors) if poscar.cartesian else written


def _elements(poscar: Poscar, source: str) -> list[str]:
    from pymatgen.core import Element

    if poscar.species is None:
        labels = _labels(poscar)
        if labels:
            return labels
        raise StructureError(
            f"{source}, line {poscar.counts_line}: the element names are missing (a file for VASP 4).",
            hint=f"Put a line with the {len(poscar.counts)} element names, such as `Fe O`, above that line.",
        )
    for name, written in zip(poscar.species, poscar.names or (), strict=True):
        if not Element.is_valid_symbol(name):
            raise StructureError(
                f"{source}, line {poscar.names_line}: {written!r} is no chemical element.",
                hint=f"Correct the element names in line {poscar.names_line}.",
            )
    return list(poscar.sites or ())


def _labels(poscar: Poscar) -> list[str] | None:
    """Return the elements written behind the positions, if each has one (as pymatgen used to write)."""
    from pymatgen.core import Element

    lines, column = poscar.text.splitlines(), 3 if poscar.selective is None else 6
    words = [lines[number - 1].split()[column : column + 1] for number in poscar.position_lines]
    labels = [word[0] for word in words if word and Element.is_valid_symbol(word[0])]
    return labels if len(labels) == poscar.n_atoms else None


def _with_properties(structure: Structure, poscar: Poscar) -> Structure:
    """Add what pymatgen adds: flags where something is held fixed, velocities where something moves."""
    if poscar.selective is not None and not all(all(flags) for flags in poscar.selective):
        structure.add_site_property("selective_dynamics", [list(flags) for flags in poscar.selective])
    if poscar.velocities is not None and any(any(velocity) for velocity in poscar.velocities):
        structure.add_site_property("velocities", [list(velocity) for velocity in poscar.velocities])
    if poscar.lattice_velocities is not None:
        structure.properties["lattice_velocities"] = [list(row) for row in poscar.lattice_velocities]
    return structure
