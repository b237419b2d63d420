"""The open documents, and the folders that they make with their neighbours on the disk.

A document beats the file of its name; a neighbour that is not open is read from the disk when it has changed.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from crystalmath.errors import InputError
from crystalmath.vasp.check import KINDS, is_about_inputs, kind_of, read_text
from crystalmath_lsp.positions import to_character, to_column
from crystalmath_lsp.shapes import Position, Range

if TYPE_CHECKING:
    from crystalmath.vasp.folder import FileKind
    from crystalmath_lsp.shapes import Change, OpenedDocument

__all__ = [
    "HUGE_CHARACTERS", "LARGE_CHARACTERS", "Document", "Documents", "Neighbourhood", "Stamp", "Surroundings",
    "kind_of_document", "path_of",
]  # fmt: skip

LARGE_CHARACTERS: Final = 24_000
"""About 600 ions: beyond, a check takes longer than a keystroke may wait (and numpy to import)."""

HUGE_CHARACTERS: Final = 400_000
"""About 10,000 ions: beyond, they cannot even be read between two keystrokes."""

_HEADER_LINES: Final = 64
_LANGUAGES: Final[dict[str, FileKind]] = {
    "incar": "INCAR",
    "vasp-incar": "INCAR",
    "poscar": "POSCAR",
    "vasp-poscar": "POSCAR",
    "kpoints": "KPOINTS",
    "vasp-kpoints": "KPOINTS",
    "potcar": "POTCAR",
    "vasp-potcar": "POTCAR",
}


class Document:
    """One open document; changes are applied when the text is asked for."""

    def __init__(self, opened: OpenedDocument, encoding: str) -> None:
        self.uri = opened.uri
        self.language_id = opened.language_id
        self.version: int | None = opened.version
        self.encoding = encoding
        self.kind = kind_of_document(opened.uri, opened.language_id)
        self.path = path_of(opened.uri)
        usual = self.path is not None and self.path.name == self.kind
        self.folder = str(self.path.parent) if self.path is not None and usual else None
        """The folder whose files count together, None for a file that VASP would not read by its name."""
        self.unsent: list[Change] | None = None
        """The changes that the checker process has not been told; None when it does not know the document."""
        self.n_characters = len(opened.text)
        self._text: str | None = opened.text
        self._lines: list[str] | None = None
        self._pending: list[Change] = []

    @property
    def lines(self) -> list[str]:
        """The lines without their line feeds."""
        self._apply()
        if self._lines is None:
            assert self._text is not None
            self._lines = self._text.split("\n")
        return self._lines

    @property
    def text(self) -> str:
        """The whole text."""
        self._apply()
        if self._text is None:
            assert self._lines is not None
            self._text = "\n".join(self._lines)
            self.n_characters = len(self._text)
        return self._text

    def change(self, changes: list[Change], version: int | None) -> None:
        """Take changes in, in their order."""
        self.version = version
        self._pending += changes
        if self.unsent is not None:
            self.unsent += changes
        for change in changes:
            self.n_characters = len(change.text) + (self.n_characters if change.range else 0)

    def place(self, position: Position) -> tuple[int, int]:
        """Return line and character (from 0) of a place; places beyond an end mean that end."""
        lines = self.lines
        if position.line >= len(lines):
            return len(lines) - 1, len(lines[-1])
        line = max(position.line, 0)
        text, column = lines[line], max(position.character, 0)
        if text.endswith("\r") and column > to_column(text, len(text), self.encoding):
            return line, len(text) - 1  # the end of a line is before its line break
        return line, to_character(text, column, self.encoding)

    def position(self, line: int, character: int) -> Position:
        """Return a line and a character (both from 0) in the client's units."""
        text = self.lines[line] if line < len(self.lines) else ""
        return Position(line, to_column(text, character, self.encoding))

    def range_of(self, start: int, end: int) -> Range:
        """Return the range between two offsets."""
        return Range(self._place(start), self._place(end))

    def _place(self, offset: int) -> Position:
        before = self.text.count("\n", 0, offset)
        start = self.text.rfind("\n", 0, offset) + 1
        return self.position(before, offset - start)

    def _apply(self) -> None:
        pending, self._pending = self._pending, []
        for change in pending:
            if change.range is None:
                self._text, self._lines = change.text, None
            else:
                self._splice(change.range, change.text)

    def _splice(self, where: Range, text: str) -> None:
        lines = self.lines
        first, begin = self.place(where.start)
        last, end = self.place(where.end)
        last, end = max((last, end), (first, begin))
        lines[first : last + 1] = (lines[first][:begin] + text + lines[last][end:]).split("\n")
        self._text = None


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells one version of a file on the disk from another."""

    modified_ns: int
    n_bytes: int


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The files that are checked together with a document, not read yet.

    `key` names them, `open` are the open ones, `disk` those on the disk that are not open, with their stamps,
    `present` the names in the folder, None for a file that is looked at alone.
    """

    key: str
    open: dict[FileKind, Document]
    disk: dict[FileKind, tuple[str, Stamp]]
    present: frozenset[str] | None

    @property
    def is_large(self) -> bool:
        """Whether their check takes too long for the loop."""
        return self.n_characters > LARGE_CHARACTERS

    @property
    def is_huge(self) -> bool:
        """Whether even reading them takes too long for the loop."""
        return self.n_characters > HUGE_CHARACTERS

    @property
    def n_characters(self) -> int:
        """How much there is to read; of a POTCAR only the headers are looked at."""
        n_bytes = sum(stamp.n_bytes for kind, (_, stamp) in self.disk.items() if kind != "POTCAR")
        return n_bytes + sum(document.n_characters for document in self.open.values())


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The files that are checked together: texts and names (as uris) by kind, and which of them are open."""

    key: str
    texts: dict[FileKind, str]
    names: dict[FileKind, str]
    open: dict[FileKind, Document]
    present: frozenset[str] | None


@dataclass(slots=True)
class _DiskFile:
    stamp: Stamp
    text: str


@dataclass(slots=True)
class Documents:
    """The open documents by uri."""

    by_uri: dict[str, Document] = field(default_factory=dict)
    _disk: dict[str, _DiskFile] = field(default_factory=dict)

    def together(self, document: Document) -> dict[FileKind, Document]:
        """Return the open documents that are checked together with one, itself included."""
        if document.kind is None:
            return {}
        if document.folder is None:
            return {document.kind: document}
        return {**self.in_folder(document.folder), document.kind: document}

    def in_folder(self, folder: str) -> dict[FileKind, Document]:
        """Return the open documents that VASP would read in a folder."""
        return {
            other.kind: other
            for other in self.by_uri.values()
            if other.folder == folder and other.kind is not None
        }

    def around(self, document: Document) -> Surroundings:
        """Return what is checked together with a document; looks at the names and stamps on the disk."""
        if document.folder is None:
            return Surroundings(document.uri, self.together(document), {}, None)
        return self._around(document.folder, self.together(document))

    def around_folder(self, folder: str) -> Surroundings:
        """Return what is checked together in a folder."""
        return self._around(folder, self.in_folder(folder))

    def read(self, around: Surroundings) -> Neighbourhood:
        """Return the texts of what is checked together."""
        texts = {kind: other.text for kind, other in around.open.items()}
        names = {kind: other.uri for kind, other in around.open.items()}
        for kind, (path, stamp) in around.disk.items():
            text = self._text_on_disk(kind, path, stamp)
            if text is not None:
                texts[kind], names[kind] = text, Path(path).as_uri()
        return Neighbourhood(around.key, texts, names, around.open, around.present)

    def neighbourhood(self, document: Document) -> Neighbourhood:
        """Return everything that is checked together with a document."""
        return self.read(self.around(document))

    def is_large(self, document: Document) -> bool:
        """Say whether the check of a document and its neighbours takes too long for the loop."""
        return self.around(document).is_large

    def _around(self, folder: str, opened: dict[FileKind, Document]) -> Surroundings:
        names = _names_in(folder)
        disk: dict[FileKind, tuple[str, Stamp]] = {}
        for kind in KINDS:
            name = next((name for name in (kind, f"{kind}.gz") if name in names), None)
            if kind in opened or name is None:
                continue
            stamp = _stamp(path := f"{folder}/{name}")
            if stamp is not None:
                disk[kind] = (path, stamp)
        names.update(_name(other) for other in opened.values())
        return Surroundings(folder, opened, disk, frozenset(names))

    def _text_on_disk(self, kind: FileKind, path: str, stamp: Stamp) -> str | None:
        """Return the text of a file on the disk; None when it has gone or cannot be read."""
        known = self._disk.get(path)
        if known is None or known.stamp != stamp:
            try:
                text = read_text(Path(path))
            except InputError:
                self._disk.pop(path, None)
                return None
            known = self._disk[path] = _DiskFile(stamp, _headers(text) if kind == "POTCAR" else text)
        return known.text


def _names_in(folder: str) -> set[str]:
    try:
        return {entry.name for entry in os.scandir(folder)}
    except OSError:
        return set()  # a folder that is not saved yet holds what is open


def _stamp(path: str) -> Stamp | None:
    """Return the stamp of a regular file."""
    try:
        status = Path(path).stat()
    except OSError:
        return None
    return Stamp(status.st_mtime_ns, status.st_size) if stat.S_ISREG(status.st_mode) else None


def _name(document: Document) -> str:
    return document.path.name if document.path is not None else ""


def _headers(text: str) -> str:
    """Return a POTCAR with nothing but line ends where its licensed tables stand."""
    lines = text.split("\n")
    keep = [False] * len(lines)
    for number, line in enumerate(lines):
        if "TITEL" in line:
            first = max(number - 4, 0)
            keep[first : number + _HEADER_LINES] = [True] * len(keep[first : number + _HEADER_LINES])
    return "\n".join(line if kept else "" for line, kept in zip(lines, keep, strict=True))


def path_of(uri: str) -> Path | None:
    """Return the path of a file's uri, None for anything else."""
    scheme, path = _parts(uri)
    return Path(path) if scheme == "file" and path and "\0" not in path else None


def _parts(uri: str) -> tuple[str, str]:
    """Return scheme and path of a uri, nothing for what is none."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return "", ""
    return parts.scheme, unquote(parts.path)


def kind_of_document(uri: str, language_id: str | None) -> FileKind | None:
    """Return which input file a document is, by what the editor calls it or by its file name."""
    path = Path(PurePosixPath(_parts(uri)[1]).name or "-")
    named = kind_of(path)
    if named is not None or is_about_inputs(path):
        return named
    return _LANGUAGES.get((language_id or "").lower())
