"""Headers of POTCAR files; the body is never kept."""

from __future__ import annotations

from crystalmath.vasp import potcar

HEADER = """  PAW_PBE Fe_pv 02Aug2007
   14.0000000000000
 parameters from PSCTR are:
   SHA256 = 00ff Fe_pv/POTCAR
   VRHFIN =Fe:  3p3d4s
   LEXCH  = PE
   TITEL  = PAW_PBE Fe_pv 02Aug2007
   POMASS =   55.847; ZVAL   =   14.000    mass and valenz
   ENMAX  =  293.238; ENMIN  =  219.929 eV
  local part
  0.1234567 0.7654321
 End of Dataset
"""


def test_the_header_is_read() -> None:
    (header,) = potcar.parse(HEADER).headers
    assert (header.symbol, header.element, header.lexch, header.date) == ("Fe_pv", "Fe", "PE", "02Aug2007")
    assert (header.enmax_ev, header.zval, header.hashed, header.line) == (293.238, 14.0, True, 7)


def test_several_potentials_keep_their_order() -> None:
    assert potcar.parse(HEADER + HEADER.replace("Fe", "O")).elements == ("Fe", "O")


def test_nothing_of_the_body_is_kept() -> None:
    assert "0.1234567" not in repr(potcar.parse(HEADER))


def test_anything_else_has_no_headers() -> None:
    assert potcar.parse("nothing\n").headers == ()
