"""What an editor may set, as the settings of a check; what says nothing is told and left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crystalmath.errors import InputError
from crystalmath.vasp.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["read_settings"]

_ELSEWHERE: Final = frozenset({"trace", "server", "enable"})
"""What belongs to editors' own extensions."""


def read_settings(given: Mapping[str, object]) -> tuple[Settings, tuple[str, ...]]:
    """Return the settings, and a sentence for each part that says nothing."""
    good: dict[str, object] = {}
    problems: list[str] = []
    for key, value in _parts(given):
        try:
            Settings.from_mapping({key: value})
        except InputError as error:
            problems.append(f"{error.message}. {error.hint}")
            continue
        before = good.get(key)
        good[key] = [*before, *value] if isinstance(before, list) and isinstance(value, list) else value
    return Settings.from_mapping(good), tuple(problems)


def _parts(given: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Yield the settings, lists one name at a time: a wrong name must not take the others with it."""
    for key, value in given.items():
        if key in _ELSEWHERE or value is None:
            continue
        if isinstance(value, list):
            for name in value:
                yield key, [name]
        else:
            yield key, value
