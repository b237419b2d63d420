"""Semantic tokens: every word under its name, in the client's units."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.crystalmath_lsp.open_documents import document, folder_of

from crystalmath_lsp.capabilities import TOKEN_TYPES
from crystalmath_lsp.documents import LARGE_CHARACTERS, Document
from crystalmath_lsp.tokens import SemanticTokens, SemanticTokensDelta, TokenMemory, tokens

FE2 = (
    "é Fe\n1.0\n4 0 0\n0 4 0\n0 0 4\nFe_pv\n2\nSelective dynamics\nDirect\n0 0 0 T F T Fe1\n.5 .5 .5 T T T\n"
)


def named(one: Document, first: int = 0, last: int | None = None) -> list[tuple[str, str]]:
    """Return the texts of the tokens (for utf-32 clients) with their types."""
    data = tokens(one, folder_of(one), first, last)
    found, line, column = [], 0, 0
    for at in range(0, len(data), 5):
        lines, columns, length, kind, _ = data[at : at + 5]
        line, column = line + lines, columns if lines else column + columns
        found.append((one.lines[line][column : column + length], TOKEN_TYPES[kind]))
    return found


def test_the_words_of_an_incar_are_named() -> None:
    one = document('ismear = -5 ! é\nLWAVE=.F.; ALGO = Fast\nA = "🙂\nb" \nfree text\n', encoding="utf-32")
    assert named(one) == [
        ("ismear", "property"), ("=", "operator"), ("-5", "number"), ("! é", "comment"),
        ("LWAVE", "property"), ("=", "operator"), (".F.", "keyword"), (";", "operator"),
        ("ALGO", "property"), ("=", "operator"), ("Fast", "enumMember"),
        ("A", "property"), ("=", "operator"), ('"🙂', "string"), ('b"', "string"), ("free text", "comment"),
    ]  # fmt: skip


def test_the_words_of_a_poscar_are_named() -> None:
    found = named(document(FE2, "POSCAR", encoding="utf-32"))
    assert found[0] == ("é Fe", "comment")
    assert ("Fe_pv", "type") in found
    assert ("Selective dynamics", "keyword") in found
    assert found[-13:] == [
        ("0", "number"), ("0", "number"), ("0", "number"), ("T", "keyword"), ("F", "keyword"),
        ("T", "keyword"), ("Fe1", "comment"),
        (".5", "number"), (".5", "number"), (".5", "number"), ("T", "keyword"), ("T", "keyword"),
        ("T", "keyword"),
    ]  # fmt: skip


def test_the_words_of_a_kpoints_are_named() -> None:
    found = named(document("k é\n0 ! n\nGamma\n4 4 4\n", "KPOINTS", encoding="utf-32"))
    assert found == [
        ("k é", "comment"), ("0", "number"), ("! n", "comment"), ("Gamma", "keyword"),
        ("4", "number"), ("4", "number"), ("4", "number"),
    ]  # fmt: skip


@pytest.mark.parametrize(("encoding", "start"), [("utf-8", 17), ("utf-16", 15), ("utf-32", 14)])
def test_tokens_count_in_the_clients_units(encoding: str, start: int) -> None:
    one = document('SYSTEM = "🙂" ;ISMEAR=0', encoding=encoding)
    data = tokens(one, folder_of(one))
    starts, column = [], 0
    for at in range(0, len(data), 5):
        column += data[at + 1]
        starts.append(column)
    assert starts[4] == start


def test_a_range_of_a_large_file_needs_its_head_only() -> None:
    rows = "0.125 0.25 0.5\n" * (LARGE_CHARACTERS // 10)
    one = document(FE2.replace("Selective dynamics\n", "") + rows, "POSCAR", encoding="utf-32")
    assert len(tokens(one, None, 1000, 1009)) == 10 * 3 * 5
    assert len(tokens(one, None)) < 2_000 * 3 * 5 + 200


@given(st.lists(st.integers(0, 3), max_size=12), st.lists(st.integers(0, 3), max_size=12))
def test_a_delta_makes_the_new_tokens_of_the_old_ones(before: list[int], after: list[int]) -> None:
    memory = TokenMemory()
    first = memory.whole("a", before)
    second = memory.change("a", first.result_id or "", after)
    assert isinstance(second, SemanticTokensDelta)
    data = list(before)
    for edit in second.edits:
        data[edit.start : edit.start + edit.delete_count] = edit.data
    assert data == after
    assert second.result_id != first.result_id


def test_unknown_tokens_are_sent_whole() -> None:
    memory = TokenMemory()
    name = memory.whole("a", [1]).result_id or ""
    assert isinstance(memory.change("b", name, [2]), SemanticTokens)
    memory.forget("a")
    assert isinstance(memory.change("a", name, [2]), SemanticTokens)
