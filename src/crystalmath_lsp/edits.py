"""Edits that turn one text into another, and the changes offered at a place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from crystalmath.vasp import incar
from crystalmath.vasp.fixing import fix_folder
from crystalmath_lsp.shapes import CodeAction, Position, Range, TextEdit, WorkspaceEdit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crystalmath.vasp.folder import Folder
    from crystalmath_lsp.documents import Document
    from crystalmath_lsp.shapes import Checked

__all__ = ["FIX_ALL", "QUICK_FIX", "code_actions", "range_edits", "text_edits"]

QUICK_FIX: Final = "quickfix"
FIX_ALL: Final = "source.fixAll.crystalmath"

_IGNORED: Final = re.compile(r"crystalmath:\s*ignore\s*\[([\w\s,/-]*)")


def text_edits(document: Document, text: str) -> tuple[TextEdit, ...]:
    """Return the edits of lines that turn a document into a text; other lines are not touched."""
    before, after = document.lines, text.split("\n")
    if len(before) == len(after):
        return tuple(
            TextEdit(_lines(document, number, number), new)
            for number, (old, new) in enumerate(zip(before, after, strict=True))
            if old != new
        )
    shorter = min(len(before), len(after))
    head = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    tail = next((i for i in range(shorter - head) if before[-1 - i] != after[-1 - i]), shorter - head)
    if tail == 0 or head + tail in {len(before), len(after)}:
        return (TextEdit(_lines(document, 0, len(before) - 1), text),)
    replaced = "\n".join(after[head : len(after) - tail])
    return (TextEdit(_lines(document, head, len(before) - tail - 1), replaced),)


def range_edits(document: Document, text: str, wanted: Range) -> tuple[TextEdit, ...]:
    """Return the edits of the lines of a range that turn a document into a text of as many lines."""
    lines = text.split("\n")
    last = min(wanted.end.line, len(document.lines) - 1, len(lines) - 1)
    return tuple(
        TextEdit(_lines(document, number, number), lines[number])
        for number in range(max(wanted.start.line, 0), last + 1)
        if document.lines[number] != lines[number]
    )


def _lines(document: Document, first: int, last: int) -> Range:
    return Range(Position(first, 0), document.position(last, len(document.lines[last])))


def code_actions(
    document: Document,
    checked: Checked | None,
    wanted: Range,
    only: Iterable[str] | None,
    folder: Folder | None,
) -> tuple[CodeAction, ...]:
    """Return the changes offered for a range; `folder` is None where all of it is too large to mend here."""
    kinds = None if only is None else tuple(only)
    actions: list[CodeAction] = []
    if checked is not None and _asked(QUICK_FIX, kinds):
        actions += _quick_fixes(checked, wanted)
        actions += _silencers(document, checked, wanted)
    mendable = checked is not None and any(repair.safe for repairs in checked.repairs for repair in repairs)
    if folder is not None and mendable and _asked(FIX_ALL, kinds):
        actions += _fix_all(document, folder)
    return tuple(actions)


def _asked(kind: str, only: tuple[str, ...] | None) -> bool:
    return only is None or any(kind == asked or kind.startswith(f"{asked}.") or not asked for asked in only)


def _quick_fixes(checked: Checked, wanted: Range) -> Iterator[CodeAction]:
    for diagnostic, repairs in zip(checked.diagnostics, checked.repairs, strict=True):
        if not _touch(diagnostic.range, wanted):
            continue
        for index, repair in enumerate(repairs):
            edit = WorkspaceEdit({checked.uri: repair.edits})
            yield CodeAction(repair.title, QUICK_FIX, edit, (diagnostic,), repair.safe and index == 0)


def _silencers(document: Document, checked: Checked, wanted: Range) -> Iterator[CodeAction]:
    """Yield what writes that a finding is meant so."""
    offered: set[tuple[str, int]] = set()
    for diagnostic in checked.diagnostics:
        line = diagnostic.range.start.line if document.kind == "INCAR" else 0
        key = (diagnostic.code, line)
        if key in offered or not _touch(diagnostic.range, wanted):
            continue
        edit = _silence(document, diagnostic.code, line)
        if edit is not None:
            offered.add(key)
            where = "here" if document.kind == "INCAR" else "in this file"
            title = f"Ignore {diagnostic.code} {where}"
            yield CodeAction(title, QUICK_FIX, WorkspaceEdit({document.uri: (edit,)}), (diagnostic,))


def _silence(document: Document, code: str, line: int) -> TextEdit | None:
    """Return the edit that makes a line say so; None where no comment can stand."""
    if document.kind == "POTCAR":
        return None
    text = document.lines[line].removesuffix("\r")
    match = _IGNORED.search(text)
    if match is not None:
        end, new = match.end(), f", {code}" if match[1].strip() else code
    else:
        end, new = len(text.rstrip()), f"{' ' if text.strip() else ''}# crystalmath: ignore[{code}]"
    if document.kind == "INCAR" and not _is_comment(document.lines, line, end, new):
        return None
    place = document.position(line, end)
    return TextEdit(Range(place, place), new)


def _is_comment(lines: list[str], line: int, at: int, new: str) -> bool:
    """Say whether VASP reads the same with something inserted: not behind a backslash or between quotes."""
    edited = [*lines[:line], lines[line][:at] + new + lines[line][at:], *lines[line + 1 :]]
    before, after = incar.parse("\n".join(lines)), incar.parse("\n".join(edited))
    read = [(one.tag, one.value) for one in before.statements]
    return read == [(one.tag, one.value) for one in after.statements]


def _touch(one: Range, other: Range) -> bool:
    return _key(one.start) <= _key(other.end) and _key(other.start) <= _key(one.end)


def _key(position: Position) -> tuple[int, int]:
    return position.line, position.character


def _fix_all(document: Document, folder: Folder) -> Iterator[CodeAction]:
    assert document.kind is not None
    text = fix_folder(folder, {document.kind}).texts[document.kind]
    if text != document.text:
        edit = WorkspaceEdit({document.uri: text_edits(document, text)})
        yield CodeAction("Make all safe fixes", FIX_ALL, edit)
