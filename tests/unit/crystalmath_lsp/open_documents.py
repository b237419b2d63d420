"""Open documents for tests of the language features."""

from __future__ import annotations

from crystalmath.vasp.folder import Folder
from crystalmath_lsp.checking import Checking
from crystalmath_lsp.documents import Document, Documents
from crystalmath_lsp.shapes import Change, OpenedDocument, Position, Range


def document(text: str, name: str = "INCAR", encoding: str = "utf-16", language: str = "") -> Document:
    uri = name if ":" in name else f"file:///nowhere/{name}"
    return Document(OpenedDocument(uri, text, 1, language), encoding)


def opened(*found: Document) -> Documents:
    return Documents({each.uri: each for each in found})


def folder_of(one: Document, *others: Document) -> Folder:
    documents = opened(one, *others)
    return Checking(documents).folder(documents.around(one))


def span(line: int, start: int, end_line: int, end: int) -> Range:
    return Range(Position(line, start), Position(end_line, end))


def replaced(text: str, *where: int) -> Change:
    line, start, end_line, end = where
    return Change(text, span(line, start, end_line, end))
