"""Libraries of POTCARs: every layout is found, what is missing is named, nothing of the text leaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from crystalmath import potcars
from crystalmath.errors import PotcarError, StorageError

from .synthetic import SECRET, potcar_text, write_potcar


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRYSTALMATH_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PMG_VASP_PSP_DIR", raising=False)


LAYOUTS = {
    "pymatgen flat": "POT_GGA_PAW_PBE_54/POTCAR.Fe_pv",
    "pymatgen flat, packed": "POT_GGA_PAW_PBE_54/POTCAR.Fe_pv.gz",
    "pymatgen folders": "POT_GGA_PAW_PBE_54/Fe_pv/POTCAR.gz",
    "ASE and VASP's archive": "potpaw_PBE.54/Fe_pv/POTCAR",
    "archive below another folder": "vasp/potpaw_PBE.54/Fe_pv/POTCAR",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_is_understood(tmp_path: Path, layout: str) -> None:
    path = write_potcar(tmp_path / "lib" / LAYOUTS[layout], "Fe_pv")
    entry = potcars.PotcarLibrary(tmp_path / "lib").find("Fe_pv", "PBE_54")
    assert (entry.path, entry.symbol, entry.element, entry.zval) == (str(path), "Fe_pv", "Fe", 8.0)
    assert len(entry.sha256) == 64


def test_naming_the_folder_of_one_release_works_too(tmp_path: Path) -> None:
    write_potcar(tmp_path / "potpaw_PBE.64" / "Si" / "POTCAR", "Si")
    assert potcars.PotcarLibrary(tmp_path / "potpaw_PBE.64").find("Si", "PBE_64").symbol == "Si"


def test_a_folder_without_telling_names_goes_by_the_header_unless_told(tmp_path: Path) -> None:
    write_potcar(tmp_path / "mine" / "Si" / "POTCAR", "Si", lexch="CA")
    assert potcars.PotcarLibrary(tmp_path / "mine").functionals() == ("LDA",)
    potcars.index(tmp_path / "mine", "LDA_54")
    assert potcars.library().find("Si", "LDA_54").symbol == "Si"


def test_missing_symbols_are_all_named_with_folders_and_the_next_command(tmp_path: Path) -> None:
    write_potcar(tmp_path / "lib/potpaw_PBE.54/Si/POTCAR", "Si")
    library = potcars.PotcarLibrary(tmp_path / "lib")
    assert library.missing(("Si", "Fe_pv", "O", "O"), "PBE_54") == ("Fe_pv", "O")
    with pytest.raises(PotcarError) as raised:
        library.require(("Si", "Fe_pv", "O"), "PBE_54")
    for word in ("Fe_pv", "O", "PBE_54", str(tmp_path / "lib")):
        assert word in raised.value.message
    assert "crystalmath potcars index" in raised.value.hint


def test_another_release_is_offered_and_never_taken(tmp_path: Path) -> None:
    write_potcar(tmp_path / "lib/potpaw_PBE.52/Si/POTCAR", "Si")
    with pytest.raises(PotcarError, match="PBE_52 would have it"):
        potcars.PotcarLibrary(tmp_path / "lib").find("Si", "PBE_54")


def test_without_any_folder_the_first_step_is_named() -> None:
    with pytest.raises(PotcarError, match="No POTCAR folder is known") as raised:
        potcars.library().find("Si", "PBE_54")
    assert "crystalmath potcars index" in raised.value.hint


def test_environment_comes_before_indexed_folders_and_both_are_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_potcar(tmp_path / "a/potpaw_PBE.54/Si/POTCAR", "Si")
    write_potcar(tmp_path / "a/potpaw_PBE.54/O/POTCAR", "O")
    write_potcar(tmp_path / "b/potpaw_PBE.54/Si/POTCAR", "Si")
    potcars.index(tmp_path / "a")
    monkeypatch.setenv("PMG_VASP_PSP_DIR", str(tmp_path / "b"))
    assert potcars.library().find("Si", "PBE_54").path.startswith(str(tmp_path / "b"))
    assert potcars.library().find("O", "PBE_54").path.startswith(str(tmp_path / "a"))


def test_status_tells_what_is_there_and_what_lacks(tmp_path: Path) -> None:
    write_potcar(tmp_path / "potpaw_PBE.54/Si/POTCAR", "Si")
    status = potcars.status(("Si", "O", "Si"), "PBE_54", potcars.PotcarLibrary(tmp_path))
    assert (status.needed, status.missing) == (("Si", "O"), ("O",))
    assert [entry.symbol for entry in status.found] == ["Si"]


def test_the_potcar_of_a_calculation_is_that_of_its_elements_in_order(tmp_path: Path) -> None:
    write_potcar(tmp_path / "POT_GGA_PAW_PBE_54/POTCAR.Ga_d.gz", "Ga_d")
    write_potcar(tmp_path / "POT_GGA_PAW_PBE_54/POTCAR.As", "As")
    library = potcars.PotcarLibrary(tmp_path)
    expected = (potcar_text("As") + potcar_text("Ga_d")).encode()
    assert potcars.assemble(("As", "Ga_d"), "PBE_54", library) == expected


def test_a_changed_potcar_is_read_again_and_an_unchanged_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_potcar(tmp_path / "potpaw_PBE.54/Si/POTCAR", "Si")
    first = potcars.PotcarLibrary(tmp_path).find("Si", "PBE_54")
    path.write_text(potcar_text("Si", zval=12.0))
    assert potcars.PotcarLibrary(tmp_path).find("Si", "PBE_54").zval == 12.0 != first.zval
    monkeypatch.setattr("crystalmath.potcars.scan.contents", _unread)
    assert potcars.PotcarLibrary(tmp_path).find("Si", "PBE_54").zval == 12.0


def _unread(path: Path) -> bytes:
    raise AssertionError(f"{path} was read again")


def test_a_potcar_that_changes_under_an_index_is_not_used(tmp_path: Path) -> None:
    path = write_potcar(tmp_path / "potpaw_PBE.54/Si/POTCAR", "Si")
    library = potcars.PotcarLibrary(tmp_path)
    library.find("Si", "PBE_54")
    path.write_text(potcar_text("Si", zval=12.0))
    with pytest.raises(PotcarError, match="has changed"):
        potcars.assemble(("Si",), "PBE_54", library)


def test_specs_and_collected_potcars_are_no_entries(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run/POTCAR").write_text(potcar_text("Ga_d") + potcar_text("As"))
    (tmp_path / "run/POTCAR.spec").write_text("Ga_d\nAs")
    assert potcars.PotcarLibrary(tmp_path).entries == ()


def test_nothing_of_the_text_is_kept_or_shown(tmp_path: Path) -> None:
    write_potcar(tmp_path / "lib/potpaw_PBE.54/Si/POTCAR", "Si")
    entries = potcars.index(tmp_path / "lib")
    library = potcars.library()
    assert library.entries
    assert SECRET not in repr(entries) + repr(library) + repr(library.entries)
    kept = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert kept
    assert not any(SECRET.encode() in path.read_bytes() for path in kept)


@pytest.mark.parametrize("what", ["nothing there", "no potcar in it"])
def test_a_folder_without_potcars_is_refused_and_not_remembered(tmp_path: Path, what: str) -> None:
    folder = tmp_path / "lib"
    if what == "no potcar in it":
        folder.mkdir()
    with pytest.raises(PotcarError, match="There is no POTCAR"):
        potcars.index(folder)
    assert potcars.library().folders == ()


def test_an_unknown_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PotcarError, match="no POTCAR release 'PBE54'"):
        potcars.index(tmp_path, "PBE54")


def test_a_home_that_cannot_be_written_refuses_to_remember_and_still_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_potcar(tmp_path / "lib/potpaw_PBE.54/Si/POTCAR", "Si")
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CRYSTALMATH_HOME", str(tmp_path / "file" / "home"))
    assert potcars.PotcarLibrary(tmp_path / "lib").find("Si", "PBE_54").symbol == "Si"
    with pytest.raises(StorageError, match="cannot be remembered"):
        potcars.index(tmp_path / "lib")
