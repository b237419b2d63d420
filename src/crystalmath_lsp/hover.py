"""What is shown about a tag, a line of a POSCAR or of a KPOINTS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crystalmath.vasp import effective, tags
from crystalmath.vasp.source import Span
from crystalmath_lsp.completion import statement_at
from crystalmath_lsp.meanings import MEANINGS

if TYPE_CHECKING:
    from crystalmath.vasp.folder import FileKind, Folder
    from crystalmath.vasp.kpoints import Kpoints
    from crystalmath.vasp.poscar import Poscar
    from crystalmath.vasp.tags import Tag

__all__ = ["about_tag", "hover"]

_ARITIES: Final = {
    "scalar": "one value",
    "list": "a list",
    "three": "three values",
    "per_ion": "one value per ion",
    "three_per_ion": "three values per ion",
    "per_species": "one value per species of the POTCAR",
}


def hover(kind: FileKind, folder: Folder, line: int, character: int) -> tuple[str, Span] | None:
    """Return Markdown about a place (line and character from 0), and the offsets that it concerns."""
    if kind == "INCAR":
        return _in_incar(folder, line, character)
    source = folder.source(kind)
    if line >= len(source.lines):
        return None
    text = ""
    if kind == "POSCAR" and folder.poscar is not None:
        text = _about_poscar(folder.poscar, line + 1)
    elif kind == "KPOINTS" and folder.kpoints is not None:
        text = _about_kpoints(folder.kpoints, line + 1)
    start = source.starts[line]
    return (text, Span(start, start + len(source.lines[line]))) if text else None


def _in_incar(folder: Folder, line: int, character: int) -> tuple[str, Span] | None:
    tree = folder.incar
    if tree is None or line >= len(tree.source.lines):
        return None
    offset = tree.source.starts[line] + character
    statement = statement_at(tree, offset)
    if statement is None or offset > statement.span.end:
        return None
    text = about_tag(statement.tag, folder)
    span = statement.name_span if offset <= statement.name_span.end else statement.value_span
    return (text, span) if text else None


def about_tag(name: str, folder: Folder | None = None) -> str:
    """Return Markdown about a tag, with what counts for it in a folder; empty for an unknown one."""
    tag = tags.find(name)
    if tag is None:
        return ""
    lines = [f"**{tag.name}** · {tag.type or 'value'}, {_ARITIES[tag.arity]}"]
    if tag.summary:
        lines.append(tag.summary)
    if tag.values:
        lines.append("Values: " + " ".join(f"`{value}`" for value in tag.values))
    if tag.defaults:
        lines.append("Default: " + _defaults(tag))
    counts = effective.value_of(folder, name) if folder is not None else None
    if counts is not None:
        meaning = MEANINGS.get(tag.name, {}).get(counts.value, "")
        means = f", {meaning}" if meaning else ""
        lines.append(f"In effect: `{_short(counts.value)}`{means} ({counts.reason})")
    if tag.since:
        lines.append(f"Since VASP {tag.since}")
    if tag.deprecated:
        lines.append("Deprecated")
    lines.append(f"[VASP Wiki]({tag.page})")
    return "\n\n".join(lines)


def _defaults(tag: Tag) -> str:
    clauses = []
    for default in tag.defaults:
        condition = {"": "", "else": " otherwise"}.get(default.condition, f" if {default.condition}")
        clauses.append(f"`{default.value}`{condition}")
    return ", ".join(clauses)


def _short(value: str) -> str:
    value = value.replace("`", "'").replace("\n", " ")
    return value if len(value) <= 80 else value[:79] + "…"


def _about_poscar(poscar: Poscar, line: int) -> str:
    if line == 2 and len(poscar.scale) == 1 and poscar.scale[0] < 0:
        return f"The volume of the cell: {-poscar.scale[0]:g} Å³"
    if 2 <= line <= 5:
        lengths = ", ".join(f"{sum(x * x for x in vector) ** 0.5:.4f}" for vector in poscar.lattice_angstrom)
        return f"Lattice vectors of {lengths} Å, cell of {abs(poscar.volume_angstrom3):.3f} Å³"
    if line in {poscar.names_line, poscar.counts_line} and poscar.species is not None:
        pairs = zip(poscar.species, poscar.counts, strict=False)
        return ", ".join(f"{count} {name}" for name, count in pairs) + f": {poscar.n_atoms} ions"
    lines = poscar.position_lines
    if poscar.problems or line not in lines:
        return ""
    ion = lines.index(line)
    name = poscar.sites[ion] if poscar.sites is not None else "ion"
    return f"{name}, ion {ion + 1} of {poscar.n_atoms}"


def _about_kpoints(kpoints: Kpoints, line: int) -> str:
    if line == kpoints.mesh_line and kpoints.mesh is not None:
        a, b, c = kpoints.mesh
        centre = "Gamma is a point of it" if kpoints.gamma_centred else "Gamma is no point of it"
        return f"A mesh of {a} × {b} × {c} = {a * b * c} points before symmetry; {centre}"
    if line == kpoints.mode_line and kpoints.mode != "unknown":
        return f"VASP reads the mode {kpoints.mode}: only the first letter counts"
    return ""
