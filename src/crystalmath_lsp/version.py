"""The version that is installed; importing `importlib.metadata` would take a third of the start."""

from __future__ import annotations

import sys
from pathlib import Path

__all__ = ["installed_version"]


def installed_version() -> str:
    """Return the version of crystalmath, by the name of the folder of its metadata."""
    for folder in sys.path:
        found = next(Path(folder or ".").glob("crystalmath-*.dist-info"), None)
        if found is not None:
            return found.name.removesuffix(".dist-info").partition("-")[2]
    from importlib.metadata import version  # installed in some other way

    return version("crystalmath")
