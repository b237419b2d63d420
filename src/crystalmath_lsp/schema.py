"""Write `schema/rpc.json`, the wire contract for readers that are not Python, from the method table.

`python -m crystalmath_lsp.schema` writes the file of this checkout, `--check` says whether it is up to date.
"""

from __future__ import annotations

import argparse
import inspect
import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from crystalmath import errors
from crystalmath_lsp import messages
from crystalmath_lsp.messages import Fault, Hint
from crystalmath_lsp.methods import METHODS, NOTIFICATIONS
from crystalmath_lsp.models import PROTOCOL

__all__ = ["contract", "main"]

SCHEMA_PATH = Path(__file__).parents[2] / "schema" / "rpc.json"


def contract() -> dict[str, Any]:
    """Return the contract: methods with their params and results, error codes, and every type they name."""
    types = [kind for method in METHODS.values() for kind in (method.params, method.result)]
    references, definitions = msgspec.json.schema_components(
        [*types, *NOTIFICATIONS.values(), Fault, Hint], ref_template="#/$defs/{name}"
    )
    pairs = zip(references[0 : len(types) : 2], references[1 : len(types) : 2], strict=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "CrystalMath wire contract",
        "description": "JSON-RPC 2.0 in Content-Length frames, beside the language server protocol.",
        "protocol": PROTOCOL,
        "methods": {
            method.name: {
                "params": params,
                "result": result,
                "deadline_s": method.deadline_s,
                "runs_in": method.runs_in,
            }
            for method, (params, result) in zip(METHODS.values(), pairs, strict=True)
        },
        "notifications": dict(zip(NOTIFICATIONS, references[len(types) :], strict=False)),
        "errors": _error_codes(),
        "$defs": {name: _described(definitions[name]) for name in sorted(definitions)},
    }


def _described(definition: dict[str, Any]) -> dict[str, Any]:
    return {**definition, "description": inspect.cleandoc(definition.get("description", ""))}


def text() -> str:
    """Return the contract as it stands in the file."""
    return json.dumps(contract(), indent=2, ensure_ascii=False) + "\n"


def _error_codes() -> list[dict[str, Any]]:
    ours = [
        (kind.code, name, (inspect.getdoc(kind) or "").partition("\n")[0])
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.CrystalMathError)
    ]
    theirs = [
        (messages.PARSE_ERROR, "ParseError", "The message is not JSON."),
        (
            messages.INVALID_REQUEST,
            "InvalidRequest",
            "The message is no request, or not now.",
        ),
        (messages.METHOD_NOT_FOUND, "MethodNotFound", "There is no such method."),
        (messages.INVALID_PARAMS, "InvalidParams", "The params do not have the shape of the method's."),
        (messages.INTERNAL_ERROR, "InternalError", "A defect of the server."),
        (messages.SERVER_NOT_INITIALIZED, "ServerNotInitialized", "A request came before initialize."),
        (messages.REQUEST_FAILED, "RequestFailed", "It took too long, or the versions differ."),
        (messages.REQUEST_CANCELLED, "RequestCancelled", "The client cancelled the request."),
    ]
    rows = sorted([*ours, *theirs], reverse=True)
    return [{"code": code, "name": name, "description": description} for code, name, description in rows]


def main() -> None:
    """Write the file, or check it."""
    parser = argparse.ArgumentParser(prog="python -m crystalmath_lsp.schema", description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail if the file is stale, write nothing")
    current = text()
    if not parser.parse_args().check:
        SCHEMA_PATH.parent.mkdir(exist_ok=True)
        SCHEMA_PATH.write_text(current, encoding="utf-8")
    elif not SCHEMA_PATH.exists() or SCHEMA_PATH.read_text(encoding="utf-8") != current:
        print(f"{SCHEMA_PATH} is stale; write it with: python -m crystalmath_lsp.schema", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
