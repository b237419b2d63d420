"""Beginnings of files hold what VASP reads."""

from __future__ import annotations

import pytest

from crystalmath.vasp.check import check
from crystalmath.vasp.folder import Folder
from crystalmath_lsp.snippets import Snippet, about_snippet, plain, snippet_items, snippets


@pytest.mark.parametrize("snippet", snippets(), ids=lambda each: each.name)
def test_a_snippet_has_no_errors_and_only_known_tags(snippet: Snippet) -> None:
    found = check(Folder({snippet.kind: plain(snippet.text)}))
    assert [each for each in found if each.severity in {"error", "warning"}] == []


def test_a_client_that_fills_nothing_in_gets_plain_text() -> None:
    (item,) = snippet_items("INCAR", "static", placeholders=False)
    assert item.insert_text.startswith("ENCUT = 520\n")
    assert item.insert_text_format == 1
    (item,) = snippet_items("INCAR", "static", placeholders=True)
    assert item.insert_text.startswith("ENCUT = ${1:520}\n")
    assert item.insert_text_format == 2


def test_the_text_of_a_snippet_is_its_documentation() -> None:
    (item,) = snippet_items("KPOINTS_OPT", "mesh", placeholders=True)
    assert "8 8 8" in about_snippet(item.data)
    assert about_snippet("ENCUT") == ""
