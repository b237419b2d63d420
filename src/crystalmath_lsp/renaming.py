"""Rename a species: its name in the POSCAR and the labels that repeat it behind the positions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from crystalmath.vasp.poscar_reader import element
from crystalmath.vasp.rules.structure import ELEMENTS
from crystalmath_lsp.navigation import species_at
from crystalmath_lsp.shapes import Range, TextEdit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.vasp.folder import Folder
    from crystalmath.vasp.poscar import Poscar
    from crystalmath_lsp.documents import Document

__all__ = ["prepare_rename", "rename"]

_WORD: Final = re.compile(r"\S+")
_NAME: Final = re.compile(r"[A-Z][a-z]?(?:[_/.]\w*|\d*)\Z")


def prepare_rename(document: Document, folder: Folder, line: int, character: int) -> Range | None:
    """Return the name that would be renamed, None where no species is named."""
    if document.kind != "POSCAR" or folder.poscar is None:
        return None
    index = species_at(folder, line, character)
    return None if index is None else _word(document, line, index)


def rename(
    document: Document, folder: Folder, line: int, character: int, name: str
) -> tuple[TextEdit, ...] | None:
    """Return the edits; None where no species is named.

    Raises:
        ValueError: the new name is no element.
    """
    index = species_at(folder, line, character) if document.kind == "POSCAR" else None
    poscar = folder.poscar
    if index is None or poscar is None or poscar.names is None:
        return None
    if _NAME.match(name) is None or element(name) not in ELEMENTS:
        raise ValueError(f"{name!r} is no element; write Fe, or Fe_pv as the POTCAR has it.")
    old = poscar.names[index]
    found = [_word(document, line, other) for other, given in enumerate(poscar.names) if given == old]
    return tuple(TextEdit(where, name) for where in (*found, *_labels(document, poscar, old)))


def _labels(document: Document, poscar: Poscar, name: str) -> Iterator[Range]:
    n_numbers = 3 if poscar.selective is None else 6
    for line in poscar.position_lines:
        words = list(_WORD.finditer(document.lines[line - 1]))
        if len(words) > n_numbers and words[n_numbers].group() == name:
            yield _word(document, line - 1, n_numbers)


def _word(document: Document, line: int, index: int) -> Range:
    match = list(_WORD.finditer(document.lines[line]))[index]
    return Range(document.position(line, match.start()), document.position(line, match.end()))
