"""Format an INCAR: align, trim and write tags in capitals without changing what VASP reads.

Comments, free text, quoted values and the order stay as they are. A file whose quotes or braces do not
match is returned unchanged: nobody knows what its author meant.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from crystalmath.vasp import incar, tags

if TYPE_CHECKING:
    from crystalmath.vasp.incar import Token

__all__ = ["format_incar"]

_PLAIN: Final = re.compile(r"[ \t]*\Z")
_RUN: Final = re.compile(r"[ \t]+")
_WIDEST: Final = 24  # one long name must not push all others to the right
_INDENT: Final = "  "


def format_incar(text: str) -> str:
    """Return the text formatted; formatting twice changes nothing more."""
    tree = incar.parse(text)
    if tree.problems:
        return text
    return _Formatter(tree.tokens).format()


class _Formatter:
    """Writes the tokens again, with new blanks between them."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.tokens = [token for token in tokens if token.kind != "space"]
        self.gaps = _gaps(tokens)
        self.widths = _widths(self.tokens)
        self.depth = 0
        self.column = 0
        self.string = False

    def format(self) -> str:
        out: list[str] = []
        previous: Token | None = None
        for index, token in enumerate(self.tokens):
            if token.kind == "close":
                self.depth -= 1
            out += (self._gap(previous, token, self.gaps[index], index), self._written(token))
            if token.kind == "open":
                self.depth += 1
            previous = token
        tail = self.gaps[len(self.tokens)]
        if previous is not None and previous.kind == "value" and previous.text == "\\":
            return "".join(out) + tail  # a backslash at the end must not become a continuation
        joined = "".join(out)
        if not _PLAIN.match(tail):
            return joined + tail
        return joined if joined.endswith("\n") or not joined else joined + "\n"

    def _written(self, token: Token) -> str:
        if token.kind == "tag":
            tag = tags.find(token.text)
            self.string = tag is None or tag.type in {"string", None}
            return token.text.upper() if token.text.isascii() else token.text
        if token.kind == "value" and not self.string:
            return _RUN.sub(" ", token.text)
        return token.text

    def _gap(self, previous: Token | None, token: Token, gap: str, index: int) -> str:
        if not _PLAIN.match(gap):
            return gap  # a line break inside a block head, or characters that are no blanks to VASP
        if previous is None or previous.kind == "newline":
            return self._at_line_start(token, gap, index)
        if previous.kind == "tag":
            return " " * (self.widths.get(index - 1, len(previous.text)) - len(previous.text) + 1)
        if previous.kind == "continuation":
            return " " * self.column if token.kind == "value" else gap
        return _between(previous, token, gap)

    def _at_line_start(self, token: Token, gap: str, index: int) -> str:
        if token.kind in {"tag", "block", "close"}:
            indent = _INDENT * self.depth
            width = min(self.widths.get(index, len(token.text)), _WIDEST)
            self.column = min(len(indent), _WIDEST) + width + 3
            return indent
        return "" if token.kind == "newline" else gap


def _between(previous: Token, token: Token, gap: str) -> str:
    """Return the blanks between two tokens on a line."""
    if previous.kind == "value" and (token.kind == "value" or previous.text == "\\"):
        return gap
    if token.kind == "newline":
        return ""
    if previous.kind == "text" or token.kind == "text":
        return gap if gap or "semicolon" not in {previous.kind, token.kind} else " "
    return " "


def _gaps(tokens: tuple[Token, ...]) -> list[str]:
    """Return the blanks before each other token, and those at the end."""
    gaps, pending = [], ""
    for token in tokens:
        if token.kind == "space":
            pending += token.text
        else:
            gaps.append(pending)
            pending = ""
    return [*gaps, pending]


def _widths(tokens: list[Token]) -> dict[int, int]:
    """Return the width of the name column of each tag that begins a line; empty lines part the columns."""
    widths: dict[int, int] = {}
    group: list[int] = []

    def close() -> None:
        lengths = [len(tokens[i].text) for i in group]
        widest = max((length for length in lengths if length <= _WIDEST), default=0)
        widths.update((i, max(length, widest)) for i, length in zip(group, lengths, strict=True))
        group.clear()

    for index, token in enumerate(tokens):
        before = tokens[index - 1].kind if index else "newline"
        if token.kind == "tag" and before == "newline":
            group.append(index)
        elif token.kind in {"open", "close"} or (token.kind == "newline" and before == "newline"):
            close()
    close()
    return widths
