"""Fixes mend what they say and bring nothing worse."""

from __future__ import annotations

import pytest

from crystalmath.vasp.finding import Edit, apply
from crystalmath.vasp.fixing import fix_folder
from crystalmath.vasp.folder import Folder


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("ENCUTT = 500\n", "ENCUT = 500\n"),
        ("ENCUT 500\n", "ENCUT = 500\n"),
        ("ENCUT = 500 ISMEAR = 0\n", "ENCUT = 500 ; ISMEAR = 0\n"),
        ("ISPIN = 2\nMAGMOM = 1 \\ \n 2\n", "ISPIN = 2\nMAGMOM = 1 \\\n 2\n"),
        ("ENCUT = 500\nENCUT = 400\n", "ENCUT = 500\n"),
    ],
)
def test_unsafe_fixes_guess_what_was_meant(before: str, after: str) -> None:
    folder = Folder({"INCAR": before})
    assert fix_folder(folder).texts["INCAR"] == before
    assert fix_folder(folder, unsafe=True).texts["INCAR"].replace(" ;", " ;") == after.replace(
        "500  ;", "500 ;"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("ENCUT = 500\nNSW = 0\nENCUT = 500\n", "ENCUT = 500\nNSW = 0\n"),
        ("NSW = 0\r\nISYM = 0\r\n", "NSW = 0\r\nISYM = 0\r\n"),
    ],
)
def test_safe_fixes_change_nothing_that_is_read(before: str, after: str) -> None:
    assert fix_folder(Folder({"INCAR": before})).texts["INCAR"] == after


def test_a_missing_line_of_a_poscar_is_put_in() -> None:
    text = "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n1\nDirect\n0 0 0 T T F\n"
    fixed = fix_folder(Folder({"POSCAR": text}), unsafe=True).texts["POSCAR"]
    assert fixed == text.replace("Direct", "Selective dynamics\nDirect")


def test_of_two_edits_that_overlap_the_first_is_made() -> None:
    assert apply("abcdef", [Edit(3, 5, "Y"), Edit(0, 4, "X")]) == "Xef"
