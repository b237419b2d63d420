"""Selection ranges: word, value, statement or line, section, file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import msgspec

from crystalmath_lsp.shapes import Position, Range
from crystalmath_lsp.symbols import symbols

if TYPE_CHECKING:
    from crystalmath.vasp.folder import Folder
    from crystalmath_lsp.documents import Document

__all__ = ["SelectionRange", "selection_range"]

_WORD: Final = re.compile(r"[^\s=;#!,]+")


class SelectionRange(msgspec.Struct, frozen=True, omit_defaults=True):
    """A range and the next larger one."""

    range: Range
    parent: SelectionRange | None = None


def selection_range(document: Document, folder: Folder | None, place: Position) -> SelectionRange:
    """Return the ranges around a place, each inside the next; `folder` is None for a huge file."""
    line, character = document.place(place)
    text = document.lines[line]
    found = [_whole(document), _on_line(document, line, 0, len(text))]
    if folder is not None:
        found += [symbol.range for symbol in symbols(document, folder)]
        found += _statement(document, folder, line, character)
    found += [
        _on_line(document, line, match.start(), match.end())
        for match in _WORD.finditer(text)
        if match.start() <= character <= match.end()
    ]
    at = document.position(line, character)
    around = sorted((where for where in found if _holds(where, at)), key=_length, reverse=True)
    chain: SelectionRange | None = None
    for where in around:
        if chain is None or (where != chain.range and _inside(where, chain.range)):
            chain = SelectionRange(where, chain)
    assert chain is not None  # the whole file holds every place
    return chain


def _statement(document: Document, folder: Folder, line: int, character: int) -> list[Range]:
    if document.kind != "INCAR" or folder.incar is None:
        return []
    offset = folder.incar.source.starts[line] + character
    return [
        document.range_of(*span)
        for statement in folder.incar.statements
        if statement.span.start <= offset <= statement.span.end
        for span in (statement.span, statement.value_span)
    ]


def _whole(document: Document) -> Range:
    last = len(document.lines) - 1
    return Range(Position(0, 0), document.position(last, len(document.lines[last])))


def _on_line(document: Document, line: int, start: int, end: int) -> Range:
    return Range(document.position(line, start), document.position(line, end))


def _key(position: Position) -> tuple[int, int]:
    return position.line, position.character


def _holds(where: Range, at: Position) -> bool:
    return _key(where.start) <= _key(at) <= _key(where.end)


def _inside(inner: Range, outer: Range) -> bool:
    return _key(outer.start) <= _key(inner.start) and _key(inner.end) <= _key(outer.end)


def _length(where: Range) -> tuple[int, int]:
    lines = where.end.line - where.start.line
    return lines, where.end.character - (where.start.character if lines == 0 else 0)
