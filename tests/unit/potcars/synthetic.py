"""POTCAR files that look like POTCARs to a header reader and are none."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "SECRET-RADIAL-DATA 0.123456789"


def potcar_text(symbol: str, *, zval: float = 8.0, enmax: float = 267.883, lexch: str = "PE") -> str:
    element = symbol.partition("_")[0]
    return (
        f" PAW_PBE {symbol} 01Jan2000\n   {zval:.5f}\n parameters from PSCTR are:\n"
        f"   VRHFIN ={element}: made up\n   LEXCH  = {lexch}\n"
        f"   TITEL  = PAW_PBE {symbol} 01Jan2000\n"
        f"   POMASS =   55.847; ZVAL   =    {zval:.3f}    mass and valenz\n"
        f"   ENMAX  =  {enmax:.3f}; ENMIN  =  200.912 eV\n"
        f"END of PSCTR-controll parameters\n{SECRET}\n End of Dataset\n"
    )


def write_potcar(path: Path, symbol: str, *, lexch: str = "PE") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    data = potcar_text(symbol, lexch=lexch).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path
