"""Edits, quick fixes and fix-all."""

from __future__ import annotations

import pytest
from tests.unit.crystalmath_lsp.open_documents import document, opened, span

from crystalmath_lsp.checking import Checking
from crystalmath_lsp.documents import Document
from crystalmath_lsp.edits import FIX_ALL, QUICK_FIX, code_actions, text_edits
from crystalmath_lsp.shapes import Change, CodeAction, Range

WHOLE = span(0, 0, 999, 0)


def edited(one: Document, action: CodeAction) -> str:
    for edit in sorted(action.edit.changes[one.uri], key=lambda e: -e.range.start.line):
        one.change([Change(edit.new_text, edit.range)], None)
    return one.text


def offered(one: Document, wanted: Range = WHOLE, only: list[str] | None = None) -> tuple[CodeAction, ...]:
    checking = Checking(documents := opened(one))
    (checked,) = checking.check(documents.around(one))
    return code_actions(one, checked, wanted, only, checking.folder(documents.around(one)))


@pytest.mark.parametrize(
    ("before", "after", "n_edits"),
    [
        ("a\nb\nc\n", "a\nB\nc\n", 1),
        ("a\nb\nc\n", "A\nb\nC\n", 2),
        ("a\nb\nc\n", "a\nc\n", 1),
        ("a\nb\n", "a\nx\ny\nb\n", 1),
        ("é\nb", "é\nb\n", 1),
        ("", "a\n", 1),
        ("a\n", "", 1),
        ("same\n", "same\n", 0),
    ],
)
def test_the_edits_turn_one_text_into_the_other(before: str, after: str, n_edits: int) -> None:
    one = document(before)
    edits = text_edits(one, after)
    assert len(edits) == n_edits
    for edit in reversed(edits):
        one.change([Change(edit.new_text, edit.range)], None)
    assert one.text == after


def test_a_quick_fix_removes_its_finding_and_names_it() -> None:
    one = document("ENCUT = 400\nencut = 500\n")
    fix, _ = offered(one, only=[QUICK_FIX])
    assert (fix.kind, fix.diagnostics[0].code) == (QUICK_FIX, "duplicate-tag")
    assert edited(one, fix) == "ENCUT = 400\n"


def test_fixes_are_offered_only_where_the_cursor_is() -> None:
    one = document("ENCUT = 400\nencut = 500\n")
    assert offered(one, span(0, 0, 0, 3)) == ()
    assert offered(one, span(1, 2, 1, 2))


def test_fix_all_makes_the_safe_fixes_and_no_others() -> None:
    text = "ISPIN=2\nISPIN = 2\nENCUT = 400\nENCUT = 500\n"
    one = document(text)
    (fix,) = offered(one, only=[FIX_ALL])
    assert fix.kind == FIX_ALL
    assert edited(one, fix) == "ISPIN=2\nENCUT = 400\nENCUT = 500\n"


@pytest.mark.parametrize(
    ("only", "kinds"),
    [
        (None, {QUICK_FIX, FIX_ALL}),
        (["source"], {FIX_ALL}),
        (["source.fixAll"], {FIX_ALL}),
        (["refactor"], set()),
        (["source.organizeImports"], set()),
    ],
)
def test_only_what_is_asked_for_is_offered(only: list[str] | None, kinds: set[str]) -> None:
    assert {action.kind for action in offered(document("ISPIN=2\nISPIN = 2\n"), only=only)} == kinds


def test_a_file_too_large_for_the_loop_is_offered_no_fix_all() -> None:
    one = document("ISPIN=2\nISPIN = 2\n")
    documents = opened(one)
    (checked,) = Checking(documents).check(documents.around(one))
    assert {action.kind for action in code_actions(one, checked, WHOLE, None, None)} == {QUICK_FIX}


IGNORED = "# crystalmath: ignore["


@pytest.mark.parametrize(
    ("name", "text", "code", "line"),
    [
        (
            "INCAR",
            "ENCUT = 400\nencut = 500\n",
            "duplicate-tag",
            "encut = 500 # crystalmath: ignore[duplicate-tag]",
        ),
        (
            "INCAR",
            "ENCUT = 4\nENCUT = 5 ! é\n",
            "duplicate-tag",
            "ENCUT = 5 ! é # crystalmath: ignore[duplicate-tag]",
        ),
        (
            "INCAR",
            "ENCUT = 4\nENCUT = 5 # crystalmath: ignore[other]\n",
            "duplicate-tag",
            "ENCUT = 5 # crystalmath: ignore[other, duplicate-tag]",
        ),
        ("POSCAR", "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nQq\n1\nDirect\n0 0 0\n", "unknown-element", None),
        ("KPOINTS", "k\n0\nGamma\n0 1 1\n", "kpoints-mesh", None),
    ],
)
def test_ignore_here_silences_the_finding_and_changes_nothing_else(
    name: str, text: str, code: str, line: str | None
) -> None:
    one = document(text, name)
    actions = {action.title: action for action in offered(one, only=[QUICK_FIX])}
    where = "here" if name == "INCAR" else "in this file"
    edited(one, actions[f"Ignore {code} {where}"])
    documents = opened(one)
    (checked,) = Checking(documents).check(documents.around(one))
    assert code not in [each.code for each in checked.diagnostics]
    assert (line or f"{text[0]} {IGNORED}{code}]") in one.lines


def test_nothing_is_written_behind_a_backslash_or_between_quotes() -> None:
    assert not [
        action
        for action in offered(document('ENCUT = 400\nENCUT = 5 \\\n 6\nENCUT = "a\nb"\n'))
        if action.title.startswith("Ignore")
        and action.edit.changes["file:///nowhere/INCAR"][0].range.start.line in {1, 3}
    ]
