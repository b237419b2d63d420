"""Inlay hints: what a repeated value stands for, the spacing of a mesh, the values that VASP derives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import msgspec

from crystalmath.vasp.cells import spacing_mesh
from crystalmath.vasp.effective import effective_values
from crystalmath.vasp.lattice import lengths, reciprocal
from crystalmath_lsp.arrays import owners, values
from crystalmath_lsp.shapes import Position  # noqa: TC001  # msgspec reads it

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.vasp.folder import Folder
    from crystalmath.vasp.incar import Statement
    from crystalmath_lsp.arrays import Owners
    from crystalmath_lsp.documents import Document

__all__ = ["InlayHint", "inlay_hints"]

_TAG: Final = re.compile(r"\b[A-Z][A-Z0-9_]{2,}\b")
_LONGEST: Final = 40


class InlayHint(msgspec.Struct, frozen=True, rename="camel"):
    """A remark shown inside a line."""

    position: Position
    label: str
    tooltip: str
    padding_left: bool = True


def inlay_hints(document: Document, folder: Folder, first: int, last: int) -> tuple[InlayHint, ...]:
    """Return the hints of the lines (from 0) from `first` to `last`."""
    if document.kind == "INCAR":
        found = _in_incar(folder)
    elif document.kind in {"KPOINTS", "KPOINTS_OPT"}:
        found = _in_kpoints(document, folder)
    else:
        return ()
    hints = []
    for line, character, label, tooltip in found:
        if first <= line <= last:
            hints.append(InlayHint(document.position(line, character), label, tooltip))
    return tuple(hints)


_Hint = tuple[int, int, str, str]


def _in_incar(folder: Folder) -> Iterator[_Hint]:
    tree = folder.incar
    if tree is None:
        return
    derived = _derived(folder)
    for statement in tree.statements:
        if tree.effective.get(statement.tag) is not statement:
            continue
        for offset, label, tooltip in (*_counts(folder, statement), *derived.get(statement.tag, ())):
            place = tree.place(statement.value_span.end if offset is None else offset)
            yield place.line - 1, place.column - 1, label, tooltip
        if statement.tag == "KSPACING" and folder.kpoints is None and folder.cell is not None:
            spacing = folder.parameters.real("KSPACING")
            if spacing is not None and spacing > 0:
                mesh = " × ".join(map(str, spacing_mesh(folder.cell.lattice_angstrom, spacing)))
                place = tree.place(statement.value_span.end)
                yield (
                    place.line - 1,
                    place.column - 1,
                    f"= {mesh}",
                    "The mesh that VASP makes of this spacing",
                )


_Remark = tuple[int | None, str, str]


def _counts(folder: Folder, statement: Statement) -> Iterator[_Remark]:
    """Say of each repeated value which values it is, and how many there should be."""
    if statement.quoted or "*" not in statement.value:
        return
    found = owners(folder, statement)
    items = values(statement)
    given = sum(value.repeat for value in items)
    for value in items:
        if value.repeat == 1:
            continue
        label = _range(found, value.first, value.repeat)
        if value is items[-1]:
            count = given if found is None else found.n_values
            label += f" of {count if found is None or label.startswith('values') else len(found.names)}"
        yield value.span.end, label, f"{value.repeat} values"


def _range(found: Owners | None, first: int, count: int) -> str:
    if found is None or found.kind == "component" or first % found.width or count % found.width:
        return f"values {first + 1}–{first + count}"
    plural = "species" if found.kind == "species" else "ions"
    return f"{plural} {first // found.width + 1}–{(first + count) // found.width}"


def _derived(folder: Folder) -> dict[str, tuple[_Remark, ...]]:
    """Return what VASP derives, by the given tag that makes it so."""
    remarks: dict[str, list[_Remark]] = {}
    for effective in effective_values(folder):
        if len(effective.value) > _LONGEST:
            continue
        if effective.given is not None:
            remark: _Remark = (None, f"→ {effective.value}", effective.reason)
            remarks.setdefault(effective.tag, []).append(remark)
            continue
        causes = [name for name in _TAG.findall(effective.reason) if folder.parameters.has(name)]
        if causes:
            label = f"{effective.tag} = {effective.value}"
            remarks.setdefault(causes[0], []).append((None, label, effective.reason))
    return {tag: tuple(found) for tag, found in remarks.items()}


def _in_kpoints(document: Document, folder: Folder) -> Iterator[_Hint]:
    kpoints = folder.kpoints_opt if document.kind == "KPOINTS_OPT" else folder.kpoints
    if kpoints is None or kpoints.mesh is None or not kpoints.mesh_line or folder.cell is None:
        return
    steps = zip(lengths(reciprocal(folder.cell.lattice_angstrom)), kpoints.mesh, strict=True)
    label = " × ".join(f"{length / n:.3f}" for length, n in steps) + " Å⁻¹"
    line = kpoints.mesh_line - 1
    tooltip = "The distance of neighbouring points along each reciprocal vector, as KSPACING counts it"
    yield line, len(document.lines[line].rstrip()), label, tooltip
