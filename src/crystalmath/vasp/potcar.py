"""POTCAR: the headers only. The body is licensed and never kept, not even in memory after parsing."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

__all__ = ["Potcar", "PotcarHeader", "parse"]

_MOST: Final = 1e6  # what no cutoff and no valence reaches
_FIELDS: Final = re.compile(r"\b(VRHFIN|LEXCH|ENMAX|ENMIN|ZVAL|SHA256|LULTRA)\s*=\s*([^\s;]*)([^\n;]*)")
_SYMBOL: Final = re.compile(r"[A-Z][A-Za-z]?[A-Za-z0-9_.]*")


class PotcarHeader(NamedTuple):
    """What the header of one potential says; None where it says nothing readable."""

    titel: str
    symbol: str
    element: str
    family: str
    date: str
    vrhfin: str
    lexch: str | None
    enmax_ev: float | None
    zval: float | None
    hashed: bool
    line: int


class Potcar(NamedTuple):
    """The headers of a POTCAR file in their order."""

    headers: tuple[PotcarHeader, ...]

    @property
    def elements(self) -> tuple[str, ...]:
        """The element of each potential."""
        return tuple(header.element for header in self.headers)


def parse(text: str) -> Potcar:
    """Read the headers of a POTCAR; never raises."""
    headers: list[PotcarHeader] = []
    lines = text.split("\n")
    starts = [number for number, line in enumerate(lines) if "TITEL" in line and "=" in line]
    for index, number in enumerate(starts):
        end = starts[index + 1] if index + 1 < len(starts) else len(lines)
        headers.append(_header(lines, number, min(end, number + 60)))
    return Potcar(tuple(headers))


def _header(lines: list[str], number: int, end: int) -> PotcarHeader:
    titel = lines[number].partition("=")[2].strip()
    words = titel.split()
    symbol = next((word for word in words if _SYMBOL.fullmatch(word) and not _is_family(word)), "")
    fields: dict[str, str] = {}
    for line in lines[max(number - 4, 0) : end]:
        for match in _FIELDS.finditer(line):
            fields.setdefault(match[1], (match[2] + match[3]).strip())
    return PotcarHeader(
        titel=titel,
        symbol=symbol,
        element=re.split(r"[_.\d]", symbol, maxsplit=1)[0],
        family=words[0] if words and _is_family(words[0]) else "",
        date=words[-1] if len(words) > 2 else "",
        vrhfin=fields.get("VRHFIN", ""),
        lexch=fields.get("LEXCH", "").split()[0] if fields.get("LEXCH") else None,
        enmax_ev=_number(fields.get("ENMAX")),
        zval=_number(fields.get("ZVAL")),
        hashed="SHA256" in fields,
        line=number + 1,
    )


def _is_family(word: str) -> bool:
    return word.startswith(("PAW", "US", "NC", "GW"))


def _number(text: str | None) -> float | None:
    try:
        value = float(text.split()[0]) if text else None
    except ValueError:
        return None
    return value if value is not None and 0 <= value < _MOST else None
