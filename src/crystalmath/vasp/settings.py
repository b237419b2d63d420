"""The settings of a check, from the command line, an editor or a configuration file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crystalmath.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Settings"]

_KEYS: Final = ("select", "ignore", "target_version", "allow", "vtst")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a check looks for.

    `select` and `ignore` are codes of rules or subjects (`magnetism`), `target` is the version of VASP in
    use, `allow` the tags of a patched build (in capitals), `vtst` says that it has the VTST patches.
    """

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    target: tuple[int, ...] | None = None
    allow: frozenset[str] = frozenset()
    vtst: bool = False

    @classmethod
    def from_mapping(cls, given: Mapping[str, object]) -> Settings:
        """Return the settings that a mapping holds.

        The keys are `select`, `ignore` and `allow` (a list, or words with commas or blanks between),
        `target_version` (`"6.4.3"`) and `vtst`; `targetVersion` and `target-version` do as well.

        Raises:
            InputError: a key, a rule or a version that there is not, or a value of another kind.
        """
        found: dict[str, object] = {}
        for key, value in given.items():
            found[_key(key)] = value
        select, ignore = (_names(name, found.get(name)) for name in ("select", "ignore"))
        _refuse_unknown(select | ignore)
        vtst = found.get("vtst") or False
        if not isinstance(vtst, bool):
            raise InputError(f"vtst is {vtst!r}, neither true nor false", hint="Write true or false.")
        allow = frozenset(name.upper() for name in _names("allow", found.get("allow")))
        return cls(select, ignore, _version(found.get("target_version")), allow, vtst)


def _key(written: str) -> str:
    """Return the key that is meant, however its words are joined."""
    plain = {key.replace("_", ""): key for key in _KEYS}
    key = plain.get(written.lower().replace("_", "").replace("-", ""))
    if key is None:
        raise InputError(f"there is no setting {written}", hint=f"The settings are {', '.join(_KEYS)}.")
    return key


def _names(key: str, value: object) -> frozenset[str]:
    if value is None:
        return frozenset()
    rows = [value] if isinstance(value, str) else value
    if not isinstance(rows, (list, tuple, set, frozenset)) or not all(isinstance(row, str) for row in rows):
        raise InputError(f"{key} is {value!r}, no list of names", hint="Write a list of strings.")
    return frozenset(name for row in rows for name in row.replace(",", " ").split())


def _refuse_unknown(names: frozenset[str]) -> None:
    from crystalmath.vasp.rules.rule import all_rules

    known = {rule.code for rule in all_rules()} | {rule.subject for rule in all_rules()}
    for name in sorted(names - known):
        import difflib

        near = difflib.get_close_matches(name, sorted(known), 1)
        hint = f"Did you mean {near[0]}?" if near else "The reference documentation lists all rules."
        raise InputError(f"there is no rule {name}", hint=hint)


def _version(value: object) -> tuple[int, ...] | None:
    if value is None or value == "":
        return None
    parts = value.split(".") if isinstance(value, str) else []
    if not parts or not all(part.isdecimal() and part.isascii() for part in parts):
        raise InputError(f"{value} is no version of VASP", hint="Write it as 6.4.3.")
    return tuple(int(part) for part in parts)
