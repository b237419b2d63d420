"""INCAR values as the types that vasprun.xml gives them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from crystalmath.vasp import fortran, tags

if TYPE_CHECKING:
    from crystalmath.standin.xml_text import Value

__all__ = ["typed"]


def typed(name: str, text: str) -> Value:
    """Return the value of a tag by the tag table, or as a string when it is not of that type."""
    tag = tags.find(name)
    if tag is None or tag.type is None or tag.type == "string":
        return text.strip()
    with suppress(ValueError):
        if tag.type == "logical":
            return fortran.read_logicals(text) if tag.array else fortran.read_logical(text)
        if tag.type == "integer":
            return fortran.read_integers(text) if tag.array else fortran.read_integer(text)
        return fortran.read_reals(text) if tag.array else fortran.read_real(text)
    return text.strip()
