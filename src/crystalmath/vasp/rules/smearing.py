"""Rules on the occupation of states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crystalmath.vasp.rules.fixes import write
from crystalmath.vasp.rules.rule import at, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.vasp.folder import Folder
    from crystalmath.vasp.rules.rule import Report


@rule(
    "tetrahedron-few-points",
    "error",
    "VASP stops: the tetrahedron method needs four k-points",
    "ISMEAR",
    needs=("INCAR", "KPOINTS"),
    tags="ISMEAR",
)
def tetrahedron_few_points(folder: Folder) -> Iterator[Report]:
    """Report meshes that cannot have four points, whatever the symmetry."""
    p, k = folder.parameters, folder.kpoints
    statement = p.statement("ISMEAR")
    if statement is None or k is None or p.integer("ISMEAR") not in {-4, -5}:
        return
    count = k.mesh[0] * k.mesh[1] * k.mesh[2] if k.mesh else len(k.points) if k.mode == "explicit" else 4
    if 0 < count < 4 and not k.problems:
        points = "point" if count == 1 else "points"
        message = f"ISMEAR = {statement.value} needs four k-points, KPOINTS gives {count} {points}"
        yield at(statement, message, write(statement, "0"))


@rule(
    "tetrahedron-spacing",
    "error",
    "VASP stops: KSPACING gives fewer than four points",
    "KSPACING",
    needs=("INCAR", "POSCAR"),
    tags="ISMEAR",
)
def tetrahedron_spacing(folder: Folder) -> Iterator[Report]:
    """Report a KSPACING whose mesh has fewer than four points with the tetrahedron method."""
    from crystalmath.vasp.cells import spacing_mesh

    p = folder.parameters
    statement = p.statement("ISMEAR")
    if statement is None or folder.cell is None or folder.kpoints is not None:
        return
    if p.integer("ISMEAR") not in {-4, -5} or folder.present is None:
        return
    mesh = spacing_mesh(folder.cell.lattice_angstrom, p.real("KSPACING") or 0.5)
    if mesh[0] * mesh[1] * mesh[2] < 4:
        shown = "x".join(map(str, mesh))
        message = f"ISMEAR = {statement.value} needs four k-points, KSPACING gives {shown}"
        yield at(statement, message, write(statement, "0"))


@rule(
    "tetrahedron-explicit",
    "warning",
    "the tetrahedron method needs tetrahedra",
    "ISMEAR",
    needs=("INCAR", "KPOINTS"),
    tags="ISMEAR",
)
def tetrahedron_explicit(folder: Folder) -> Iterator[Report]:
    """Report the tetrahedron method on a path or on a list without tetrahedra."""
    p, k = folder.parameters, folder.kpoints
    statement = p.statement("ISMEAR")
    if statement is None or k is None or p.integer("ISMEAR") not in {-4, -5} or k.problems:
        return
    if k.mode == "line" or (k.mode == "explicit" and not k.tetrahedra and len(k.points) >= 4):
        what = "a path" if k.mode == "line" else "a list of points without tetrahedra"
        yield at(statement, f"ISMEAR = {statement.value} cannot work on {what}")


@rule(
    "tetrahedron-off-gamma",
    "warning",
    "the tetrahedron method wants a mesh that holds Gamma",
    "ISMEAR",
    needs=("INCAR", "KPOINTS"),
    tags="ISMEAR",
)
def tetrahedron_off_gamma(folder: Folder) -> Iterator[Report]:
    """Report the tetrahedron method on a mesh beside Gamma."""
    p, k = folder.parameters, folder.kpoints
    statement = p.statement("ISMEAR")
    if statement is None or k is None or p.integer("ISMEAR") not in {-4, -5} or k.problems:
        return
    if k.gamma_centred is False and k.mesh and min(k.mesh) > 1:
        report = at(statement, f"ISMEAR = {statement.value} wants a mesh centred at Gamma")
        yield report._replace(related=(("KPOINTS", k.mode_line, "the mesh does not hold Gamma"),))


@rule(
    "tetrahedron-forces",
    "information",
    "forces of the tetrahedron method are wrong in metals",
    "ISMEAR",
    tags="ISMEAR",
)
def tetrahedron_forces(folder: Folder) -> Iterator[Report]:
    """Point out ISMEAR = -5 in a relaxation; a warning when the material is known to be a metal."""
    p = folder.parameters
    statement, gap = p.statement("ISMEAR"), folder.context.band_gap_ev
    if statement is None or p.integer("ISMEAR") != -5 or not (p.relaxes or p.dynamics) or (gap or 0) > 0.01:
        return
    known = gap is not None
    message = "forces with ISMEAR = -5 are wrong by several per cent " + (
        "in this metal" if known else "in metals"
    )
    yield at(statement, message, severity="warning" if known else None)


@rule(
    "smearing-of-insulator",
    "warning",
    "Methfessel-Paxton smearing is for metals only",
    "ISMEAR",
    tags="ISMEAR",
)
def smearing_of_insulator(folder: Folder) -> Iterator[Report]:
    """Report ISMEAR > 0 when the material is known to have a gap."""
    p, gap = folder.parameters, folder.context.band_gap_ev
    statement = p.statement("ISMEAR")
    if statement is not None and gap is not None and gap > 0.1 and (p.integer("ISMEAR") or 0) > 0:
        message = f"ISMEAR = {statement.value} gives wrong energies with a gap of {gap:.2f} eV"
        yield at(statement, message, write(statement, "0"))


@rule("tetrahedron-direct", "warning", "direct minimisers need smooth occupations", "ALGO", tags="ISMEAR")
def tetrahedron_direct(folder: Folder) -> Iterator[Report]:
    """Report ISMEAR = -5 with ALGO = All or Damped."""
    p = folder.parameters
    statement = p.statement("ISMEAR")
    if statement is not None and p.integer("ISMEAR") in {-4, -5} and p.algorithm in {"all", "damped"}:
        message = f"ISMEAR = {statement.value} with ALGO = All or Damped tends to fail, VASP warns"
        yield at(statement, message, write(statement, "0"))


@rule("wide-smearing", "warning", "the smearing is wide", "SIGMA", tags="SIGMA")
def wide_smearing(folder: Folder) -> Iterator[Report]:
    """Report a SIGMA of half an eV and more; Fermi smearing may stand for a hot electron gas."""
    p = folder.parameters
    statement, value = p.statement("SIGMA"), p.real("SIGMA")
    if statement is None or value is None or p.integer("ISMEAR") in {-1, -4, -5}:
        return
    if value > 0.5:
        yield at(statement, f"SIGMA = {statement.value} eV smears the states far too much")
    elif value <= 0 and p.integer("ISMEAR") not in {-2, -3}:
        yield at(statement, f"SIGMA = {statement.value} eV should be positive")


@rule("smearing-list", "warning", "ISMEAR = -3 works through a list of smearings", "SMEARINGS", tags="ISMEAR")
def smearing_list(folder: Folder) -> Iterator[Report]:
    """Report ISMEAR = -3 without SMEARINGS, or with another number of pairs than NSW."""
    p = folder.parameters
    statement = p.statement("ISMEAR")
    if statement is None or p.integer("ISMEAR") != -3:
        return
    pairs = p.reals("SMEARINGS")
    if pairs is None:
        yield at(statement, "ISMEAR = -3 needs SMEARINGS, pairs of ISMEAR and SIGMA")
    elif len(pairs) % 2 or len(pairs) // 2 != p.nsw:
        other = p.statement("SMEARINGS")
        assert other is not None
        yield at(other, f"{len(pairs) / 2:g} pairs in SMEARINGS for NSW = {p.nsw}")


@rule(
    "fixed-occupations", "warning", "occupations are read only with ISMEAR = -2", "FERWE", tags="FERWE FERDO"
)
def fixed_occupations(folder: Folder) -> Iterator[Report]:
    """Report FERWE or FERDO without ISMEAR = -2, and FERDO without spins."""
    p = folder.parameters
    for name in ("FERWE", "FERDO"):
        statement = p.statement(name)
        if statement is None:
            continue
        if p.integer("ISMEAR") != -2:
            yield at(statement, f"{name} is read only with ISMEAR = -2", value=False)
        elif name == "FERDO" and p.integer("ISPIN") != 2:
            yield at(statement, "FERDO is read only with ISPIN = 2", value=False)


@rule("smearing-order", "information", "high orders of smearing are rarely meant", "ISMEAR", tags="ISMEAR")
def smearing_order(folder: Folder) -> Iterator[Report]:
    """Point out high orders of Methfessel-Paxton."""
    p = folder.parameters
    statement = p.statement("ISMEAR")
    if statement is not None and (p.integer("ISMEAR") or 0) > 2:
        message = f"Methfessel-Paxton of order {statement.value} is rarely meant; 1 or 2 is usual"
        yield at(statement, message, write(statement, "1"))
