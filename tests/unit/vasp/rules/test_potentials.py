"""Cases of the rules in `crystalmath.vasp.rules.potentials`: fires, silent, legitimate exception."""

from __future__ import annotations

from typing import Any

from crystalmath.vasp.rules.rule import all_rules

SUBJECT = "potentials"
RELAX = "IBRION = 2\nNSW = 5\n"

CASES: dict[str, tuple[Any, Any, Any]] = {
    "potcar-empty": (
        {"POTCAR": "nothing\n"},
        {"POTCAR": "@fe-pot"},
        {"POTCAR": "TITEL  = PAW_PBE Fe 06Sep2000\n"},
    ),
    "potcar-count": (
        {"POSCAR": "@feo", "POTCAR": "@fe-pot"},
        {"POSCAR": "@feo", "POTCAR": "@feo-pot"},
        {"POSCAR": "@fe2", "POTCAR": "@fe-pot"},
    ),
    "potcar-order": (
        {"POSCAR": "@feo", "POTCAR": "potcar:O 400 6 PE;Fe 268 8 PE"},
        {"POSCAR": "@feo", "POTCAR": "@feo-pot"},
        {
            "POSCAR": "x\n1\n9 0 0\n0 9 0\n0 0 9\nH.5 H1.5\n1 1\nDirect\n0 0 0\n.2 0 0\n",
            "POTCAR": "potcar:H.5 250 0.5 PE;H1.5 250 1.5 PE",
        },
    ),
    "potcar-mixed": (
        {"POTCAR": "potcar:Fe 268 8 PE;O 400 6 CA"},
        {"POTCAR": "@feo-pot"},
        {"POTCAR": "@fe-pot"},
    ),
    "potcar-releases": (
        {"POTCAR": "potcar:Fe 268 8 PE;O 400 6 PE new"},
        {"POTCAR": "@feo-pot"},
        {"POTCAR": "potcar:Fe 268 8 PE new;O 400 6 PE new"},
    ),
    "potcar-functional": (
        {"INCAR": "GGA = CA\n", "POTCAR": "@fe-pot"},
        {"INCAR": "GGA = PE\n", "POTCAR": "@fe-pot"},
        {"INCAR": "GGA = PS\n", "POTCAR": "@fe-pot"},
    ),
    "cutoff-low": (
        {"INCAR": "ENCUT = 200\n", "POTCAR": "@feo-pot"},
        {"INCAR": "ENCUT = 520\n", "POTCAR": "@feo-pot"},
        {"INCAR": "ENCUT = 400\n", "POTCAR": "@feo-pot"},
    ),
    "pulay-stress": (
        {"INCAR": RELAX + "ISIF = 3\nENCUT = 400\n", "POTCAR": "@feo-pot"},
        {"INCAR": RELAX + "ISIF = 3\nENCUT = 520\n", "POTCAR": "@feo-pot"},
        {"INCAR": RELAX + "ISIF = 2\nENCUT = 400\n", "POTCAR": "@feo-pot"},
    ),
    "too-few-bands": (
        {"INCAR": "NBANDS = 5\n", "POSCAR": "@feo", "POTCAR": "@feo-pot"},
        {"INCAR": "NBANDS = 20\n", "POSCAR": "@feo", "POTCAR": "@feo-pot"},
        {"INCAR": "NBANDS = 5\n", "POSCAR": "@feo"},
    ),
    "electrons-odd": (
        {"INCAR": "NELECT = 30\n", "POSCAR": "@feo", "POTCAR": "@feo-pot"},
        {"INCAR": "NELECT = 14\n", "POSCAR": "@feo", "POTCAR": "@feo-pot"},
        {"INCAR": "NELECT = 13\n", "POSCAR": "@feo", "POTCAR": "@feo-pot"},
    ),
    "frozen-f-shell": (
        {"INCAR": "LDAU = T\nLDAUL = 3\nLDAUU = 6\n", "POTCAR": "potcar:Er_3 155 9 PE"},
        {"INCAR": "LDAU = T\nLDAUL = 3\nLDAUU = 6\n", "POTCAR": "potcar:Er 300 22 PE"},
        {"INCAR": "LDAU = T\nLDAUL = 3\nLDAUU = 0\n", "POTCAR": "potcar:Er_3 155 9 PE"},
    ),
    "pairs-of-spins": (
        {"INCAR": "ISMEAR = 0\n", "POSCAR": "@h2o", "POTCAR": "potcar:H 250 1 PE;N 400 5 PE"},
        {"INCAR": "ISMEAR = 0\n", "POSCAR": "@h2o", "POTCAR": "potcar:H 250 1 PE;O 400 6 PE"},
        {"INCAR": "ISMEAR = 1\n", "POSCAR": "@h2o", "POTCAR": "potcar:H 250 1 PE;N 400 5 PE"},
    ),
}


def test_the_rule_fires_where_it_should_and_only_there(
    code: str, expected: bool, case: Any, codes: Any
) -> None:
    assert (code in codes(case)) is expected


def test_every_rule_of_the_subject_has_its_cases() -> None:
    assert {rule.code for rule in all_rules() if rule.subject == SUBJECT} == set(CASES)


def test_deuterium_takes_the_potential_of_hydrogen(codes: Any) -> None:
    poscar = "x\n1\n9 0 0\n0 9 0\n0 0 9\nO D\n1 2\nCartesian\n0 0 0\n.76 .59 0\n-.76 .59 0\n"
    assert "potcar-order" not in codes({"POSCAR": poscar, "POTCAR": "potcar:O 400 6 PE;H 250 1 PE"})
