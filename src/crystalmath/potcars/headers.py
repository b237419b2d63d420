"""The header of a POTCAR: who it is, never what is in it.

POTCARs are licensed. Nothing of their text leaves this module but the facts below, not in an error either.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crystalmath.errors import PotcarError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["PotcarHeader", "contents", "digest", "headers_of"]

_END: Final = b"End of Dataset"
_HEADER_END: Final = b"END of PSCTR"
_HEADER_BYTES: Final = 20_000


@dataclass(frozen=True, slots=True)
class PotcarHeader:
    """The facts by which a POTCAR is known.

    `symbol` is the second word of `titel` (`Fe_pv`), `element` what VRHFIN names, `lexch` the exchange
    correlation it was made with (`PE`, `CA`, `91`), `zval` its number of valence electrons.
    """

    titel: str
    symbol: str
    element: str
    lexch: str
    enmax_ev: float | None
    zval: float | None


def contents(path: Path) -> bytes:
    """Return the bytes of a POTCAR file, unpacked when it is gzipped.

    Raises:
        PotcarError: it cannot be read.
    """
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise PotcarError(
            f"The POTCAR file {path} cannot be read: {reason}.", hint="Check the file and its permissions."
        ) from error


def digest(data: bytes) -> str:
    """Return the SHA-256 of a POTCAR, by which two are told apart without comparing texts."""
    return hashlib.sha256(data).hexdigest()


def headers_of(data: bytes) -> tuple[PotcarHeader, ...]:
    """Return the header of each data set of a POTCAR, in its order; empty when it is none."""
    found, start = [], 0
    while start < len(data) and data[start : start + _HEADER_BYTES].strip():
        header = _header(data[start : start + _HEADER_BYTES])
        if header is None:
            return ()
        found.append(header)
        end = data.find(_END, start)
        if end < 0:
            break
        newline = data.find(b"\n", end)
        start = len(data) if newline < 0 else newline + 1
    return tuple(found)


def _header(data: bytes) -> PotcarHeader | None:
    text = data.partition(_HEADER_END)[0].decode("latin-1")
    titel = _field(text, r"TITEL\s*=\s*([^\n]*?)\s*$")
    if titel is None:
        return None
    words = titel.split()
    symbol = words[1] if len(words) > 1 else titel
    element = _field(text, r"VRHFIN\s*=\s*([A-Za-z]+)") or re.split(r"[_.]", symbol)[0]
    return PotcarHeader(
        titel=titel,
        symbol=symbol,
        element=element.capitalize(),
        lexch=(_field(text, r"LEXCH\s*=\s*(\S+)") or "").upper(),
        enmax_ev=_number(text, r"ENMAX\s*=\s*([-+.\dEeDd]+)"),
        zval=_number(text, r"ZVAL\s*=\s*([-+.\dEeDd]+)"),
    )


def _field(text: str, pattern: str) -> str | None:
    match = re.search(pattern, text, re.MULTILINE)
    return match.group(1) if match else None


def _number(text: str, pattern: str) -> float | None:
    word = _field(text, pattern)
    try:
        return None if word is None else float(word.lower().replace("d", "e"))
    except ValueError:
        return None
