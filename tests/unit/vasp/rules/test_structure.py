"""Cases of the rules in `crystalmath.vasp.rules.structure`: fires, silent, legitimate exception."""

from __future__ import annotations

from typing import Any

from crystalmath.vasp.rules.rule import all_rules

SUBJECT = "structure"

CASES: dict[str, tuple[Any, Any, Any]] = {
    "names-below-counts": (
        {"POSCAR": "x\n1.0\n4 0 0\n0 4 0\n0 0 4\n1 1\nSi C\nDirect\n0 0 0\n.5 .5 .5\n"},
        {"POSCAR": "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi C\n1 1\nDirect\n0 0 0\n.5 .5 .5\n"},
        {"POSCAR": "x\n1.0\n4 0 0\n0 4 0\n0 0 4\n1\nS\nDirect\n0 0 0 T T F\n"},
    ),
    "decimal-comma": (
        {"POSCAR": "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n2\nDirect\n0 0 0\n0,5 0,5 0,5\n"},
        {"POSCAR": "@si2"},
        {"POSCAR": "Si, made\n1.0\n4, 0, 0\n0 4 0\n0 0 4\nSi\n2\nDirect\n0 0 0\n.5,.5,.5\n"},
    ),
    "left-handed": (
        {"POSCAR": "x\n1.0\n0 4 0\n4 0 0\n0 0 4\nSi\n1\nDirect\n0 0 0\n"},
        {"POSCAR": "@si2"},
        {"POSCAR": "x\n-64\n1 0 0\n0 1 0\n0 0 1\nSi\n1\nDirect\n0 0 0\n"},
    ),
    "flat-cell": (
        {"POSCAR": "x\n1.0\n4 0 0\n0 4 0\n4 4 0\nSi\n1\nDirect\n0 0 0\n"},
        {"POSCAR": "@si2"},
        {"POSCAR": "@slab"},
    ),
    "dense-cell": (
        {"POSCAR": "x\n1.0\n1 0 0\n0 1 0\n0 0 1\nSi\n1\nDirect\n0 0 0\n"},
        {"POSCAR": "@si2"},
        {"POSCAR": "x\n-40\n1 0 0\n0 1 0\n0 0 1\nSi\n1\nDirect\n0 0 0\n"},
    ),
    "skewed-cell": (
        {"POSCAR": "x\n1.0\n4 0 0\n4 0.5 0\n0 0 40\nSi\n1\nDirect\n0 0 0\n"},
        {"POSCAR": "@hex"},
        {"POSCAR": "@si2"},
    ),
    "large-scale": (
        {"POSCAR": "x\n40\n4 0 0\n0 4 0\n0 0 4\nSi\n1\nDirect\n0 0 0\n"},
        {"POSCAR": "@slab"},
        {"POSCAR": "x\n20\n1 0 0\n0 1 0\n0 0 1\nSi\n1\nDirect\n0 0 0\n"},
    ),
    "unknown-element": (
        {"POSCAR": "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nXx\n1\nDirect\n0 0 0\n"},
        {"POSCAR": "@feo"},
        {"POSCAR": "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nFe_pv O/ab12 Fe2\n1 1 1\nDirect\n0 0 0\n.5 .5 .5\n.5 0 0\n"},
    ),
    "no-species": (
        {"POSCAR": "x\n1.0\n4 0 0\n0 4 0\n0 0 4\n1\nDirect\n0 0 0\n"},
        {"POSCAR": "@si2"},
        {"POSCAR": "@feo"},
    ),
    "repeated-species": (
        {"POSCAR": "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nFe O Fe\n1 1 1\nDirect\n0 0 0\n.5 .5 .5\n.5 0 0\n"},
        {"POSCAR": "@feo"},
        {"POSCAR": "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nFe1 Fe2\n1 1\nDirect\n0 0 0\n.5 .5 .5\n"},
    ),
    "unusual-mode": (
        {"POSCAR": "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n1\nXirect\n0 0 0\n"},
        {"POSCAR": "@si2"},
        {"POSCAR": "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n1\nFractional\n0 0 0\n"},
    ),
    "flags-unused": (
        {"POSCAR": "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n1\nDirect\n0 0 0 T T F\n"},
        {"POSCAR": "@si2"},
        {"POSCAR": "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nF\n1\nDirect\n0 0 0 F\n"},
    ),
    "too-many-positions": (
        {"POSCAR": "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n1\nDirect\n0 0 0\n.5 .5 .5\n"},
        {"POSCAR": "@si2"},
        {"POSCAR": "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n1\nDirect\n0 0 0\n\n0.1 0.1 0.1\n"},
    ),
    "labels-differ": (
        {"POSCAR": "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nFe O\n1 1\nDirect\n0 0 0 O\n.5 .5 .5 Fe\n"},
        {"POSCAR": "@feo"},
        {"POSCAR": "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nFe O\n1 1\nDirect\n0 0 0 Fe1\n.5 .5 .5 O2-\n"},
    ),
    "cell-with-vacuum": (
        {"INCAR": "ISIF = 3\nIBRION = 2\nNSW = 5\n", "POSCAR": "@slab"},
        {"INCAR": "ISIF = 2\nIBRION = 2\nNSW = 5\n", "POSCAR": "@slab"},
        {"INCAR": "ISIF = 3\nIBRION = 2\nNSW = 5\nLATTICE_CONSTRAINTS = T T F\n", "POSCAR": "@slab"},
    ),
    "windows-line-ends-poscar": (
        {"POSCAR": "x\r\n1.0\r\n4 0 0\r\n0 4 0\r\n0 0 4\r\nSi\r\n1\r\nDirect\r\n0 0 0\r\n"},
        {"POSCAR": "@si2"},
        {"POSCAR": "@feo"},
    ),
}


def test_the_rule_fires_where_it_should_and_only_there(
    code: str, expected: bool, case: Any, codes: Any
) -> None:
    assert (code in codes(case)) is expected


def test_every_rule_of_the_subject_has_its_cases() -> None:
    assert {rule.code for rule in all_rules() if rule.subject == SUBJECT} == set(CASES)
