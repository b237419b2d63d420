"""Semantic tokens: what each word of a file is, whole, for some lines, or as the change since last time."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from crystalmath.vasp import poscar, tags
from crystalmath_lsp.capabilities import TOKEN_TYPES
from crystalmath_lsp.documents import LARGE_CHARACTERS
from crystalmath_lsp.positions import to_column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.vasp.folder import Folder
    from crystalmath.vasp.incar import Incar, Token
    from crystalmath_lsp.documents import Document

__all__ = ["SemanticTokens", "SemanticTokensDelta", "TokenMemory", "tokens"]

_NUMBER: Final = re.compile(r"(?:\d+\*)?[-+]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][-+]?\d+)?,?\Z")
_LOGICAL: Final = re.compile(r"\.?(?:T(?:RUE)?|F(?:ALSE)?)\.?\Z", re.IGNORECASE)
_WORD: Final = re.compile(r"\S+")
_KINDS: Final = {
    "comment": "comment", "text": "comment", "equals": "operator", "semicolon": "operator",
    "continuation": "operator", "block": "namespace", "open": "operator", "close": "operator",
    "quoted": "string",
}  # fmt: skip
_HEAD_LINES: Final = 40
_LARGEST_WHOLE: Final = 2_000
"""Lines of a large file that are given when the whole is asked for; editors ask for what they show."""


class SemanticTokens(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """Tokens as the protocol packs them: five numbers each."""

    data: list[int]
    result_id: str | None = None


class TokensEdit(msgspec.Struct, frozen=True, rename="camel"):
    """A change of packed tokens."""

    start: int
    delete_count: int
    data: list[int]


class SemanticTokensDelta(msgspec.Struct, frozen=True, rename="camel"):
    """What changed since the named tokens."""

    edits: tuple[TokensEdit, ...]
    result_id: str


class _Piece(NamedTuple):
    line: int
    start: int
    end: int
    type: str
    deprecated: bool = False


class TokenMemory:
    """Remember what each document's tokens were, to send the change only."""

    def __init__(self) -> None:
        self._ids = itertools.count(1)
        self._known: dict[str, tuple[str, list[int]]] = {}

    def whole(self, uri: str, data: list[int]) -> SemanticTokens:
        """Return all tokens under a new name."""
        name = str(next(self._ids))
        self._known[uri] = (name, data)
        return SemanticTokens(data, name)

    def change(self, uri: str, previous: str, data: list[int]) -> SemanticTokens | SemanticTokensDelta:
        """Return one edit of the tokens that the client has, all tokens when those are not known."""
        known = self._known.get(uri)
        if known is None or known[0] != previous:
            return self.whole(uri, data)
        before, shorter = known[1], min(len(known[1]), len(data))
        head = next((i for i in range(shorter) if before[i] != data[i]), shorter)
        tail = next((i for i in range(shorter - head) if before[-1 - i] != data[-1 - i]), shorter - head)
        name = self.whole(uri, data).result_id or ""
        if head == len(before) == len(data):
            return SemanticTokensDelta((), name)
        edit = TokensEdit(head, len(before) - head - tail, data[head : len(data) - tail])
        return SemanticTokensDelta((edit,), name)

    def forget(self, uri: str) -> None:
        """Drop what belongs to a document that was closed."""
        self._known.pop(uri, None)


def tokens(document: Document, folder: Folder | None, first: int = 0, last: int | None = None) -> list[int]:
    """Return the packed tokens of the lines from `first` to `last` (from 0); huge files have no `folder`."""
    lines = document.lines
    end = len(lines) - 1 if last is None else min(last, len(lines) - 1)
    if last is None and document.n_characters > LARGE_CHARACTERS:
        end = min(end, _LARGEST_WHOLE)
    pieces: Iterator[_Piece] = iter(())
    if document.kind == "INCAR" and folder is not None and folder.incar is not None:
        pieces = (piece for piece in _incar(folder.incar) if first <= piece.line <= end)
    elif document.kind == "POSCAR":
        pieces = _poscar(lines, first, end)
    elif document.kind in {"KPOINTS", "KPOINTS_OPT"}:
        pieces = _kpoints(lines, first, end)
    return _packed(pieces, lines, document.encoding)


def _packed(pieces: Iterator[_Piece], lines: list[str], encoding: str) -> list[int]:
    data: list[int] = []
    line = column = 0
    for piece in pieces:
        text = lines[piece.line]
        start, end = (to_column(text, at, encoding) for at in (piece.start, piece.end))
        begin = start - column if piece.line == line else start
        data += (piece.line - line, begin, end - start, TOKEN_TYPES.index(piece.type), int(piece.deprecated))
        line, column = piece.line, start
    return data


def _incar(tree: Incar) -> Iterator[_Piece]:
    for token in tree.tokens:
        if token.kind == "tag":
            tag = tags.find(token.text)
            yield from _spread(tree, token, "property", deprecated=tag is not None and tag.deprecated)
        elif token.kind == "value":
            place = tree.place(token.offset)
            for match in _WORD.finditer(token.text):
                start = place.column - 1 + match.start()
                yield _Piece(place.line - 1, start, start + len(match.group()), _value_type(match.group()))
        elif token.kind in _KINDS:
            yield from _spread(tree, token, _KINDS[token.kind])


def _spread(tree: Incar, token: Token, kind: str, *, deprecated: bool = False) -> Iterator[_Piece]:
    """Yield one piece per line: the protocol's tokens end with their line."""
    place = tree.place(token.offset)
    for number, text in enumerate(token.text.split("\n")):
        start = place.column - 1 if number == 0 else 0
        length = len(text.rstrip("\r"))
        if length:
            yield _Piece(place.line - 1 + number, start, start + length, kind, deprecated)


def _value_type(word: str) -> str:
    if _NUMBER.match(word):
        return "number"
    return "keyword" if _LOGICAL.match(word) else "enumMember"


def _words(line: int, text: str, kind: str | None = None, begin: int = 0) -> Iterator[_Piece]:
    """Yield the words of a line, those from the first comment sign on as one comment."""
    for match in _WORD.finditer(text, begin):
        word = match.group()
        if word[0] in "#!":
            yield _Piece(line, match.start(), len(text.rstrip()), "comment")
            return
        yield _Piece(
            line, match.start(), match.end(), kind or ("number" if _NUMBER.match(word) else "keyword")
        )


def _poscar(lines: list[str], first: int, last: int) -> Iterator[_Piece]:
    head = poscar.parse("\n".join(lines[:_HEAD_LINES]))
    modes = {line - 1 for line in (head.selective_line, head.mode_line) if line}
    for line in range(first, last + 1):
        text = lines[line]
        if not text.strip():
            continue
        if line == 0:
            yield _Piece(line, 0, len(text.rstrip()), "comment")
        elif head.names_line and line == head.names_line - 1:
            yield from _words(line, text, "type")
        elif line in modes:
            yield _Piece(line, len(text) - len(text.lstrip()), len(text.rstrip()), "keyword")
        elif head.mode_line and line >= head.mode_line:
            yield from _position(line, text)
        else:
            yield from _words(line, text)


def _position(line: int, text: str) -> Iterator[_Piece]:
    for index, match in enumerate(_WORD.finditer(text)):
        word = match.group()
        if index < 3 and _NUMBER.match(word):
            yield _Piece(line, match.start(), match.end(), "number")
        elif 3 <= index < 6 and _LOGICAL.match(word):
            yield _Piece(line, match.start(), match.end(), "keyword")
        else:
            yield _Piece(line, match.start(), len(text.rstrip()), "comment")
            return


def _kpoints(lines: list[str], first: int, last: int) -> Iterator[_Piece]:
    for line in range(first, last + 1):
        text = lines[line]
        if line == 0 and text.strip():
            yield _Piece(line, 0, len(text.rstrip()), "comment")
        elif line == 2:
            yield from itertools.islice(_words(line, text), 1)
        elif line > 0:
            yield from _words(line, text)
