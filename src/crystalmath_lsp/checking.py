"""Check open documents with the library's rules; what did not change is not read again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crystalmath.vasp import poscar
from crystalmath.vasp.check import check
from crystalmath.vasp.folder import Folder
from crystalmath.vasp.source import SEVERITIES
from crystalmath_lsp.shapes import (
    Checked,
    CodeDescription,
    Diagnostic,
    Location,
    Position,
    Range,
    Related,
    Repair,
    TextEdit,
)

if TYPE_CHECKING:
    from crystalmath.vasp.finding import Finding
    from crystalmath.vasp.folder import FileKind
    from crystalmath_lsp.documents import Document, Documents, Surroundings

__all__ = ["Checking"]

_PARSED: Final[dict[FileKind, str]] = {
    "INCAR": "incar",
    "POSCAR": "poscar",
    "KPOINTS": "kpoints",
    "KPOINTS_OPT": "kpoints_opt",
    "POTCAR": "potcar",
}


class Checking:
    """Remember what was parsed, by the key of the surroundings."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._before: dict[str, Folder] = {}

    def folder(self, around: Surroundings) -> Folder:
        """Return the folder of a document, with what an earlier look at it has parsed."""
        read = self._documents.read(around)
        before = self._before.get(around.key)
        if before is not None:
            if (before.texts, before.names, before.present) == (read.texts, read.names, read.present):
                return before
            folder = Folder(read.texts, read.names, read.present)
            _carry_over(before, folder)
        else:
            folder = Folder(read.texts, read.names, read.present)
        self._before[around.key] = folder
        return folder

    def check(self, around: Surroundings) -> list[Checked]:
        """Return what the rules find in every open document of the surroundings."""
        folder = self.folder(around)
        found: dict[str, list[Finding]] = {other.uri: [] for other in around.open.values()}
        for finding in check(folder, around.open):
            found[finding.path].append(finding)
        return [_checked(other, found[other.uri]) for other in around.open.values()]

    def forget(self) -> None:
        """Drop what belongs to folders without an open document."""
        keys = {key for other in self._documents.by_uri.values() for key in (other.uri, other.folder)}
        self._before = {key: folder for key, folder in self._before.items() if key in keys}


def _carry_over(before: Folder, folder: Folder) -> None:
    for kind, text in folder.texts.items():
        parsed = before.__dict__.get(_PARSED[kind])
        if parsed is None:
            continue
        if before.texts.get(kind) == text:
            folder.__dict__[_PARSED[kind]] = parsed
        elif isinstance(parsed, poscar.Poscar):
            folder.__dict__[_PARSED[kind]] = poscar.update(parsed, text)


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
