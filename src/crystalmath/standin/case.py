"""Everything a run starts from, read from the files of a folder and checked the way VASP checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from crystalmath.standin import kmesh, potcar, settings, symmetry
from crystalmath.standin.cell import Cell
from crystalmath.standin.electrons import default_bands, moments
from crystalmath.standin.elements import SYMBOLS
from crystalmath.standin.stop import Refusal
from crystalmath.vasp import kpoints, poscar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from crystalmath.standin.kmesh import KMesh
    from crystalmath.standin.potcar import PotcarHeader
    from crystalmath.standin.settings import Settings
    from crystalmath.vasp.source import Problem

__all__ = ["Case", "read", "read_cell"]

_MOST_KPOINTS: Final = 200_000


@dataclass(frozen=True, slots=True)
class Case:
    """The checked input of a run; `warnings` are what VASP would print and go on."""

    settings: Settings
    cell: Cell
    potcars: tuple[PotcarHeader, ...]
    mesh: KMesh
    n_electrons: float
    n_bands: int
    encut_ev: float
    has_kpoints_file: bool
    warnings: tuple[str, ...]

    @property
    def zval(self) -> tuple[float, ...]:
        """The valence electrons of each type."""
        return tuple(header.zval for header in self.potcars)


def read(folder: Path) -> Case:
    """Read INCAR, POSCAR, POTCAR and KPOINTS.

    Raises:
        Refusal: a file is missing or broken, or the files contradict each other.
    """
    found = settings.read(_text(folder, "INCAR"))
    headers = potcar.read(_text(folder, "POTCAR"))
    # the moving images of a nudged elastic band have folders of their own
    cell, warnings = read_cell(folder / "01" if found.properties.images else folder, headers)
    _check_magmom(found, cell)
    mesh, has_file = _mesh(folder, cell, found)
    n_electrons = found.nelect
    if n_electrons is None:
        n_electrons = float(sum(h.zval * n for h, n in zip(headers, cell.counts, strict=True)))
    n_bands = found.nbands
    if n_bands is None:
        n_bands = default_bands(
            n_electrons, cell.n_ions, found.ispin, float(np.sum(moments(cell.symbols, found)))
        )
    _check_electrons(found, n_electrons, n_bands, len(mesh.points))
    encut = found.encut_ev or max(header.enmax_ev for header in headers)
    return Case(found, cell, headers, mesh, n_electrons, n_bands, encut, has_file, warnings)


def _text(folder: Path, name: str) -> str:
    try:
        text = (folder / name).read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        raise Refusal(f"ERROR: the file {name} does not exist.", f"No {name} found, STOPPING") from None
    if not text.strip() and name != "INCAR":  # an empty INCAR asks for the defaults
        raise Refusal(f"ERROR: end of file while reading {name}: the file is empty.")
    return text


def _refuse_problems(name: str, problems: Sequence[Problem]) -> None:
    for problem in problems:
        if problem.severity == "error":
            raise Refusal(f"ERROR: there must be something wrong in {name}.", str(problem.message))


def read_cell(folder: Path, headers: tuple[PotcarHeader, ...]) -> tuple[Cell, tuple[str, ...]]:
    """Return the crystal of POSCAR and warnings; the POTCAR decides on the elements, as it does in VASP.

    Raises:
        Refusal: POSCAR is missing or broken, or does not go with the POTCAR.
    """
    read_in = poscar.parse(_text(folder, "POSCAR"))
    _refuse_problems("POSCAR", read_in.problems)
    if len(headers) != len(read_in.counts):
        raise Refusal(
            "ERROR: number of potentials on File POTCAR incompatible with number",
            f"of species: {len(headers)} in POTCAR, {len(read_in.counts)} in POSCAR",
        )
    elements = tuple(header.element for header in headers)
    warnings: tuple[str, ...] = ()
    if read_in.species is not None and read_in.species != elements:
        warnings = (
            "WARNING: type information on POSCAR and POTCAR are incompatible",
            "POTCAR overwrites the type information in POSCAR",
        )
    lattice = np.array(read_in.lattice_angstrom, dtype=float)
    if np.linalg.det(lattice) < 0:
        raise Refusal(
            "ERROR: the triple product of the basis vectors is negative,",
            "exchange two basis vectors",
        )
    velocities = read_in.velocities if not read_in.velocities_direct else None
    cell = Cell(
        comment=read_in.comment.strip(),
        species=elements,
        counts=read_in.counts,
        lattice=lattice,
        fractional=np.array(read_in.fractional, dtype=float).reshape(-1, 3),
        scale=read_in.factors[0],
        selective=None if read_in.selective is None else np.array(read_in.selective, dtype=bool),
        velocities=None if velocities is None else np.array(velocities, dtype=float),
    )
    _check_overlap(cell)
    assert set(elements) <= set(SYMBOLS)
    return cell, warnings


def _check_overlap(cell: Cell) -> None:
    """Refuse ions on top of each other: no energy exists for them."""
    rounded = np.round(cell.fractional - np.floor(cell.fractional), 5) % 1.0
    _, index, counts = np.unique(rounded, axis=0, return_index=True, return_counts=True)
    if np.any(counts > 1):
        ion = int(index[np.argmax(counts)]) + 1
        raise Refusal(f"ERROR: the distance between ion {ion} and another ion is zero, check POSCAR.")


def _check_magmom(found: Settings, cell: Cell) -> None:
    if found.ispin == 2 and found.magmom is not None and len(found.magmom) != cell.n_ions:
        raise Refusal(
            "Error reading item 'MAGMOM' from file INCAR.",
            f"Error code was IERR= 0 ... . Found N= {len(found.magmom)} data, expected {cell.n_ions}.",
        )


def _check_electrons(found: Settings, n_electrons: float, n_bands: int, n_kpoints: int) -> None:
    if n_electrons <= 0:
        raise Refusal(f"ERROR: the number of electrons is {n_electrons}, it must be positive.")
    needed = n_electrons / 2.0 if found.ispin == 1 else (n_electrons + max(found.nupdown, 0.0)) / 2.0
    if n_bands < needed - 1e-6:
        raise Refusal(
            "ERROR in the INCAR: the number of bands is not sufficient to hold all electrons.",
            f"I found NBANDS = {n_bands}, NELECT = {n_electrons:g}: TOO FEW BANDS",
        )
    if found.ismear in {-4, -5} and n_kpoints < 4:
        raise Refusal(
            "VERY BAD NEWS! internal error in subroutine BZINTS:",
            f"Tetrahedron method fails (number of k-points < 4) {n_kpoints}",
        )


def _mesh(folder: Path, cell: Cell, found: Settings) -> tuple[KMesh, bool]:
    """Return the k-points of KPOINTS, or of KSPACING where there is no KPOINTS."""
    rotations = symmetry.rotations(cell, found)
    if not (folder / "KPOINTS").exists():
        return kmesh.from_spacing(cell.lattice, found, rotations), False
    read_in = kpoints.parse(_text(folder, "KPOINTS"))
    _refuse_problems("KPOINTS", read_in.problems)
    comment = read_in.comment.strip() or "k-points"
    if read_in.mode in {"gamma", "monkhorst"} and read_in.mesh is not None:
        if np.prod(read_in.mesh) > _MOST_KPOINTS:
            raise Refusal(f"ERROR: KPOINTS asks for {int(np.prod(read_in.mesh))} k-points.")
        shift = read_in.shift or (0.0, 0.0, 0.0)
        mesh = kmesh.regular(
            read_in.mesh, gamma=read_in.mode == "gamma", shift=shift, comment=comment, rotations=rotations
        )
        return mesh, True
    if read_in.mode == "auto" and read_in.length:
        counts = np.maximum(1, np.floor(read_in.length * np.linalg.norm(cell.reciprocal, axis=1) + 0.5))
        x, y, z = (int(n) for n in counts)
        return kmesh.regular((x, y, z), gamma=True, comment=comment, rotations=rotations), True
    to_fractional = cell.lattice.T / cell.scale if read_in.cartesian else np.eye(3)
    if read_in.mode == "explicit":
        points = np.array(read_in.points, dtype=float).reshape(-1, 3) @ to_fractional
        return kmesh.explicit(points, np.array(read_in.weights, dtype=float), comment), True
    if read_in.mode == "line" and len(set(read_in.points_per_segment)) == 1:
        ends = np.array([end.point for end in read_in.path], dtype=float) @ to_fractional
        return kmesh.line(ends, read_in.points_per_segment[0], comment), True
    raise Refusal(
        f"ERROR: the stand-in does not know this kind of KPOINTS ({read_in.mode_word or read_in.mode})."
    )
