"""Typed values of an INCAR as VASP sees them."""

from __future__ import annotations

import pytest

from crystalmath.vasp import incar
from crystalmath.vasp.parameters import Parameters


def parameters(text: str) -> Parameters:
    return Parameters(incar.parse(text))


def test_values_are_read_by_type_and_unreadable_ones_count_as_not_given() -> None:
    p = parameters("ENCUT = 300 eV\nNSW = x\nLWAVE = .TURE.\nMAGMOM = 2*1.5\nALGO = fast\n")
    assert (p.real("ENCUT"), p.integer("NSW"), p.logical("LWAVE"), p.word("ALGO")) == (
        300.0,
        None,
        True,
        "FAST",
    )
    assert p.reals("MAGMOM") == (1.5, 1.5)


@pytest.mark.parametrize(
    ("text", "ibrion", "isif"),
    [
        ("", -1, 2),
        ("NSW = 5", 0, 0),
        ("NSW = 5\nIBRION = 2", 2, 2),
        ("LHFCALC = T", -1, 0),
        ("NSW = -1", -1, 2),
    ],
)
def test_defaults_depend_on_other_tags(text: str, ibrion: int, isif: int) -> None:
    p = parameters(text)
    assert (p.ibrion, p.isif) == (ibrion, isif)


@pytest.mark.parametrize(
    ("text", "algorithm"),
    [
        ("", "normal"),
        ("ALGO = N", "normal"),
        ("ALGO = Conjugate", "all"),
        ("IALGO = 48", "veryfast"),
        ("ALGO = GW0", "beyond"),
        ("ALGO = Exact", "exact"),
        ("ALGO = None", "none"),
    ],
)
def test_the_algorithm_is_told_by_its_first_letter_or_name(text: str, algorithm: str) -> None:
    assert parameters(text).algorithm == algorithm


def test_spin_orbit_coupling_makes_spinors() -> None:
    assert parameters("LSORBIT = T\nISPIN = 2").noncollinear
    assert not parameters("LSORBIT = T\nISPIN = 2").spin_polarised
