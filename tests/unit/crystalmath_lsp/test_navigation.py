"""From a value to its ion or species, and back."""

from __future__ import annotations

import pytest
from tests.unit.crystalmath_lsp.open_documents import document, folder_of, span

from crystalmath_lsp.navigation import definition, highlights, references
from crystalmath_lsp.shapes import Range

FE2O = "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nFe O\n2 1\nDirect\n0 0 0\n0.5 0.5 0.5\n0.2 0.2 0.2\n"
POTCAR = " TITEL = PAW_PBE Fe 06Sep2000\n TITEL = PAW_PBE O 08Apr2002\n"

Places = list[tuple[str, Range]]


def asked(question: str, texts: dict[str, str], name: str, line: int, character: int) -> Places:
    files = {each: document(text, each) for each, text in texts.items()}
    one = files.pop(name)
    folder = folder_of(one, *files.values())
    ask = {"definition": definition, "references": references}[question]
    return [(place.uri.rpartition("/")[2], place.range) for place in ask(one, folder, line, character)]


@pytest.mark.parametrize(
    ("incar", "character", "expected"),
    [
        ("MAGMOM = 1 2 3", 9, span(8, 0, 8, 5)),
        ("MAGMOM = 1 2 3", 13, span(10, 0, 10, 11)),
        ("MAGMOM = 2*1 3", 10, span(8, 0, 9, 11)),
        ("LDAUU = 4 0", 10, span(5, 3, 5, 4)),
    ],
)
def test_a_value_leads_to_its_ion_or_species(incar: str, character: int, expected: Range) -> None:
    found = asked("definition", {"INCAR": incar, "POSCAR": FE2O}, "INCAR", 0, character)
    assert found == [("POSCAR", expected)]


@pytest.mark.parametrize(
    ("incar", "character"), [("MAGMOM = 1 2 3 4", 15), ("ENCUT = 5", 8), ("MAGMOM = 1", 2)]
)
def test_what_belongs_to_nothing_leads_nowhere(incar: str, character: int) -> None:
    assert asked("definition", {"INCAR": incar, "POSCAR": FE2O}, "INCAR", 0, character) == []
    assert asked("definition", {"INCAR": incar}, "INCAR", 0, character) == []


def test_an_ion_is_spoken_of_by_its_line_and_its_values() -> None:
    texts = {"INCAR": "ISPIN = 2\nMAGMOM = 2*1 3\n", "POSCAR": FE2O}
    assert asked("references", texts, "POSCAR", 9, 3) == [
        ("POSCAR", span(9, 0, 9, 11)),
        ("INCAR", span(1, 9, 1, 12)),
    ]


def test_a_species_is_spoken_of_in_all_files() -> None:
    texts = {"INCAR": "LDAUU = 4 0\n", "POSCAR": FE2O, "POTCAR": POTCAR}
    assert asked("references", texts, "POSCAR", 5, 3) == [
        ("POSCAR", span(5, 3, 5, 4)),
        ("INCAR", span(0, 10, 0, 11)),
        ("POTCAR", span(1, 0, 1, 28)),
    ]


def test_a_tag_is_found_wherever_it_is_given_and_highlighted() -> None:
    text = "ENCUT = 4\nencut = 5\n"
    assert asked("references", {"INCAR": text}, "INCAR", 1, 2) == [
        ("INCAR", span(0, 0, 0, 5)),
        ("INCAR", span(1, 0, 1, 5)),
    ]
    one = document(text)
    assert [each.range for each in highlights(one, folder_of(one), 0, 0)] == [
        span(0, 0, 0, 5),
        span(1, 0, 1, 5),
    ]
