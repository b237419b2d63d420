"""Apply the fixes of findings until nothing is left that they can mend."""

from __future__ import annotations

from collections import Counter
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

_ROUNDS: Final = 40


def fix_folder(folder: Folder, wanted: Iterable[FileKind] = KINDS, *, unsafe: bool = False) -> Folder:
    """Return the folder with the first fix of every finding applied, safe ones only unless `unsafe`.

    A fix that brings a new finding as severe as what it mends, or more severe, is not made.
    """
    kinds = frozenset(wanted)
    for _ in range(_ROUNDS):
        findings = check(folder, kinds)
        worst_first = sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))
        chosen = [(finding, fix) for finding in worst_first if (fix := _first(finding, unsafe)) is not None]
        changed = _apply(folder, kinds, findings, chosen)
        if changed is None:
            return folder
        folder = changed
    return folder


def _apply(
    folder: Folder,
    kinds: frozenset[FileKind],
    findings: tuple[Finding, ...],
    chosen: list[tuple[Finding, Fix]],
) -> Folder | None:
    """Apply as many of the fixes as go together; None when none of them does any good."""
    if not chosen:
        return None
    together = _with(folder, [(finding, fix.edits) for finding, fix in chosen])
    mended = [finding for finding, _ in chosen]
    if together.texts != folder.texts and not _worse(findings, check(together, kinds), mended):
        return together
    if len(chosen) == 1:
        return None
    half = len(chosen) // 2
    return _apply(folder, kinds, findings, chosen[:half]) or _apply(folder, kinds, findings, chosen[half:])


def _first(finding: Finding, unsafe: bool) -> Fix | None:
    return next((fix for fix in finding.fixes if fix.safe or unsafe), None)


def _with(folder: Folder, changes: list[tuple[Finding, tuple[Edit, ...]]]) -> Folder:
    texts = dict(folder.texts)
    for kind in folder.texts:
        edits = [edit for finding, edits in changes if finding.path == folder.name(kind) for edit in edits]
        texts[kind] = apply(texts[kind], edits)
    return replace(folder, texts=texts)


def _worse(before: Iterable[Finding], after: Iterable[Finding], mended: Iterable[Finding]) -> bool:
    """Say whether some finding is new, by file and code, and no milder than the mildest of those mended."""
    known = Counter((finding.path, finding.code) for finding in before)
    mildest = max(SEVERITIES.index(finding.severity) for finding in mended)
    for finding in after:
        key = (finding.path, finding.code)
        known[key] -= 1
        if known[key] < 0 and SEVERITIES.index(finding.severity) <= mildest:
            return True
    return False
