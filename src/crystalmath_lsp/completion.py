"""What may stand at the cursor: tags, the values of a tag, elements, modes."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from crystalmath.vasp import incar, tags
from crystalmath.vasp.rules.structure import ELEMENTS
from crystalmath_lsp.meanings import MEANINGS
from crystalmath_lsp.shapes import CompletionItem, CompletionList
from crystalmath_lsp.snippets import snippet_items

if TYPE_CHECKING:
    from crystalmath.vasp.folder import FileKind, Folder
    from crystalmath.vasp.incar import Token
    from crystalmath.vasp.tags import Tag

__all__ = ["complete", "statement_at"]

_PROPERTY: Final = 10
_VALUE: Final = 12
_ENUM_MEMBER: Final = 20
_DEPRECATED: Final = 1
_WORD_BEFORE: Final = re.compile(r"[A-Za-z][\w/]*\Z")
_NONE: Final = CompletionList(())
_KPOINTS_MODES: Final = (
    ("Gamma", "mesh through the Gamma point"),
    ("Monkhorst-Pack", "mesh, shifted for even subdivisions"),
    ("Auto", "mesh from one length"),
    ("Line-mode", "path through the Brillouin zone"),
    ("Reciprocal", "points in units of the reciprocal vectors"),
    ("Cartesian", "points in units of 2π over the scale factor"),
)
_POSCAR_MODES: Final = (
    ("Direct", "positions in units of the lattice vectors"),
    ("Cartesian", "positions in ångström, times the scale factor"),
    ("Selective dynamics", "three flags behind each position"),
)


def complete(
    kind: FileKind,
    folder: Folder,
    line: int,
    character: int,
    *,
    placeholders: bool = False,
    potcars: tuple[str, ...] = (),
) -> CompletionList:
    """Return what may stand at a place (line and character from 0) of a file.

    Args:
        kind: which file.
        folder: its folder.
        line: the line, from 0.
        character: the character, from 0.
        placeholders: whether the client fills in the places of snippets.
        potcars: the names of the potentials that the user has.
    """
    if kind == "INCAR":
        return _in_incar(folder, line, character, placeholders)
    if kind == "POSCAR":
        return _in_poscar(folder, line, potcars)
    if kind in {"KPOINTS", "KPOINTS_OPT"}:
        return _in_kpoints(folder, kind, line, placeholders)
    if kind == "POTCAR" and folder.name(kind).upper().endswith(".SPEC"):
        return _named(potcars or tuple(sorted(ELEMENTS)))  # a POTCAR.spec: one name a line
    return _NONE


def _in_incar(folder: Folder, line: int, character: int, placeholders: bool) -> CompletionList:
    tree = folder.incar
    assert tree is not None
    source = tree.source
    if line >= len(source.lines):
        return CompletionList((*_tags(""), *snippet_items("INCAR", "", placeholders=placeholders)))
    offset = source.starts[line] + character
    if _is_silent(tree.tokens, offset):
        return _NONE
    statement = statement_at(tree, offset)
    if statement is not None and offset > statement.name_span.end:
        tag = tags.find(statement.tag)
        return CompletionList(_values(tag)) if tag is not None else _NONE
    before = source.lines[line][:character]
    match = _WORD_BEFORE.search(before)
    word = match.group() if match else ""
    begun = before.strip() == word  # a snippet begins a line
    snippets = snippet_items("INCAR", word, placeholders=placeholders) if begun else ()
    return CompletionList((*_tags(word.upper(), strict=bool(snippets)), *snippets))


def statement_at(tree: incar.Incar, offset: int) -> incar.Statement | None:
    """Return the statement in whose name or value an offset stands, blanks behind it included."""
    found = next((s for s in reversed(tree.statements) if s.name_span.start <= offset), None)
    if found is None or offset <= found.span.end:
        return found
    between = tree.text[found.span.end : offset].replace("\\\n", " ").replace("\\\r\n", " ")
    return None if set(between) - {" ", "\t", "="} else found


def _is_silent(tokens: tuple[Token, ...], offset: int) -> bool:
    """Say whether an offset stands in a comment or between quotation marks."""
    silent = False
    for token in tokens:
        if token.offset >= offset:
            break
        silent = (
            token.kind == "comment"
            or (token.kind == "space" and silent)
            or (token.kind == "quoted" and offset < token.end)
        )
    return silent


def _tags(prefix: str, *, strict: bool = False) -> tuple[CompletionItem, ...]:
    items = _all_tags()
    begun = tuple(item for item in items if item.label.startswith(prefix))
    return begun if begun or strict else tuple(item for item in items if prefix in item.label)


@cache
def _all_tags() -> tuple[CompletionItem, ...]:
    return tuple(
        _tag_item(tags.TAGS[name]) for name in sorted(tags.TAGS) if re.fullmatch(r"[A-Z0-9_/]+", name)
    )


def _tag_item(tag: Tag) -> CompletionItem:
    return CompletionItem(
        tag.name,
        _PROPERTY,
        detail=tag.type or "",
        tags=(_DEPRECATED,) if tag.deprecated else (),
        data=tag.name,
    )


@cache
def _values(tag: Tag) -> tuple[CompletionItem, ...]:
    """Return the values with what they mean, the usual ones first; without meanings the default first."""
    meanings = MEANINGS.get(tag.name, {})
    listed = tag.values or ((".TRUE.", ".FALSE.") if tag.type == "logical" else ())
    return tuple(
        CompletionItem(
            value,
            _ENUM_MEMBER,
            detail=", ".join([*_known(meanings, value), *(["default"] if _same(value, tag.default) else [])]),
            sort_text=f"{int(not meanings and not _same(value, tag.default))}{index:03}",
        )
        for index, value in enumerate(dict.fromkeys((*meanings, *listed)))
    )


def _known(meanings: dict[str, str], value: str) -> list[str]:
    return [meanings[value]] if value in meanings else []


def _same(value: str, default: str | None) -> bool:
    return default is not None and value.strip(".").upper()[:20] == default.strip(".").upper()[:20]


def _in_poscar(folder: Folder, line: int, potcars: tuple[str, ...]) -> CompletionList:
    found = folder.poscar
    assert found is not None
    names = found.names_line or 6
    counts = found.counts_line or 7
    if line + 1 == names:
        return _named((*sorted(ELEMENTS), *(name for name in potcars if name not in ELEMENTS)))
    if counts < line + 1 <= (found.mode_line or counts + 2):
        return _modes(_POSCAR_MODES)
    return _NONE


def _named(names: tuple[str, ...]) -> CompletionList:
    return CompletionList(
        tuple(
            CompletionItem(name, _VALUE, sort_text=f"{'_' in name:d}{name}") for name in dict.fromkeys(names)
        )
    )


def _in_kpoints(folder: Folder, kind: FileKind, line: int, placeholders: bool) -> CompletionList:
    found = folder.kpoints if kind == "KPOINTS" else folder.kpoints_opt
    assert found is not None
    if line == 0 and not found.text.strip():
        return CompletionList(snippet_items(kind, "", placeholders=placeholders))
    if line == 2:
        return _modes(_KPOINTS_MODES)
    if line == 3 and found.mode == "line":
        return _modes(_KPOINTS_MODES[-2:])
    return _NONE


def _modes(modes: tuple[tuple[str, str], ...]) -> CompletionList:
    return CompletionList(
        tuple(
            CompletionItem(name, _ENUM_MEMBER, detail=detail, sort_text=f"{index}")
            for index, (name, detail) in enumerate(modes)
        )
    )
