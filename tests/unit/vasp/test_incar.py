"""The syntax tree of an INCAR: what is a statement, what its value, and that nothing is lost."""

from __future__ import annotations

import pytest

from crystalmath.vasp import incar


def values(text: str) -> dict[str, str]:
    return incar.parse(text).values()


def test_statements_share_a_line_with_semicolons() -> None:
    assert values("SYSTEM = a b ; ENCUT = 500") == {"SYSTEM": "a b", "ENCUT": "500"}


def test_comments_begin_with_hash_or_exclamation_mark_and_swallow_semicolons() -> None:
    assert values("ENCUT = 500 ! x ; NSW = 3\n# ISPIN = 2\nISMEAR = 0#1") == {"ENCUT": "500", "ISMEAR": "0"}


def test_a_backslash_at_the_end_continues_the_values() -> None:
    tree = incar.parse("MAGMOM = 1 2 \\\n 3 4 \\\n5 # six\nNSW = 3\n")
    assert tree.values() == {"MAGMOM": "1 2 3 4 5", "NSW": "3"}
    assert [(word.text, tree.place(word.offset)) for word in tree.statements[0].words()][2] == ("3", (2, 2))


def test_a_blank_behind_the_backslash_ends_the_values() -> None:
    assert values("MAGMOM = 1 2 \\ \n 3 4\n") == {"MAGMOM": "1 2 \\"}


def test_a_quoted_value_runs_over_lines_and_keeps_everything() -> None:
    text = 'WANNIER90_WIN = "\nnum = 3 ; x\n ! kept\n"\nNSW = 1\n'
    assert values(text) == {"WANNIER90_WIN": "\nnum = 3 ; x\n ! kept\n", "NSW": "1"}


def test_braces_nest_tags() -> None:
    text = (
        "KERNEL_TRUNCATION { LTRUNCATE = T ; IDIMENSIONALITY = 2 }\nIMAGE_2\n{\nediff = 1d-5\n}\nEDIFF = 3\n"
    )
    assert values(text) == {
        "KERNEL_TRUNCATION/LTRUNCATE": "T",
        "KERNEL_TRUNCATION/IDIMENSIONALITY": "2",
        "IMAGE_2/EDIFF": "1d-5",
        "EDIFF": "3",
    }


def test_slashed_names_are_the_same_tags() -> None:
    assert values("kernel_truncation/ltruncate = T") == {"KERNEL_TRUNCATION/LTRUNCATE": "T"}


def test_text_that_is_no_statement_is_free_text() -> None:
    tree = incar.parse(" Startparameter for this run:\nNSW = 1\nEN CUT = 5\n")
    assert tree.values() == {"NSW": "1"}
    assert [token.text for token in tree.free_text] == ["Startparameter for this run:", "EN CUT = 5"]


def test_the_first_of_two_statements_counts() -> None:
    tree = incar.parse("ENCUT = 500\nencut = 400\n")
    assert tree.values() == {"ENCUT": "500"}
    assert [statement.line for statement in tree.statements] == [1, 2]


def test_equals_signs_and_brackets_may_stand_in_a_value() -> None:
    assert values("SYSTEM=id=[0] sg=[P n m a]") == {"SYSTEM": "id=[0] sg=[P n m a]"}


def test_windows_line_ends_end_lines() -> None:
    assert values("ENCUT = 500\r\nMAGMOM = 1 \\\r\n 2\r\n") == {"ENCUT": "500", "MAGMOM": "1 2"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('SYSTEM = "a\n', "unclosed-quote"),
        ("IMAGE_1 {\nNSW = 1", "unclosed-block"),
        ("NSW = 1\n}", "unopened-block"),
    ],
)
def test_what_does_not_match_is_a_problem_and_no_exception(text: str, code: str) -> None:
    tree = incar.parse(text)
    assert [problem.code for problem in tree.problems] == [code]
    assert "".join(token.text for token in tree.tokens) == text


@pytest.mark.parametrize(
    "piece", [" ", "a", '="', "{", "a{", "\\", "a=\\\n", "}", "a ", "\r", "a=b ", "a  \n", "= ", "a=\t"]
)
@pytest.mark.timeout(240)  # a second; many minutes when the time grows as the square
def test_a_long_text_of_any_kind_is_read_whole(piece: str) -> None:
    text = piece * 30_000
    assert "".join(token.text for token in incar.parse(text).tokens) == text
