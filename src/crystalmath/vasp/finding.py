"""What a check reports: a finding with its place, its page and its fixes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crystalmath.vasp.source import Severity

__all__ = ["Edit", "Finding", "Fix", "Related", "apply"]


class Edit(NamedTuple):
    """Replace the characters from offset `start` up to `end` by `text`."""

    start: int
    end: int
    text: str


class Fix(NamedTuple):
    """A change that removes a finding; a safe one cannot change what the author meant."""

    title: str
    safe: bool
    edits: tuple[Edit, ...]


class Related(NamedTuple):
    """A second place that belongs to a finding, perhaps in another file."""

    path: str
    line: int
    column: int
    message: str


class Finding(NamedTuple):
    """One finding; lines and columns from 1, `end_column` exclusive, `url` the page that explains it."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    severity: Severity
    code: str
    message: str
    url: str
    related: tuple[Related, ...] = ()
    fixes: tuple[Fix, ...] = ()


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with all edits made; of two that overlap the one that begins first is made."""
    pieces: list[str] = []
    at = 0
    for edit in sorted(set(edits)):
        if edit.start < at:
            continue
        pieces += (text[at : edit.start], edit.text)
        at = edit.end
    return "".join((*pieces, text[at:]))
