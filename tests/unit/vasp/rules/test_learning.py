"""Cases of the rules in `crystalmath.vasp.rules.learning`: fires, silent, legitimate exception."""

from __future__ import annotations

from typing import Any

from crystalmath.vasp.rules.rule import all_rules

SUBJECT = "learning"

CASES: dict[str, tuple[Any, Any, Any]] = {
    "learning-off": ("ML_MODE = train\n", "ML_LMLFF = T\nML_MODE = train\n", "ML_MODE = none\n"),
    "learning-leftover": (
        "ML_RCUT1 = 8\n",
        "ML_LMLFF = T\nML_MODE = train\nML_RCUT1 = 8\n",
        "ML_LMLFF = F\n",
    ),
    "learning-mode": ("ML_LMLFF = T\n", "ML_LMLFF = T\nML_MODE = train\n", "ML_LMLFF = F\n"),
    "learning-species": (
        {
            "INCAR": "ML_LMLFF = T\nML_MODE = train\n",
            "POSCAR": "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nFe1 Fe1\n1 1\nD\n0 0 0\n.5 .5 .5\n",
        },
        {"INCAR": "ML_LMLFF = T\nML_MODE = train\n", "POSCAR": "@feo"},
        {
            "INCAR": "ML_LMLFF = T\nML_MODE = train\nML_LUSE_NAMES = T\n",
            "POSCAR": "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nFe1 Fe2\n1 1\nD\n0 0 0\n.5 .5 .5\n",
        },
    ),
    "learning-kpoints": (
        "ML_LMLFF = T\nML_MODE = run\nALGO = Fast\n",
        "ML_LMLFF = T\nML_MODE = train\nALGO = Fast\n",
        "ML_LMLFF = T\nML_MODE = run\n",
    ),
}


def test_the_rule_fires_where_it_should_and_only_there(
    code: str, expected: bool, case: Any, codes: Any
) -> None:
    assert (code in codes(case)) is expected


def test_every_rule_of_the_subject_has_its_cases() -> None:
    assert {rule.code for rule in all_rules() if rule.subject == SUBJECT} == set(CASES)
