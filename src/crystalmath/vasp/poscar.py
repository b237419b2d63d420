"""POSCAR and CONTCAR: text to cell, species and positions, every reading fault with its place.

Read the way VASP reads: one or three scale factors (one negative factor is the volume of the cell), species
names or none (VASP 4), `Selective dynamics`, any mode word (only C, c, K and k mean Cartesian), labels and
remarks behind the numbers, velocities of lattice and ions, and whatever molecular dynamics leaves at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from crystalmath.errors import StructureError
from crystalmath.vasp import poscar_reader
from crystalmath.vasp.lattice import Matrix, Vector, determinant, inverse, scaled, times
from crystalmath.vasp.source import Problem, Source

__all__ = ["Poscar", "parse", "read"]

LARGE = 5_000  # ions above which positions are looked at only with numpy


@dataclass(frozen=True)
class Poscar:
    """What a POSCAR says; when there are `problems`, the fields hold what could be read before the first.

    `lattice_angstrom` has the vectors as rows, scale factors applied. `fractional` holds N x 3 coordinates in
    units of the lattice vectors, `cartesian_angstrom` the same in ångström. `species` are element names (`Fe`
    of `Fe_pv` or `Fe/ab12`), None in VASP 4 files. `selective` holds N x 3 flags (True: free to move), None
    without selective dynamics. `velocities` are N x 3 numbers as written (Å/fs, or fractions per time step
    when `velocities_direct`). Line numbers count from 1; a line number of 0 means that the line is not there.
    """

    source: Source
    problems: tuple[Problem, ...]
    comment: str
    scale: tuple[float, ...]
    vectors: Matrix
    names: tuple[str, ...] | None
    counts: tuple[int, ...]
    mode: str
    cartesian: bool
    positions: list[float]  # flat, as written
    selective: tuple[tuple[bool, bool, bool], ...] | None
    lattice_velocities: tuple[Vector, ...] | None
    velocities: tuple[Vector, ...] | None
    velocities_direct: bool
    names_line: int
    counts_line: int
    selective_line: int
    mode_line: int
    position_lines: range | list[int]
    end_line: int

    @property
    def text(self) -> str:
        """The text that was parsed."""
        return self.source.text

    @property
    def n_atoms(self) -> int:
        """The number of ions that the counts announce."""
        return sum(self.counts)

    @cached_property
    def species(self) -> tuple[str, ...] | None:
        """The element names, one per count."""
        return None if self.names is None else tuple(poscar_reader.element(name) for name in self.names)

    @cached_property
    def lattice_angstrom(self) -> Matrix:
        """The lattice vectors as rows, in ångström."""
        return scaled(self.vectors, self.factors)

    @cached_property
    def factors(self) -> Vector:
        """The factor by which each Cartesian component is multiplied (a negative scale is the volume)."""
        if len(self.scale) == 3:
            return (self.scale[0], self.scale[1], self.scale[2])
        factor = self.scale[0] if self.scale else 1.0
        if factor < 0:
            volume = abs(determinant(self.vectors))
            factor = (-factor / volume) ** (1 / 3) if volume else 1.0
        return (factor, factor, factor)

    @property
    def volume_angstrom3(self) -> float:
        """The signed volume of the cell: negative for a left-handed set of vectors."""
        return determinant(self.lattice_angstrom)

    @cached_property
    def written(self) -> tuple[Vector, ...]:
        """The positions as they stand in the file, N x 3."""
        flat = self.positions
        return tuple(zip(flat[0::3], flat[1::3], flat[2::3], strict=True))

    @cached_property
    def fractional(self) -> tuple[Vector, ...]:
        """The positions in units of the lattice vectors, N x 3."""
        if not self.cartesian:
            return self.written
        to_fractional = inverse(self.lattice_angstrom)
        x, y, z = self.factors
        return tuple(times((a * x, b * y, c * z), to_fractional) for a, b, c in self.written)

    @cached_property
    def cartesian_angstrom(self) -> tuple[Vector, ...]:
        """The positions in ångström, N x 3."""
        if self.cartesian:
            x, y, z = self.factors
            return tuple((a * x, b * y, c * z) for a, b, c in self.written)
        lattice = self.lattice_angstrom
        return tuple(times(position, lattice) for position in self.written)

    @cached_property
    def sites(self) -> tuple[str, ...] | None:
        """The element of each ion, None in VASP 4 files."""
        if self.species is None or len(self.species) != len(self.counts):
            return None
        return tuple(
            name for name, count in zip(self.species, self.counts, strict=True) for _ in range(count)
        )


def parse(text: str) -> Poscar:
    """Parse a POSCAR; never raises, what is wrong is in `problems`."""
    return Poscar(**poscar_reader.Reader(Source(text)).read())


def read(path: Path) -> Poscar:
    """Read a POSCAR file.

    Raises:
        StructureError: the file cannot be read, or its first problem with file, line and reason.
    """
    try:
        text = Path(path).read_bytes().decode("utf-8", "surrogateescape")
    except OSError as error:
        raise StructureError(
            f"{path} cannot be read: {error.strerror}", hint="Check the path and the permissions of the file."
        ) from error
    poscar = parse(text)
    for problem in poscar.problems:
        if problem.severity == "error":
            raise StructureError(
                f"{path}, line {problem.line}: {problem.message}",
                hint="Correct the line; `crystalmath check` shows every problem of the file.",
            )
    return poscar
