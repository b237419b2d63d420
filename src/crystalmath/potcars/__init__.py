"""POTCARs by header: which there are, which a calculation lacks. Their text never leaves but as a POTCAR."""

from __future__ import annotations

from crystalmath.potcars.collection import (
    PotcarFolder,
    PotcarLibrary,
    PotcarStatus,
    assemble,
    index,
    library,
    status,
)
from crystalmath.potcars.scan import PotcarEntry

__all__ = [
    "PotcarEntry",
    "PotcarFolder",
    "PotcarLibrary",
    "PotcarStatus",
    "assemble",
    "index",
    "library",
    "status",
]
