"""Parameters of a Maker that a user gives: read from text, checked against the schema, set on the Maker."""

from __future__ import annotations

import copy
import dataclasses
import difflib
import json
from typing import TYPE_CHECKING, Any, Final

from crystalmath.errors import InputError
from crystalmath.inputs import schema as schemas

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["check", "parse", "set_on"]

TYPES: Final[dict[str, tuple[type, ...]]] = {
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "string": (str,),
    "object": (dict,),
    "array": (),  # lists have been looked at before
    "null": (type(None),),
}


def parse(texts: Sequence[str]) -> dict[str, Any]:
    """Return the parameters of `name=value` texts; `a.b=1` is `b` within `a`, values are JSON or plain text.

    Raises InputError.
    """
    found: dict[str, Any] = {}
    for text in texts:
        path, sign, value = text.partition("=")
        names = path.strip().split(".")
        if not sign or not all(names):
            raise InputError(
                f"{text!r} sets no parameter.", hint="Write name=value, such as min_length=15.0."
            )
        inner = found
        for name in names[:-1]:
            inner = inner.setdefault(name, {})
            if not isinstance(inner, dict):
                raise InputError(f"{path} lies within {name}, which has a value itself.", hint="Give one.")
        inner[names[-1]] = _value(value.strip())
    return found


def _value(text: str) -> Any:
    words = {"True": True, "False": False, "None": None}
    if text in words:
        return words[text]
    try:
        return json.loads(text)
    except ValueError:
        return text


def check(template: str, schema: Mapping[str, Any], parameters: Mapping[str, Any]) -> None:
    """Raise InputError, naming the parameter, unless the parameters go with the schema."""
    _check_object(template, "", schema, parameters)


def _check_object(template: str, path: str, schema: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    known = schema.get("properties", {})
    for name, value in given.items():
        whole = f"{path}{name}"
        if name in known:
            _check_value(template, whole, known[name], value)
        elif isinstance(schema.get("additionalProperties"), dict):
            _check_value(template, whole, schema["additionalProperties"], value)
        elif schema.get("additionalProperties") is False:
            raise _unknown(template, whole, path, known, name)


def _unknown(template: str, whole: str, path: str, known: Mapping[str, Any], name: str) -> InputError:
    near = difflib.get_close_matches(name, known, n=2, cutoff=0.6)
    meant = " or ".join(f"{path}{other}" for other in near)
    listed = f"Did you mean {meant}?" if meant else f"`crystalmath templates {template}` lists them."
    if name.isupper():
        listed = f"{name} looks like an INCAR tag; set it by overrides (--set {name}=…)."
    return InputError(f"{template} has no parameter {whole!r}.", hint=listed)


def _check_value(template: str, path: str, schema: Mapping[str, Any], value: Any) -> None:
    if not _fits(schema, value):
        raise InputError(
            f"{path} of {template} is {json.dumps(value, default=str)}; it must be {_words(schema)}.",
            hint=f"`crystalmath templates {template}` lists the parameters.",
        )
    if isinstance(value, dict):
        _check_object(template, f"{path}.", schema, value)


def _fits(schema: Mapping[str, Any], value: object) -> bool:
    if "anyOf" in schema:
        return any(_fits(option, value) for option in schema["anyOf"])
    if "enum" in schema:
        return value in tuple[object, ...](schema["enum"])
    kind = schema.get("type", "anything")
    if isinstance(value, bool) and kind != "boolean":
        return bool(kind == "anything")
    if isinstance(value, list | tuple) and kind == "array":
        enough = schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value))
        return bool(enough) and all(_fits(schema.get("items", {}), item) for item in value)
    return isinstance(value, TYPES.get(kind, (object,)))


def _words(schema: Mapping[str, Any]) -> str:
    """Return what a value may be, in words."""
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_words(option) for option in schema["anyOf"]))
    if "enum" in schema:
        return "one of " + ", ".join("null" if one is None else str(one) for one in schema["enum"])
    kind = schema.get("type", "anything")
    if kind != "array":
        return {"integer": "a whole number", "null": "null", "object": "an object"}.get(kind, f"a {kind}")
    count = (
        schema["minItems"] if "minItems" in schema and schema["minItems"] == schema.get("maxItems") else ""
    )
    return f"a list of {count} values".replace("  ", " ")


def set_on(maker: Any, parameters: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    """Return a copy of the Maker with its (checked) parameters, and those that are arguments of `make`."""
    own = {field.name for field in dataclasses.fields(maker)}
    arguments = {k: v for k, v in parameters.items() if k not in own and k in schemas.arguments_of(maker)}
    return _with(copy.deepcopy(maker), {k: v for k, v in parameters.items() if k in own}), arguments


def _with(instance: Any, values: Mapping[str, Any]) -> Any:
    changes: dict[str, Any] = {}
    for name, value in values.items():
        old = getattr(instance, name)
        if dataclasses.is_dataclass(old) and isinstance(value, dict):
            changes[name] = _with(old, value)
        elif isinstance(old, tuple) and isinstance(value, list):
            changes[name] = tuple(value)
        else:
            changes[name] = value
    return dataclasses.replace(instance, **changes)
