"""emmet's document of a VASP run, as jobflow's store keeps it."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import TYPE_CHECKING, Any

from crystalmath.errors import JobFileError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["band_structure", "load", "output"]


def load(data: bytes) -> dict[str, Any]:
    """Return the document of a compressed file. Raises JobFileError when it is damaged."""
    try:
        document: dict[str, Any] = json.loads(gzip.decompress(data))
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise JobFileError(
            f"The result document cannot be read: {error}", hint="Take the raw files of the job instead."
        ) from error
    return document


def output(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the TaskDoc in the document; empty when there is none."""
    return document.get("output") or {}


def band_structure(document: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the band structure in the document, None when the run has none."""
    objects = output(document).get("vasp_objects") or {}
    found: Mapping[str, Any] | None = objects.get("bandstructure")
    return found
