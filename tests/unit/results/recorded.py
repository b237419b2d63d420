"""The recorded VASP runs of tests/data, unpacked."""

from __future__ import annotations

import gzip
from pathlib import Path

DATA = Path(__file__).parents[2] / "data" / "vasp"


def unpack(name: str, target: Path) -> Path:
    """Unpack a recorded run into the folder and return it."""
    for packed in (DATA / "runs" / name).iterdir():
        (target / packed.name.removesuffix(".gz")).write_bytes(gzip.decompress(packed.read_bytes()))
    return target
