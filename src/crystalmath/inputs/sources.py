"""Where each value of an INCAR comes from: the user, the input set, or the structure it was made for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from crystalmath.inputs.seam_atomate2 import configured_incar

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Setting", "Source", "settings_of"]

Source = Literal["input set", "derived", "user"]

ALWAYS_DERIVED: Final = frozenset({"MAGMOM", "NUPDOWN", "NELECT"})
"""Computed from the structure, also where the input set carries a table or a value for it."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of an INCAR: the value as it is written there, and where it comes from."""

    tag: str
    value: str
    source: Source


def settings_of(
    incar: Mapping[str, Any], text: str, generator: Any, given: frozenset[str]
) -> tuple[Setting, ...]:
    """Return the settings of an INCAR in the order of its text; `given` are the tags that the user set."""
    static = _static_values(generator)
    settings = []
    for tag, value in _lines(incar, text):
        source: Source = "derived"
        if tag in given:
            source = "user"
        elif not tag.startswith("LDAU") and tag in static and static[tag] == incar[tag]:
            source = "input set"
        settings.append(Setting(tag, value, source))
    return tuple(settings)


def _lines(incar: Mapping[str, Any], text: str) -> list[tuple[str, str]]:
    tags = sorted(incar)
    lines = [line.partition(" = ")[::2] for line in text.splitlines()]
    if [tag for tag, _ in lines] == tags:
        return [(tag, value) for tag, value in lines]
    return [(tag, str(incar[tag])) for tag in tags]  # a value with line breaks, such as WANNIER90_WIN


def _automatic(generator: Any) -> frozenset[str]:
    """Return the tags that the generator decides on by looking at the structure or at an earlier run."""
    rules = (
        (generator.auto_ismear, ("ISMEAR", "SIGMA")),
        (generator.auto_kspacing, ("KSPACING",)),
        (generator.auto_ispin and generator.prev_vasprun is not None, ("ISPIN",)),
        (generator.auto_lreal, ("LREAL",)),
    )
    return frozenset(tag for rule, tags in rules if rule for tag in tags)


def _static_values(generator: Any) -> Mapping[str, Any]:
    """Return the values that the input set writes whatever the structure, as pymatgen stores them."""
    from pymatgen.io.vasp.inputs import Incar

    updates, automatic = generator.incar_updates, _automatic(generator)
    config = {tag: value for tag, value in configured_incar(generator).items() if tag not in automatic}
    static = {
        tag: value
        for tag, value in {**config, **updates}.items()
        if value is not None and not isinstance(value, dict) and tag not in ALWAYS_DERIVED
    }
    incar: Mapping[str, Any] = Incar(static)
    return incar
