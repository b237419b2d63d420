"""Rules on k-points: the mesh, its centre and density, lists and paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crystalmath.vasp.cells import hexagonal_plane, lattice_class, spacing_mesh
from crystalmath.vasp.rules.fixes import remove, write
from crystalmath.vasp.rules.rule import Report, at, line_span, on_line, replace, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.vasp.finding import Fix
    from crystalmath.vasp.folder import Folder


@rule(
    "mesh-off-gamma",
    "warning",
    "the mesh must hold Gamma to have the symmetry of the lattice",
    "KPOINTS",
    needs=("KPOINTS", "POSCAR"),
)
def mesh_off_gamma(folder: Folder) -> Iterator[Report]:
    """Report meshes beside Gamma for hexagonal and face-centred cells."""
    k, cell = folder.kpoints, folder.cell
    if k is None or cell is None or k.problems or k.gamma_centred is not False or k.mesh is None:
        return
    kind = lattice_class(cell.lattice_angstrom)
    plane = hexagonal_plane(cell.lattice_angstrom) if kind == "hexagonal" else (0, 1, 2)
    in_plane = [k.mesh[axis] for axis in plane or ()]
    if kind is None or (
        k.mode == "monkhorst" and k.shift in {None, (0.0, 0.0, 0.0)} and all(n % 2 for n in in_plane)
    ):
        return
    if k.mode == "gamma" and k.shift is not None and not any(k.shift[axis] for axis in plane or ()):
        return
    span = line_span(folder, "KPOINTS", k.mode_line)
    fixes: tuple[Fix, ...] = (replace("Centre the mesh at Gamma", span, "Gamma", safe=False),)
    message = f"a mesh beside Gamma breaks the symmetry of a {kind} lattice"
    yield Report("KPOINTS", span, message, fixes if k.mode == "monkhorst" else ())


@rule(
    "spacing-off-gamma",
    "warning",
    "the mesh must hold Gamma to have the symmetry of the lattice",
    "KGAMMA",
    needs=("INCAR", "POSCAR"),
    tags="KGAMMA",
)
def spacing_off_gamma(folder: Folder) -> Iterator[Report]:
    """Report KGAMMA = .FALSE. for hexagonal and face-centred cells where a subdivision is even."""
    p, cell = folder.parameters, folder.cell
    statement = p.statement("KGAMMA")
    if statement is None or p.logical("KGAMMA") is not False or cell is None or folder.kpoints is not None:
        return
    kind = lattice_class(cell.lattice_angstrom)
    plane = hexagonal_plane(cell.lattice_angstrom) if kind == "hexagonal" else (0, 1, 2)
    mesh = spacing_mesh(cell.lattice_angstrom, p.real("KSPACING") or 0.5)
    if kind is not None and any(mesh[axis] % 2 == 0 for axis in plane or ()):
        shown = "x".join(map(str, mesh))
        message = f"a {shown} mesh beside Gamma breaks the symmetry of a {kind} lattice"
        yield at(statement, message, write(statement, ".TRUE."))


@rule(
    "spacing-unused",
    "warning",
    "a KPOINTS file beats KSPACING",
    "KSPACING",
    needs=("INCAR", "KPOINTS"),
    tags="KSPACING KGAMMA",
)
def spacing_unused(folder: Folder) -> Iterator[Report]:
    """Report KSPACING and KGAMMA that a KPOINTS file makes useless."""
    for name in ("KSPACING", "KGAMMA"):
        statement = folder.parameters.statement(name)
        if statement is not None:
            fix = remove(folder, statement, safe=True)
            yield at(statement, f"{name} has no effect: the KPOINTS file is used", fix, value=False)


@rule(
    "spacing-default",
    "information",
    "without KPOINTS the mesh follows from KSPACING",
    "KSPACING",
    needs=("INCAR", "POSCAR"),
)
def spacing_default(folder: Folder) -> Iterator[Report]:
    """Point out a folder with neither KPOINTS nor KSPACING."""
    if folder.present is None or folder.kpoints is not None or folder.parameters.has("KSPACING", "IMAGES"):
        return
    if "KPOINTS" not in folder.present:
        yield on_line(folder, "INCAR", 1, "there is no KPOINTS file: VASP uses KSPACING = 0.5")


@rule("spacing-wide", "warning", "the mesh is too wide for most materials", "KSPACING", tags="KSPACING")
def spacing_wide(folder: Folder) -> Iterator[Report]:
    """Report a KSPACING above 1 per ångström."""
    p = folder.parameters
    statement, value = p.statement("KSPACING"), p.real("KSPACING")
    if statement is not None and value is not None and value > 1.0 and folder.kpoints is None:
        yield at(statement, f"KSPACING = {value:g} 1/Å is a very coarse mesh")


@rule(
    "mesh-sparse",
    "warning",
    "the mesh is too wide for most materials",
    "KPOINTS",
    needs=("KPOINTS", "POSCAR"),
)
def mesh_sparse(folder: Folder) -> Iterator[Report]:
    """Report meshes with less than 6 Å of subdivisions times vector length, vacuum excepted."""
    k, cell = folder.kpoints, folder.cell
    if k is None or cell is None or k.mesh is None or k.problems or not cell.n_atoms:
        return
    sides = cell.lengths_angstrom
    for n, side, axis in zip(k.mesh, sides, "abc", strict=True):
        if n * side < 6.0:
            yield on_line(
                folder,
                "KPOINTS",
                k.mesh_line,
                f"{n} point{'s' * (n > 1)} along {axis} ({side:.1f} Å) is coarse",
            )
            return


@rule(
    "mesh-dense",
    "information",
    "the mesh is finer than anything needs",
    "KPOINTS",
    needs=("KPOINTS", "POSCAR"),
)
def mesh_dense(folder: Folder) -> Iterator[Report]:
    """Point out meshes with more than 250 Å of subdivisions times vector length."""
    k, cell = folder.kpoints, folder.cell
    if k is None or cell is None or k.mesh is None or k.problems:
        return
    for n, side, axis in zip(k.mesh, cell.lengths_angstrom, "abc", strict=True):
        if n > 1 and n * side > 250:
            yield on_line(
                folder, "KPOINTS", k.mesh_line, f"{n} points along {axis} ({side:.1f} Å) are very many"
            )
            return


@rule(
    "mesh-across-vacuum",
    "information",
    "across vacuum one k-point is enough",
    "KPOINTS",
    needs=("KPOINTS", "POSCAR"),
)
def mesh_across_vacuum(folder: Folder) -> Iterator[Report]:
    """Point out several subdivisions along a direction with vacuum."""
    k, cell = folder.kpoints, folder.cell
    if k is None or cell is None or k.mesh is None or k.problems or cell.n_atoms > 5_000:
        return
    for n, gap, axis in zip(k.mesh, cell.vacuum_angstrom, "abc", strict=True):
        if n > 1 and gap > 10:
            message = f"{n} points along {axis}, across {gap:.0f} Å of vacuum: 1 is enough"
            yield on_line(folder, "KPOINTS", k.mesh_line, message)
            return


@rule(
    "automatic-length", "information", "the mode Auto is kept for old inputs", "KPOINTS", needs=("KPOINTS",)
)
def automatic_length(folder: Folder) -> Iterator[Report]:
    """Point out the mode Auto."""
    k = folder.kpoints
    if k is not None and k.mode == "auto" and not k.problems:
        yield on_line(folder, "KPOINTS", k.mode_line, "the mode Auto is kept for old inputs; use KSPACING")


@rule("weights-zero", "warning", "the weights must not add up to zero", "KPOINTS", needs=("KPOINTS",))
def weights_zero(folder: Folder) -> Iterator[Report]:
    """Report a list of points without any weight; single points without weight are fine."""
    k = folder.kpoints
    if k is not None and k.mode == "explicit" and not k.problems and k.weights and not any(k.weights):
        yield on_line(folder, "KPOINTS", k.point_lines[0], "all weights are zero: no point has any")


@rule("weights-negative", "warning", "weights are not negative", "KPOINTS", needs=("KPOINTS",))
def weights_negative(folder: Folder) -> Iterator[Report]:
    """Report negative weights."""
    k = folder.kpoints
    if k is None or k.mode != "explicit" or k.problems:
        return
    for weight, line in zip(k.weights, k.point_lines, strict=True):
        if weight < 0:
            yield on_line(folder, "KPOINTS", line, f"the weight {weight:g} is negative")
            return


@rule("points-unused", "warning", "VASP reads as many points as announced", "KPOINTS", needs=("KPOINTS",))
def points_unused(folder: Folder) -> Iterator[Report]:
    """Report a point behind the last one that the second line announces."""
    from crystalmath.vasp.poscar_reader import leading_reals

    k = folder.kpoints
    if k is None or k.mode != "explicit" or k.problems or k.tetrahedra:
        return
    if k.end_line < len(k.source.lines) and len(leading_reals(k.source.lines[k.end_line], 4)) == 4:
        message = f"the second line announces {k.count} points: VASP ignores this one"
        yield on_line(folder, "KPOINTS", k.end_line + 1, message)


@rule("path-single", "warning", "a path needs several points per segment", "KPOINTS", needs=("KPOINTS",))
def path_single(folder: Folder) -> Iterator[Report]:
    """Report one point per segment."""
    k = folder.kpoints
    if k is not None and k.mode == "line" and not k.problems and k.points_per_segment[0] < 2:
        fix = replace("Write 20", line_span(folder, "KPOINTS", 2), "20", safe=False)
        yield on_line(folder, "KPOINTS", 2, "one point per segment is no path", fix)


@rule("path-standing", "warning", "a segment has no length", "KPOINTS", needs=("KPOINTS",))
def path_standing(folder: Folder) -> Iterator[Report]:
    """Report segments whose ends are the same point."""
    k = folder.kpoints
    if k is None or k.problems:
        return
    for start, end in k.segments:
        if start.point == end.point:
            yield on_line(folder, "KPOINTS", end.line, "the segment ends where it starts")


@rule(
    "unusual-kpoints-mode",
    "warning",
    "the word selects a mode that few files use",
    "KPOINTS",
    needs=("KPOINTS",),
)
def unusual_kpoints_mode(folder: Folder) -> Iterator[Report]:
    """Report mode words that begin like a mode and are spelt like none."""
    k = folder.kpoints
    if k is None or not k.mode_line or k.problems:
        return
    word = k.mode_word.split()[0].lower() if k.mode_word.split() else ""
    if k.mode in {"generalised", "explicit"} and word[:1] not in set("ckrdfgm"):
        yield on_line(folder, "KPOINTS", k.mode_line, f"VASP reads {word!r} as Reciprocal coordinates")
    known = (
        "gamma",
        "monkhorst",
        "mp",
        "auto",
        "automatic",
        "fully",
        "line",
        "reciprocal",
        "cartesian",
        "direct",
        "fractional",
    )
    if (
        k.mode in {"gamma", "monkhorst"}
        and len(word) > 1
        and not any(name.startswith(word[:3]) for name in known)
    ):
        written = "Gamma" if k.mode == "gamma" else "Monkhorst-Pack"
        fix = replace(f"Write {written}", line_span(folder, "KPOINTS", k.mode_line), written, safe=False)
        yield on_line(folder, "KPOINTS", k.mode_line, f"VASP reads {word!r} as {k.mode}", fix)


@rule(
    "count-negative",
    "warning",
    "a negative number of points stands for a mesh",
    "KPOINTS",
    needs=("KPOINTS",),
)
def count_negative(folder: Folder) -> Iterator[Report]:
    """Report a negative number of points."""
    k = folder.kpoints
    if k is not None and k.count < 0:
        fix = replace("Write 0", line_span(folder, "KPOINTS", 2), "0", safe=False)
        yield on_line(folder, "KPOINTS", 2, f"{k.count} points: write 0 for a mesh", fix)
