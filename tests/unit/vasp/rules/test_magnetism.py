"""Cases of the rules in `crystalmath.vasp.rules.magnetism`: fires, silent, legitimate exception."""

from __future__ import annotations

from typing import Any

from crystalmath.vasp.rules.rule import all_rules

SUBJECT = "magnetism"

CASES: dict[str, tuple[Any, Any, Any]] = {
    "moments-not-given": (
        {"INCAR": "ISPIN = 2\n", "POSCAR": "@fe2"},
        {"INCAR": "ISPIN = 2\nMAGMOM = 2*3\n", "POSCAR": "@fe2"},
        {"INCAR": "ISPIN = 2\nICHARG = 11\n", "POSCAR": "@fe2"},
    ),
    "moments-without-spin": ("MAGMOM = 2*3\n", "ISPIN = 2\nMAGMOM = 2*3\n", "LSORBIT = T\nMAGMOM = 6*1\n"),
    "moments-count": (
        {"INCAR": "ISPIN = 2\nMAGMOM = 3*3\n", "POSCAR": "@fe2"},
        {"INCAR": "ISPIN = 2\nMAGMOM = 3 \\\n 3\n", "POSCAR": "@fe2"},
        {"INCAR": "LSORBIT = T\nMAGMOM = 6*1\n", "POSCAR": "@fe2"},
    ),
    "moments-odd": ("MAGMOM = 50 1\n", "MAGMOM = 5 1\n", "MAGMOM = -7 7\n"),
    "spin-and-spinors": (
        "ISPIN = 2\nLSORBIT = T\n",
        "LSORBIT = T\n",
        "ISPIN = 1\nLNONCOLLINEAR = T\n",
    ),
    "moment-difference-idle": ("NUPDOWN = 2\n", "ISPIN = 2\nNUPDOWN = 2\n", "NUPDOWN = 0\n"),
    "axis-idle": ("SAXIS = 1 0 0\n", "LSORBIT = T\nSAXIS = 1 0 0\n", "SAXIS = 0 0 1\n"),
    "axis-with-exchange": (
        "LSORBIT = T\nLHFCALC = T\nSAXIS = 1 0 0\n",
        "LSORBIT = T\nSAXIS = 1 0 0\n",
        "LSORBIT = T\nLHFCALC = T\nSAXIS = 0 0 1\n",
    ),
    "spin-orbit-off": ("LSORBIT = T\nLNONCOLLINEAR = F\n", "LSORBIT = T\n", "LNONCOLLINEAR = F\n"),
    "spin-orbit-symmetry": ("LSORBIT = T\nISYM = 2\n", "LSORBIT = T\nISYM = -1\n", "ISYM = 2\n"),
    "constraint-incomplete": (
        "I_CONSTRAINED_M = 1\n",
        "I_CONSTRAINED_M = 1\nM_CONSTR = 3*0\nRWIGS = 1\nLAMBDA = 10\n",
        "I_CONSTRAINED_M = 0\n",
    ),
    "constraint-count": (
        {"INCAR": "LSORBIT = T\nI_CONSTRAINED_M = 1\nM_CONSTR = 3*0\n", "POSCAR": "@fe2"},
        {"INCAR": "LSORBIT = T\nI_CONSTRAINED_M = 1\nM_CONSTR = 6*0\n", "POSCAR": "@fe2"},
        {"INCAR": "M_CONSTR = 3*0\n", "POSCAR": "@fe2"},
    ),
    "radii-missing": ("LORBIT = 1\n", "LORBIT = 11\n", "LORBIT = 1\nRWIGS = 1.2\n"),
    "spiral-collinear": ("LSPIRAL = T\n", "LSPIRAL = T\nLNONCOLLINEAR = T\n", "LSPIRAL = F\n"),
    "orbital-moment-off": ("LORBMOM = T\n", "LORBMOM = T\nLSORBIT = T\n", "LORBMOM = F\n"),
    "oxygen-singlet": (
        {"INCAR": "ISPIN = 1\n", "POSCAR": "@o2"},
        {"INCAR": "ISPIN = 2\nMAGMOM = 2*1\n", "POSCAR": "@o2"},
        {"INCAR": "ISPIN = 1\n", "POSCAR": "@feo"},
    ),
}


def test_the_rule_fires_where_it_should_and_only_there(
    code: str, expected: bool, case: Any, codes: Any
) -> None:
    assert (code in codes(case)) is expected


def test_every_rule_of_the_subject_has_its_cases() -> None:
    assert {rule.code for rule in all_rules() if rule.subject == SUBJECT} == set(CASES)
