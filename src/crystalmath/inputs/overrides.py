"""INCAR settings that a user gives: read by the tag table, then tied to the atoms of a structure.

`validate` knows tags and types only. `bind` gives values per atom and per species to the atoms they were
meant for, whatever order the POSCAR is written in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from crystalmath.errors import OverrideError
from crystalmath.inputs.order import species_groups
from crystalmath.vasp import fortran, tags

if TYPE_CHECKING:
    from collections.abc import Callable

    from pymatgen.core import Structure

    from crystalmath.vasp.tags import Tag

__all__ = ["Bound", "bind", "parse", "validate"]

PER_SPECIES_U: Final = ("LDAUL", "LDAUU", "LDAUJ")
BY_ELEMENT: Final = (*PER_SPECIES_U, "MAGMOM")
FREE_TEXT: Final = ("SYSTEM",)

_SINGLE: Final[dict[str, tuple[Callable[[str], object], str]]] = {
    "integer": (fortran.read_integer, "a whole number"),
    "real": (fortran.read_real, "a number"),
    "logical": (fortran.read_logical, ".TRUE. or .FALSE."),
}
_SEVERAL: Final[dict[str, tuple[Callable[[str], Sequence[object]], str]]] = {
    "integer": (fortran.read_integers, "whole numbers"),
    "real": (fortran.read_reals, "numbers"),
    "logical": (fortran.read_logicals, ".TRUE. or .FALSE. values"),
}


def parse(assignments: Iterable[str]) -> dict[str, str]:
    """Split assignments as typed on a command line, `ENCUT=520`, into tags and value texts.

    Raises:
        OverrideError: there is no `=`, no tag or no value, or a tag comes twice.
    """
    settings: dict[str, str] = {}
    for assignment in assignments:
        tag, equals, value = assignment.partition("=")
        name = tag.strip().upper()
        if not equals or not name or not value.strip():
            raise OverrideError(
                f"{assignment!r} is no setting.",
                hint="Write TAG=VALUE, for instance --set ENCUT=520; TAG=none takes a tag out.",
            )
        if name in settings:
            raise OverrideError(f"{name} is set twice.", hint="Keep one of the two settings.")
        settings[name] = value.strip()
    return settings


def validate(settings: Mapping[str, object]) -> dict[str, object]:
    """Return the settings with upper-case tags and typed values: bool, int, float, str, list, None to remove.

    MAGMOM, LDAUL, LDAUU and LDAUJ may also be mappings from element to value.

    Raises:
        OverrideError: a tag is unknown (the nearest is named) or a value cannot be read as the tag's type.
    """
    return {name.strip().upper(): _typed(name.strip().upper(), value) for name, value in settings.items()}


def _typed(name: str, value: object) -> object:
    tag = tags.find(name)
    if tag is None and not tags.is_known(name):
        near = tags.suggest(name)
        raise OverrideError(
            f"{name} is no INCAR tag.",
            hint=f"Did you mean {near}?" if near else "Look the tag up in the documentation of VASP.",
        )
    if value is None or (isinstance(value, str) and value.strip().lower() == "none"):
        return None
    if isinstance(value, Mapping):
        return _by_element(name, value)
    text = _as_text(name, value)
    if tag is None or tag.type is None or tag.type == "string":
        return _word(tag, text)
    return _list(tag, text) if tag.array else _scalar(tag, text)


def _as_text(name: str, value: object) -> str:
    """Write a Python value as INCAR has it, so that every value passes the same reader."""
    if isinstance(value, bool):
        return ".TRUE." if value else ".FALSE."
    if isinstance(value, str):
        text = value.strip()
        if text and "\n" not in text:
            return text
        raise OverrideError(
            f"{name} has {'a line break in its value' if text else 'no value'}.",
            hint=f"Give {name} a value on one line, or None to take it out.",
        )
    if isinstance(value, (int, float)):
        return repr(float(value)) if isinstance(value, float) else str(int(value))
    item = getattr(value, "item", None)
    if callable(item) and getattr(value, "ndim", None) == 0:
        return _as_text(name, item())  # a number of numpy
    if isinstance(value, Iterable):
        return " ".join(_as_text(name, one) for one in value)
    raise OverrideError(
        f"{name} cannot be {type(value).__name__}.",
        hint="Give a number, a logical, a text or a list of them.",
    )


def _scalar(tag: Tag, text: str) -> object:
    read, expected = _SINGLE[tag.type or "real"]
    try:
        value = read(text)
        count = sum(item.repeat for item in fortran.items(text))
    except ValueError as error:
        raise _unreadable(tag, text, expected, str(error)) from error
    if count > 1:
        raise _unreadable(tag, text, expected, f"it takes one value and {count} are given")
    return value


def _list(tag: Tag, text: str) -> object:
    read, expected = _SEVERAL[tag.type or "real"]
    try:
        values = list(read(text))
        count = sum(item.repeat for item in fortran.items(text))
    except ValueError as error:
        raise _unreadable(tag, text, expected, str(error)) from error
    if count != len(values):
        raise _unreadable(tag, text, expected, "there is text behind the values")
    return values


def _unreadable(tag: Tag, text: str, expected: str, reason: str) -> OverrideError:
    return OverrideError(
        f"{tag.name} = {text} cannot be read: {reason}.", hint=f"{tag.name} takes {expected}; see {tag.page}"
    )


def _word(tag: Tag | None, text: str) -> object:
    """Keep a text; where the tag also takes a logical (LREAL) or has no known type, read what it shows."""
    if tag is not None and tag.name in FREE_TEXT:
        return text
    readers: tuple[Callable[[str], object], ...] = ()
    if tag is None or tag.type is None:
        readers = (fortran.read_integer, fortran.read_real, fortran.read_logical)
    elif tag.default is not None and tag.default.strip(".").upper() in {"TRUE", "FALSE"}:
        readers = (fortran.read_logical,)
    if len(text.split()) == 1:
        for read in readers:
            try:
                return read(text)
            except ValueError:
                continue
    return text


def _by_element(name: str, value: Mapping[object, object]) -> dict[str, object]:
    if name not in BY_ELEMENT:
        raise OverrideError(
            f"{name} takes no values per element.",
            hint=f"Only {', '.join(BY_ELEMENT)} may be given per element.",
        )
    for element, number in value.items():
        if not isinstance(element, str) or isinstance(number, bool) or not isinstance(number, (int, float)):
            raise OverrideError(
                f"{name} has {element!r}: {number!r}, which is no number for an element.",
                hint=f'Write {name} as {{"Fe": 5.0}}.',
            )
    return {str(element): number for element, number in value.items()}


@dataclass(frozen=True, slots=True)
class Bound:
    """Settings tied to a structure: moments are in the structure, `settings` are pymatgen's user settings."""

    structure: Structure
    settings: dict[str, object]


def bind(structure: Structure, overrides: Mapping[str, object], order: Sequence[int]) -> Bound:
    """Give validated values per atom and per species to the atoms of `structure`, in its own order.

    MAGMOM becomes the moments of the sites of a copy, LDAU* values per element; other lists per atom or
    species are put into the order of the POSCAR that is written, `order` (see `order.written_order`).

    Raises:
        OverrideError: there are not as many values as atoms or species.
    """
    settings = dict(overrides)
    bound = structure
    if isinstance(settings.get("MAGMOM"), list) or (
        isinstance(settings.get("MAGMOM"), dict) and "magmom" in structure.site_properties
    ):
        moments = _moments(structure, settings.pop("MAGMOM"), settings)
        bound = structure.copy(site_properties={"magmom": moments})
    for name, value in settings.items():
        if isinstance(value, list):
            settings[name] = _in_written_order(structure, name, value, order)
    return Bound(bound, settings)


def _moments(structure: Structure, value: object, settings: Mapping[str, object]) -> list[object]:
    if isinstance(value, dict):
        given = structure.site_properties["magmom"]
        return [value.get(site.specie.symbol, old) for site, old in zip(structure, given, strict=True)]
    values = list(value) if isinstance(value, list) else []
    vectors = bool(settings.get("LNONCOLLINEAR") or settings.get("LSORBIT"))
    _check_count(
        "MAGMOM",
        len(values),
        len(structure) * (3 if vectors else 1),
        "three per atom" if vectors else "one per atom",
    )
    return [values[i : i + 3] for i in range(0, len(values), 3)] if vectors else values


def _in_written_order(structure: Structure, name: str, values: list[object], order: Sequence[int]) -> object:
    tag = tags.find(name)
    arity = tag.arity if tag is not None else "list"
    if arity == "per_species":
        of_element = _per_element(structure, name, values)
        if name in PER_SPECIES_U:
            return of_element
        symbols = (structure[index].specie.symbol for index in order)
        return [of_element[symbol] for symbol, _ in groupby(symbols)]
    if arity not in {"per_ion", "three_per_ion"}:
        return values
    width = 3 if arity == "three_per_ion" else 1
    _check_count(
        name, len(values), width * len(structure), "three per atom" if width == 3 else "one per atom"
    )
    return [one for index in order for one in values[width * index : width * (index + 1)]]


def _per_element(structure: Structure, name: str, values: list[object]) -> dict[str, object]:
    """Give values in the order of the POSCAR's species line to elements; repeated groups must agree."""
    groups = species_groups(structure)
    elements = tuple(dict.fromkeys(groups))
    order = groups if len(values) == len(groups) else elements
    _check_count(name, len(values), len(order), f"one per species in the order {' '.join(order)}")
    of_element: dict[str, object] = {}
    for symbol, value in zip(order, values, strict=True):
        if of_element.setdefault(symbol, value) != value:
            raise OverrideError(
                f"{name} gives {symbol} two values, {of_element[symbol]} and {value}.",
                hint=f"Give one value for each of {' '.join(elements)}.",
            )
    return of_element


def _check_count(name: str, count: int, needed: int, meaning: str) -> None:
    if count != needed:
        raise OverrideError(
            f"{name} has {count} value{'s' if count != 1 else ''} where {needed} are needed, {meaning}.",
            hint=f"Give {needed} values, in the order of the structure file; 3*0.5 repeats a value.",
        )
