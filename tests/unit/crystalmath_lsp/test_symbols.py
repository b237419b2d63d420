"""The outline and what can be folded."""

from __future__ import annotations

from tests.unit.crystalmath_lsp.open_documents import document, folder_of, span

from crystalmath_lsp.documents import Document
from crystalmath_lsp.shapes import DocumentSymbol
from crystalmath_lsp.symbols import folding_ranges, symbols

POSCAR = "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nFe O\n1 2\nDirect\n0 0 0\n0 0 .3\n0 0 .6\n"


def outline(one: Document) -> tuple[DocumentSymbol, ...]:
    return symbols(one, folder_of(one))


def folds(one: Document) -> list[tuple[int, int]]:
    ranges = folding_ranges(one, folder_of(one))
    return [(each.start_line, each.end_line) for each in ranges]


def test_an_incar_lists_its_statements() -> None:
    first, second = outline(document("! é\nencut = 500 eV ! x\nMAGMOM = 1 \\\n 2\n"))
    assert (first.name, first.detail, first.range) == ("ENCUT", "500 eV", span(1, 0, 1, 14))
    assert first.selection_range == span(1, 0, 1, 5)
    assert (second.detail, second.range) == ("1 2", span(2, 0, 3, 2))


def test_a_poscar_lists_its_sections() -> None:
    found = [
        (each.name, each.range.start.line, each.range.end.line)
        for each in outline(document(POSCAR, "POSCAR"))
    ]
    assert found == [("Lattice", 1, 4), ("Species", 5, 6), ("Fe (1)", 8, 8), ("O (2)", 9, 10)]


def test_a_potcar_lists_its_potentials() -> None:
    (found,) = outline(document("\n   TITEL  = PAW_PBE Cu 05Jan2001\n", "POTCAR"))
    assert (found.name, found.range.start.line) == ("PAW_PBE Cu 05Jan2001", 1)


def test_a_kpoints_has_no_outline() -> None:
    assert outline(document("k\n0\nG\n1 1 1\n", "KPOINTS")) == ()


def test_what_runs_over_lines_can_be_folded() -> None:
    assert folds(document('NSW = 1\nA = "\nx\n"\nIMAGE_1 {\n NSW = 2\n}\nMAGMOM = 1 \\\n 2\n')) == [
        (1, 3),
        (4, 6),
        (7, 8),
    ]
    assert folds(document(POSCAR, "POSCAR")) == [(1, 4), (5, 6), (9, 10)]
