"""Apply the fixes of findings until nothing is left that they can mend."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from crystalmath.vasp.check import KINDS, check
from crystalmath.vasp.finding import Edit, apply
from crystalmath.vasp.source import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crystalmath.vasp.finding import Finding, Fix
    from crystalmath.vasp.folder import FileKind, Folder

__all__ = ["fix_folder"]

_ROUNDS: Final = 8


def fix_folder(folder: Folder, wanted: Iterable[FileKind] = KINDS, *, unsafe: bool = False) -> Folder:
    """Return the folder with the first fix of every finding applied, safe ones only unless `unsafe`.

    A fix that brings a new finding of the same or a higher severity is not made.
    """
    kinds = frozenset(wanted)
    for _ in range(_ROUNDS):
        changed = _round(folder, kinds, unsafe)
        if changed is None:
            return folder
        folder = changed
    return folder


def _round(folder: Folder, kinds: frozenset[FileKind], unsafe: bool) -> Folder | None:
    """Apply all that can be applied together; when that worsens anything, one by one."""
    findings = check(folder, kinds)
    chosen = [(finding, fix) for finding in findings if (fix := _first(finding, unsafe)) is not None]
    if not chosen:
        return None
    together = _with(folder, [(finding, fix.edits) for finding, fix in chosen])
    if not _worse(findings, check(together, kinds)):
        return together if together.texts != folder.texts else None
    changed = folder
    for finding, fix in reversed(chosen):
        alone = _with(folder, [(finding, fix.edits)])
        if not _worse(findings, check(alone, kinds)):
            changed = alone
            break
    return changed if changed is not folder else None


def _first(finding: Finding, unsafe: bool) -> Fix | None:
    return next((fix for fix in finding.fixes if fix.safe or unsafe), None)


def _with(folder: Folder, changes: list[tuple[Finding, tuple[Edit, ...]]]) -> Folder:
    texts = dict(folder.texts)
    for kind in folder.texts:
        edits = [edit for finding, edits in changes if finding.path == folder.name(kind) for edit in edits]
        texts[kind] = apply(texts[kind], edits)
    return replace(folder, texts=texts)


def _worse(before: Iterable[Finding], after: Iterable[Finding]) -> bool:
    """Say whether some finding is new, by file and code, and no milder than the mildest before."""
    known = [(finding.path, finding.code) for finding in before]
    mildest = max((SEVERITIES.index(finding.severity) for finding in before), default=0)
    for finding in after:
        key = (finding.path, finding.code)
        if key in known:
            known.remove(key)
        elif SEVERITIES.index(finding.severity) <= mildest:
            return True
    return False
