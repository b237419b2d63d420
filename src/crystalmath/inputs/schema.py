"""The parameters of a Maker as JSON Schema, made from its class: fields, types, defaults, descriptions."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import json
import re
from typing import TYPE_CHECKING, Any, Final

from crystalmath.inputs.seam_atomate2 import own_make
from crystalmath.inputs.units import unit_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ARGUMENT", "SCHEMA", "arguments_of", "documented", "of_maker"]

Schema = dict[str, Any]

SCHEMA: Final = "https://json-schema.org/draft/2020-12/schema"
ARGUMENT: Final = "argument"
"""The mark of a property that is an argument of `make` instead of a field of the Maker."""

PLUMBING: Final = frozenset(
    {
        "write_input_set_kwargs",
        "copy_vasp_kwargs",
        "run_vasp_kwargs",
        "task_document_kwargs",
        "stop_children_kwargs",
        "write_additional_data",
        # of generators: what the engine sets, and what previous runs give
        "structure",
        "config_dict",
        "files_to_transfer",
        "prev_incar",
        "prev_kpoints",
        "_valid_potcars",
        "user_incar_settings",  # these are the overrides
    }
)
SIMPLE: Final[dict[str, Schema]] = {
    "bool": {"type": "boolean"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "str": {"type": "string"},
    "dict": {"type": "object"},
    "list": {"type": "array"},
    "tuple": {"type": "array"},
    "Sequence": {"type": "array"},
    "Path": {"type": "string"},
    "None": {"type": "null"},
    "Vector3D": {"type": "array", "items": {"type": "number"}, "minItems": 3, "maxItems": 3},
    "Matrix3D": {"type": "array", "items": {"type": "array", "items": {"type": "number"}}},
}
KPOINTS: Final = {
    "grid_density": "k-points per reciprocal atom",
    "reciprocal_density": "k-points per Å⁻³ of reciprocal volume",
    "length": "subdivisions such that each times its lattice vector exceeds this length, in Å",
    "line_density": "points along each line of a band structure, per Å⁻¹",
    "zero_weighted_reciprocal_density": "density of points of weight zero, per Å⁻³ of reciprocal volume",
    "zero_weighted_line_density": "density of points of weight zero along lines, per Å⁻¹",
}
MEANINGS: Final[dict[str, Schema]] = {
    "user_kpoints_settings": {
        "type": "object",
        "properties": {name: {"type": "number", "description": text} for name, text in KPOINTS.items()},
        "additionalProperties": False,
    },
    "user_potcar_settings": {"type": "object", "additionalProperties": {"type": "string"}},
    "vdw": {
        "enum": ["optPBE", "optB88", "optB86b", "df2", "vdW-DF2", "rev-vdW-DF2", "SCAN+rVV10", None],
    },
}


def of_maker(maker: Any, *, nested: bool) -> Schema:
    """Return the schema of a Maker's parameters: its settings, and what `make` takes beside the structure.

    With `nested` the Makers within it have schemas of their own; else its own settings, and those of its
    input set, are all there is.
    """
    schema = _of_object(maker, nested=nested)
    schema["properties"] |= {name: {**found, ARGUMENT: True} for name, found in arguments_of(maker).items()}
    return {"$schema": SCHEMA, "title": type(maker).__name__, **schema}


def _of_object(instance: Any, *, nested: bool) -> Schema:
    about = documented(type(instance))
    properties: dict[str, Schema] = {}
    for field in dataclasses.fields(instance):
        if field.name in PLUMBING or not field.init:
            continue
        value = getattr(instance, field.name)
        found = _of_field(field, value, nested=nested)
        if found is None:
            continue
        if field.name in about:
            found["description"] = about[field.name]
        unit = unit_of(field.name, about.get(field.name, ""))
        properties[field.name] = found | ({"unit": unit} if unit else {})
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _of_field(field: Any, value: Any, *, nested: bool) -> Schema | None:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        if field.name == "input_set_generator" or (nested and _is_maker(value)):
            inner = _of_object(value, nested=nested)
            return {**inner, "title": type(value).__name__} if inner["properties"] else None
        return None
    if field.name in MEANINGS:
        return dict(MEANINGS[field.name])
    found = _of_annotation(field.type)
    return found if found is None else found | _default(value)


def _is_maker(value: Any) -> bool:
    from jobflow import Maker

    return isinstance(value, Maker)


def _default(value: Any) -> Schema:
    try:
        return {"default": json.loads(json.dumps(value))}
    except (TypeError, ValueError):
        return {}


def arguments_of(maker: Any) -> dict[str, Schema]:
    """Return the schemas of what the Maker's `make` takes beside structures and folders."""
    make = own_make(maker)
    about = documented(make)
    found: dict[str, Schema] = {}
    for parameter in list(inspect.signature(make).parameters.values())[1:]:
        schema = None if parameter.name in {"structure", "prev_dir"} else _of_annotation(parameter.annotation)
        if schema is None or parameter.kind in {parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL}:
            continue
        unit = unit_of(parameter.name, about.get(parameter.name, ""))
        extra = {"description": about.get(parameter.name), "unit": unit}
        default = {} if parameter.default is parameter.empty else _default(parameter.default)
        found[parameter.name] = schema | default | {k: v for k, v in extra.items() if v}
    return found


# --- annotations -----------------------------------------------------------------------------------


def _of_annotation(annotation: Any) -> Schema | None:
    """Return the schema of a type as it is written in the source; None where JSON has nothing like it."""
    text = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))
    if "Literal" in str(annotation) and not isinstance(annotation, str):
        text = str(annotation).replace("typing.", "")
    try:
        return _of_node(ast.parse(text, mode="eval").body)
    except SyntaxError:
        return None


def _of_node(node: ast.expr) -> Schema | None:
    if isinstance(node, ast.Constant) and node.value is None:
        return {"type": "null"}
    if isinstance(node, ast.Name):
        return _functionals() if node.id == "UserPotcarFunctional" else _copied(SIMPLE.get(node.id))
    if isinstance(node, ast.BinOp):
        return _union([_of_node(node.left), _of_node(node.right)])
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        return _of_subscript(node.value.id, node.slice)
    return None


def _copied(schema: Schema | None) -> Schema | None:
    return None if schema is None else dict(schema)


def _of_subscript(name: str, inner: ast.expr) -> Schema | None:
    parts = list(inner.elts) if isinstance(inner, ast.Tuple) else [inner]
    if name == "Literal":
        return {"enum": [part.value for part in parts if isinstance(part, ast.Constant)]}
    if name not in {"list", "tuple", "Sequence"}:
        return _copied(SIMPLE.get(name))
    schema: Schema = {"type": "array"}
    items = _of_node(parts[0])
    if items is not None:
        schema["items"] = items
    if name == "tuple" and not any(isinstance(part, ast.Constant) for part in parts):
        schema |= {"minItems": len(parts), "maxItems": len(parts)}
    return schema


def _union(parts: list[Schema | None]) -> Schema | None:
    """Return what allows each of the parts; a part that JSON does not have is left out."""
    known = [one for part in parts if part is not None for one in part.get("anyOf", [part])]
    if not any(part.get("type") != "null" for part in known):
        return None
    enums = [part for part in known if "enum" in part]
    if enums and all("enum" in part or part.get("type") == "null" for part in known):
        return {"enum": [value for part in known for value in part.get("enum", [None])]}
    return {"anyOf": known} if len(known) > 1 else known[0]


def _functionals() -> Schema:
    """Return the releases of POTCARs that pymatgen knows by name."""
    from pymatgen.io.vasp.inputs import PotcarSingle

    return {"enum": [*PotcarSingle.functional_dir, None]}


# --- docstrings ------------------------------------------------------------------------------------


def documented(thing: Any) -> dict[str, str]:
    """Return the descriptions of parameters in the docstring of a function or of a class and its bases."""
    found: dict[str, str] = {}
    for one in getattr(thing, "__mro__", (thing,)):
        own = vars(one).get("__doc__") if isinstance(one, type) else one.__doc__
        for name, text in _described(inspect.cleandoc(own or "")):
            found.setdefault(name, text)
    return found


_NAME: Final = re.compile(r"(\*{0,2}\w+)\s*(?::.*)?$")


def _described(docstring: str) -> Iterator[tuple[str, str]]:
    """Yield name and description of each entry below `Parameters`."""
    _, _, section = docstring.partition("Parameters\n")
    name, lines = "", list[str]()
    for line in section.splitlines()[1:]:
        if line and not line.startswith(" "):
            if name and lines:
                yield name, " ".join(" ".join(lines).split())
            match = _NAME.match(line)
            if match is None or set(line) <= {"-"}:
                return
            name, lines = match[1], []
        else:
            lines.append(line.strip())
    if name and lines:
        yield name, " ".join(" ".join(lines).split())
