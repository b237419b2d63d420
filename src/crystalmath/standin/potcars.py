"""Write synthetic POTCARs, so that tools which insist on POTCARs work without VASP's.

Every header is made up from the periodic table; there is no potential behind it and nothing of any real
POTCAR. The symbols are those of all elements and the variants (`Fe_pv`, `W_sv`, …) that the input sets of
pymatgen and atomate2 ask for (`potcar_symbols.txt`).
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

from crystalmath.standin.elements import SYMBOLS, element

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FUNCTIONAL_FOLDERS", "text", "valence", "write_library"]

# functional: folder below PMG_VASP_PSP_DIR, first word of TITEL, LEXCH
FUNCTIONAL_FOLDERS: Final = {
    "PBE": ("POT_GGA_PAW_PBE", "PAW_PBE", "PE"),
    "PBE_52": ("POT_GGA_PAW_PBE_52", "PAW_PBE", "PE"),
    "PBE_54": ("POT_GGA_PAW_PBE_54", "PAW_PBE", "PE"),
    "PBE_64": ("POT_PAW_PBE_64", "PAW_PBE", "PE"),
    "LDA": ("POT_LDA_PAW", "PAW", "CA"),
    "LDA_52": ("POT_LDA_PAW_52", "PAW", "CA"),
    "LDA_54": ("POT_LDA_PAW_54", "PAW", "CA"),
    "LDA_64": ("POT_LDA_PAW_64", "PAW", "CA"),
}
_NOBLE: Final = (2, 10, 18, 36, 54, 86)
_HARD: Final = {"H": 250.0, "B": 320.0, "C": 400.0, "N": 400.0, "O": 400.0, "F": 400.0, "Ne": 340.0}


def symbols() -> tuple[str, ...]:
    """Return the symbols that the library holds."""
    listed = (files("crystalmath.standin") / "potcar_symbols.txt").read_text(encoding="ascii").split()
    return tuple(dict.fromkeys((*SYMBOLS, *listed)))


def valence(symbol: str) -> int:
    """Return a plausible number of valence electrons for a POTCAR symbol such as Fe_pv."""
    name, *variants = symbol.split("_")
    number = element(name).number
    core = max((z for z in _NOBLE if z < number), default=0)
    column = number - core
    if number in _NOBLE:
        return min(8, number)
    rare = core in {54, 86} and 3 <= column <= 17
    if rare:
        base = {"3": 9, "2": 8}.get(variants[0] if variants else "", 8 + column)
    elif core in {54, 86} and column > 17:
        base = column - 14 if column <= 26 else column - 24
    elif core >= 18:
        base = column if column <= 12 else column - 10
    else:
        base = column
    if rare:
        return base
    extra = {"pv": 6, "sv": 2 if number <= 4 else 8, "d": 10}
    return base + sum(extra.get(variant, 0) for variant in variants)


def _cutoff(symbol: str) -> float:
    """Return a plausible ENMAX in eV."""
    name, *variants = symbol.split("_")
    extra = {"pv": 40.0, "sv": 90.0, "d": 30.0, "h": 60.0, "GW": 10.0}
    metal = 180.0 + 6.0 * (valence(name) % 8) + (element(name).number % 7) * 4.0
    return _HARD.get(name, metal) + sum(extra.get(variant, 0.0) for variant in variants)


def text(symbol: str, functional: str) -> str:
    """Return the synthetic POTCAR of a symbol for one of `FUNCTIONAL_FOLDERS`.

    Raises:
        KeyError: the symbol names no element up to californium, or the functional is not known.
    """
    _, word, lexch = FUNCTIONAL_FOLDERS[functional]
    facts = element(symbol.split("_", maxsplit=1)[0])
    zval, enmax = valence(symbol), _cutoff(symbol)
    title = f"{word} {symbol} STANDIN"
    radius = facts.radius_angstrom
    return f"""  {title}
  {zval:.8f}
 parameters from PSCTR are:
   SYNTHETIC, NOT A PSEUDOPOTENTIAL: made up for crystalmath-standin, useless for VASP
   VRHFIN ={facts.symbol}: synthetic
   LEXCH  = {lexch}
   EATOM  = {100.0 * zval:12.4f} eV, {100.0 * zval / 13.6057:12.4f} Ry

   TITEL  = {title}
   LULTRA =        F    use ultrasoft PP ?
   IUNSCR =        0    unscreen: 0-lin 1-nonlin 2-no
   RPACOR =    0.000    partial core radius
   POMASS = {facts.mass:8.3f}; ZVAL   = {zval:8.3f}    mass and valenz
   RCORE  = {1.5 * radius:8.3f}    outmost cutoff radius
   RWIGS  = {1.89 * radius:8.3f}; RWIGS  = {radius:8.3f}    wigner-seitz radius (au A)
   ENMAX  = {enmax:8.3f}; ENMIN  = {0.75 * enmax:8.3f} eV
   ICORE  =        2    local potential
   LCOR   =        T    correct aug charges
   LPAW   =        T    paw PP
   EAUG   = {2.0 * enmax:8.3f}
   END of PSCTR-controll parameters
 SYNTHETIC, NOT A PSEUDOPOTENTIAL
   0.0   {zval:.1f}
 End of Dataset
"""


def write_library(folder: Path) -> int:
    """Write all POTCARs in pymatgen's layout below `folder`; return how many."""
    written = 0
    for functional, (name, _, _) in FUNCTIONAL_FOLDERS.items():
        target = folder / name
        target.mkdir(parents=True, exist_ok=True)
        for symbol in symbols():
            (target / f"POTCAR.{symbol}").write_text(text(symbol, functional), encoding="ascii")
            written += 1
    return written
