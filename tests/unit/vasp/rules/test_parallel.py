"""Cases of the rules in `crystalmath.vasp.rules.parallel`: fires, silent, legitimate exception."""

from __future__ import annotations

from typing import Any

from crystalmath.vasp.folder import Context
from crystalmath.vasp.rules.rule import all_rules

SUBJECT = "parallel"

CASES: dict[str, tuple[Any, Any, Any]] = {
    "npar-and-ncore": ("NPAR = 2\nNCORE = 4\n", "NCORE = 4\n", "KPAR = 2\nNCORE = 4\n"),
    "kpar-over-points": (
        {"INCAR": "KPAR = 4\n", "KPOINTS": "@gamma1"},
        {"INCAR": "KPAR = 4\n", "KPOINTS": "@gamma"},
        {"INCAR": "KPAR = 4\n", "KPOINTS": "@path"},
    ),
    "kpar-ranks": (
        {"INCAR": "KPAR = 3\n", "context": Context(ranks=8)},
        {"INCAR": "KPAR = 4\n", "context": Context(ranks=8)},
        "KPAR = 3\n",
    ),
    "npar-ranks": (
        {"INCAR": "NPAR = 3\n", "context": Context(ranks=8)},
        {"INCAR": "NPAR = 4\n", "context": Context(ranks=8)},
        "NPAR = 3\n",
    ),
    "ncore-ranks": (
        {"INCAR": "NCORE = 3\n", "context": Context(ranks=8)},
        {"INCAR": "NCORE = 4\n", "context": Context(ranks=8)},
        {"INCAR": "NCORE = 3\nNPAR = 4\n", "context": Context(ranks=8)},
    ),
    "parallel-default": (
        {"INCAR": "ENCUT = 300\n", "context": Context(ranks=64)},
        {"INCAR": "NCORE = 8\n", "context": Context(ranks=64)},
        {"INCAR": "IBRION = 8\n", "context": Context(ranks=64)},
    ),
    "bands-rounded": (
        {"INCAR": "NBANDS = 30\n", "context": Context(ranks=8)},
        {"INCAR": "NBANDS = 32\n", "context": Context(ranks=8)},
        "NBANDS = 30\n",
    ),
}


def test_the_rule_fires_where_it_should_and_only_there(
    code: str, expected: bool, case: Any, codes: Any
) -> None:
    assert (code in codes(case)) is expected


def test_every_rule_of_the_subject_has_its_cases() -> None:
    assert {rule.code for rule in all_rules() if rule.subject == SUBJECT} == set(CASES)
