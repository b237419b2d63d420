"""What VASP will use where the file says nothing, with the reason."""

from __future__ import annotations

import pytest

from crystalmath.vasp.effective import effective_values, value_of
from crystalmath.vasp.folder import FileKind, Folder

CUBE = "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nFe\n2\nDirect\n0 0 0\n.5 .5 .5\n"
MESH = "k\n0\nGamma\n4 4 4\n"
POTCAR = (
    "  VRHFIN =Fe: d7 s1\n  LEXCH  = PE\n  TITEL  = PAW_PBE Fe 06Sep2000\n  POMASS = 55.8; ZVAL = 8.0\n"
    "  ENMAX = 267.9; ENMIN = 1\n"
)


@pytest.mark.parametrize(
    ("texts", "tag", "value", "reason"),
    [
        ({"INCAR": "ENCUT = 300\n"}, "IBRION", "-1", "NSW"),
        ({"INCAR": "NSW = 5\n"}, "IBRION", "0", "molecular dynamics"),
        ({"INCAR": "LSORBIT = T\nLNONCOLLINEAR = F\n"}, "LNONCOLLINEAR", ".TRUE.", "LSORBIT"),
        ({"INCAR": "NPAR = 2\nNCORE = 4\n"}, "NCORE", "ranks/NPAR", "NPAR beats NCORE"),
        ({"INCAR": "KSPACING = 0.2\n", "KPOINTS": MESH}, "KSPACING", "none", "KPOINTS"),
        ({"INCAR": "ISPIN = 2\n", "POSCAR": CUBE}, "MAGMOM", "2*1.0", "one Bohr magneton"),
        ({"INCAR": "LSORBIT = T\n", "POSCAR": CUBE}, "MAGMOM", "6*1.0", "three components"),
        ({"INCAR": "ISIF = 3\n", "POTCAR": POTCAR}, "ENCUT", "267.9", "ENMAX"),
        ({"INCAR": "ISIF = 3\n", "POSCAR": CUBE, "POTCAR": POTCAR}, "NELECT", "16", "valence"),
        ({"INCAR": "LHFCALC = T\n"}, "AGGAX", "0.75", "AEXX"),
        ({"INCAR": "LHFCALC = T\nAEXX = 1\n"}, "AGGAC", "0", "Hartree-Fock"),
        ({"INCAR": "ENCUT = 300\n"}, "ISIF", "2", "the cell stays"),
        ({"INCAR": "ENCUT = 300\n", "POSCAR": CUBE}, "KSPACING", "0.5", "4x4x4 mesh"),
    ],
)
def test_the_value_and_its_reason(texts: dict[FileKind, str], tag: str, value: str, reason: str) -> None:
    found = {effective.tag: effective for effective in effective_values(Folder(texts))}
    assert found[tag].value == value
    assert reason in found[tag].reason


def test_given_values_and_constant_defaults_are_told_too() -> None:
    folder = Folder({"INCAR": "ENCUT = 300\nNSW = 3\nIBRION = 2\n"})
    given, default = value_of(folder, "encut"), value_of(folder, "NELM")
    assert given is not None
    assert (given.value, given.given) == ("300", "300")
    assert default is not None
    assert (default.value, default.reason) == ("60", "default")
    assert value_of(folder, "NOTAG") is None


def test_what_the_file_says_is_not_called_a_default() -> None:
    assert "IBRION" not in {
        effective.tag for effective in effective_values(Folder({"INCAR": "IBRION = 2\nNSW = 3\n"}))
    }
