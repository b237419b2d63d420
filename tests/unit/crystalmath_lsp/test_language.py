"""Which documents are INCAR files."""

from __future__ import annotations

import pytest

from crystalmath_lsp.language import is_incar


@pytest.mark.parametrize(
    ("uri", "language", "expected"),
    [
        ("file:///work/INCAR", "plaintext", True),
        ("file:///work/INCAR.relax", None, True),
        ("file:///work/incar_scf", "", True),
        ("file:///work/a%20b/INCAR", None, True),
        ("file:///INCAR/POSCAR", "plaintext", False),
        ("untitled:Untitled-1", "incar", True),
        ("file:///work/settings.txt", "vasp-incar", True),
        ("file:///work/KPOINTS", "kpoints", False),
    ],
)
def test_the_editors_word_or_the_file_name_tells(uri: str, language: str | None, expected: bool) -> None:
    assert is_incar(uri, language) is expected
