"""Cases of the rules in `crystalmath.vasp.rules.dynamics`: fires, silent, legitimate exception."""

from __future__ import annotations

from typing import Any

from crystalmath.vasp.rules.rule import all_rules

SUBJECT = "dynamics"

CASES: dict[str, tuple[Any, Any, Any]] = {
    "dynamics-without-potim": (
        "IBRION = 0\nNSW = 5\n",
        "IBRION = 0\nNSW = 5\nPOTIM = 1\n",
        "IBRION = 2\nNSW = 5\n",
    ),
    "dynamics-without-steps": (
        "IBRION = 0\nPOTIM = 1\n",
        "IBRION = 0\nPOTIM = 1\nNSW = 5\n",
        "IBRION = 0\nNSW = 0\n",
    ),
    "time-step": (
        {"INCAR": "IBRION = 0\nNSW = 5\nPOTIM = 3\n", "POSCAR": "@h2o"},
        {"INCAR": "IBRION = 0\nNSW = 5\nPOTIM = 3\n", "POSCAR": "@fe2"},
        {"INCAR": "IBRION = 0\nNSW = 5\nPOTIM = 3\nPOMASS = 3 16\n", "POSCAR": "@h2o"},
    ),
    "cold-start": (
        "IBRION = 0\nNSW = 5\nPOTIM = 1\n",
        "IBRION = 0\nNSW = 5\nPOTIM = 1\nTEBEG = 300\n",
        {
            "INCAR": "IBRION = 0\nNSW = 5\nPOTIM = 1\n",
            "POSCAR": "Si\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n1\nDirect\n0 0 0\n\n0.1 0 0\n",
        },
    ),
    "dynamics-tag-idle": (
        "IBRION = 2\nNSW = 5\nMDALGO = 3\n",
        "IBRION = 0\nNSW = 5\nPOTIM = 1\nMDALGO = 3\n",
        "IBRION = 2\nNSW = 5\nMDALGO = 0\n",
    ),
    "langevin-friction": (
        "IBRION = 0\nNSW = 5\nPOTIM = 1\nMDALGO = 3\n",
        "IBRION = 0\nNSW = 5\nPOTIM = 1\nMDALGO = 3\nLANGEVIN_GAMMA = 10\n",
        "IBRION = 0\nNSW = 5\nPOTIM = 1\nMDALGO = 2\n",
    ),
    "barostat": (
        "IBRION = 0\nNSW = 5\nPOTIM = 1\nISIF = 3\n",
        "IBRION = 0\nNSW = 5\nPOTIM = 1\nISIF = 2\n",
        "IBRION = 0\nNSW = 5\nPOTIM = 1\nISIF = 3\nMDALGO = 3\n",
    ),
    "thermostat-mix": (
        "IBRION = 0\nNSW = 5\nPOTIM = 1\nMDALGO = 2\nLANGEVIN_GAMMA = 10\n",
        "IBRION = 0\nNSW = 5\nPOTIM = 1\nMDALGO = 3\nLANGEVIN_GAMMA = 10\n",
        "IBRION = 0\nNSW = 5\nPOTIM = 1\nMDALGO = 2\nLANGEVIN_GAMMA = 0\n",
    ),
    "dynamics-symmetry": (
        "IBRION = 0\nNSW = 5\nISYM = 2\n",
        "IBRION = 0\nNSW = 5\nISYM = 0\n",
        "IBRION = 2\nNSW = 5\nISYM = 2\n",
    ),
    "temperature-range": ("TEBEG = -300\n", "TEBEG = 300\n", "TEBEG = 0\n"),
}


def test_the_rule_fires_where_it_should_and_only_there(
    code: str, expected: bool, case: Any, codes: Any
) -> None:
    assert (code in codes(case)) is expected


def test_every_rule_of_the_subject_has_its_cases() -> None:
    assert {rule.code for rule in all_rules() if rule.subject == SUBJECT} == set(CASES)
