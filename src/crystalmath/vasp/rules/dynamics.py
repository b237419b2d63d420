"""Rules on molecular dynamics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crystalmath.vasp.rules.fixes import insert, write
from crystalmath.vasp.rules.rule import at, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.vasp.folder import Folder
    from crystalmath.vasp.rules.rule import Report


@rule(
    "dynamics-without-potim",
    "error",
    "VASP stops: molecular dynamics has no default time step",
    "POTIM",
    tags="NSW IBRION",
)
def dynamics_without_potim(folder: Folder) -> Iterator[Report]:
    """Report molecular dynamics, asked for or by default, without POTIM."""
    p = folder.parameters
    statement = p.statement("IBRION") or p.statement("NSW")
    if statement is not None and p.dynamics and not p.has("POTIM", "IOPT"):
        message = "molecular dynamics (IBRION = 0) needs POTIM, the time step in fs: VASP stops"
        yield at(statement, message, insert(statement, "POTIM = 1", folder=folder))


@rule(
    "dynamics-without-steps",
    "error",
    "VASP stops: molecular dynamics needs a number of steps",
    "NSW",
    tags="IBRION",
)
def dynamics_without_steps(folder: Folder) -> Iterator[Report]:
    """Report IBRION = 0 without NSW."""
    p = folder.parameters
    statement = p.statement("IBRION")
    if statement is not None and p.integer("IBRION") == 0 and not p.has("NSW"):
        message = "IBRION = 0 needs NSW, the number of time steps: VASP stops"
        yield at(statement, message, insert(statement, "NSW = 1000", folder=folder))


@rule("time-step", "warning", "the time step is too long for the fastest vibration", "POTIM", tags="POTIM")
def time_step(folder: Folder) -> Iterator[Report]:
    """Report time steps above 5 fs, or above 2 fs with hydrogen of natural mass."""
    p = folder.parameters
    statement, step = p.statement("POTIM"), p.real("POTIM")
    if statement is None or step is None or not p.dynamics:
        return
    hydrogen = folder.cell is not None and "H" in (folder.cell.species or ()) and not p.has("POMASS")
    limit = 2.0 if hydrogen else 5.0
    if step > limit:
        fix = write(statement, "1" if hydrogen else "2")
        yield at(statement, f"{step:g} fs is long" + (" for hydrogen" if hydrogen else "") + " (MD)", fix)


@rule("cold-start", "warning", "without TEBEG the dynamics starts at 0 K", "TEBEG", tags="IBRION NSW")
def cold_start(folder: Folder) -> Iterator[Report]:
    """Report molecular dynamics without a temperature; velocities in the POSCAR will do."""
    p = folder.parameters
    statement = p.statement("IBRION")
    moving = folder.cell is not None and folder.cell.velocities is not None
    if statement is not None and p.dynamics and not p.has("TEBEG") and not moving:
        fix = insert(statement, "TEBEG = 300", folder=folder)
        yield at(statement, "TEBEG is missing: the dynamics starts at 0 K", fix)


@rule(
    "dynamics-tag-idle",
    "warning",
    "the tag works only in molecular dynamics",
    "IBRION",
    tags="MDALGO LANGEVIN_GAMMA LANGEVIN_GAMMA_L ANDERSEN_PROB TEEND NHC_NCHAINS",
)
def dynamics_tag_idle(folder: Folder) -> Iterator[Report]:
    """Report thermostats without molecular dynamics."""
    p = folder.parameters
    if p.dynamics or p.ibrion in {0, 40, 44} or p.has("IMAGES") or p.nsw <= 0:
        return
    for name in ("MDALGO", "LANGEVIN_GAMMA", "LANGEVIN_GAMMA_L", "ANDERSEN_PROB", "TEEND", "NHC_NCHAINS"):
        statement = p.statement(name)
        if statement is not None and p.real(name) not in {0.0, None}:
            yield at(
                statement, f"{name} has no effect: IBRION = {p.ibrion} is no molecular dynamics", value=False
            )


@rule(
    "langevin-friction",
    "warning",
    "Langevin dynamics without friction is no thermostat",
    "LANGEVIN_GAMMA",
    tags="MDALGO",
)
def langevin_friction(folder: Folder) -> Iterator[Report]:
    """Report MDALGO = 3 without LANGEVIN_GAMMA."""
    p = folder.parameters
    statement = p.statement("MDALGO")
    if statement is not None and p.integer("MDALGO") == 3 and p.dynamics and not p.has("LANGEVIN_GAMMA"):
        yield at(statement, "MDALGO = 3 without LANGEVIN_GAMMA has no friction and keeps no temperature")


@rule("barostat", "warning", "only the Langevin thermostat changes the cell in dynamics", "ISIF", tags="ISIF")
def barostat(folder: Folder) -> Iterator[Report]:
    """Report ISIF = 3 in molecular dynamics without MDALGO = 3."""
    p = folder.parameters
    statement = p.statement("ISIF")
    if statement is not None and p.dynamics and p.isif >= 3 and p.integer("MDALGO") not in {3, 4, 5, 13}:
        yield at(statement, f"ISIF = {p.isif} in molecular dynamics needs the barostat of MDALGO = 3")


@rule(
    "thermostat-mix",
    "warning",
    "the tag belongs to another thermostat",
    "MDALGO",
    tags="LANGEVIN_GAMMA ANDERSEN_PROB",
)
def thermostat_mix(folder: Folder) -> Iterator[Report]:
    """Report parameters of a thermostat that MDALGO does not select."""
    p = folder.parameters
    if not p.dynamics:
        return
    algorithm = p.integer("MDALGO") or 0
    for name, wanted in (("LANGEVIN_GAMMA", {3, 13}), ("ANDERSEN_PROB", {1, 11, 13})):
        statement = p.statement(name)
        if statement is not None and algorithm not in wanted and any(p.reals(name) or ()):
            number = min(wanted)
            yield at(statement, f"{name} belongs to MDALGO = {number}; MDALGO is {algorithm}", value=False)


@rule("dynamics-symmetry", "information", "symmetry constrains the motion", "ISYM", tags="ISYM")
def dynamics_symmetry(folder: Folder) -> Iterator[Report]:
    """Point out symmetry in molecular dynamics."""
    p = folder.parameters
    statement = p.statement("ISYM")
    if statement is not None and p.dynamics and (p.integer("ISYM") or 0) > 0:
        message = f"ISYM = {statement.value} keeps the symmetry of the start; ISYM = 0 lets it go"
        yield at(statement, message, write(statement, "0"))


@rule("temperature-range", "warning", "temperatures are not negative", "TEBEG", tags="TEBEG TEEND")
def temperature_range(folder: Folder) -> Iterator[Report]:
    """Report negative temperatures."""
    p = folder.parameters
    for name in ("TEBEG", "TEEND"):
        statement, value = p.statement(name), p.real(name)
        if statement is not None and value is not None and value < 0:
            fix = write(statement, f"{-value:g}")
            yield at(statement, f"{name} = {statement.value} K is below absolute zero", fix)
