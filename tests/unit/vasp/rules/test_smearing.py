"""Cases of the rules in `crystalmath.vasp.rules.smearing`: fires, silent, legitimate exception."""

from __future__ import annotations

from typing import Any

from crystalmath.vasp.folder import Context
from crystalmath.vasp.rules.rule import all_rules

SUBJECT = "smearing"

CASES: dict[str, tuple[Any, Any, Any]] = {
    "tetrahedron-few-points": (
        {"INCAR": "ISMEAR = -5\n", "KPOINTS": "@gamma1"},
        {"INCAR": "ISMEAR = -5\n", "KPOINTS": "@gamma"},
        {"INCAR": "ISMEAR = 0\n", "KPOINTS": "@gamma1"},
    ),
    "tetrahedron-spacing": (
        {"INCAR": "ISMEAR = -5\nKSPACING = 3\n", "POSCAR": "@fe2", "present": ["INCAR"]},
        {"INCAR": "ISMEAR = -5\nKSPACING = 0.3\n", "POSCAR": "@fe2", "present": ["INCAR"]},
        {"INCAR": "ISMEAR = -5\nKSPACING = 3\n", "POSCAR": "@fe2", "KPOINTS": "@gamma", "present": ["INCAR"]},
    ),
    "tetrahedron-explicit": (
        {"INCAR": "ISMEAR = -5\n", "KPOINTS": "@path"},
        {"INCAR": "ISMEAR = -5\n", "KPOINTS": "@gamma"},
        {"INCAR": "ISMEAR = -5\n", "KPOINTS": "k\n1\nrec\n0 0 0 1\nTetrahedra\n1 0.1\n6 1 1 1 1\n"},
    ),
    "tetrahedron-off-gamma": (
        {"INCAR": "ISMEAR = -5\n", "KPOINTS": "@monk"},
        {"INCAR": "ISMEAR = -5\n", "KPOINTS": "@gamma"},
        {"INCAR": "ISMEAR = -5\n", "KPOINTS": "k\n0\nMonkhorst\n5 5 5\n"},
    ),
    "tetrahedron-forces": (
        "ISMEAR = -5\nIBRION = 2\nNSW = 5\n",
        "ISMEAR = -5\n",
        {"INCAR": "ISMEAR = -5\nIBRION = 2\nNSW = 5\n", "context": Context(band_gap_ev=1.0)},
    ),
    "smearing-of-insulator": (
        {"INCAR": "ISMEAR = 1\n", "context": Context(band_gap_ev=1.0)},
        {"INCAR": "ISMEAR = 0\n", "context": Context(band_gap_ev=1.0)},
        {"INCAR": "ISMEAR = 1\n", "context": Context(band_gap_ev=0.0)},
    ),
    "tetrahedron-direct": (
        "ISMEAR = -5\nALGO = All\n",
        "ISMEAR = 0\nALGO = All\n",
        "ISMEAR = -5\nALGO = Normal\n",
    ),
    "wide-smearing": ("SIGMA = 2\n", "SIGMA = 0.05\n", "ISMEAR = -1\nSIGMA = 2\n"),
    "smearing-list": ("ISMEAR = -3\n", "ISMEAR = -3\nSMEARINGS = 1 0.1 0 0.05\nNSW = 2\n", "ISMEAR = 0\n"),
    "fixed-occupations": (
        "FERWE = 1 1 0\n",
        "ISMEAR = -2\nFERWE = 1 1 0\n",
        "ISMEAR = -2\nISPIN = 2\nFERDO = 1 1 0\n",
    ),
    "smearing-order": ("ISMEAR = 5\n", "ISMEAR = 1\n", "ISMEAR = 2\n"),
}


def test_the_rule_fires_where_it_should_and_only_there(
    code: str, expected: bool, case: Any, codes: Any
) -> None:
    assert (code in codes(case)) is expected


def test_every_rule_of_the_subject_has_its_cases() -> None:
    assert {rule.code for rule in all_rules() if rule.subject == SUBJECT} == set(CASES)
