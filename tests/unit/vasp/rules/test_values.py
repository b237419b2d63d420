"""Cases of the rules in `crystalmath.vasp.rules.values`: fires, silent, legitimate exception."""

from __future__ import annotations

from typing import Any

from crystalmath.vasp.rules.rule import all_rules

SUBJECT = "values"

CASES: dict[str, tuple[Any, Any, Any]] = {
    "functional-word": ("GGA = PBE\n", "GGA = PE\n", "GGA = LIBXC\n"),
    "unknown-projection": ("LREAL = .AUTO.\n", "LREAL = Auto\n", "LREAL = On ! real space\n"),
    "wrong-type": ("NSW = 10.5\n", "NSW = 10\n", "ENCUT = 300 eV\nEDIFF = 1d-5\nLREAL = A\nLWAVE = .F.\n"),
    "too-many-values": ("ENCUT = 500 600\n", "ENCUT = 500\n", "MAGMOM = 3*1.0\n"),
    "three-values": ("SAXIS = 0 1\n", "SAXIS = 0 0 1\n", "DIPOL = 3*0.5\n"),
    "unlisted-value": ("ISPIN = 3\n", "ISPIN = 2\n", "ISMEAR = 7\nPREC = Acc\nGGA = PE\nNBMOD = 2\n"),
    "unknown-algorithm": ("ALGO = Nrmal\n", "ALGO = Normal\n", "ALGO = N\n"),
    "not-positive": ("ENCUT = -500\n", "ENCUT = 500\n", "NPAR = -1\nIOPT = 3\nPOTIM = 0\n"),
    "loose-convergence": ("EDIFF = 1\n", "EDIFF = 1E-5\n", "EDIFF = 1d-5\n"),
    "deprecated-tag": ("IALGO = 38\n", "ALGO = Normal\n", "# IALGO = 38\n"),
    "newer-than-target": (
        {"INCAR": "KSPACING_OPT = 0.3\n", "target": (6, 3)},
        {"INCAR": "KSPACING_OPT = 0.3\n", "target": (6, 6, 0)},
        "KSPACING_OPT = 0.3\n",
    ),
}


def test_the_rule_fires_where_it_should_and_only_there(
    code: str, expected: bool, case: Any, codes: Any
) -> None:
    assert (code in codes(case)) is expected


def test_every_rule_of_the_subject_has_its_cases() -> None:
    assert {rule.code for rule in all_rules() if rule.subject == SUBJECT} == set(CASES)
