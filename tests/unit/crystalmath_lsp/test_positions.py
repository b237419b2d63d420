"""Columns in the client's units and back."""

from __future__ import annotations

import pytest

from crystalmath_lsp.positions import to_character, to_column

LINE = "aé🙂z"
UNITS = {"utf-8": [0, 1, 3, 7, 8], "utf-16": [0, 1, 2, 4, 5], "utf-32": [0, 1, 2, 3, 4]}


@pytest.mark.parametrize("encoding", UNITS)
def test_every_character_has_its_column_and_back(encoding: str) -> None:
    assert [to_column(LINE, character, encoding) for character in range(5)] == UNITS[encoding]
    assert [to_character(LINE, column, encoding) for column in UNITS[encoding]] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 4), ("utf-8", 6), ("utf-16", 3)])
def test_a_column_inside_a_character_means_before_it(encoding: str, column: int) -> None:
    assert to_character(LINE, column, encoding) == 2


@pytest.mark.parametrize("encoding", UNITS)
@pytest.mark.parametrize("line", ["abc", LINE])
def test_a_column_behind_the_end_means_the_end(encoding: str, line: str) -> None:
    assert to_character(line, 99, encoding) == len(line)
    assert to_column(line, 99, encoding) == to_column(line, len(line), encoding)
