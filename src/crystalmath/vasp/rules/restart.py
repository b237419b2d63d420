"""Rules on restarting: densities and orbitals of an earlier run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crystalmath.vasp.rules.fixes import write
from crystalmath.vasp.rules.rule import at, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.vasp.folder import Folder
    from crystalmath.vasp.rules.rule import Report


def _missing(folder: Folder, *names: str) -> bool | None:
    """Say whether all the files are missing where VASP will run; None when nobody knows."""
    planned = folder.context.files
    return None if planned is None else not any(name in planned for name in names)


@rule("density-missing", "warning", "the density of an earlier run is needed", "ICHARG", tags="ICHARG")
def density_missing(folder: Folder) -> Iterator[Report]:
    """Report ICHARG = 1 or 11 without CHGCAR; an error when the caller knows what will be there."""
    p = folder.parameters
    statement = p.statement("ICHARG")
    if statement is None or p.integer("ICHARG") not in {1, 11}:
        return
    missing = _missing(folder, "CHGCAR", "vaspwave.h5")
    if missing:
        stops = p.integer("ICHARG") == 11
        message = f"ICHARG = {statement.value} needs CHGCAR, which is not there"
        yield at(statement, message, severity="error" if stops else "warning")
    elif (
        missing is None
        and folder.present is not None
        and not folder.present & {"CHGCAR", "vaspwave.h5", "CHGCAR.gz"}
    ):
        yield at(statement, f"ICHARG = {statement.value} needs CHGCAR, which is not in the folder yet")


@rule("orbitals-missing", "warning", "the orbitals of an earlier run are needed", "ISTART", tags="ISTART")
def orbitals_missing(folder: Folder) -> Iterator[Report]:
    """Report ISTART > 0 without WAVECAR where the caller knows what will be there."""
    p = folder.parameters
    statement = p.statement("ISTART")
    if (
        statement is not None
        and (p.integer("ISTART") or 0) > 0
        and _missing(folder, "WAVECAR", "vaspwave.h5")
    ):
        yield at(statement, f"ISTART = {statement.value} finds no WAVECAR: VASP starts from scratch")


@rule(
    "density-from-orbitals",
    "information",
    "ICHARG = 0 takes the density of the orbitals",
    "ICHARG",
    tags="ICHARG",
)
def density_from_orbitals(folder: Folder) -> Iterator[Report]:
    """Point out ICHARG = 0 or 10 with ISTART = 0, where there are no orbitals."""
    p = folder.parameters
    statement = p.statement("ICHARG")
    if statement is not None and p.integer("ICHARG") in {0, 10} and p.integer("ISTART") == 0:
        yield at(statement, f"ICHARG = {statement.value} needs orbitals, ISTART = 0 starts without")


@rule("fixed-density-relaxation", "warning", "a fixed density gives no forces", "ICHARG", tags="ICHARG")
def fixed_density_relaxation(folder: Folder) -> Iterator[Report]:
    """Report ions that move in a fixed density."""
    p = folder.parameters
    statement = p.statement("ICHARG")
    if statement is not None and (p.integer("ICHARG") or 0) >= 10 and (p.relaxes or p.dynamics):
        yield at(
            statement, f"ICHARG = {statement.value} keeps the density: ions must not move (NSW = {p.nsw})"
        )


@rule(
    "path-self-consistent",
    "warning",
    "a path gives no density: keep that of a mesh",
    "ICHARG",
    needs=("INCAR", "KPOINTS"),
)
def path_self_consistent(folder: Folder) -> Iterator[Report]:
    """Report a self-consistent calculation on a path of k-points."""
    from crystalmath.vasp.rules.rule import on_line

    p, k = folder.parameters, folder.kpoints
    if k is None or k.mode != "line" or k.problems or p.hybrid or p.metagga or p.beyond_dft:
        return
    if p.algorithm in {"none", "exact"} or (p.integer("ICHARG") or 0) >= 10:
        return
    yield on_line(folder, "KPOINTS", k.mode_line, "bands along a path need a fixed density (ICHARG = 11)")


@rule(
    "fixed-density-shells",
    "warning",
    "a fixed density needs all its occupation matrices",
    "LMAXMIX",
    tags="LDAU",
)
def fixed_density_shells(folder: Folder) -> Iterator[Report]:
    """Report DFT+U at fixed density with the default LMAXMIX."""
    p = folder.parameters
    statement = p.statement("ICHARG")
    if statement is not None and p.logical("LDAU") and p.integer("ICHARG") == 11 and not p.has("LMAXMIX"):
        yield at(statement, "bands of DFT+U need LMAXMIX = 4 (d) or 6 (f) here and in the run before")


@rule(
    "charge-not-written",
    "warning",
    "the next step needs a file that is not written",
    "LCHARG",
    tags="LCHARG LWAVE",
)
def charge_not_written(folder: Folder) -> Iterator[Report]:
    """Report LCHARG or LWAVE = .FALSE. when the job is there to write them."""
    p = folder.parameters
    for name, wanted in (("LCHARG", "density"), ("LWAVE", "orbitals")):
        statement = p.statement(name)
        if statement is not None and p.logical(name) is False and wanted in folder.context.wants:
            message = f"{name} = .FALSE. does not write the {wanted} that the next step needs"
            yield at(statement, message, write(statement, ".TRUE."))


@rule(
    "opt-mesh-needed",
    "warning",
    "KPOINTS_OPT needs a mesh in KPOINTS",
    "KPOINTS_OPT",
    needs=("KPOINTS", "KPOINTS_OPT"),
)
def opt_mesh_needed(folder: Folder) -> Iterator[Report]:
    """Report KPOINTS_OPT beside a path in KPOINTS."""
    from crystalmath.vasp.rules.rule import on_line

    k = folder.kpoints
    if k is not None and k.mode == "line" and not k.problems:
        yield on_line(
            folder, "KPOINTS", k.mode_line, "with KPOINTS_OPT the KPOINTS file holds a uniform mesh"
        )
