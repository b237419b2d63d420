"""Check open documents with the library's rules; what did not change is not read again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from crystalmath.vasp.check import check
from crystalmath.vasp.folder import Folder, Options
from crystalmath.vasp.incremental import FolderCheck
from crystalmath.vasp.source import SEVERITIES
from crystalmath_lsp.documents import Document
from crystalmath_lsp.shapes import (
    Checked,
    CodeDescription,
    Diagnostic,
    Location,
    OpenedDocument,
    Position,
    Range,
    Related,
    Repair,
    TextEdit,
)

if TYPE_CHECKING:
    from crystalmath.vasp.finding import Finding
    from crystalmath_lsp.documents import Documents, Surroundings

__all__ = ["Checking"]


@dataclass(slots=True)
class _Known:
    """A folder as it was last, and what its check remembers."""

    folder: Folder
    check: FolderCheck


class Checking:
    """Remember what was parsed and found, by the key of the surroundings."""

    def __init__(self, documents: Documents) -> None:
        self.options = Options()
        self._documents = documents
        self._known: dict[str, _Known] = {}

    def folder(self, around: Surroundings) -> Folder:
        """Return the folder of a document, with what an earlier look at it has parsed."""
        return self._look(around).folder

    def check(self, around: Surroundings) -> list[Checked]:
        """Return what the rules find in every open document of the surroundings."""
        known = self._look(around)
        found: dict[str, list[Finding]] = {other.uri: [] for other in around.open.values()}
        for finding in known.check.check(known.folder, around.open):
            found[finding.path].append(finding)
        return [_checked(other, found[other.uri]) for other in around.open.values()]

    def check_disk(self, around: Surroundings, encoding: str) -> list[Checked]:
        """Return what the rules find in the files of the surroundings that are not open."""
        read = self._documents.read(around)
        folder = Folder(read.texts, read.names, read.present, options=self.options)
        closed = [kind for kind in around.disk if kind in read.texts]
        found: dict[str, list[Finding]] = {read.names[kind]: [] for kind in closed}
        for finding in check(folder, closed):
            found[finding.path].append(finding)
        files = [Document(OpenedDocument(read.names[kind], read.texts[kind]), encoding) for kind in closed]
        return [msgspec.structs.replace(_checked(file, found[file.uri]), version=None) for file in files]

    def forget(self) -> None:
        """Drop what belongs to folders without an open document."""
        keys = {key for other in self._documents.by_uri.values() for key in (other.uri, other.folder)}
        self._known = {key: known for key, known in self._known.items() if key in keys}

    def _look(self, around: Surroundings) -> _Known:
        read = self._documents.read(around)
        folder = Folder(read.texts, read.names, read.present, options=self.options)
        known = self._known.get(around.key)
        if known is not None and known.folder == folder:
            return known
        check = FolderCheck() if known is None else known.check
        known = self._known[around.key] = _Known(check.take(folder), check)
        return known


def _checked(document: Document, findings: list[Finding]) -> Checked:
    return Checked(
        document.uri,
        document.version,
        tuple(_diagnostic(document, finding) for finding in findings),
        tuple(_repairs(document, finding) for finding in findings),
    )


def _diagnostic(document: Document, finding: Finding) -> Diagnostic:
    start = document.position(finding.line - 1, finding.column - 1)
    end = document.position(finding.end_line - 1, finding.end_column - 1)
    related = tuple(
        Related(Location(place.path, _at(place.line, place.column)), place.message)
        for place in finding.related
    )
    return Diagnostic(
        range=Range(start, end),
        severity=SEVERITIES.index(finding.severity) + 1,
        code=finding.code,
        code_description=CodeDescription(finding.url),
        message=finding.message,
        related_information=related,
    )


def _at(line: int, column: int) -> Range:
    place = Position(max(line - 1, 0), max(column - 1, 0))
    return Range(place, place)


def _repairs(document: Document, finding: Finding) -> tuple[Repair, ...]:
    return tuple(
        Repair(
            fix.title,
            fix.safe,
            tuple(TextEdit(document.range_of(edit.start, edit.end), edit.text) for edit in fix.edits),
        )
        for fix in finding.fixes
    )
