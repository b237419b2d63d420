"""Cases of the rules in `crystalmath.vasp.rules.values`: fires, silent, legitimate exception."""

from __future__ import annotations

from typing import Any

import pytest

from crystalmath.vasp.check import check
from crystalmath.vasp.fixing import fix_folder
from crystalmath.vasp.folder import Folder
from crystalmath.vasp.rules.rule import all_rules

SUBJECT = "values"

CASES: dict[str, tuple[Any, Any, Any]] = {
    "functional-word": ("GGA = PBE\n", "GGA = PE\n", "GGA = LIBXC\n"),
    "unknown-projection": ("LREAL = .AUTO.\n", "LREAL = Auto\n", "LREAL = On ! real space\n"),
    "wrong-type": ("NSW = 10.5\n", "NSW = 10\n", "ENCUT = 300 eV\nEDIFF = 1d-5\nLREAL = A\nLWAVE = .F.\n"),
    "too-many-values": ("ENCUT = 500 600\n", "ENCUT = 500\n", "MAGMOM = 3*1.0\n"),
    "fraction": (
        "AEXX = 1/4\nLHFCALC = T\n",
        "AEXX = 0.25\nLHFCALC = T\n",
        "EDIFFG = -0.01 1/10 of the default, in eV/A\nKERNEL_TRUNCATION/FACTOR = 2\n",
    ),
    "comma-in-list": (
        "MAGMOM = 5,0 -5.0\nISPIN = 2\n",
        "MAGMOM = 5.0 -5.0\nISPIN = 2\n",
        "MAGMOM = 5,-5\nISPIN = 2\nDIPOL = 0.5, 0.5, 0.5\nIDIPOL = 4\n",
    ),
    "three-values": ("SAXIS = 0 1\n", "SAXIS = 0 0 1\n", "DIPOL = 3*0.5\n"),
    "unlisted-value": ("ISPIN = 3\n", "ISPIN = 2\n", "ISMEAR = 7\nPREC = Acc\nGGA = PE\nNBMOD = 2\n"),
    "unknown-algorithm": ("ALGO = Nrmal\n", "ALGO = Normal\n", "ALGO = N\n"),
    "bare-exponent": ("EDIFF = 10-6\n", "EDIFF = 1E-6\n", "EINT = -1 -0.5\n"),
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


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("MAGMOM = 2 * 5\n", "MAGMOM = 2*5\n"),
        ("EDIFFG = \u22120.01\n", "EDIFFG = -0.01\n"),
        ("ISMEAR = \u20135\n", "ISMEAR = -5\n"),
        ("NELM = 20.0\n", "NELM = 20\n"),
        ("EDIFFG = - 0.01\n", "EDIFFG = -0.01\n"),
        ("ENCUT == 500\n", "ENCUT =500\n"),
    ],
)
def test_what_a_value_can_only_mean_is_written(text: str, mended: str) -> None:
    assert fix_folder(Folder({"INCAR": text})).texts["INCAR"] == mended


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("GGA = 'PE'\n", "GGA = PE\n"),
        ("GGA = 'PBEsol'\n", "GGA = PS\n"),
        ("LREAL = .AUTO.\n", "LREAL = Auto\n"),
        ("ENCUT := 500\n", "ENCUT = 500\n"),
        ("SIGMA = 1/20\n", "SIGMA = 0.05\n"),
    ],
)
def test_what_a_word_probably_means_is_offered(text: str, mended: str) -> None:
    assert fix_folder(Folder({"INCAR": text}), unsafe=True).texts["INCAR"] == mended


def test_a_negative_ediff_is_only_pointed_out() -> None:
    (finding,) = check(Folder({"INCAR": "EDIFF = -1E-10\nLCHIMAG = T\n"}))
    assert finding.severity == "information"


@pytest.mark.parametrize("text", ["SPRING = -5.0\nIMAGES = 3\n", "NFREE = 0\n", "ALGO = Very_Fast\n"])
def test_values_that_vasp_takes_are_no_mistakes(text: str, codes: Any) -> None:
    assert codes(text) == set()


@pytest.mark.parametrize("tag", ["ML_LMLFF = T", "LIBXC1 = 263", "PLUGINS/STRUCTURE = T"])
def test_families_are_as_old_as_the_version_that_brought_them(tag: str, codes: Any) -> None:
    assert "newer-than-target" in codes({"INCAR": tag + "\n", "target": (5, 4, 4)})
    assert "newer-than-target" not in codes({"INCAR": tag + "\n", "target": (6, 5, 0)})


def test_a_list_is_named_as_one() -> None:
    (finding,) = check(Folder({"INCAR": "ISPIN = 2\nMAGMOM = 2x5\n"}))
    assert "takes numbers:" in finding.message
