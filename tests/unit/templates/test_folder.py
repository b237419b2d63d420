"""A folder of input files: texts as they are, POTCARs by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crystalmath import potcars, templates
from crystalmath.errors import CrystalMathError, InputError, StructureError

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "SECRET-RADIAL-DATA"
POSCAR = "GaAs\n1.0\n0 2.8 2.8\n2.8 0 2.8\n2.8 2.8 0\nGa As\n1 1\nDirect\n0 0 0\n0.25 0.25 0.25\n"
INCAR = "# mine ; yes\nENCUT = 300 ! eV\nALGO=N\n"


def _potcar(symbol: str) -> str:
    element = symbol.partition("_")[0]
    return (
        f" PAW_PBE {symbol} 01Jan2000\n 3.0\n parameters from PSCTR are:\n   VRHFIN ={element}: made up\n"
        f"   LEXCH  = PE\n   TITEL  = PAW_PBE {symbol} 01Jan2000\n   ENMAX = 200.0; ENMIN = 100.0 eV\n"
        f"   POMASS = 1.0; ZVAL = 3.0\nEND of PSCTR\n{SECRET}\n End of Dataset\n"
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CRYSTALMATH_HOME", str(tmp_path / "home"))
    directory = tmp_path / "run"
    directory.mkdir()
    (directory / "INCAR").write_text(INCAR)
    (directory / "POSCAR").write_text(POSCAR)
    return directory


def test_texts_are_kept_to_the_letter(folder: Path) -> None:
    (folder / "KPOINTS").write_text("k\n0\nGamma\n2 2 2\n0 0 0\n")
    read = templates.folder.read(folder)
    assert (read.incar_text, read.poscar_text) == (INCAR, POSCAR)
    assert read.kpoints_text == "k\n0\nGamma\n2 2 2\n0 0 0\n"
    assert (read.formula, read.n_atoms, read.elements, read.counts) == ("GaAs", 2, ("Ga", "As"), (1, 1))


def test_without_other_names_those_of_the_poscar_are_the_symbols(folder: Path) -> None:
    read = templates.folder.read(folder)
    assert (read.symbols, read.functional, read.titels) == (("Ga", "As"), "PBE_54", ())
    assert read.kpoints_text is None


def test_names_as_vasp_6_writes_them_are_symbols(folder: Path) -> None:
    (folder / "POSCAR").write_text(POSCAR.replace("Ga As", "Ga_d/1a2b3c As/4d5e6f"))
    read = templates.folder.read(folder)
    assert (read.symbols, read.elements) == (("Ga_d", "As"), ("Ga", "As"))


def test_a_spec_gives_the_symbols(folder: Path) -> None:
    (folder / "POTCAR.spec").write_text("Ga_d\nAs")
    assert templates.folder.read(folder).symbols == ("Ga_d", "As")


def test_a_potcar_gives_symbols_and_titels_and_nothing_else(folder: Path) -> None:
    (folder / "POTCAR").write_text(_potcar("Ga_d") + _potcar("As"))
    read = templates.folder.read(folder)
    assert (read.symbols, read.functional) == (("Ga_d", "As"), "PBE_54")
    assert read.titels == ("PAW_PBE Ga_d 01Jan2000", "PAW_PBE As 01Jan2000")
    assert SECRET not in repr(read)


def test_the_release_is_the_one_that_has_the_same_potcars(folder: Path, tmp_path: Path) -> None:
    (folder / "POTCAR").write_text(_potcar("Ga_d") + _potcar("As"))
    for symbol in ("Ga_d", "As"):
        path = tmp_path / "lib" / "potpaw_PBE.64" / symbol / "POTCAR"
        path.parent.mkdir(parents=True)
        path.write_text(_potcar(symbol))
    library = potcars.PotcarLibrary(tmp_path / "lib")
    assert templates.folder.read(folder, library=library).functional == "PBE_64"


def test_a_poscar_without_names_takes_them_from_the_potcar(folder: Path) -> None:
    (folder / "POSCAR").write_text(POSCAR.replace("Ga As\n", ""))
    (folder / "POTCAR").write_text(_potcar("Ga_d") + _potcar("As"))
    assert templates.folder.read(folder).elements == ("Ga", "As")


BROKEN: dict[str, tuple[dict[str, str | None], type[CrystalMathError], str]] = {
    "no INCAR": ({"INCAR": None}, InputError, "has no INCAR"),
    "empty INCAR": ({"INCAR": " \n"}, InputError, "INCAR is empty"),
    "no POSCAR": ({"POSCAR": None}, StructureError, "has no POSCAR"),
    "broken POSCAR": ({"POSCAR": POSCAR.replace("1 1", "1 2")}, StructureError, "POSCAR, line 7"),
    "unknown element": (
        {"POSCAR": POSCAR.replace("As", "Qq")},
        StructureError,
        "'Qq' is no chemical element",
    ),
    "no names": (
        {"POSCAR": POSCAR.replace("Ga As\n", "")},
        StructureError,
        "line 6: the element names are missing",
    ),
    "broken KPOINTS": ({"KPOINTS": "k\n0\nGamma\n2 x 2\n"}, InputError, "KPOINTS, line 4"),
    "another order": ({"POTCAR": _potcar("As") + _potcar("Ga")}, InputError, "lists Ga As, its POTCAR As Ga"),
    "an element short": ({"POTCAR": _potcar("Ga")}, InputError, "has 1 elements, its POSCAR 2"),
    "no POTCAR at all": ({"POTCAR": "nothing"}, InputError, "is no POTCAR"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_fault_is_a_sentence_that_names_the_file(folder: Path, fault: str) -> None:
    changes, error, message = BROKEN[fault]
    for name, text in changes.items():
        if text is None:
            (folder / name).unlink()
        else:
            (folder / name).write_text(text)
    with pytest.raises(error) as raised:
        templates.folder.read(folder)
    assert message in raised.value.message
    assert str(folder) in raised.value.message
    assert SECRET not in raised.value.message + raised.value.hint


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no folder"):
        templates.folder.read(tmp_path / "nowhere")
