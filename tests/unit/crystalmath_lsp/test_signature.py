"""Signature help tells to which ion or species a value belongs; the cursor is marked |."""

from __future__ import annotations

import pytest

from crystalmath.vasp.folder import Folder
from crystalmath_lsp.signature import SignatureHelp, signature_help

FE2O = "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nFe O\n2 1\nDirect\n0 0 0\n0.5 0.5 0.5\n0.2 0.2 0.2\n"


def shown(marked: str, poscar: str = FE2O) -> SignatureHelp | None:
    before, _, after = marked.partition("|")
    line = before.count("\n")
    folder = Folder({"INCAR": before + after, "POSCAR": poscar})
    return signature_help(folder, line, len(before) - before.rfind("\n") - 1)


@pytest.mark.parametrize(
    ("marked", "active"),
    [
        ("MAGMOM = |", "Fe 1"),
        ("MAGMOM = 1|", "Fe 1"),
        ("MAGMOM = 1 |", "Fe 2"),
        ("NSW = 1\nMAGMOM = 2*1 0|.5", "O 3"),
        ("MAGMOM = 2*|1 0.5", "Fe 1"),
        ("MAGMOM = 1 \\\n 2 3|", "O 3"),
        ("LDAUU = 4 0|", "O"),
        ("LNONCOLLINEAR = T\nMAGMOM = 4*0 1|", "Fe 2 y"),
        ("DIPOL = 0 0 0|.5", "z"),
        ("M_CONSTR = 0 0 1 0|", "Fe 2 x"),
    ],
)
def test_the_owner_of_the_value_is_marked(marked: str, active: str) -> None:
    found = shown(marked)
    assert found is not None
    (signature,) = found.signatures
    start, end = signature.parameters[found.active_parameter].label
    assert signature.label[start:end] == active


@pytest.mark.parametrize("marked", ["ENCUT = 5|", "MAG|MOM = 1", "SYSTEM = x y|", "FERWE = 1 |", "|", "! |"])
def test_other_places_have_no_signature(marked: str) -> None:
    assert shown(marked) is None


def test_behind_the_last_value_nothing_is_marked() -> None:
    found = shown("MAGMOM = 3*1 |")
    assert found is not None
    assert found.active_parameter == len(found.signatures[0].parameters)
    assert found.signatures[0].documentation == "All 3 values are given."


def test_of_many_ions_the_neighbours_are_listed() -> None:
    found = shown("MAGMOM = 50*1 0|", FE2O.replace("\n2 1\n", "\n99 1\n"))
    assert found is not None
    (signature,) = found.signatures
    start, end = signature.parameters[found.active_parameter].label
    assert signature.label[start:end] == "Fe 51"
    assert signature.label.startswith("MAGMOM = … ")
    assert len(signature.parameters) == 24
