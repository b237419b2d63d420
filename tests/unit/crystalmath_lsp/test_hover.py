"""What is shown about a place."""

from __future__ import annotations

import pytest

from crystalmath.vasp.folder import FileKind, Folder
from crystalmath.vasp.source import Span
from crystalmath_lsp.hover import about_tag, hover

SI2 = "Si\n1.0\n0 2.7 2.7\n2.7 0 2.7\n2.7 2.7 0\nSi\n2\nDirect\n0 0 0\n.25 .25 .25\n"
INCAR = "NSW = 5\nispin = 2 ! spin\nXYZZY = 1\n"


def test_a_tag_shows_type_summary_values_default_and_page() -> None:
    found = hover("INCAR", Folder({"INCAR": INCAR}), 1, 2)
    assert found is not None
    text, span = found
    assert span == Span(8, 13)
    assert text.startswith("**ISPIN** · integer, one value\n\n")
    for part in ("`1` `2`", "Default: `1`", "In effect: `2`", "/wiki/index.php/ISPIN)"):
        assert part in text


def test_the_value_of_a_tag_shows_the_tag() -> None:
    found = hover("INCAR", Folder({"INCAR": INCAR}), 1, 8)
    assert found is not None
    assert found[1] == Span(16, 17)


def test_a_derived_value_is_shown_with_its_reason() -> None:
    assert "In effect: `0`, molecular dynamics (NSW > 0 without IBRION is molecular dynamics)" in about_tag(
        "IBRION", Folder({"INCAR": INCAR})
    )


def test_versions_are_shown() -> None:
    assert "Since VASP 6.4.0" in about_tag("AMGGAC")


@pytest.mark.parametrize("place", [(1, 13), (2, 1), (9, 0), (3, 0)])
def test_nothing_is_shown_about_comments_and_what_is_unknown(place: tuple[int, int]) -> None:
    assert hover("INCAR", Folder({"INCAR": INCAR}), *place) is None


@pytest.mark.parametrize(
    ("kind", "text", "line", "expected"),
    [
        ("POSCAR", SI2, 2, "cell of 39.366 Å³"),
        ("POSCAR", SI2.replace("1.0", "-40"), 1, "volume of the cell: 40 Å³"),
        ("POSCAR", SI2, 5, "2 Si: 2 ions"),
        ("POSCAR", SI2, 9, "Si, ion 2 of 2"),
        ("KPOINTS", "k\n0\nGamma\n4 4 2\n", 3, "4 × 4 × 2 = 32 points"),
        ("KPOINTS", "k\n0\nGamma\n4 4 2\n", 2, "mode gamma"),
    ],
)
def test_a_line_shows_what_it_means(kind: FileKind, text: str, line: int, expected: str) -> None:
    found = hover(kind, Folder({kind: text}), line, 0)
    assert found is not None
    assert expected in found[0]


@pytest.mark.parametrize(("kind", "line"), [("POSCAR", 0), ("POSCAR", 7), ("POSCAR", 99), ("POTCAR", 0)])
def test_other_lines_show_nothing(kind: FileKind, line: int) -> None:
    assert hover(kind, Folder({kind: SI2}), line, 0) is None
