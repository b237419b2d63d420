"""Cases of the rules in `crystalmath.vasp.rules.response`: fires, silent, legitimate exception."""

from __future__ import annotations

from typing import Any

from crystalmath.vasp.rules.rule import all_rules

SUBJECT = "response"

CASES: dict[str, tuple[Any, Any, Any]] = {
    "field-response-functional": (
        "LEPSILON = T\nLHFCALC = T\n",
        "LEPSILON = T\n",
        "LCALCEPS = T\nMETAGGA = SCAN\n",
    ),
    "perturbation-ncore": (
        "IBRION = 8\nNCORE = 4\n",
        "IBRION = 8\nNCORE = 1\n",
        "IBRION = 2\nNSW = 5\nNCORE = 4\n",
    ),
    "perturbation-hybrid": ("IBRION = 8\nLHFCALC = T\n", "IBRION = 8\n", "IBRION = 6\nLHFCALC = T\n"),
    "displacement-ncore": ("IBRION = 6\nNCORE = 4\n", "IBRION = 6\n", "IBRION = 6\nNCORE = 4\nISYM = 0\n"),
    "dielectric-bands": ("LOPTICS = T\n", "LOPTICS = T\nNBANDS = 100\n", "LOPTICS = F\n"),
    "response-twice": ("LEPSILON = T\nLCALCEPS = T\n", "LEPSILON = T\n", "LEPSILON = F\nLCALCEPS = T\n"),
    "loose-phonons": ("IBRION = 6\n", "IBRION = 6\nEDIFF = 1E-8\n", "IBRION = 2\nNSW = 5\n"),
    "phonon-real-space": ("IBRION = 6\nLREAL = Auto\n", "IBRION = 6\nLREAL = F\n", "LREAL = Auto\n"),
    "phonon-tags-idle": (
        "LPHON_DISPERSION = T\n",
        "LPHON_DISPERSION = T\nIBRION = 6\n",
        "LPHON_DISPERSION = T\nLPHON_READ_FORCE_CONSTANTS = T\n",
    ),
}


def test_the_rule_fires_where_it_should_and_only_there(
    code: str, expected: bool, case: Any, codes: Any
) -> None:
    assert (code in codes(case)) is expected


def test_every_rule_of_the_subject_has_its_cases() -> None:
    assert {rule.code for rule in all_rules() if rule.subject == SUBJECT} == set(CASES)
