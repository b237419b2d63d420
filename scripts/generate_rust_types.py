"""Write `tui-rs/src/api/wire.rs` from `schema/rpc.json`; `--check` says whether it is up to date.

Objects become structs, unions with null become `Option`, other unions stay JSON values. A property that may
be left out is left out when it is empty.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import textwrap
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SCHEMA = ROOT / "schema" / "rpc.json"
TARGET = ROOT / "tui-rs" / "src" / "api" / "wire.rs"

HEAD = """\
//! Types of the wire contract, written by `scripts/generate_rust_types.py` from `schema/rpc.json`.
//! Do not edit: change the Python models, then run `python -m crystalmath_lsp.schema` and that script.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{{Deserialize, Serialize}};

/// Version of the contract; client and server must agree on it.
pub const PROTOCOL: i64 = {protocol};

/// One method of the server: what it takes, what it gives and how long that may last.
pub trait Method {{
    /// The name on the wire.
    const NAME: &'static str;
    /// How long the server gives itself to answer.
    const DEADLINE: Duration;
    /// What it takes.
    type Params: Serialize;
    /// What it gives.
    type Result: for<'de> Deserialize<'de>;
}}
"""

METHOD = """
/// `{name}`
pub enum {marker} {{}}

impl Method for {marker} {{
    const NAME: &'static str = "{name}";
    const DEADLINE: Duration = Duration::from_secs({deadline_s});
    type Params = {params};
    type Result = {result};
}}
"""

SCALARS = {"integer": "i64", "number": "f64", "string": "String", "boolean": "bool"}
KEYWORDS = {"type", "mod", "ref", "use", "move", "loop", "match", "where", "in", "as", "fn", "self"}


@dataclass
class Writer:
    """Turn definitions into Rust; remember the enumerations met on the way."""

    definitions: dict[str, Any]
    enumerations: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def type_of(self, schema: dict[str, Any], owner: str, name: str) -> str:
        """Return the Rust type of a property."""
        if "$ref" in schema:
            return str(schema["$ref"]).rpartition("/")[2]
        if "anyOf" in schema:
            return self._union(schema["anyOf"], owner, name)
        if "enum" in schema:
            return self._enumeration(tuple(schema["enum"]), owner, name)
        if schema.get("type") == "array":
            return f"Vec<{self.type_of(schema['items'], owner, name)}>"
        if schema.get("type") == "object":
            values = schema.get("additionalProperties")
            inner = self.type_of(values, owner, name) if isinstance(values, dict) else "serde_json::Value"
            return f"BTreeMap<String, {inner}>"
        return SCALARS.get(schema.get("type", ""), "serde_json::Value")

    def _union(self, members: list[dict[str, Any]], owner: str, name: str) -> str:
        others = [member for member in members if member.get("type") != "null"]
        inner = self.type_of(others[0], owner, name) if len(others) == 1 else "serde_json::Value"
        return inner if len(others) == len(members) else f"Option<{inner}>"

    def _enumeration(self, values: tuple[str, ...], owner: str, name: str) -> str:
        known = [title for title, others in self.enumerations.items() if others == values]
        if known:
            return known[0]
        title = f"Job{camel(name)}" if name == "state" else camel(name)
        if title in self.enumerations or title in self.definitions:
            title = f"{owner}{title}"
        self.enumerations[title] = values
        return title

    def struct(self, name: str) -> str:
        """Return the definition of a struct."""
        schema = self.definitions[name]
        required = set(schema.get("required", ()))
        lines = [
            self._property(name, key, value, key in required) for key, value in schema["properties"].items()
        ]
        derived = ["Debug", "Clone", "PartialEq", "Serialize", "Deserialize"]
        derived += ["Default"] if self.has_default(name) else []
        head = "\n" if lines else ""
        return (
            f"\n{comment(schema.get('description', name), '')}#[derive({', '.join(derived)})]\n"
            f"pub struct {name} {{{head}{''.join(lines)}}}\n"
        )

    def has_default(self, name: str, within: tuple[str, ...] = ()) -> bool:
        """Tell whether an empty value of the struct can be made."""
        if name in within:
            return True
        schema = self.definitions[name]
        must = set(schema.get("required", ())) if name.endswith("Params") else set(schema["properties"])
        types = [self.type_of(schema["properties"][key], name, key) for key in sorted(must)]
        return all(
            kind not in self.enumerations
            and (kind not in self.definitions or self.has_default(kind, (*within, name)))
            for kind in types
        )

    def _must_be_optional(self, kind: str) -> bool:
        """Tell whether a param that may be left out has no empty value that could stand for that."""
        return kind in {"i64", "f64", "bool"} or kind in self.enumerations

    def _property(self, owner: str, key: str, schema: dict[str, Any], required: bool) -> str:
        kind = self.type_of(schema, owner, key)
        if not required and self._must_be_optional(kind) and owner.endswith("Params"):
            kind = f"Option<{kind}>"
        attribute = "" if required else f"    #[serde({', '.join(optional(kind))})]\n"
        identifier = f"r#{key}" if key in KEYWORDS else key
        return f"{attribute}    pub {identifier}: {kind},\n"

    def enumeration(self, name: str) -> str:
        """Return the definition of an enumeration of strings."""
        variants = "".join(
            (f'    #[serde(rename = "{value}")]\n' if " " in value else "") + f"    {camel(value)},\n"
            for value in self.enumerations[name]
        )
        arms = "".join(
            f'            Self::{camel(value)} => "{value}",\n' for value in self.enumerations[name]
        )
        derived = "Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize"
        return (
            f'\n#[derive({derived})]\n#[serde(rename_all = "snake_case")]\npub enum {name} {{\n{variants}}}\n'
            f"\nimpl {name} {{\n    /// The word on the wire and on the screen.\n    #[must_use]\n"
            f"    pub const fn word(self) -> &'static str {{\n        match self {{\n{arms}        }}\n"
            "    }\n}\n"
        )


def optional(kind: str) -> list[str]:
    """Return the serde attributes of a property that may be left out."""
    container = kind.partition("<")[0]
    tests = {"Option": "Option::is_none", "Vec": "Vec::is_empty", "BTreeMap": "BTreeMap::is_empty"}
    tests["String"] = "String::is_empty"
    return ["default", f'skip_serializing_if = "{tests[container]}"'] if container in tests else ["default"]


def camel(name: str) -> str:
    """Return `JobsList` for `jobs.list` and `jobs_list`."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[._ ]", name))


def comment(text: str, indent: str) -> str:
    """Return a documentation comment."""
    lines = [line for part in text.splitlines() for line in textwrap.wrap(part, 96 - len(indent)) or [""]]
    return "".join(f"{indent}/// {line}".rstrip() + "\n" for line in lines)


def generate() -> str:
    """Return the Rust source."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    writer = Writer(schema["$defs"])
    for name, definition in schema["$defs"].items():
        for key, value in definition["properties"].items():
            writer.type_of(value, name, key)  # finds the enumerations before anything is written
    if twice := {camel(name) for name in schema["methods"]} & schema["$defs"].keys():
        sys.exit(f"a method and a type would both be called {', '.join(twice)}: rename the model")
    methods = [
        METHOD.format(
            name=name,
            marker=camel(name),
            deadline_s=int(row["deadline_s"]),
            params=writer.type_of(row["params"], "", name),
            result=writer.type_of(row["result"], "", name),
        )
        for name, row in schema["methods"].items()
    ]
    parts = [HEAD.format(protocol=schema["protocol"]), *methods]
    parts += [writer.enumeration(name) for name in writer.enumerations]
    parts += [writer.struct(name) for name in schema["$defs"]]
    return "".join(parts)


def main() -> int:
    """Write the file, or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail if the file is stale, write nothing")
    source = generate()
    if not parser.parse_args().check:
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        TARGET.write_text(source, encoding="utf-8")
    elif not TARGET.exists() or TARGET.read_text(encoding="utf-8") != source:
        print(f"{TARGET} is stale; write it with: python scripts/generate_rust_types.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
