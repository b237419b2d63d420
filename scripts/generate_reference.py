"""Write the reference pages of all rules, tags and methods of the server from the code.

Usage: python -m scripts.generate_reference [--check]  (with --check: exit 1 when a page is stale)
"""

from __future__ import annotations

import json
import sys
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from crystalmath.vasp import tags
from crystalmath.vasp.rules.rule import all_rules
from crystalmath_lsp.methods import METHODS
from crystalmath_lsp.schema import contract

FOLDER: Final = Path(__file__).parent.parent / "docs/reference"
NOTE: Final = "<!-- Written by scripts/generate_reference.py from the code; do not edit. -->\n\n"
SEVERITIES: Final = """An **error** is where VASP stops, silently ignores what was asked, or computes
something other than what was written. A **warning** is a value or a combination of doubtful sense.
**Information** and **hint** never change the exit code.

Rules are left out with `--ignore CODE` or `--select CODE` (a code or the heading it stands under), and with
`# crystalmath: ignore[CODE]` on the line of an INCAR that it concerns or in the first line of a POSCAR or
KPOINTS.

`--target-version 6.4.3` reports tags that are newer than your VASP, `--allow TAG` takes a tag of a patched
build for known, `--vtst` those of the VTST patches. An editor gives the same settings under the names
`select`, `ignore`, `target_version`, `allow` and `vtst`.

A **fix** is safe when VASP reads the same before and after it, or when what was written can only mean one
thing (`NELM = 60.0`, `LWAVE = no`); `--fix` makes those. `--unsafe-fixes` also makes those that guess, and
`--diff` shows either without writing. A fix that would bring a finding as severe as the one it mends is not
made.
"""
METHODS_HEAD: Final = """JSON-RPC 2.0 in the frames of the language server protocol, over standard streams or
the socket of `crystalmath-server --socket`. `schema/rpc.json` is the same for programs. A client names the
protocol's version in `initialize` (`capabilities.experimental.crystalmath.protocol`). Calls are answered
before their deadline or with the error `RequestFailed`; the library's errors (−32000 to −32030) have the next
thing to do in `data.hint`.

"""
METHODS_TABLE: Final = "| method | params | result | deadline (s) | |\n|---|---|---|---|---|\n"


def rules_page() -> str:
    """Return the page of all rules."""
    rules = all_rules()
    parts = [NOTE, "# Rules of `crystalmath check`\n\n", f"{len(rules)} rules. ", SEVERITIES]
    for subject, group in groupby(rules, key=lambda rule: rule.subject):
        head = "| code | severity | reason | what it does | looks at | page |\n|---|---|---|---|---|---|\n"
        parts.append(f"\n## {subject}\n\n{head}")
        for rule in group:
            doc = " ".join((rule.check.__doc__ or "").split())
            files = ", ".join(rule.needs)
            parts.append(
                f"| `{rule.code}` | {rule.severity} | {_cell(rule.reason)} | {_cell(doc)} | {files} | "
                f"[{rule.page}]({rule.url}) |\n"
            )
    return "".join(parts)


def tags_page() -> str:
    """Return the page of all tags."""
    rows = [_tag(tags.TAGS[name]) for name in tags.TAGS]
    head = "| tag | type | takes | values | default | since | summary |\n|---|---|---|---|---|---|---|\n"
    return NOTE + f"# INCAR tags\n\n{len(rows)} documented tags.\n\n" + head + "".join(rows)


def _tag(tag: tags.Tag) -> str:
    takes = {
        "scalar": "one value",
        "list": "a list",
        "three": "three values",
        "per_ion": "one per ion (three noncollinear)",
        "three_per_ion": "three per ion",
        "per_species": "one per species",
    }[tag.arity]
    default = "; ".join(f"{d.value}{f' ({d.condition})' if d.condition else ''}" for d in tag.defaults)
    name = f"[{tag.name}]({tag.page})" + (" (deprecated)" if tag.deprecated else "")
    values = ", ".join(tag.values[:12]) + (", …" if len(tag.values) > 12 else "")
    cells = (name, tag.type or "", takes, values, default, tag.since or "", tag.summary)
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |\n"


def methods_page() -> str:
    """Return the page of the server's methods, their types and the error codes."""
    found = contract()
    types = found["$defs"]
    parts = [NOTE, "# Methods of `crystalmath-server`\n\n", METHODS_HEAD, METHODS_TABLE]
    for name, method in found["methods"].items():
        kind = METHODS[name]
        lane = "changes something" if kind.stores else "reads" if kind.reads else ""
        types_of = f"[{_name(method['params'])}](#{_anchor(method['params'])}) | "
        types_of += f"[{_name(method['result'])}](#{_anchor(method['result'])})"
        parts.append(f"| `{name}` | {types_of} | {method['deadline_s']:g} | {lane} |\n")
    parts.append(
        "\n## Notifications\n\nAfter `jobs.watch`; `$/progress` has the request's id as its token.\n\n"
    )
    for name, kind in found["notifications"].items():
        parts.append(f"- `{name}`: [{_name(kind)}](#{_anchor(kind)})\n")
    parts.append("\n## Errors\n\n| code | name | meaning |\n|---|---|---|\n")
    parts += [
        f"| {error['code']} | `{error['name']}` | {_cell(error['description'])} |\n"
        for error in found["errors"]
    ]
    parts.append("\n## Types\n")
    for name, definition in types.items():
        parts.append(f"\n### {name}\n\n{definition['description']}\n")
        required = set(definition.get("required", ()))
        if definition["properties"]:
            parts.append("\n| field | type | |\n|---|---|---|\n")
        for field, kind in definition["properties"].items():
            default = "required" if field in required else f"default `{json.dumps(kind.get('default'))}`"
            parts.append(f"| `{field}` | {_type(kind)} | {default} |\n")
    return "".join(parts)


def _name(kind: dict[str, Any]) -> str:
    return str(kind["$ref"]).rpartition("/")[2]


def _anchor(kind: dict[str, Any]) -> str:
    return _name(kind).lower()


def _type(kind: dict[str, Any]) -> str:
    """Return a type of the schema in words."""
    if "$ref" in kind:
        return f"[{_name(kind)}](#{_anchor(kind)})"
    if "anyOf" in kind:
        return " or ".join(_type(one) for one in kind["anyOf"])
    if "enum" in kind:
        return ", ".join(f"`{value}`" for value in kind["enum"])
    if kind.get("type") == "array":
        return f"list of {_type(kind.get('items') or {})}"
    if kind.get("type") == "object":
        return f"object of {_type(kind.get('additionalProperties') or {})}"
    return str(kind.get("type", "anything"))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def pages() -> dict[Path, str]:
    """Return the text of each page."""
    return {
        FOLDER / "rules.md": rules_page(),
        FOLDER / "tags.md": tags_page(),
        FOLDER / "rpc.md": methods_page(),
    }


def _holds(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


def main() -> None:
    """Write the pages, or say which are stale."""
    stale = [path for path, text in pages().items() if not _holds(path, text)]
    if "--check" in sys.argv:
        sys.exit("\n".join(f"{path} is stale" for path in stale) if stale else 0)
    for path, text in pages().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
