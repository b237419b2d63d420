"""The outline of a file, and what of it can be folded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from crystalmath.vasp.source import Span
from crystalmath_lsp.shapes import DocumentSymbol, FoldingRange, Location, Position, Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.vasp.folder import Folder
    from crystalmath.vasp.poscar import Poscar
    from crystalmath_lsp.documents import Document

__all__ = ["WorkspaceSymbol", "folding_ranges", "symbols", "workspace_symbols"]

_NAMESPACE: Final = 3
_PROPERTY: Final = 7
_LONGEST_DETAIL: Final = 60


class WorkspaceSymbol(msgspec.Struct, frozen=True, rename="camel"):
    """One entry of the outline of all open files."""

    name: str
    kind: int
    location: Location
    container_name: str


def workspace_symbols(document: Document, folder: Folder, query: str) -> Iterator[WorkspaceSymbol]:
    """Yield the entries of a file's outline that hold the letters of a query in their order."""
    name = "/".join(document.uri.rsplit("/", 2)[1:])
    for symbol in symbols(document, folder):
        rest = iter(symbol.name.lower())
        if all(letter in rest for letter in query.lower()):
            place = Location(document.uri, symbol.selection_range)
            yield WorkspaceSymbol(symbol.name, symbol.kind, place, name)


def symbols(document: Document, folder: Folder) -> tuple[DocumentSymbol, ...]:
    """Return the statements of an INCAR, the sections of a POSCAR, the potentials of a POTCAR."""
    if document.kind == "INCAR":
        return tuple(_statements(document, folder))
    if document.kind == "POSCAR" and folder.poscar is not None:
        sections = _sections(folder.poscar)
        return tuple(_lines(document, name, first, last) for name, first, last in sections)
    if document.kind == "POTCAR" and folder.potcar is not None:
        headers = folder.potcar.headers
        return tuple(_lines(document, header.titel, header.line - 1, header.line - 1) for header in headers)
    return ()


def folding_ranges(document: Document, folder: Folder) -> tuple[FoldingRange, ...]:
    """Return what can be folded: continued and quoted values, blocks, sections."""
    if document.kind == "INCAR" and folder.incar is not None:
        place = folder.incar.place
        spans = [statement.span for statement in folder.incar.statements]
        begun = []
        for token in folder.incar.tokens:
            if token.kind == "block":
                begun.append(token.offset)
            elif token.kind == "close" and begun:
                spans.append(Span(begun.pop(), token.end))
        lines = sorted({(place(start).line - 1, place(end).line - 1) for start, end in spans})
    elif document.kind == "POSCAR" and folder.poscar is not None:
        lines = [(first, last) for _, first, last in _sections(folder.poscar)]
    else:
        lines = []
    return tuple(FoldingRange(first, last) for first, last in lines if last > first)


def _statements(document: Document, folder: Folder) -> Iterator[DocumentSymbol]:
    assert folder.incar is not None
    place = folder.incar.place
    for statement in folder.incar.statements:
        ends = [place(offset) for offset in (*statement.span, statement.name_span.end)]
        start, end, behind = (document.position(line - 1, column - 1) for line, column in ends)
        detail = " ".join(statement.value.split())[:_LONGEST_DETAIL]
        yield DocumentSymbol(statement.tag, _PROPERTY, Range(start, end), Range(start, behind), detail)


def _sections(poscar: Poscar) -> Iterator[tuple[str, int, int]]:
    """Yield name, first and last line (from 0) of the sections that could be read."""
    if poscar.counts_line:
        yield "Lattice", 1, 4
        yield "Species", (poscar.names_line or poscar.counts_line) - 1, poscar.counts_line - 1
    lines = poscar.position_lines
    if not lines or poscar.sites is None or poscar.species is None or len(lines) < poscar.n_atoms:
        return
    first = 0
    for name, count in zip(poscar.species, poscar.counts, strict=True):
        if count:
            yield f"{name} ({count})", lines[first] - 1, lines[first + count - 1] - 1
        first += count


def _lines(document: Document, name: str, first: int, last: int) -> DocumentSymbol:
    begin = Position(first, 0)
    whole = Range(begin, document.position(last, len(document.lines[last])))
    head = Range(begin, document.position(first, len(document.lines[first])))
    return DocumentSymbol(name or "?", _NAMESPACE, whole, head)
