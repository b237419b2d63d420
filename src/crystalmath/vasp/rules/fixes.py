"""The changes that rules offer: write another value, put a tag in, take one out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from crystalmath.vasp.finding import Edit, Fix

if TYPE_CHECKING:
    from crystalmath.vasp.folder import Folder
    from crystalmath.vasp.incar import Statement

__all__ = ["insert", "remove", "write"]

_LINE_END: Final = re.compile(r"[^\S\n]*(?:\n|\Z)")
_REST: Final = re.compile(r"[^\S\r\n]*(?:[#!][^\r\n]*)?(?=\r?\n|\Z)")
_SEMICOLON: Final = re.compile(r"[^\S\n]*;[^\S\n]*")


def write(statement: Statement, value: str, *, safe: bool = False) -> Fix:
    """Return the fix that gives a tag another value."""
    start, end = statement.value_span
    lead = "" if statement.pieces else " "
    return Fix(f"Write {statement.tag} = {value}", safe, (Edit(start, end, lead + value),))


def insert(statement: Statement, setting: str, *, folder: Folder) -> Fix:
    """Return the unsafe fix that puts `TAG = value` behind a statement, or before it where others follow."""
    text = folder.source("INCAR").text
    begin, end = statement.span
    rest = _REST.match(text, end)
    if rest is not None and _begins_line(text, begin):
        line_end = "\r\n" if text.startswith("\r\n", rest.end()) else "\n"
        edit = Edit(rest.end(), rest.end(), line_end + setting)
    else:
        edit = Edit(begin, begin, f"{setting} ; ")
    return Fix(f"Insert {setting}", False, (edit,))


def remove(folder: Folder, statement: Statement, *, safe: bool) -> Fix:
    """Return the fix that takes a statement out, with its line when it stands alone on it."""
    text, (start, end) = folder.source("INCAR").text, statement.span
    while start > 0 and text[start - 1] in " \t":
        start -= 1
    line_end = _LINE_END.match(text, end)
    if line_end is not None and (start == 0 or text[start - 1] == "\n"):
        edit = Edit(start, line_end.end(), "")
    else:
        behind = _SEMICOLON.match(text, end)
        edit = Edit(statement.span.start, behind.end() if behind else end, "")
    return Fix(f"Remove this {statement.tag}", safe, (edit,))


def _begins_line(text: str, start: int) -> bool:
    while start > 0 and text[start - 1] in " \t":
        start -= 1
    return start == 0 or text[start - 1] == "\n"
