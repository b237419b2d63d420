"""What an editor may set, read into the options of a check; what cannot be read is said and left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from crystalmath.vasp.folder import Options
from crystalmath.vasp.rules.rule import all_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["SETTINGS", "read_options"]

SETTINGS: Final[Mapping[str, str]] = {
    "select": "rules (or groups of rules) to run, all when empty",
    "ignore": "rules (or groups of rules) to leave out",
    "targetVersion": 'the version of VASP in use, such as "6.4"',
    "allow": "tags of a patched VASP that are no typing errors",
    "vtst": "whether VASP has the VTST patches",
}
_VERSION: Final = re.compile(r"\d+(?:\.\d+){0,3}\Z")
_ELSEWHERE: Final = frozenset({"trace", "server", "enable"})
"""What belongs to editors' own extensions."""


def read_options(settings: Mapping[str, object]) -> tuple[Options, tuple[str, ...]]:
    """Return the options, and a sentence for each setting that says nothing."""
    problems = [
        f'there is no setting "{name}"; there are {", ".join(SETTINGS)}'
        for name in settings
        if name not in SETTINGS and name not in _ELSEWHERE
    ]
    codes = {name for rule in all_rules() for name in (rule.code, rule.subject)}
    lists: dict[str, frozenset[str]] = {}
    for name in ("select", "ignore", "allow"):
        words = settings.get(name) or []
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            problems.append(f'the setting "{name}" must be a list of names, not {words!r}')
            words = []
        lists[name] = frozenset(words)
        if name != "allow":
            problems += _unknown(name, words, codes)
    vtst = settings.get("vtst")
    if not isinstance(vtst, bool | None):
        problems.append(f'the setting "vtst" must be true or false, not {vtst!r}')
    ignored = lists["ignore"] | ({"vtst-tag"} if vtst is True else set())
    target = _target(settings.get("targetVersion"), problems)
    allowed = frozenset(name.upper() for name in lists["allow"])
    return Options(lists["select"], ignored, target, allowed), tuple(problems)


def _unknown(name: str, words: Iterable[str], codes: set[str]) -> list[str]:
    return [f'the setting "{name}" names "{word}", which is no rule' for word in words if word not in codes]


def _target(value: object, problems: list[str]) -> tuple[int, ...] | None:
    if value is None or value == "":
        return None
    text = str(value) if isinstance(value, str | float | int) and not isinstance(value, bool) else ""
    if _VERSION.fullmatch(text):
        return tuple(int(part) for part in text.split("."))
    problems.append(f'the setting "targetVersion" must be a version such as "6.4", not {value!r}')
    return None
