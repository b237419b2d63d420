"""Inlay hints say what is not written."""

from __future__ import annotations

import pytest
from tests.unit.crystalmath_lsp.open_documents import document, folder_of

from crystalmath_lsp.inlay import inlay_hints

FE2O = "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nFe O\n2 1\nDirect\n0 0 0\n0.5 0.5 0.5\n0.2 0.2 0.2\n"


def hints(text: str, name: str = "INCAR", poscar: str = FE2O) -> list[tuple[int, int, str]]:
    one = document(text, name)
    found = inlay_hints(one, folder_of(one, document(poscar, "POSCAR")), 0, 99)
    return [(hint.position.line, hint.position.character, hint.label) for hint in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ISPIN = 2\nMAGMOM = 2*1.0 0.5\n", (1, 14, "ions 1–2")),
        ("ISPIN = 2\nMAGMOM = 0.5 2*1.0\n", (1, 18, "ions 2–3 of 3")),
        ("LNONCOLLINEAR = T\nMAGMOM = 9*0\n", (1, 12, "ions 1–3 of 3")),
        ("LNONCOLLINEAR = T\nMAGMOM = 5*0\n", (1, 12, "values 1–5 of 9")),
        ("LDAUU = 2*4.0\n", (0, 13, "species 1–2 of 2")),
        ("FERWE = 4*1.0 4*0\n", (0, 17, "values 5–8 of 8")),
        ("# é🙂\nNSW = 5\n", (1, 7, "IBRION = 0")),
        ("ISPIN = 1\nMAGMOM = 3\n", (1, 10, "→ none")),
        ("KSPACING = 0.5\n", (0, 14, "= 4 × 4 × 4")),
    ],
)
def test_what_is_not_written_is_shown_behind_the_value(text: str, expected: tuple[int, int, str]) -> None:
    assert expected in hints(text)


def test_a_mesh_shows_its_spacing() -> None:
    (hint,) = hints("k\n0\nGamma\n4 4 2\n0 0 0\n", "KPOINTS")
    assert hint == (3, 5, "0.393 × 0.393 × 0.785 Å⁻¹")


def test_a_poscar_has_no_hints_though_its_neighbour_has() -> None:
    one, mesh = document(FE2O, "POSCAR"), document("k\n0\nGamma\n4 4 2\n0 0 0\n", "KPOINTS")
    assert inlay_hints(one, folder_of(one, mesh), 0, 99) == ()


def test_only_the_lines_asked_for_have_hints() -> None:
    one = document("NSW = 5\nLDAUU = 2*4.0\n")
    found = inlay_hints(one, folder_of(one, document(FE2O, "POSCAR")), 1, 1)
    assert {hint.position.line for hint in found} == {1}


def test_a_value_that_counts_as_written_has_no_hint() -> None:
    assert hints("ENCUT = 500\nISMEAR = 0\n") == []
