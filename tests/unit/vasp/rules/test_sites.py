"""Cases of the rules in `crystalmath.vasp.rules.sites`: fires, silent, legitimate exception."""

from __future__ import annotations

from typing import Any

from crystalmath.vasp.rules.rule import all_rules

SUBJECT = "sites"
RELAX = "IBRION = 2\nNSW = 5\n"

CASES: dict[str, tuple[Any, Any, Any]] = {
    "ions-overlap": (
        {"POSCAR": "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n2\nDirect\n0.01 0 0\n0.99 0 0\n"},
        {"POSCAR": "@si2"},
        {
            "POSCAR": "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi Ge\n1 1\nDirect\n0 0 0\n0 0 0\n",
            "INCAR": "VCA = 0.5 0.5\n",
        },
    ),
    "positions-unchecked": (
        {"POSCAR": "@large", "hide": "numpy"},
        {"POSCAR": "@large"},
        {"POSCAR": "@si2", "hide": "numpy"},
    ),
    "direct-out-of-cell": (
        {"POSCAR": "x\n1.0\n9 0 0\n0 9 0\n0 0 9\nSi\n2\nDirect\n3 3 3\n5 5 6\n"},
        {"POSCAR": "@si2"},
        {"POSCAR": "x\n1.0\n9 0 0\n0 9 0\n0 0 9\nSi\n2\nDirect\n-0.1 1.2 0\n0.5 0.5 3\n"},
    ),
    "cartesian-fractions": (
        {"POSCAR": "x\n1.0\n9 0 0\n0 9 0\n0 0 9\nSi\n3\nCart\n0 0 0\n.5 .5 .5\n.25 .5 0\n"},
        {"POSCAR": "@si2"},
        {"POSCAR": "x\n9.0\n1 0 0\n0 1 0\n0 0 1\nSi\n3\nCart\n0 0 0\n.5 .5 .5\n.25 .5 0\n"},
    ),
    "flags-oblique": (
        {"POSCAR": "x\n1.0\n0 2.7 2.7\n2.7 0 2.7\n2.7 2.7 0\nSi\n1\nS\nCart\n0 0 0 T T F\n"},
        {"POSCAR": "@si2"},
        {"POSCAR": "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n1\nS\nCart\n0 0 0 T T F\n"},
    ),
    "nothing-moves": (
        {"INCAR": RELAX, "POSCAR": "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n1\nS\nDirect\n0 0 0 F F F\n"},
        {"INCAR": RELAX, "POSCAR": "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n1\nS\nDirect\n0 0 0 F F T\n"},
        {
            "INCAR": RELAX + "ISIF = 3\n",
            "POSCAR": "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n1\nS\nDirect\n0 0 0 F F F\n",
        },
    ),
    "real-space-small": (
        {"INCAR": "LREAL = Auto\n", "POSCAR": "@fe2"},
        {"INCAR": "LREAL = F\n", "POSCAR": "@fe2"},
        {"INCAR": "LREAL = Auto\n", "POSCAR": "@large"},
    ),
    "real-space-large": (
        {"INCAR": "ENCUT = 300\n", "POSCAR": "@large"},
        {"INCAR": "LREAL = Auto\n", "POSCAR": "@large"},
        {"INCAR": "IBRION = 6\n", "POSCAR": "@large"},
    ),
    "radii-count": (
        {"INCAR": "RWIGS = 1\n", "POSCAR": "@feo"},
        {"INCAR": "RWIGS = 1 1\n", "POSCAR": "@feo"},
        "RWIGS = 1\n",
    ),
    "species-values-count": (
        {"INCAR": "POMASS = 1\n", "POSCAR": "@feo"},
        {"INCAR": "POMASS = 1 2\n", "POSCAR": "@feo"},
        "POMASS = 1\n",
    ),
    "electric-force-count": (
        {"INCAR": "EFOR = 1 0 0\n", "POSCAR": "@fe2"},
        {"INCAR": "EFOR = 6*0\n", "POSCAR": "@fe2"},
        "EFOR = 1 0 0\n",
    ),
}


def test_the_rule_fires_where_it_should_and_only_there(
    code: str, expected: bool, case: Any, codes: Any
) -> None:
    assert (code in codes(case)) is expected


def test_every_rule_of_the_subject_has_its_cases() -> None:
    assert {rule.code for rule in all_rules() if rule.subject == SUBJECT} == set(CASES)
