"""The headers of a POTCAR: what a run needs to know of its potentials."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from crystalmath.standin.elements import SYMBOLS
from crystalmath.standin.stop import Refusal

__all__ = ["PotcarHeader", "read"]

_END: Final = re.compile(r"^\s*End of Dataset\s*$", re.MULTILINE)
_NUMBER: Final = r"\s*=\s*(-?\d*\.?\d+(?:[eEdD][+-]?\d+)?)"


@dataclass(frozen=True, slots=True)
class PotcarHeader:
    """One potential of a POTCAR; energies in eV, mass in atomic units."""

    title: str
    element: str
    lexch: str
    zval: float
    mass: float
    enmax_ev: float
    eaug_ev: float


def read(text: str) -> tuple[PotcarHeader, ...]:
    """Return the header of each potential in a POTCAR.

    Raises:
        Refusal: a potential has no TITEL, VRHFIN, ZVAL or ENMAX.
    """
    parts = [part for part in _END.split(text) if part.strip()]
    return tuple(_header(part, number) for number, part in enumerate(parts, start=1))


def _header(part: str, number: int) -> PotcarHeader:
    title = re.search(r"TITEL\s*=\s*(.+)", part)
    valence = re.search(r"VRHFIN\s*=\s*(.+)", part)
    zval, enmax = re.search("ZVAL" + _NUMBER, part), re.search("ENMAX" + _NUMBER, part)
    if title is None or valence is None or zval is None or enmax is None:
        raise Refusal(f"ERROR: potential number {number} on file POTCAR cannot be read.")
    lexch = re.search(r"LEXCH\s*=\s*(\w+)", part)
    mass, eaug = re.search("POMASS" + _NUMBER, part), re.search("EAUG" + _NUMBER, part)
    return PotcarHeader(
        title=title[1].strip(),
        element=_element(valence[1], title[1]),
        lexch=lexch[1] if lexch else "PE",
        zval=float(zval[1]),
        mass=float(mass[1]) if mass else 1.0,
        enmax_ev=float(enmax[1]),
        eaug_ev=float(eaug[1]) if eaug else 2.0 * float(enmax[1]),
    )


def _element(vrhfin: str, title: str) -> str:
    """Return the element; real POTCARs write odd VRHFIN such as `X: …` for xenon, the title helps then."""
    name = vrhfin.split(":", maxsplit=1)[0].strip()
    if name in SYMBOLS:
        return name
    words = title.split()
    candidate = re.split(r"[_.]", words[1] if len(words) > 1 else words[0])[0]
    if candidate in SYMBOLS:
        return candidate
    raise Refusal(f"ERROR: the element of the potential {title.strip()!r} on file POTCAR is unknown.")
