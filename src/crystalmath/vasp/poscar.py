"""POSCAR and CONTCAR: text to cell, species and positions, every reading fault with its place.

Read the way VASP reads: one or three scale factors (one negative factor is the volume of the cell), species
names or none (VASP 4), `Selective dynamics`, any mode word (only C, c, K and k mean Cartesian), labels and
remarks behind the numbers, velocities of lattice and ions, and whatever molecular dynamics leaves at the end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from crystalmath.errors import StructureError
from crystalmath.vasp import poscar_reader
from crystalmath.vasp.lattice import (
    Matrix,
    Vector,
    angles_degree,
    determinant,
    inverse,
    lengths,
    scaled,
    times,
)
from crystalmath.vasp.source import Problem, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crystalmath.vasp.cells import ClosePair

__all__ = ["CLOSE_ANGSTROM", "LARGE", "Poscar", "parse", "read", "update"]

LARGE: Final = 5_000  # ions above which positions are looked at only with numpy
CLOSE_ANGSTROM: Final = 0.5  # the bond of H2 is 0.74 Å long
_PURE: Final = 600  # up to this many ions plain Python is faster than importing numpy
_FEW: Final = 100  # changed lines above which everything is read again


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

    @cached_property
    def lengths_angstrom(self) -> Vector:
        """The lengths of the lattice vectors."""
        return lengths(self.lattice_angstrom)

    @cached_property
    def angles_degree(self) -> Vector:
        """The angles alpha, beta and gamma of the cell."""
        return angles_degree(self.lattice_angstrom)

    @cached_property
    def vacuum_angstrom(self) -> Vector:
        """The widest empty slab across each lattice vector."""
        from crystalmath.vasp import cells

        return cells.vacuum(self.lattice_angstrom, self.fractional)

    @cached_property
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

    @cached_property
    def close_pairs(self) -> list[ClosePair]:
        """The pairs of ions closer than `CLOSE_ANGSTROM`, images included."""
        from crystalmath.vasp import cells, neighbours

        if self.n_atoms <= _PURE or not neighbours.available():
            return sorted(set(cells.close_pairs(self.lattice_angstrom, self.fractional, CLOSE_ANGSTROM)))
        return neighbours.close_pairs(self.lattice_angstrom, self.inside_cell, CLOSE_ANGSTROM)

    @cached_property
    def inside_cell(self) -> Any:
        """The fractional positions from 0 to 1 as a numpy array, N x 3."""
        from crystalmath.vasp import neighbours

        return neighbours.inside_cell(self.lattice_angstrom, self._lengths(), cartesian=self.cartesian)

    def _lengths(self, ions: Sequence[int] | None = None) -> list[float]:
        """Return the flat positions (of some ions), Cartesian ones in ångström."""
        flat = self.positions
        if ions is not None:
            flat = [value for ion in ions for value in flat[3 * ion : 3 * ion + 3]]
        if not self.cartesian or self.factors == (1.0, 1.0, 1.0):
            return flat
        return [value * self.factors[index % 3] for index, value in enumerate(flat)]


def parse(text: str) -> Poscar:
    """Parse a POSCAR; never raises, what is wrong is in `problems`."""
    return Poscar(**poscar_reader.Reader(Source(text)).read())


def update(before: Poscar, text: str) -> Poscar:
    """Parse a text that differs little from an earlier one: only changed positions are read again."""
    source = Source(text)
    changed = _changed(before.source.lines, source.lines)
    lines = before.position_lines
    if before.problems or changed is None or not isinstance(lines, range) or len(changed) > _FEW:
        return parse(text)
    if not all(line + 1 in lines for line in changed):
        return parse(text)
    positions = before.positions.copy()
    flags = list(before.selective) if before.selective is not None else None
    for line in changed:
        ion, words = line + 1 - lines[0], source.lines[line].split()
        row = poscar_reader.regular_row(words, selective=flags is not None)
        if row is None:
            return parse(text)
        positions[3 * ion : 3 * ion + 3] = row[0]
        if flags is not None and row[1] is not None:
            flags[ion] = row[1]
    after = replace(
        before, source=source, positions=positions, selective=tuple(flags) if flags is not None else None
    )
    _keep_pairs(before, after, [line + 1 - lines[0] for line in changed])
    return after


def _changed(before: list[str], after: list[str]) -> list[int] | None:
    """Return the lines (from 0) that differ, None when the number of lines does."""
    if len(before) != len(after):
        return None
    step = 512
    return [
        index
        for start in range(0, len(before), step)
        if before[start : start + step] != after[start : start + step]
        for index in range(start, min(start + step, len(before)))
        if before[index] != after[index]
    ]


def _keep_pairs(before: Poscar, after: Poscar, ions: list[int]) -> None:
    """Carry the pairs that are too close over, looking only at the ions that moved."""
    from crystalmath.vasp import neighbours

    known: list[ClosePair] | None = before.__dict__.get("close_pairs")
    if known is None or after.n_atoms <= _PURE or not neighbours.available():
        return
    lattice, inside = after.lattice_angstrom, before.inside_cell.copy()
    inside[ions] = neighbours.inside_cell(lattice, after._lengths(ions), cartesian=after.cartesian)
    moved = set(ions)
    kept = [pair for pair in known if pair.first not in moved and pair.second not in moved]
    near = neighbours.close_to(lattice, inside, CLOSE_ANGSTROM, ions)
    after.__dict__.update(inside_cell=inside, close_pairs=sorted({*kept, *near}))


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
