"""Write the tag table of `crystalmath.vasp` from the facts extracted from the VASP wiki.

Usage: python -m scripts.generate_tags FACTS.json

Only facts pass: names, types, numbers of values, listed values, defaults that are expressions, versions and
page names. A default or a condition that is prose is left out: no sentence of the wiki (GFDL) gets in.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any, Final

from scripts.tag_curation import (
    FREE,
    MORE_UNDOCUMENTED,
    MORE_VALUES,
    NO_SINCE,
    NO_VALUES,
    NOT_TAGS,
    PER_ION,
    PER_SPECIES,
    SINCE,
    SPLIT,
    THREE,
    THREE_PER_ION,
    TYPES,
    VTST,
)
from scripts.tag_summaries import SUMMARIES

TARGET: Final = Path(__file__).parent.parent / "src/crystalmath/vasp/tags.json"
FAMILIES: Final = {"LIBXC1_Pn": r"LIBXC1_P\d+", "LIBXC2_Pn": r"LIBXC2_P\d+", "XCm_Pn": r"XC\d+_P\d+"}

_VALUE: Final = re.compile(r"[-+.\w]+(?:[-+*/(),.\w ]*[\w.)])?\Z")
_PROSE: Final = re.compile(r"[A-Za-z]{2,}\s+[a-z]{2,}|[a-z]{4,}\b.*[a-z]{4,}")
_POWER: Final = re.compile(r"\$?(\d*)\\?\s*(?:times)?\s*10\^\{?(-?\d+)\}?\$?\Z")
_TERM: Final = r"[A-Z][A-Z0-9_/]*\s*(?:=|!=|>|<|>=|<=)\s*[-\w.]+"
_CONDITION: Final = re.compile(rf"{_TERM}(?:\s+(?:and|or)\s+{_TERM})*\Z")


def arity(name: str, fact: dict[str, Any]) -> str:
    """Return how many values a tag takes."""
    for names, word in (
        (PER_SPECIES, "per_species"),
        (PER_ION, "per_ion"),
        (THREE_PER_ION, "three_per_ion"),
        (THREE, "three"),
        (FREE, "list"),
    ):
        if name in names:
            return word
    return "list" if fact["array"] else "scalar"


def values(name: str, fact: dict[str, Any]) -> list[str]:
    """Return the listed values; logical tags need none."""
    if name in NO_VALUES or TYPES.get(name, fact["type"]) == "logical":
        return []
    listed = list(fact["signature_values"])
    if any(re.search(r"[<>≥]|\d-\d", value) for value in listed):
        listed = [] if name != "ISMEAR" else [value for value in listed if value != ">0"]
    for value in MORE_VALUES.get(name, ()):
        if value not in listed:
            listed.append(value)
    return listed


def default_value(text: str) -> str | None:
    """Return a default that is an expression, None for prose."""
    power = _POWER.match(text)
    if power is not None:
        return f"{power[1] or '1'}E{power[2]}"
    text = text.strip("$ ").replace("×", "*")
    if (
        _VALUE.match(text) is None
        or _PROSE.search(text)
        or text in {"see page", "not set", "none", "None", "N/A"}
    ):
        return None
    return re.sub(r"\s*\*\s*", "*", text)


def condition(text: str | None) -> str | None:
    """Return a condition on other tags, `else`, or None for prose; the empty string means always."""
    if text is None:
        return ""
    text = text.removeprefix("for ").replace("$neq$", "!=").replace("$=$", "=").replace(".AND.", "and")
    text = re.sub(r"\s*(!=|>=|<=|=|>|<)\s*", r" \1 ", text).strip()
    if text in {"else", "otherwise"}:
        return "else"
    return text if _CONDITION.match(text) else None


def defaults(fact: dict[str, Any]) -> list[list[str]]:
    """Return the clauses [value, condition] that are expressions, in the order in which they are tried."""
    clauses = []
    for clause in fact["default"]:
        value, when = default_value(clause["value"]), condition(clause["if"])
        if value is not None and when is not None:
            clauses.append([value, when])
    if any(when == "else" for _, when in clauses) and len(clauses) < len(fact["default"]):
        clauses = [
            clause for clause in clauses if clause[1] != "else"
        ]  # "else" of a clause that was left out
    return clauses


def since(name: str, fact: dict[str, Any]) -> str | None:
    """Return the first version that knows a tag."""
    if name in NO_SINCE:
        return None
    family = next((version for prefix, version in SINCE.items() if name.startswith(prefix)), None)
    return fact["since"] or family


def entry(name: str, fact: dict[str, Any]) -> list[Any]:
    """Return one row of the table."""
    page = fact["page"]
    return [
        TYPES.get(name, fact["type"]),
        arity(name, fact),
        values(name, fact),
        defaults(fact),
        since(name, fact),
        fact["deprecated"],
        "" if page == name else page,
        SUMMARIES.get(name, ""),
    ]


def table(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the whole table as it is written."""
    tags: dict[str, list[Any]] = {}
    for fact in facts["tags"]:
        if fact["tag"] in NOT_TAGS:
            continue
        for name in SPLIT.get(fact["tag"], (fact["tag"],)):
            tags[name] = entry(name, fact)
    undocumented = sorted({*facts["undocumented_names"], *MORE_UNDOCUMENTED} - set(tags))
    return {
        "source": facts["source"],
        "tags": dict(sorted(tags.items())),
        "families": FAMILIES,
        "undocumented": undocumented,
        "vtst": sorted(set(VTST)),
    }


def main() -> None:
    """Read the facts named on the command line and write the table, one tag a line."""
    data = table(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    rows = ",\n".join(
        f"{json.dumps(k)}:{json.dumps(v, separators=(',', ':'))}" for k, v in data["tags"].items()
    )
    head = {key: value for key, value in data.items() if key != "tags"}
    text = json.dumps(head, separators=(",", ":"))[:-1] + ',\n"tags":{\n' + rows + "}}\n"
    TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
