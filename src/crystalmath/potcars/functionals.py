"""Names of POTCAR releases, and the folders that hold them in the layouts of pymatgen, ASE and VASP."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["KNOWN", "by_exchange", "of_folder", "same_release"]

PYMATGEN: Final = {
    "PBE": "POT_GGA_PAW_PBE",
    "PBE_52": "POT_GGA_PAW_PBE_52",
    "PBE_52_W_HASH": "POTPAW_PBE_52",
    "PBE_54": "POT_GGA_PAW_PBE_54",
    "PBE_54_W_HASH": "POTPAW_PBE_54",
    "PBE_64": "POT_PAW_PBE_64",
    "LDA": "POT_LDA_PAW",
    "LDA_52": "POT_LDA_PAW_52",
    "LDA_52_W_HASH": "POTPAW_LDA_52",
    "LDA_54": "POT_LDA_PAW_54",
    "LDA_54_W_HASH": "POTPAW_LDA_54",
    "LDA_64": "POT_LDA_PAW_64",
    "PW91": "POT_GGA_PAW_PW91",
    "LDA_US": "POT_LDA_US",
    "PW91_US": "POT_GGA_US_PW91",
}
"""Folder of each release in pymatgen's layout."""

OTHERS: Final = {
    "POT_PAW_PBE": "PBE",
    "POT_PAW_PBE_52": "PBE_52",
    "POT_PAW_PBE_54": "PBE_54",
    "POT_GGA_PAW_PBE_64": "PBE_64",
    "POTPAW_PBE": "PBE",
    "POTPAW_PBE_52": "PBE_52",
    "POTPAW_PBE_54": "PBE_54",
    "POTPAW_PBE_64": "PBE_64",
    "POTPAW": "LDA",
    "POTPAW_LDA": "LDA",
    "POTPAW_LDA_52": "LDA_52",
    "POTPAW_LDA_54": "LDA_54",
    "POTPAW_LDA_64": "LDA_64",
    "POTPAW_GGA": "PW91",
    "POTUSPP_LDA": "LDA_US",
    "POTUSPP_GGA": "PW91_US",
}
"""Folder names of VASP's own archives, which ASE uses, and spellings that are met."""

KNOWN: Final = tuple(PYMATGEN)

_EXACT: Final = {folder: name for name, folder in PYMATGEN.items()}
_SPELT: Final = _EXACT | OTHERS
_BY_EXCHANGE: Final = {"PE": "PBE", "CA": "LDA", "91": "PW91"}
_ALIASES: Final = {"PERDEW_ZUNGER81": "LDA"}


def of_folder(name: str) -> str | None:
    """Return the release that a folder of that name holds, None when the name tells nothing."""
    plain = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_").upper()
    return _EXACT.get(name) or _SPELT.get(plain)


def by_exchange(lexch: str) -> str:
    """Return the functional that a header names, without a release: `PBE`, `LDA`, `PW91` or `unknown`."""
    return _BY_EXCHANGE.get(lexch.upper(), "unknown")


def same_release(functional: str) -> tuple[str, ...]:
    """Return the names under which a release may lie, best first: hash lines do not make another."""
    name = _ALIASES.get(functional.upper(), functional)
    other = name.removesuffix("_W_HASH") if name.endswith("_W_HASH") else f"{name}_W_HASH"
    return (name, other) if other in PYMATGEN else (name,)
