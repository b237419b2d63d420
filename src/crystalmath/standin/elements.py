"""Facts about the elements that the toy models need: number, mass, radius, electronegativity, valence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

__all__ = ["SYMBOLS", "Element", "element"]


@dataclass(frozen=True, slots=True)
class Element:
    """One element; mass in atomic units, covalent radius in Å, Pauling electronegativity (1.8 if unknown)."""

    symbol: str
    number: int
    mass: float
    radius_angstrom: float
    electronegativity: float


# standard atomic weights (IUPAC), covalent radii (Cordero et al., Dalton Trans. 2832 (2008)), Pauling's scale
_TABLE: Final = """
H 1.008 .31 2.20|He 4.0026 .28 -|Li 6.94 1.28 .98|Be 9.0122 .96 1.57|B 10.81 .84 2.04|C 12.011 .76 2.55
N 14.007 .71 3.04|O 15.999 .66 3.44|F 18.998 .57 3.98|Ne 20.180 .58 -|Na 22.990 1.66 .93|Mg 24.305 1.41 1.31
Al 26.982 1.21 1.61|Si 28.085 1.11 1.90|P 30.974 1.07 2.19|S 32.06 1.05 2.58|Cl 35.45 1.02 3.16
Ar 39.948 1.06 -
K 39.098 2.03 .82|Ca 40.078 1.76 1.00|Sc 44.956 1.70 1.36|Ti 47.867 1.60 1.54|V 50.942 1.53 1.63
Cr 51.996 1.39 1.66|Mn 54.938 1.39 1.55|Fe 55.845 1.32 1.83|Co 58.933 1.26 1.88|Ni 58.693 1.24 1.91
Cu 63.546 1.32 1.90|Zn 65.38 1.22 1.65|Ga 69.723 1.22 1.81|Ge 72.630 1.20 2.01|As 74.922 1.19 2.18
Se 78.971 1.20 2.55|Br 79.904 1.20 2.96|Kr 83.798 1.16 3.00|Rb 85.468 2.20 .82|Sr 87.62 1.95 .95
Y 88.906 1.90 1.22|Zr 91.224 1.75 1.33|Nb 92.906 1.64 1.60|Mo 95.95 1.54 2.16|Tc 97 1.47 1.90
Ru 101.07 1.46 2.20
Rh 102.91 1.42 2.28|Pd 106.42 1.39 2.20|Ag 107.87 1.45 1.93|Cd 112.41 1.44 1.69|In 114.82 1.42 1.78
Sn 118.71 1.39 1.96|Sb 121.76 1.39 2.05|Te 127.60 1.38 2.10|I 126.90 1.39 2.66|Xe 131.29 1.40 2.60
Cs 132.91 2.44 .79|Ba 137.33 2.15 .89|La 138.91 2.07 1.10|Ce 140.12 2.04 1.12|Pr 140.91 2.03 1.13
Nd 144.24 2.01 1.14|Pm 145 1.99 1.13|Sm 150.36 1.98 1.17|Eu 151.96 1.98 1.20|Gd 157.25 1.96 1.20
Tb 158.93 1.94 1.10|Dy 162.50 1.92 1.22|Ho 164.93 1.92 1.23|Er 167.26 1.89 1.24|Tm 168.93 1.90 1.25
Yb 173.05 1.87 1.10|Lu 174.97 1.87 1.27|Hf 178.49 1.75 1.30|Ta 180.95 1.70 1.50|W 183.84 1.62 2.36
Re 186.21 1.51 1.90|Os 190.23 1.44 2.20|Ir 192.22 1.41 2.20|Pt 195.08 1.36 2.28|Au 196.97 1.36 2.54
Hg 200.59 1.32 2.00|Tl 204.38 1.45 1.62|Pb 207.2 1.46 2.33|Bi 208.98 1.48 2.02|Po 209 1.40 2.00
At 210 1.50 2.20
Rn 222 1.50 -|Fr 223 2.60 .70|Ra 226 2.21 .90|Ac 227 2.15 1.10|Th 232.04 2.06 1.30|Pa 231.04 2.00 1.50
U 238.03 1.96 1.38|Np 237 1.90 1.36|Pu 244 1.87 1.28|Am 243 1.80 1.30|Cm 247 1.69 1.30
Bk 247 1.68 1.30|Cf 251 1.68 1.30
"""
SYMBOLS: Final = tuple(entry.split()[0] for entry in _TABLE.replace("\n", "|").split("|") if entry)


@cache
def _elements() -> dict[str, Element]:
    entries = [entry.split() for entry in _TABLE.replace("\n", "|").split("|") if entry]
    return {
        symbol: Element(symbol, number, float(mass), float(radius), 1.8 if chi == "-" else float(chi))
        for number, (symbol, mass, radius, chi) in enumerate(entries, start=1)
    }


def element(symbol: str) -> Element:
    """Return the element of that symbol.

    Raises:
        KeyError: there is no such element up to californium.
    """
    return _elements()[symbol]
