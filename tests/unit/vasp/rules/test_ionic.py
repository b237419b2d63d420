"""Cases of the rules in `crystalmath.vasp.rules.ionic`: fires, silent, legitimate exception."""

from __future__ import annotations

from typing import Any

from crystalmath.vasp.rules.rule import all_rules

SUBJECT = "ionic"

CASES: dict[str, tuple[Any, Any, Any]] = {
    "relaxation-without-steps": ("IBRION = 2\n", "IBRION = 2\nNSW = 50\n", "IBRION = -1\n"),
    "steps-without-algorithm": ("NSW = 5\nIBRION = -1\n", "NSW = 5\nIBRION = 2\n", "NSW = 0\nIBRION = -1\n"),
    "implicit-dynamics": ("NSW = 5\n", "NSW = 5\nIBRION = 2\n", "NSW = 5\nPOTIM = 1\nTEBEG = 300\n"),
    "force-criterion-sign": (
        "IBRION = 2\nNSW = 5\nEDIFFG = 0.02\n",
        "IBRION = 2\nNSW = 5\nEDIFFG = -0.02\n",
        "IBRION = 2\nNSW = 5\nEDIFFG = 1E-4\n",
    ),
    "criterion-below-ediff": (
        "IBRION = 2\nNSW = 5\nEDIFFG = 1E-6\nEDIFF = 1E-5\n",
        "IBRION = 2\nNSW = 5\nEDIFFG = 1E-4\nEDIFF = 1E-5\n",
        "IBRION = 2\nNSW = 5\nEDIFFG = -1E-6\nEDIFF = 1E-5\n",
    ),
    "loose-ediff-for-forces": (
        "IBRION = 2\nNSW = 5\nEDIFFG = -0.001\nEDIFF = 1E-3\n",
        "IBRION = 2\nNSW = 5\nEDIFFG = -0.001\nEDIFF = 1E-6\n",
        "IBRION = 2\nNSW = 5\nEDIFFG = -0.05\nEDIFF = 1E-3\n",
    ),
    "idle-criterion": (
        "EDIFFG = -0.01\n",
        "EDIFFG = -0.01\nNSW = 5\nIBRION = 2\n",
        "EDIFFG = -0.01\nIMAGES = 3\n",
    ),
    "pressure-without-cell": (
        "PSTRESS = 10\nIBRION = 2\nNSW = 5\nISIF = 2\n",
        "PSTRESS = 10\nIBRION = 2\nNSW = 5\nISIF = 3\n",
        "PSTRESS = 0\nIBRION = 2\nNSW = 5\nISIF = 2\n",
    ),
    "cell-without-steps": (
        "ISIF = 3\n",
        "ISIF = 3\nNSW = 5\nIBRION = 2\n",
        "ISIF = 3\nIBRION = 6\nPOTIM = 0.015\n",
    ),
    "potim-of-relaxation": (
        "IBRION = 2\nNSW = 5\nPOTIM = 10\n",
        "IBRION = 2\nNSW = 5\nPOTIM = 0.5\n",
        "IBRION = 0\nNSW = 5\nPOTIM = 4\n",
    ),
    "displacement-size": (
        "IBRION = 6\nPOTIM = 0.5\n",
        "IBRION = 6\nPOTIM = 0.015\n",
        "IBRION = 2\nPOTIM = 0.5\n",
    ),
    "displacements-number": (
        "IBRION = 5\nNFREE = 3\n",
        "IBRION = 5\nNFREE = 2\n",
        "IBRION = 2\nNFREE = 10\n",
    ),
    "spring-without-images": ("SPRING = -5\n", "SPRING = -5\nIMAGES = 3\n", "LCLIMB = F\n"),
    "missing-images": (
        {"INCAR": "IMAGES = 2\n", "present": ["00", "01", "02"]},
        {"INCAR": "IMAGES = 2\n", "present": ["00", "01", "02", "03"]},
        "IMAGES = 2\n",
    ),
    "band-algorithm": (
        "IMAGES = 3\nIBRION = 2\nNSW = 5\n",
        "IMAGES = 3\nIBRION = 3\nNSW = 5\n",
        "IBRION = 2\nNSW = 5\n",
    ),
    "symmetry-tolerance": ("SYMPREC = 0.1\n", "SYMPREC = 1E-5\n", "SYMPREC = 1E-3\n"),
}


def test_the_rule_fires_where_it_should_and_only_there(
    code: str, expected: bool, case: Any, codes: Any
) -> None:
    assert (code in codes(case)) is expected


def test_every_rule_of_the_subject_has_its_cases() -> None:
    assert {rule.code for rule in all_rules() if rule.subject == SUBJECT} == set(CASES)
