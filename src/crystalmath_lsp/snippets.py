"""Beginnings of files by the type of the calculation, offered by completion."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from crystalmath_lsp.shapes import CompletionItem

if TYPE_CHECKING:
    from crystalmath.vasp.folder import FileKind

__all__ = ["Snippet", "about_snippet", "plain", "snippet_items", "snippets"]

_KIND: Final = 15
_FORMAT: Final = 2
_DATA: Final = "snippet:"
_PLACEHOLDER: Final = re.compile(r"\$\{\d+:([^}]*)\}")


class Snippet(NamedTuple):
    """A text with places to fill in, as `${1:520}`."""

    name: str
    kind: FileKind
    title: str
    text: str


@cache
def snippets() -> tuple[Snippet, ...]:
    """Return all snippets."""
    rows = json.loads(Path(__file__).with_name("snippets.json").read_text(encoding="utf-8"))
    return tuple(
        Snippet(row["name"], row["kind"], row["title"], "\n".join(row["lines"]) + "\n") for row in rows
    )


def snippet_items(kind: FileKind, prefix: str, *, placeholders: bool) -> tuple[CompletionItem, ...]:
    """Return the snippets of a kind of file whose name begins with a prefix."""
    wanted = "KPOINTS" if kind == "KPOINTS_OPT" else kind
    begun = (item for item in _items(wanted, placeholders) if item.label.upper().startswith(prefix.upper()))
    return tuple(begun)


@cache
def _items(kind: FileKind, placeholders: bool) -> tuple[CompletionItem, ...]:
    return tuple(
        CompletionItem(
            each.name,
            _KIND,
            detail=each.title,
            sort_text=f"~{each.name}",
            insert_text=each.text if placeholders else plain(each.text),
            insert_text_format=_FORMAT if placeholders else 1,
            data=_DATA + each.name,
        )
        for each in snippets()
        if each.kind == kind
    )


def plain(text: str) -> str:
    """Return the text of a snippet with its suggestions filled in."""
    return _PLACEHOLDER.sub(r"\1", text)


def about_snippet(data: str) -> str:
    """Return Markdown about a snippet by the data of its item; empty for anything else."""
    if not data.startswith(_DATA):
        return ""
    found = next((each for each in snippets() if _DATA + each.name == data), None)
    return "" if found is None else f"{found.title}\n\n```\n{plain(found.text)}```"
