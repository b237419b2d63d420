"""Cases of the rules in `crystalmath.vasp.rules.electronic`: fires, silent, legitimate exception."""

from __future__ import annotations

from typing import Any

from crystalmath.vasp.rules.rule import all_rules

SUBJECT = "electronic"

CASES: dict[str, tuple[Any, Any, Any]] = {
    "algo-and-ialgo": ("ALGO = Fast\nIALGO = 38\n", "ALGO = Fast\n", "IALGO = 38\n"),
    "cutoff-range": ("ENCUT = 30\n", "ENCUT = 520\n", "ENCUT = 102 ! sodium\n"),
    "few-electronic-steps": ("NELM = 3\n", "NELM = 60\n", "NELM = 1\nALGO = Exact\n"),
    "old-precision": ("PREC = Medium\n", "PREC = Normal\n", "PREC = Single\n"),
    "relaxation-precision": (
        "PREC = Low\nIBRION = 2\nNSW = 5\nISIF = 3\n",
        "PREC = Accurate\nIBRION = 2\nNSW = 5\nISIF = 3\n",
        "PREC = Low\nIBRION = 2\nNSW = 5\nISIF = 2\n",
    ),
    "finer-grid-smaller": ("NGX = 40\nNGXF = 20\n", "NGX = 40\nNGXF = 80\n", "NGXF = 80\n"),
    "energy-window": ("EMIN = 5\nEMAX = -5\n", "EMIN = -5\nEMAX = 5\n", "EMIN = 5\n"),
    "partial-charge-tags": ("IBAND = 20\n", "LPARD = T\nIBAND = 20\n", "# IBAND = 20\n"),
    "elf-kpar": ("LELF = T\nKPAR = 2\n", "LELF = T\nKPAR = 1\n", "LELF = F\nKPAR = 2\n"),
    "elf-noncollinear": ("LELF = T\nLSORBIT = T\n", "LELF = T\n", "LELF = F\nLSORBIT = T\n"),
    "dipole-direction": ("LDIPOL = T\n", "LDIPOL = T\nIDIPOL = 3\n", "LDIPOL = F\n"),
    "dipole-centre": (
        "DIPOL = 5 5 5\nIDIPOL = 3\n",
        "DIPOL = 0.5 0.5 0.5\nIDIPOL = 3\n",
        "DIPOL = -0.5 1.0 1.2\nIDIPOL = 3\n",
    ),
    "dipole-idle": (
        "DIPOL = 0.5 0.5 0.5\n",
        "DIPOL = 0.5 0.5 0.5\nIDIPOL = 3\n",
        "DIPOL = 0.5 0.5 0.5\nLCALCPOL = T\n",
    ),
    "berry-direction": ("LBERRY = T\n", "LBERRY = T\nIGPAR = 1\nNPPSTR = 8\n", "LBERRY = F\n"),
    "truncation-off": (
        "KERNEL_TRUNCATION/IDIMENSIONALITY = 2\n",
        "KERNEL_TRUNCATION { LTRUNCATE = T ; IDIMENSIONALITY = 2 }\n",
        "KERNEL_TRUNCATION { LTRUNCATE = F ; IDIMENSIONALITY = 2 }\n",
    ),
    "wannier-off": (
        'WANNIER90_WIN = "\nnum_wann = 4\n"\n',
        'LWANNIER90 = T\nWANNIER90_WIN = "\nnum_wann = 4\n"\n',
        'NUM_WANN = 4\nWANNIER90_WIN = "x"\n',
    ),
    "charge-mixing-off": (
        "ALGO = All\nAMIX = 0.2\n",
        "ALGO = Normal\nAMIX = 0.2\n",
        "ALGO = All\nLHFCALC = T\nAMIX = 0.2\n",
    ),
    "long-cell-mixing": (
        {"INCAR": "ENCUT = 300\n", "POSCAR": "@long"},
        {"INCAR": "AMIN = 0.01\n", "POSCAR": "@long"},
        {"INCAR": "ALGO = All\n", "POSCAR": "@long"},
    ),
}


def test_the_rule_fires_where_it_should_and_only_there(
    code: str, expected: bool, case: Any, codes: Any
) -> None:
    assert (code in codes(case)) is expected


def test_every_rule_of_the_subject_has_its_cases() -> None:
    assert {rule.code for rule in all_rules() if rule.subject == SUBJECT} == set(CASES)
