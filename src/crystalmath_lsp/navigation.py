"""From a value to the ion or species that it belongs to, and back to everything that speaks of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import msgspec

from crystalmath.vasp.source import Source, Span
from crystalmath_lsp.arrays import owners, value_at, values
from crystalmath_lsp.completion import statement_at
from crystalmath_lsp.positions import to_column
from crystalmath_lsp.shapes import Location, Position, Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.vasp.folder import FileKind, Folder
    from crystalmath_lsp.documents import Document

__all__ = ["DocumentHighlight", "definition", "highlights", "references", "species_at"]

_WORD: Final = re.compile(r"\S+")
_TEXT: Final = 1

_Place = tuple["FileKind", Span]


class DocumentHighlight(msgspec.Struct, frozen=True):
    """A range that speaks of what is at the cursor."""

    range: Range
    kind: int = _TEXT


def definition(document: Document, folder: Folder, line: int, character: int) -> tuple[Location, ...]:
    """Return the line of the ion or the name of the species to which a value of an INCAR belongs."""
    tree = folder.incar
    if document.kind != "INCAR" or tree is None or line >= len(tree.source.starts):
        return ()
    offset = tree.source.starts[line] + character
    statement = statement_at(tree, offset)
    if statement is None or offset <= statement.name_span.end:
        return ()
    found, value = owners(folder, statement), value_at(statement, offset)
    if found is None or value is None or value.first >= found.n_values:
        return ()
    last = min(value.first + value.repeat, found.n_values) - 1
    first, last = value.first // found.width, last // found.width
    span = _ions(folder, first, last) if found.kind == "ion" else None
    if found.kind == "species":
        span = _name_span(folder, first)
    return () if span is None else (_location(document, folder, "POSCAR", span),)


def references(document: Document, folder: Folder, line: int, character: int) -> tuple[Location, ...]:
    """Return the places that speak of the tag, ion or species at a place."""
    return tuple(
        _location(document, folder, kind, span)
        for kind, span in dict.fromkeys(_references(document, folder, line, character))
    )


def highlights(
    document: Document, folder: Folder, line: int, character: int
) -> tuple[DocumentHighlight, ...]:
    """Return the places in one file that speak of what is at a place."""
    return tuple(
        DocumentHighlight(_location(document, folder, kind, span).range)
        for kind, span in dict.fromkeys(_references(document, folder, line, character))
        if kind == document.kind
    )


def species_at(folder: Folder, line: int, character: int) -> int | None:
    """Return the index of the species whose name stands at a place of a POSCAR."""
    poscar = folder.poscar
    if poscar is None or not poscar.names_line or line != poscar.names_line - 1:
        return None
    for index, match in enumerate(_WORD.finditer(poscar.source.lines[line])):
        if match.start() <= character <= match.end() and index < len(poscar.counts):
            return index
    return None


def _references(document: Document, folder: Folder, line: int, character: int) -> Iterator[_Place]:
    if document.kind == "INCAR" and folder.incar is not None:
        if line >= len(folder.incar.source.starts):
            return
        offset = folder.incar.source.starts[line] + character
        statement = statement_at(folder.incar, offset)
        if statement is not None and offset <= statement.name_span.end:
            for other in folder.incar.statements:
                if other.tag == statement.tag:
                    yield "INCAR", other.name_span
    elif document.kind == "POSCAR" and folder.poscar is not None:
        species = species_at(folder, line, character)
        if species is not None:
            yield from _of_species(folder, species)
        elif line + 1 in folder.poscar.position_lines:
            ion = folder.poscar.position_lines.index(line + 1)
            span = _ions(folder, ion, ion)
            if span is not None:
                yield "POSCAR", span
            yield from _values_of(folder, "ion", ion)


def _of_species(folder: Folder, index: int) -> Iterator[_Place]:
    poscar = folder.poscar
    assert poscar is not None
    assert poscar.species is not None
    for other, name in enumerate(poscar.species):
        span = _name_span(folder, other)
        if name == poscar.species[index] and span is not None:
            yield "POSCAR", span
    yield from _values_of(folder, "species", index)
    if folder.potcar is not None and index < len(folder.potcar.headers):
        source = Source(folder.texts["POTCAR"])
        line = folder.potcar.headers[index].line - 1
        yield "POTCAR", Span(source.starts[line], source.starts[line] + len(source.lines[line]))


def _values_of(folder: Folder, kind: str, index: int) -> Iterator[_Place]:
    """Yield the values of the INCAR that belong to an ion or a species."""
    if folder.incar is None:
        return
    for statement in folder.incar.effective.values():
        found = owners(folder, statement)
        if found is None or found.kind != kind:
            continue
        for value in values(statement):
            if value.first < (index + 1) * found.width and index * found.width < value.first + value.repeat:
                yield "INCAR", value.span


def _ions(folder: Folder, first: int, last: int) -> Span | None:
    """Return the lines of some ions."""
    poscar = folder.poscar
    if poscar is None or last >= len(poscar.position_lines):
        return None
    begin, end = (poscar.position_lines[ion] - 1 for ion in (first, last))
    source = poscar.source
    return Span(source.starts[begin], source.starts[end] + len(source.lines[end]))


def _name_span(folder: Folder, index: int) -> Span | None:
    """Return where the name of a species stands, or its count in a file without names."""
    poscar = folder.poscar
    line = 0 if poscar is None else poscar.names_line or poscar.counts_line
    if poscar is None or not line:
        return None
    words = list(_WORD.finditer(poscar.source.lines[line - 1]))
    if index >= len(words):
        return None
    start = poscar.source.starts[line - 1]
    return Span(start + words[index].start(), start + words[index].end())


def _location(document: Document, folder: Folder, kind: FileKind, span: Span) -> Location:
    source = folder.source(kind)
    begin, end = source.place(span.start), source.place(span.end)
    places = (
        Position(place.line - 1, to_column(source.lines[place.line - 1], place.column - 1, document.encoding))
        for place in (begin, end)
    )
    return Location(folder.name(kind), Range(*places))
