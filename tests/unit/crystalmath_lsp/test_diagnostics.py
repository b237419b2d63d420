"""A tag that is set again is reported where it stands, and nothing else is."""

from __future__ import annotations

import pytest

from crystalmath_lsp.diagnostics import Finding, of_incar


def places(text: str) -> list[tuple[int, int, int]]:
    return [(finding.line, finding.column, finding.end_column) for finding in of_incar(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("ENCUT = 500\nISMEAR = 0\n", []),
        ("ENCUT = 500\nENCUT = 400\n", [(1, 0, 5)]),
        ("ENCUT = 500\n  encut=400", [(1, 2, 7)]),
        ("NSW=1; ISIF=3; NSW=2", [(0, 15, 18)]),
        ("NSW=1\nNSW=2\nNSW=3", [(1, 0, 3), (2, 0, 3)]),
        ("NSW = 1\n! NSW = 2\n# NSW = 3\n", []),
        ("MAGMOM = 1 \\\n 2\nMAGMOM = 3\n", [(2, 0, 6)]),
        ('WANNIER90_WIN = "\nnum_wann = 1\nnum_wann = 2\n"\n', []),
        ("IMAGE_1 {\n NSW = 1\n}\nIMAGE_2 {\n NSW = 1\n}\n", []),
        ("KERNEL { A = 1 }\nKERNEL/A = 2\n", [(1, 0, 8)]),
    ],
)
def test_every_repeated_tag_is_found_where_it_stands(text: str, expected: list[tuple[int, int, int]]) -> None:
    assert places(text) == expected


def test_the_message_names_the_line_and_value_that_count() -> None:
    (finding,) = of_incar("ENCUT = 500 eV\nENCUT = 400\n")
    assert isinstance(finding, Finding)
    assert "line 1" in finding.message
    assert "500 eV" in finding.message
