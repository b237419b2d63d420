"""Which ion, species or component each value of an array tag belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from crystalmath.vasp import fortran, tags
from crystalmath.vasp.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.vasp.folder import Folder
    from crystalmath.vasp.incar import Statement

__all__ = ["Owners", "Value", "owners", "value_at", "values"]

_AXES: Final = ("x", "y", "z")


class Value(NamedTuple):
    """One item of a list: the indices (from 0) of the values that it stands for, and its offsets."""

    first: int
    repeat: int
    span: Span


class Owners(NamedTuple):
    """What the values of a tag belong to: `names` in order, `width` values each."""

    kind: str
    names: tuple[str, ...]
    width: int

    @property
    def n_values(self) -> int:
        """How many values there should be."""
        return len(self.names) * self.width

    def name(self, index: int) -> str:
        """Return what a value belongs to."""
        if index >= self.n_values:
            return "too many"
        name = self.names[index // self.width]
        return name if self.width == 1 else f"{name} {_AXES[index % self.width]}"


def values(statement: Statement) -> tuple[Value, ...]:
    """Return the items of a list, as far as it can be read."""
    return tuple(_values(statement))


def _values(statement: Statement) -> Iterator[Value]:
    first = 0
    for piece in statement.pieces:
        try:
            for item in fortran.items(piece.text):
                start = piece.offset + item.offset
                end = start + len(piece.text[item.offset :].split()[0].rstrip(",/"))
                yield Value(first, item.repeat, Span(start, end))
                first += item.repeat
        except ValueError:
            return


def value_at(statement: Statement, offset: int) -> Value | None:
    """Return the item in which or behind which an offset stands."""
    before = [value for value in values(statement) if value.span.start <= offset]
    return before[-1] if before else None


def owners(folder: Folder, statement: Statement) -> Owners | None:
    """Return what the values of a tag belong to; None for scalars, free lists and unknown structures."""
    tag = tags.find(statement.tag)
    if tag is None or tag.arity in {"scalar", "list"}:
        return None
    if tag.arity == "three":
        return Owners("component", _AXES, 1)
    poscar = folder.poscar
    species = poscar.species if poscar is not None else None
    if poscar is None or species is None or len(species) != len(poscar.counts):
        return None
    if tag.arity == "per_species":
        return Owners("species", species, 1)
    names = tuple(name for name, count in zip(species, poscar.counts, strict=True) for _ in range(count))
    ions = tuple(f"{name} {number}" for number, name in enumerate(names, 1))
    spinors = tag.name == "MAGMOM" and folder.parameters.noncollinear
    return Owners("ion", ions, 3 if spinors or tag.arity == "three_per_ion" else 1)
