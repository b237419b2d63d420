"""Synthetic POTCARs: read by pymatgen like real ones, and recognisably none."""

from __future__ import annotations

import warnings
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from pymatgen.io.vasp.inputs import POTCAR_FUNCTIONAL_MAP, PotcarSingle, UnknownPotcarWarning

from crystalmath.standin import potcar, potcars
from crystalmath.standin.elements import SYMBOLS

if TYPE_CHECKING:
    from pathlib import Path


def test_every_symbol_of_every_input_set_is_there(tmp_path: Path) -> None:
    """The folders and file names are pymatgen's."""
    count = potcars.write_library(tmp_path)
    listed = (files("crystalmath.standin") / "potcar_symbols.txt").read_text().split()
    assert {"Si", "Fe_pv", "W_sv", "Yb_3"} <= set(listed)
    for functional in ("PBE", "PBE_52", "PBE_54", "PBE_64", "LDA_54"):
        folder = tmp_path / POTCAR_FUNCTIONAL_MAP[functional]
        names = {path.name for path in folder.iterdir()}
        assert {f"POTCAR.{symbol}" for symbol in (*listed, *SYMBOLS)} <= names
    assert count == sum(1 for path in tmp_path.rglob("POTCAR.*"))
    assert max(path.stat().st_size for path in tmp_path.rglob("POTCAR.*")) < 2500


@pytest.mark.parametrize("symbol", ["Si", "Fe_pv", "W_sv", "Ga_d", "Yb_2", "Xe", "H", "Li_sv"])
def test_pymatgen_reads_the_header_and_knows_that_it_is_no_real_one(symbol: str) -> None:
    with pytest.warns(UnknownPotcarWarning):
        single = PotcarSingle(potcars.text(symbol, "PBE_54"))
    assert single.symbol == symbol
    assert single.element == symbol.split("_", maxsplit=1)[0]
    assert single.functional == "PBE"
    assert single.potential_type == "PAW"
    assert single.nelectrons == potcars.valence(symbol)
    assert 0 < single.ENMIN < single.ENMAX < 700
    assert "SYNTHETIC, NOT A PSEUDOPOTENTIAL" in single.data


@pytest.mark.parametrize(
    ("symbol", "electrons"),
    [("H", 1), ("O", 6), ("Si", 4), ("Fe", 8), ("Fe_pv", 14), ("Cu_pv", 17), ("Ti_sv", 12), ("K_sv", 9),
     ("Ga_d", 13), ("Pb_d", 14), ("W_sv", 14), ("Zn", 12), ("Li_sv", 3), ("La", 11), ("Er_3", 9), ("Yb_2", 8),
     ("Xe", 8), ("Au", 11)],
)  # fmt: skip
def test_valence_is_that_of_the_shells_the_symbol_names(symbol: str, electrons: int) -> None:
    assert potcars.valence(symbol) == electrons


def test_own_reader_agrees_with_pymatgen() -> None:
    text = potcars.text("Fe_pv", "PBE") + potcars.text("O", "PBE")
    headers = potcar.read(text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnknownPotcarWarning)
        singles = [PotcarSingle(potcars.text(symbol, "PBE")) for symbol in ("Fe_pv", "O")]
    assert [header.element for header in headers] == ["Fe", "O"]
    for header, single in zip(headers, singles, strict=True):
        assert (header.zval, header.enmax_ev, header.mass) == (single.ZVAL, single.ENMAX, single.POMASS)
        assert header.title == single.TITEL
