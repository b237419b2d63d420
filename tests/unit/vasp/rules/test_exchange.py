"""Cases of the rules in `crystalmath.vasp.rules.exchange`: fires, silent, legitimate exception."""

from __future__ import annotations

from typing import Any

from crystalmath.vasp.rules.rule import all_rules

SUBJECT = "exchange"

CASES: dict[str, tuple[Any, Any, Any]] = {
    "vdw-correlation": (
        "GGA = BO\nLUSE_VDW = T\n",
        "GGA = BO\nLUSE_VDW = T\nAGGAC = 0.0\n",
        "GGA = ML\nLUSE_VDW = T\nIVDW_NL = 2\n",
    ),
    "potential-only": (
        "METAGGA = MBJ\nIBRION = 2\nNSW = 9\n",
        "METAGGA = SCAN\nIBRION = 2\nNSW = 9\n",
        "METAGGA = MBJ\nNSW = 0\n",
    ),
    "u-shell": ("LDAUL = 2 5\n", "LDAUL = 2 -1\n", "LDAUL = 3*-1 0 3\n"),
    "hybrid-off": ("HFSCREEN = 0.2\n", "LHFCALC = T\nHFSCREEN = 0.2\n", "XC = HF PBE\nAEXX = 0.25\n"),
    "hybrid-leftover": ("LHFCALC = F\nHFSCREEN = 0.2\n", "LHFCALC = T\nHFSCREEN = 0.2\n", "LHFCALC = F\n"),
    "hybrid-algorithm": (
        "LHFCALC = T\nALGO = Fast\n",
        "LHFCALC = T\nALGO = Damped\n",
        "LHFCALC = F\nALGO = Fast\n",
    ),
    "hybrid-fixed-density": ("LHFCALC = T\nICHARG = 11\n", "LHFCALC = T\nICHARG = 1\n", "ICHARG = 11\n"),
    "fock-cutoff": ("ENCUTFOCK = 300\n", "PRECFOCK = Fast\n", "# ENCUTFOCK = 0\n"),
    "reduced-mesh": (
        {"INCAR": "LHFCALC = T\nNKRED = 3\n", "KPOINTS": "@gamma"},
        {"INCAR": "LHFCALC = T\nNKRED = 2\n", "KPOINTS": "@gamma"},
        {"INCAR": "LHFCALC = F\nNKRED = 3\n", "KPOINTS": "@gamma"},
    ),
    "u-off": ("LDAUU = 4 0\n", "LDAU = T\nLDAUU = 4 0\n", "LDAUU = 0 0\n"),
    "u-incomplete": ("LDAU = T\n", "LDAU = T\nLDAUU = 4\nLDAUL = 2\n", "LDAU = F\n"),
    "u-count": (
        {"INCAR": "LDAU = T\nLDAUU = 4\n", "POSCAR": "@feo"},
        {"INCAR": "LDAU = T\nLDAUU = 4 0\n", "POSCAR": "@feo"},
        {"INCAR": "LDAU = F\nLDAUU = 4\n", "POSCAR": "@feo"},
    ),
    "u-without-shell": (
        "LDAU = T\nLDAUL = 2 -1\nLDAUU = 4 5\n",
        "LDAU = T\nLDAUL = 2 -1\nLDAUU = 4 0\n",
        "LDAUL = 2 -1\nLDAUU = 4 5\n",
    ),
    "u-range": ("LDAU = T\nLDAUU = 40\n", "LDAU = T\nLDAUU = 4\n", "LDAU = F\nLDAUU = 40\n"),
    "mixing-shells": (
        "LDAU = T\nLDAUL = 2\nLDAUU = 4\n",
        "LDAU = T\nLDAUL = 2\nLDAUU = 4\nLMAXMIX = 4\n",
        "LDAU = T\nLDAUL = 1\nLDAUU = 4\n",
    ),
    "aspherical-terms": ("METAGGA = SCAN\n", "METAGGA = SCAN\nLASPH = T\n", "METAGGA = SCAN\nLASPH = F\n"),
    "two-functionals": ("METAGGA = SCAN\nGGA = PE\n", "METAGGA = SCAN\n", "METAGGA = MBJ\nGGA = PE\n"),
    "vdw-functional": ("LUSE_VDW = T\n", "LUSE_VDW = T\nGGA = MK\n", "LUSE_VDW = F\n"),
    "two-dispersions": ("LUSE_VDW = T\nIVDW = 12\n", "IVDW = 12\n", "LUSE_VDW = T\nIVDW = 0\n"),
    "vdw-parameters-count": (
        {"INCAR": "VDW_C6 = 1\n", "POSCAR": "@feo"},
        {"INCAR": "VDW_C6 = 1 2\n", "POSCAR": "@feo"},
        "VDW_C6 = 1\n",
    ),
    "screening-unit": (
        "LHFCALC = T\nHFSCREEN = 20\n",
        "LHFCALC = T\nHFSCREEN = 0.2\n",
        "LHFCALC = T\nHFSCREEN = 0\n",
    ),
    "exchange-fraction": ("AEXX = 25\n", "AEXX = 0.25\n", "AEXX = 1\n"),
    "kinetic-mixing": (
        "METAGGA = SCAN\nICHARG = 11\n",
        "METAGGA = SCAN\nICHARG = 11\nLMIXTAU = T\n",
        "ICHARG = 11\n",
    ),
}


def test_the_rule_fires_where_it_should_and_only_there(
    code: str, expected: bool, case: Any, codes: Any
) -> None:
    assert (code in codes(case)) is expected


def test_every_rule_of_the_subject_has_its_cases() -> None:
    assert {rule.code for rule in all_rules() if rule.subject == SUBJECT} == set(CASES)
