"""Places in a text: offsets, lines and columns, and what is wrong there.

Lines end with LF or CR LF and nothing else: `str.splitlines` also breaks at form feeds and Unicode
separators, at which neither VASP nor an editor does.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import Final, Literal, NamedTuple

__all__ = ["Place", "Problem", "Severity", "Source", "Span", "counted"]

Severity = Literal["error", "warning", "information", "hint"]
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "information", "hint")


def counted(number: int, noun: str) -> str:
    """Return `1 value` or `2 values`; a noun like `species` stays as it is."""
    return f"{number} {noun}{'' if number == 1 or noun.endswith('s') else 's'}"


class Place(NamedTuple):
    """A line and a column, both counted from 1; columns count characters."""

    line: int
    column: int


class Span(NamedTuple):
    """A half-open range of offsets into a text."""

    start: int
    end: int


class Problem(NamedTuple):
    """What keeps a file from being read, and where; lines and columns from 1, `end_column` exclusive."""

    line: int
    column: int
    message: str
    code: str = "syntax"
    end_column: int = 0
    severity: Severity = "error"


class Source:
    """A text and the table of its line starts."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def starts(self) -> list[int]:
        """The offset at which each line begins."""
        starts, at, find = [0], 0, self.text.find
        while (at := find("\n", at) + 1) > 0:
            starts.append(at)
        return starts

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends; the last is empty when the text ends with a line end."""
        lines = self.text.split("\n")
        return [line.removesuffix("\r") for line in lines] if "\r" in self.text else lines

    def place(self, offset: int) -> Place:
        """Return the line and column of an offset."""
        line = bisect_right(self.starts, offset)
        return Place(line, offset - self.starts[line - 1] + 1)

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a line and column."""
        return self.starts[line - 1] + column - 1
