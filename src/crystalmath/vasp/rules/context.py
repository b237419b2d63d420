"""Rules that need to know more than the files: the executable, the step before, the time granted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crystalmath.vasp.rules.rule import at, on_line, rule
from crystalmath.vasp.source import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.vasp.folder import Folder
    from crystalmath.vasp.rules.rule import Report


@rule(
    "executable-spinors",
    "error",
    "VASP stops: spinors need vasp_ncl",
    "LNONCOLLINEAR",
    tags="LSORBIT LNONCOLLINEAR",
)
def executable_spinors(folder: Folder) -> Iterator[Report]:
    """Report a noncollinear calculation with vasp_std or vasp_gam."""
    p, executable = folder.parameters, folder.context.executable
    statement = p.statement("LSORBIT") or p.statement("LNONCOLLINEAR")
    if statement is not None and p.noncollinear and executable in {"std", "gam"}:
        yield at(statement, f"{statement.tag} needs vasp_ncl, the job uses vasp_{executable}: VASP stops")


@rule("executable-gamma", "error", "vasp_gam knows the Gamma point only", "KPOINTS", needs=("KPOINTS",))
def executable_gamma(folder: Folder) -> Iterator[Report]:
    """Report several k-points, or one beside Gamma, with vasp_gam."""
    k = folder.kpoints
    if folder.context.executable != "gam" or k is None or k.problems:
        return
    several = k.mesh is not None and (max(k.mesh) > 1 or any(k.shift or ()))
    if several or k.mode == "line" or (k.mode == "explicit" and (len(k.points) > 1 or any(k.points[0]))):
        yield on_line(folder, "KPOINTS", k.mesh_line or k.mode_line, "vasp_gam computes the Gamma point only")


@rule("moments-dropped", "warning", "the moments of the step before are lost", "MAGMOM", tags="ISPIN")
def moments_dropped(folder: Folder) -> Iterator[Report]:
    """Report an antiferromagnet of the step before that starts ferromagnetic now."""
    p, before = folder.parameters, folder.context.previous_moments_mub
    statement = p.statement("MAGMOM") or p.statement("ISPIN")
    if (
        statement is None
        or not before
        or not p.spin_polarised
        or not (min(before) < -0.1 < 0.1 < max(before))
    ):
        return
    if not p.has("MAGMOM") and ((p.integer("ISTART") or 0) > 0 or p.integer("ICHARG") in {1, 11}):
        return
    now = p.reals("MAGMOM") or (1.0,) * len(before)
    if len(now) == len(before) and any(
        a * b < 0 and min(abs(a), abs(b)) > 0.1 for a, b in zip(now, before, strict=True)
    ):
        flipped = [i for i, (a, b) in enumerate(zip(now, before, strict=True), 1) if a * b < 0]
        if len(flipped) < len(before):
            yield at(statement, f"{counted(len(flipped), 'moment')} (of ion {flipped[0]} first) changed sign")


@rule("wall-time", "warning", "the time granted is shorter than one electronic convergence", "NELM")
def wall_time(folder: Folder) -> Iterator[Report]:
    """Report a wall time below what one self-consistent step is known to take."""
    granted, needed = folder.context.wall_seconds, folder.context.seconds_per_step
    if granted is not None and needed is not None and granted < needed:
        message = f"{granted:.0f} s are granted, one self-consistent step took {needed:.0f} s"
        yield on_line(folder, "INCAR", 1, message)


@rule("projections-missing", "warning", "the result asked for needs projections", "LORBIT")
def projections_missing(folder: Folder) -> Iterator[Report]:
    """Report a job for moments or projected states without LORBIT."""
    p = folder.parameters
    wanted = folder.context.wants & {"moments", "projections"}
    if wanted and (p.integer("LORBIT") or 0) < 10 and not p.has("LOCPROJ"):
        yield on_line(
            folder, "INCAR", 1, f"LORBIT = 11 is missing: no {' or '.join(sorted(wanted))} are written"
        )


@rule(
    "mesh-symmetry",
    "warning",
    "the mesh breaks the symmetry of the crystal",
    "KPOINTS",
    needs=("KPOINTS", "POSCAR"),
)
def mesh_symmetry(folder: Folder) -> Iterator[Report]:
    """Report different subdivisions along vectors that the space group makes equivalent."""
    group, k, cell = folder.context.space_group, folder.kpoints, folder.cell
    if group is None or k is None or k.mesh is None or k.problems or cell is None:
        return
    if folder.parameters.integer("ISYM") in {-1, 0}:
        return
    sides, mesh = cell.lengths_angstrom, k.mesh
    alike = [(i, j) for i, j in ((0, 1), (1, 2), (0, 2)) if abs(sides[i] - sides[j]) < 1e-3 * sides[i]]
    upright = all(abs(angle - 90) < 0.1 for angle in cell.angles_degree)
    if group < 195 and len(alike) == 3 and upright:
        return  # a tetragonal cell that happens to be as long along its axis, whichever that is
    if group >= 75 and any(mesh[i] != mesh[j] for i, j in alike):
        shown = " ".join(map(str, mesh))
        message = f"the mesh {shown} breaks the symmetry of space group {group}"
        yield on_line(folder, "KPOINTS", k.mesh_line, message)
