"""Code lenses (formula, ions, check, submit) and document links (tags to their pages)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import msgspec

from crystalmath.vasp import tags
from crystalmath_lsp.capabilities import CHECK_FOLDER, SUBMIT_FOLDER
from crystalmath_lsp.shapes import Position, Range

if TYPE_CHECKING:
    from crystalmath.vasp.folder import Folder
    from crystalmath.vasp.poscar import Poscar
    from crystalmath_lsp.documents import Document

__all__ = ["CodeLens", "Command", "DocumentLink", "code_lenses", "document_links"]

_TOP: Final = Range(Position(0, 0), Position(0, 0))


class Command(msgspec.Struct, frozen=True):
    """What a click does; an empty command is a remark."""

    title: str
    command: str
    arguments: tuple[str, ...] = ()


class CodeLens(msgspec.Struct, frozen=True):
    """A remark or a command above a line."""

    range: Range
    command: Command


class DocumentLink(msgspec.Struct, frozen=True):
    """A range that leads to a page."""

    range: Range
    target: str


def code_lenses(document: Document, folder: Folder | None) -> tuple[CodeLens, ...]:
    """Return what stands above a file; `folder` is None for a huge one."""
    lenses = []
    if document.kind == "POSCAR" and folder is not None and folder.cell is not None:
        lenses.append(CodeLens(_TOP, Command(_about(folder.cell), "")))
    if document.kind in {"INCAR", "POSCAR", "KPOINTS"}:
        title = "Check the folder" if document.folder is not None else "Check the file"
        lenses.append(CodeLens(_TOP, Command(title, CHECK_FOLDER, (document.uri,))))
        if document.folder is not None and _is_calculation(folder):
            lenses.append(CodeLens(_TOP, Command("Submit as a job", SUBMIT_FOLDER, (document.uri,))))
    return tuple(lenses)


def _is_calculation(folder: Folder | None) -> bool:
    return folder is not None and folder.incar is not None and folder.cell is not None


def _about(cell: Poscar) -> str:
    ions = "1 ion" if cell.n_atoms == 1 else f"{cell.n_atoms} ions"
    parts = [ions, f"{abs(cell.volume_angstrom3):.2f} Å³"]
    if cell.species is not None:
        counts: Counter[str] = Counter()
        for name, count in zip(cell.species, cell.counts, strict=False):
            counts[name] += count
        formula = "".join(f"{name}{count if count > 1 else ''}" for name, count in counts.items())
        parts.insert(0, formula)
    return " · ".join(parts)


def document_links(document: Document, folder: Folder) -> tuple[DocumentLink, ...]:
    """Return a link from each tag to its page."""
    if document.kind != "INCAR" or folder.incar is None:
        return ()
    links = []
    for statement in folder.incar.statements:
        tag = tags.find(statement.tag)
        if tag is not None:
            line, column = statement.line - 1, statement.column - 1
            name = Range(
                document.position(line, column), document.position(line, column + len(statement.name))
            )
            links.append(DocumentLink(name, tag.page))
    return tuple(links)
