"""Formatting changes how an INCAR looks and nothing that VASP reads."""

from __future__ import annotations

import pytest

from crystalmath.vasp import incar
from crystalmath.vasp.formatter import format_incar

UGLY = """encut=520 ! eV
  ISMEAR   =  0
NSW= 5 ;IBRION=2

  # a remark
 Startparameter for this run:
MAGMOM=1   2\\
 3 4
image_2 {
EDIFF=1d-5
}
WANNIER90_WIN = "
 a =   b
"
SYSTEM=two  blanks
"""
NEAT = """ENCUT  = 520 ! eV
ISMEAR = 0
NSW    = 5 ; IBRION = 2

  # a remark
 Startparameter for this run:
MAGMOM = 1 2 \\
         3 4
image_2 {
  EDIFF = 1d-5
}
WANNIER90_WIN = "
 a =   b
"
SYSTEM        = two  blanks
"""


def test_equals_signs_are_aligned_and_all_else_is_kept() -> None:
    assert format_incar(UGLY) == NEAT


def test_formatting_twice_is_formatting_once() -> None:
    assert format_incar(NEAT) == NEAT


@pytest.mark.parametrize("text", ['SYSTEM = "a\n', "IMAGE_1 {\n  NSW=1\n", "NSW=1\n}\n"])
def test_files_that_do_not_match_are_left_alone(text: str) -> None:
    assert format_incar(text) == text


@pytest.mark.parametrize(
    "text", ["MAGMOM=1 \\ \n 2\n", "A=1 \\", "A=1 \\ ", "A=1\r\nBB=2\r\n", "A=\xa01\n", "=\n", "A=;B=2\n"]
)
def test_the_meaning_is_kept(text: str) -> None:
    before, after = incar.parse(text), incar.parse(format_incar(text))
    assert {t: v.split() for t, v in before.values().items()} == {
        t: v.split() for t, v in after.values().items()
    }
    assert format_incar(after.text) == after.text
