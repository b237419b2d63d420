"""Cases of the rules in `crystalmath.vasp.rules.restart`: fires, silent, legitimate exception."""

from __future__ import annotations

from typing import Any

from crystalmath.vasp.folder import Context
from crystalmath.vasp.rules.rule import all_rules

SUBJECT = "restart"

CASES: dict[str, tuple[Any, Any, Any]] = {
    "density-missing": (
        {"INCAR": "ICHARG = 11\n", "context": Context(files=frozenset())},
        {"INCAR": "ICHARG = 11\n", "context": Context(files=frozenset({"CHGCAR"}))},
        "ICHARG = 11\n",
    ),
    "orbitals-missing": (
        {"INCAR": "ISTART = 1\n", "context": Context(files=frozenset())},
        {"INCAR": "ISTART = 1\n", "context": Context(files=frozenset({"WAVECAR"}))},
        "ISTART = 1\n",
    ),
    "density-from-orbitals": (
        "ISTART = 0\nICHARG = 0\n",
        "ISTART = 0\nICHARG = 2\n",
        "ISTART = 1\nICHARG = 0\n",
    ),
    "fixed-density-relaxation": (
        "ICHARG = 11\nIBRION = 2\nNSW = 5\n",
        "ICHARG = 11\n",
        "ICHARG = 1\nIBRION = 2\nNSW = 5\n",
    ),
    "path-self-consistent": (
        {"INCAR": "ENCUT = 300\n", "KPOINTS": "@path"},
        {"INCAR": "ICHARG = 11\n", "KPOINTS": "@path"},
        {"INCAR": "LHFCALC = T\n", "KPOINTS": "@path"},
    ),
    "fixed-density-shells": (
        "LDAU = T\nICHARG = 11\n",
        "LDAU = T\nICHARG = 11\nLMAXMIX = 4\n",
        "ICHARG = 11\n",
    ),
    "charge-not-written": (
        {"INCAR": "LCHARG = F\n", "context": Context(wants=frozenset({"density"}))},
        {"INCAR": "LCHARG = T\n", "context": Context(wants=frozenset({"density"}))},
        "LCHARG = F\n",
    ),
    "opt-mesh-needed": (
        {"KPOINTS": "@path", "KPOINTS_OPT": "@path"},
        {"KPOINTS": "@gamma", "KPOINTS_OPT": "@path"},
        {"KPOINTS": "@path"},
    ),
}


def test_the_rule_fires_where_it_should_and_only_there(
    code: str, expected: bool, case: Any, codes: Any
) -> None:
    assert (code in codes(case)) is expected


def test_every_rule_of_the_subject_has_its_cases() -> None:
    assert {rule.code for rule in all_rules() if rule.subject == SUBJECT} == set(CASES)
