"""A species is renamed with the labels that repeat it."""

from __future__ import annotations

import pytest
from tests.unit.crystalmath_lsp.open_documents import document, folder_of, span

from crystalmath_lsp.documents import Document
from crystalmath_lsp.renaming import prepare_rename, rename
from crystalmath_lsp.shapes import Change

POSCAR = "x\n1.0\n4 0 0\n0 4 0\n0 0 4\n Fe O Fe\n1 1 1\nDirect\n0 0 0 Fe\n0.5 0.5 0.5 O\n0.2 0.2 0.2  Fe\n"


def renamed(one: Document, line: int, character: int, name: str) -> str | None:
    edits = rename(one, folder_of(one), line, character, name)
    for edit in sorted(
        edits or (), key=lambda e: (e.range.start.line, e.range.start.character), reverse=True
    ):
        one.change([Change(edit.new_text, edit.range)], None)
    return None if edits is None else one.text


def test_every_name_and_label_of_the_species_is_renamed() -> None:
    expected = POSCAR.replace("Fe", "Co_pv")
    assert renamed(document(POSCAR, "POSCAR"), 5, 2, "Co_pv") == expected


def test_with_selective_dynamics_the_labels_stand_behind_the_flags() -> None:
    text = POSCAR.replace("Direct", "S\nDirect").replace("0 Fe", "0 T T T Fe").replace("5 O", "5 T T T O")
    text = text.replace("2  Fe", "2 F F F Fe")
    assert renamed(document(text, "POSCAR"), 5, 4, "S") == text.replace(" O", " S")


def test_what_can_be_renamed_is_said_before() -> None:
    one = document(POSCAR, "POSCAR")
    assert prepare_rename(one, folder_of(one), 5, 4) == span(5, 4, 5, 5)
    assert prepare_rename(one, folder_of(one), 6, 0) is None
    incar = document("MAGMOM = 1")
    assert prepare_rename(incar, folder_of(incar), 0, 0) is None
    assert renamed(incar, 0, 0, "Fe") is None


@pytest.mark.parametrize("name", ["Qq", "", "iron", "Fe O", "fe"])
def test_a_name_that_is_no_element_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="element"):
        renamed(document(POSCAR, "POSCAR"), 5, 2, name)
