"""Every fix of every rule mends what it is offered for and brings nothing as severe."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.vasp.rules.conftest import folder_of

from crystalmath.vasp.check import check
from crystalmath.vasp.finding import apply
from crystalmath.vasp.fixing import fix_folder
from crystalmath.vasp.folder import Folder
from crystalmath.vasp.rules.rule import MODULES
from crystalmath.vasp.source import SEVERITIES

if TYPE_CHECKING:
    from crystalmath.vasp.finding import Finding

CASES_THAT_FIRE = [
    pytest.param(code, cases[0], id=code)
    for module in MODULES
    for code, cases in importlib.import_module(f"tests.unit.vasp.rules.test_{module}").CASES.items()
]


def changed(folder: Folder, finding: Finding, index: int) -> Folder:
    """Return the folder after one fix of one finding."""
    from dataclasses import replace

    kind = next(kind for kind in folder.texts if folder.name(kind) == finding.path)
    return replace(
        folder, texts={**folder.texts, kind: apply(folder.texts[kind], finding.fixes[index].edits)}
    )


@pytest.mark.parametrize(("rule", "firing"), CASES_THAT_FIRE)
def test_a_fix_mends_its_finding_and_brings_only_milder_ones(rule: str, firing: Any) -> None:
    folder = folder_of(firing)
    before = check(folder)
    known = [(finding.path, finding.code) for finding in before]
    for finding in before:
        if finding.code != rule:
            continue
        for index in range(len(finding.fixes)):
            after = check(changed(folder, finding, index))
            codes = [(one.path, one.code) for one in after]
            assert codes.count((finding.path, rule)) < known.count((finding.path, rule)), finding
            worst = SEVERITIES.index(finding.severity)
            new = [
                one for one in after if codes.count((one.path, one.code)) > known.count((one.path, one.code))
            ]
            assert all(SEVERITIES.index(one.severity) > worst for one in new), (finding, new)


SAFE = [
    ("NELM = 20.0\n", "NELM = 20\n"),
    ("ENCUT = 500eV\n", "ENCUT = 500\n"),
    ("LWAVE = no\n", "LWAVE = .FALSE.\n"),
    ("LWAVE = .FLASE.\n", "LWAVE = .FALSE.\n"),
    ("LWAVE = .TURE.  # yes\n", "LWAVE = .TRUE.  # yes\n"),
    ("NPAR = 2\nNCORE = 4\nKPAR = 1\n", "NPAR = 2\nKPAR = 1\n"),
    ("NPAR = 2; NCORE = 4; KPAR = 1\n", "NPAR = 2; KPAR = 1\n"),
    ("IALGO = 48\n", "ALGO = VeryFast\n"),
    ("LSORBIT = T\nLNONCOLLINEAR = F\n", "LSORBIT = T\n"),
    ("ENCUT = 500\nISYM = 0\nENCUT = 500\n", "ENCUT = 500\nISYM = 0\n"),
]
UNSAFE = [
    ("MAGMOM = 2*5\n", "MAGMOM = 2*5\nISPIN = 2\n"),
    ("HFSCREEN = 0.2 # HSE06\nLASPH = T\n", "HFSCREEN = 0.2 # HSE06\nLHFCALC = .TRUE.\nLASPH = T\n"),
    ("IBRION = 2; ISIF = 2\n", "NSW = 100 ; IBRION = 2; ISIF = 2\n"),
    ("SIGMA = 0,05\n", "SIGMA = 0.05\n"),
    ("ISPIN = 2 MAGMOM = 5 5\n", "ISPIN = 2 ; MAGMOM = 5 5\n"),
    ("IBRION = 0\nNSW = 5\nTEBEG = 300", "IBRION = 0\nPOTIM = 1\nNSW = 5\nTEBEG = 300"),
    ("ENCUT =\nNSW = 0\n", "NSW = 0\n"),
    (
        "LDAUU = 4\nLDAUL = 2\nLASPH = T\nLMAXMIX = 4",
        "LDAUU = 4\nLDAU = .TRUE.\nLDAUL = 2\nLASPH = T\nLMAXMIX = 4",
    ),
    (
        "KERNEL_TRUNCATION { IDIMENSIONALITY = 2 }\n",
        "KERNEL_TRUNCATION { LTRUNCATE = .TRUE. ; IDIMENSIONALITY = 2 }\n",
    ),
]


def test_an_inserted_line_ends_as_its_neighbours() -> None:
    finding = next(one for one in check(Folder({"INCAR": "MAGMOM = 2*5 # two\r\nISYM = 0\r\n"})) if one.fixes)
    assert apply("MAGMOM = 2*5 # two\r\nISYM = 0\r\n", finding.fixes[0].edits).split("\r\n")[1] == "ISPIN = 2"


@pytest.mark.parametrize(("before", "after"), SAFE)
def test_safe_fixes_write_what_is_meant_beyond_doubt(before: str, after: str) -> None:
    assert fix_folder(Folder({"INCAR": before})).texts["INCAR"] == after


@pytest.mark.parametrize(("before", "after"), UNSAFE)
def test_unsafe_fixes_guess_and_are_made_only_when_asked(before: str, after: str) -> None:
    assert fix_folder(Folder({"INCAR": before})).texts["INCAR"] == before
    assert fix_folder(Folder({"INCAR": before}), unsafe=True).texts["INCAR"] == after


def test_moments_are_proposed_from_the_elements() -> None:
    poscar = "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nFe O\n1 1\nDirect\n0 0 0\n0.5 0.5 0.5\n"
    fixed = fix_folder(Folder({"INCAR": "ISPIN = 2\n", "POSCAR": poscar}), unsafe=True)
    assert fixed.texts["INCAR"] == "ISPIN = 2\nMAGMOM = 1*5 1*0.6\n"


def test_the_species_of_the_potcar_are_written_into_an_old_poscar() -> None:
    poscar = "x\n1.0\n4 0 0\n0 4 0\n0 0 4\n1\nDirect\n0 0 0\n"
    fixed = fix_folder(Folder({"POSCAR": poscar, "POTCAR": " TITEL = PAW_PBE Si 05Jan2001\n"}))
    assert fixed.texts["POSCAR"].split("\n")[5:7] == ["   Si", "1"]


def test_a_fix_that_makes_things_worse_does_not_keep_others_from_being_made() -> None:
    text = "ENCUTT = x\nNPAR = 2\nNCORE = 4\nLWAVE = .TURE.\n"
    fixed = fix_folder(Folder({"INCAR": text}), unsafe=True).texts["INCAR"]
    assert fixed == "ENCUTT = x\nNPAR = 2\nLWAVE = .TRUE.\n"
