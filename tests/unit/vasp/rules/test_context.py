"""Cases of the rules in `crystalmath.vasp.rules.context`: fires, silent, legitimate exception."""

from __future__ import annotations

from typing import Any

from crystalmath.vasp.folder import Context
from crystalmath.vasp.rules.rule import all_rules

SUBJECT = "context"

CASES: dict[str, tuple[Any, Any, Any]] = {
    "executable-spinors": (
        {"INCAR": "LSORBIT = T\n", "context": Context(executable="std")},
        {"INCAR": "LSORBIT = T\n", "context": Context(executable="ncl")},
        "LSORBIT = T\n",
    ),
    "executable-gamma": (
        {"KPOINTS": "@gamma", "context": Context(executable="gam")},
        {"KPOINTS": "@gamma1", "context": Context(executable="gam")},
        {"KPOINTS": "k\n1\nrec\n0 0 0 1\n", "context": Context(executable="gam")},
    ),
    "moments-dropped": (
        {"INCAR": "ISPIN = 2\n", "context": Context(previous_moments_mub=(3.0, -3.0))},
        {"INCAR": "ISPIN = 2\nMAGMOM = 3 -3\n", "context": Context(previous_moments_mub=(3.0, -3.0))},
        {"INCAR": "ISPIN = 2\nMAGMOM = -3 3\n", "context": Context(previous_moments_mub=(3.0, -3.0))},
    ),
    "wall-time": (
        {"INCAR": "ENCUT = 300\n", "context": Context(wall_seconds=60, seconds_per_step=600)},
        {"INCAR": "ENCUT = 300\n", "context": Context(wall_seconds=6000, seconds_per_step=600)},
        "ENCUT = 300\n",
    ),
    "projections-missing": (
        {"INCAR": "ISPIN = 2\n", "context": Context(wants=frozenset({"moments"}))},
        {"INCAR": "LORBIT = 11\n", "context": Context(wants=frozenset({"moments"}))},
        "ISPIN = 2\n",
    ),
    "mesh-symmetry": (
        {"KPOINTS": "k\n0\nGamma\n4 4 6\n", "POSCAR": "@si2", "context": Context(space_group=227)},
        {"KPOINTS": "@gamma", "POSCAR": "@si2", "context": Context(space_group=227)},
        {
            "INCAR": "ISYM = 0\n",
            "KPOINTS": "k\n0\nGamma\n4 4 6\n",
            "POSCAR": "@si2",
            "context": Context(space_group=227),
        },
    ),
}


def test_the_rule_fires_where_it_should_and_only_there(
    code: str, expected: bool, case: Any, codes: Any
) -> None:
    assert (code in codes(case)) is expected


def test_every_rule_of_the_subject_has_its_cases() -> None:
    assert {rule.code for rule in all_rules() if rule.subject == SUBJECT} == set(CASES)
