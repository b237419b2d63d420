"""Headers of POTCARs: facts only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crystalmath.errors import PotcarError
from crystalmath.potcars.headers import contents, headers_of

if TYPE_CHECKING:
    from pathlib import Path

from .synthetic import SECRET, potcar_text


def test_a_header_gives_symbol_element_cutoff_and_valence() -> None:
    (header,) = headers_of(potcar_text("Fe_pv", zval=14, enmax=293.2).encode())
    assert (header.titel, header.symbol, header.element) == ("PAW_PBE Fe_pv 01Jan2000", "Fe_pv", "Fe")
    assert (header.lexch, header.enmax_ev, header.zval) == ("PE", 293.2, 14.0)


def test_a_potcar_of_several_elements_gives_each_header_in_order() -> None:
    data = (potcar_text("Ga_d") + potcar_text("As")).encode()
    assert [header.symbol for header in headers_of(data)] == ["Ga_d", "As"]


@pytest.mark.parametrize("data", [b"", b"Fe_pv\nO\n", b"\xff\xfe\x00 nothing"])
def test_what_is_no_potcar_has_no_header(data: bytes) -> None:
    assert headers_of(data) == ()


def test_header_and_errors_hold_no_text_of_the_potcar(tmp_path: Path) -> None:
    (header,) = headers_of(potcar_text("O").encode())
    assert SECRET not in repr(header)
    cut = tmp_path / "POTCAR.gz"
    cut.write_bytes(b"\x1f\x8b" + SECRET.encode())
    with pytest.raises(PotcarError) as raised:
        contents(cut)
    assert SECRET not in str(raised.value) + repr(raised.value.__cause__) + raised.value.hint
