"""Cases of the rules in `crystalmath.vasp.rules.mesh`: fires, silent, legitimate exception."""

from __future__ import annotations

from typing import Any

import pytest

from crystalmath.vasp.folder import Context
from crystalmath.vasp.rules.rule import all_rules

SUBJECT = "mesh"

CASES: dict[str, tuple[Any, Any, Any]] = {
    "mesh-off-gamma": (
        {"KPOINTS": "@monk", "POSCAR": "@hex"},
        {"KPOINTS": "@gamma", "POSCAR": "@hex"},
        {"KPOINTS": "k\n0\nMonkhorst\n5 5 4\n", "POSCAR": "@hex"},
    ),
    "spacing-off-gamma": (
        {"INCAR": "KGAMMA = F\nKSPACING = 0.3\n", "POSCAR": "@hex"},
        {"INCAR": "KGAMMA = T\nKSPACING = 0.3\n", "POSCAR": "@hex"},
        {"INCAR": "KGAMMA = F\nKSPACING = 0.3\n", "POSCAR": "@fe2"},
    ),
    "spacing-unused": (
        {"INCAR": "KSPACING = 0.2\n", "KPOINTS": "@gamma"},
        {"INCAR": "ENCUT = 300\n", "KPOINTS": "@gamma"},
        "KSPACING = 0.2\n",
    ),
    "spacing-default": (
        {"INCAR": "ENCUT = 300\n", "POSCAR": "@fe2", "present": ["INCAR", "POSCAR"]},
        {"INCAR": "KSPACING = 0.2\n", "POSCAR": "@fe2", "present": ["INCAR", "POSCAR"]},
        {"INCAR": "ENCUT = 300\n", "POSCAR": "@fe2"},
    ),
    "spacing-wide": ("KSPACING = 2\n", "KSPACING = 0.2\n", {"INCAR": "KSPACING = 2\n", "KPOINTS": "@gamma"}),
    "mesh-sparse": (
        {"KPOINTS": "@gamma1", "POSCAR": "@fe2"},
        {"KPOINTS": "@gamma", "POSCAR": "@fe2"},
        {"KPOINTS": "@gamma1", "POSCAR": "@o2"},
    ),
    "mesh-dense": (
        {"KPOINTS": "k\n0\nGamma\n80 80 80\n", "POSCAR": "@fe2"},
        {"KPOINTS": "@gamma", "POSCAR": "@fe2"},
        {"KPOINTS": "k\n0\nGamma\n40 40 1\n", "POSCAR": "@long"},
    ),
    "mesh-across-vacuum": (
        {"KPOINTS": "@gamma", "POSCAR": "@slab"},
        {"KPOINTS": "@gamma", "POSCAR": "@fe2"},
        {"KPOINTS": "k\n0\nGamma\n4 4 1\n", "POSCAR": "@slab"},
    ),
    "automatic-length": ({"KPOINTS": "k\n0\nAuto\n40\n"}, {"KPOINTS": "@gamma"}, {"KPOINTS": "@list"}),
    "weights-zero": (
        {"KPOINTS": "k\n1\nrec\n0 0 0 0\n"},
        {"KPOINTS": "@list"},
        {"KPOINTS": "k\n2\nrec\n0 0 0 1\n.5 0 0 0\n"},
    ),
    "weights-negative": (
        {"KPOINTS": "k\n2\nrec\n0 0 0 2\n.5 0 0 -1\n"},
        {"KPOINTS": "@list"},
        {"KPOINTS": "k\n2\nrec\n0 0 0 1\n-.5 0 0 0\n"},
    ),
    "points-unused": (
        {"KPOINTS": "k\n1\nrec\n0 0 0 1\n.5 0 0 1\n"},
        {"KPOINTS": "@list"},
        {"KPOINTS": "k\n1\nrec\n0 0 0 1\nTetrahedra\n1 0.1\n6 1 1 1 1\n"},
    ),
    "path-single": (
        {"KPOINTS": "k\n1\nLine\nrec\n0 0 0\n.5 0 0\n"},
        {"KPOINTS": "@path"},
        {"KPOINTS": "k\n10 20\nLine\nrec\n0 0 0\n.5 0 0\n.5 0 0\n.5 .5 0\n"},
    ),
    "path-standing": (
        {"KPOINTS": "k\n10\nLine\nrec\n0 0 0\n0 0 0\n"},
        {"KPOINTS": "@path"},
        {"KPOINTS": "k\n10\nLine\nrec\n0 0 0\n.5 0 0\n\n.5 0 0\n.5 .5 0\n"},
    ),
    "unusual-kpoints-mode": (
        {"KPOINTS": "k\n0\nGxmma\n4 4 4\n"},
        {"KPOINTS": "@gamma"},
        {"KPOINTS": "k\n0\nm\n4 4 4\n"},
    ),
    "count-negative": ({"KPOINTS": "k\n-1\nGamma\n4 4 4\n"}, {"KPOINTS": "@gamma"}, {"KPOINTS": "@list"}),
}


def test_the_rule_fires_where_it_should_and_only_there(
    code: str, expected: bool, case: Any, codes: Any
) -> None:
    assert (code in codes(case)) is expected


def test_every_rule_of_the_subject_has_its_cases() -> None:
    assert {rule.code for rule in all_rules() if rule.subject == SUBJECT} == set(CASES)


HEXAGONAL = {
    "a": "5.2 0 0\n0 3.2 0\n0 -1.6 2.7712812921\n",
    "b": "0 0 3.2\n0 5.2 0\n2.7712812921 0 -1.6\n",
    "c": "3.2 0 0\n-1.6 2.7712812921 0\n0 0 5.2\n",
}


@pytest.mark.parametrize(("axis", "mesh"), [("a", "2 4 4"), ("b", "4 2 4"), ("c", "4 4 2")])
def test_the_hexagonal_axis_may_be_any_vector(axis: str, mesh: str, codes: Any) -> None:
    poscar = f"Mg\n1.0\n{HEXAGONAL[axis]}Mg\n1\nDirect\n0 0 0\n"
    assert "mesh-off-gamma" in codes({"KPOINTS": f"k\n0\nMonkhorst\n{mesh}\n", "POSCAR": poscar})
    odd = mesh.replace("4", "5")
    assert "mesh-off-gamma" not in codes({"KPOINTS": f"k\n0\nMonkhorst\n{odd}\n", "POSCAR": poscar})


@pytest.mark.parametrize(("axis", "mesh"), [("a", "2 4 3"), ("b", "4 2 3"), ("c", "4 3 2")])
def test_equivalent_vectors_are_those_across_the_axis(axis: str, mesh: str, codes: Any) -> None:
    poscar = f"Mg\n1.0\n{HEXAGONAL[axis]}Mg\n1\nDirect\n0 0 0\n"
    case = {"KPOINTS": f"k\n0\nGamma\n{mesh}\n", "POSCAR": poscar, "context": Context(space_group=194)}
    assert "mesh-symmetry" in codes(case)
    assert "mesh-symmetry" not in codes({**case, "KPOINTS": f"k\n0\nGamma\n{mesh.replace('3', '4')}\n"})
