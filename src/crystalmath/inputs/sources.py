"""Where each value of an INCAR comes from: the user, the input set, or the structure it was made for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Setting", "Source", "settings_of"]

Source = Literal["input set", "derived", "user"]

ALWAYS_DERIVED: Final = frozenset({"MAGMOM", "NUPDOWN", "NELECT", "LMAXMIX"})
"""Computed from the structure unless somebody gave a plain value."""


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
    updates, config = generator.incar_updates, generator._config_dict["INCAR"]
    automatic = _automatic(generator)
    settings = []
    for tag, value in _lines(incar, text):
        source: Source = "derived"
        if tag in given:
            source = "user"
        elif not tag.startswith("LDAU") and _is_static(tag, incar[tag], updates, config, automatic):
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


def _is_static(
    tag: str, value: object, updates: Mapping[str, Any], config: Mapping[str, Any], automatic: frozenset[str]
) -> bool:
    if updates.get(tag) is not None:
        return _same(tag, value, updates[tag])
    if tag in automatic or config.get(tag) is None:
        return False
    return _same(tag, value, config[tag])


def _same(tag: str, value: object, origin: object) -> bool:
    """Compare as pymatgen stores it: it rewrites texts and turns numbers into the tag's type."""
    if isinstance(origin, dict) or (tag in ALWAYS_DERIVED and not isinstance(origin, (int, float))):
        return False
    from pymatgen.io.vasp.inputs import Incar

    return bool(Incar({tag: origin})[tag] == value)
