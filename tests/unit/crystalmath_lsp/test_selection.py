"""Selections grow from the word to the file, each inside the next."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.crystalmath_lsp.open_documents import document, folder_of, span

from crystalmath_lsp.selection import selection_range
from crystalmath_lsp.shapes import Position, Range


def chain(text: str, line: int, character: int, name: str = "INCAR") -> list[Range]:
    one = document(text, name)
    found, ranges = selection_range(one, folder_of(one), Position(line, character)), []
    while True:
        ranges.append(found.range)
        if found.parent is None:
            return ranges
        found = found.parent


def test_a_value_grows_to_its_list_statement_line_and_file() -> None:
    assert chain("NSW = 1\nMAGMOM = 1 22 3 ; A = 1\n", 1, 12) == [
        span(1, 11, 1, 13),
        span(1, 9, 1, 15),
        span(1, 0, 1, 15),
        span(1, 0, 1, 23),
        span(0, 0, 2, 0),
    ]


def test_a_coordinate_grows_to_its_line_species_and_file() -> None:
    text = "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nFe O\n2 1\nDirect\n0 0 0\n0.5 0.5 0.5\n0.2 0.2 0.2\n"
    assert chain(text, 9, 5, "POSCAR") == [
        span(9, 4, 9, 7),
        span(9, 0, 9, 11),
        span(8, 0, 9, 11),
        span(0, 0, 11, 0),
    ]


@given(st.text("aN=1 \n;🙂", max_size=30), st.integers(0, 5), st.integers(0, 20))
def test_each_range_lies_inside_the_next(text: str, line: int, character: int) -> None:
    ranges = chain(text, line, character)
    for inner, outer in pairwise(ranges):
        assert (outer.start.line, outer.start.character) <= (inner.start.line, inner.start.character)
        assert (inner.end.line, inner.end.character) <= (outer.end.line, outer.end.character)
