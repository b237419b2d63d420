"""Rules on relaxations: steps, algorithm, what moves, when they stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crystalmath.vasp.rules.fixes import insert, remove, write
from crystalmath.vasp.rules.rule import at, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.vasp.folder import Folder
    from crystalmath.vasp.rules.rule import Report


@rule("relaxation-without-steps", "error", "without NSW no ionic step is made", "NSW", tags="IBRION")
def relaxation_without_steps(folder: Folder) -> Iterator[Report]:
    """Report IBRION = 1, 2 or 3 that has no effect because NSW is missing, zero or negative."""
    p = folder.parameters
    statement = p.statement("IBRION")
    if statement is None or p.integer("IBRION") not in {1, 2, 3}:
        return
    if p.statement("NSW") is None:
        message = f"IBRION = {statement.value} moves no ion: NSW is missing and defaults to 0"
        yield at(statement, message, insert(statement, "NSW = 100", folder=folder))
    elif p.integer("NSW") is not None and p.nsw <= 0:
        message = f"IBRION = {statement.value} moves no ion because NSW = {p.nsw}"
        yield at(statement, message, severity="warning")


@rule("steps-without-algorithm", "warning", "NSW steps are not made with IBRION = -1", "IBRION", tags="NSW")
def steps_without_algorithm(folder: Folder) -> Iterator[Report]:
    """Report NSW > 0 that IBRION = -1 makes useless."""
    p = folder.parameters
    statement = p.statement("NSW")
    if statement is not None and p.nsw > 0 and p.integer("IBRION") == -1 and p.integer("ISMEAR") != -3:
        message = f"IBRION = -1 keeps the ions where they are, NSW = {p.nsw} repeats the same step"
        yield at(statement, message, write(statement, "0"))


@rule("implicit-dynamics", "warning", "NSW > 0 without IBRION is molecular dynamics", "IBRION", tags="NSW")
def implicit_dynamics(folder: Folder) -> Iterator[Report]:
    """Report NSW > 0 without IBRION, which defaults to 0."""
    p = folder.parameters
    statement = p.statement("NSW")
    asked_for = p.has("TEBEG", "MDALGO", "SMASS", "LANGEVIN_GAMMA", "ANDERSEN_PROB")
    if statement is not None and p.nsw > 0 and not p.has("IBRION") and not asked_for:
        message = "NSW > 0 without IBRION is molecular dynamics (IBRION defaults to 0)"
        yield at(statement, message, insert(statement, "IBRION = 2", folder=folder))


@rule(
    "force-criterion-sign",
    "warning",
    "a positive EDIFFG is an energy, a negative one a force",
    "EDIFFG",
    tags="EDIFFG",
)
def force_criterion_sign(folder: Folder) -> Iterator[Report]:
    """Report a positive EDIFFG of the size of a force in a relaxation."""
    p = folder.parameters
    statement, value = p.statement("EDIFFG"), p.real("EDIFFG")
    if statement is not None and value is not None and p.relaxes and value >= 5e-3:
        message = f"EDIFFG = {statement.value} is an energy in eV; a force needs the minus sign"
        yield at(statement, message, write(statement, f"-{value:g}"))


@rule(
    "criterion-below-ediff",
    "warning",
    "ions cannot be converged better than electrons",
    "EDIFFG",
    tags="EDIFFG",
)
def criterion_below_ediff(folder: Folder) -> Iterator[Report]:
    """Report an energy criterion of the ions below that of the electrons."""
    p = folder.parameters
    statement, ionic = p.statement("EDIFFG"), p.real("EDIFFG")
    electronic = p.real("EDIFF") or 1e-4
    if statement is not None and ionic is not None and p.relaxes and 0 < ionic < electronic:
        yield at(statement, f"EDIFFG = {statement.value} is below EDIFF = {electronic:g}: noise decides")


@rule("loose-ediff-for-forces", "warning", "accurate forces need accurate electrons", "EDIFF", tags="EDIFFG")
def loose_ediff_for_forces(folder: Folder) -> Iterator[Report]:
    """Report a tight force criterion with an EDIFF that gives no forces of that accuracy."""
    p = folder.parameters
    statement, force = p.statement("EDIFFG"), p.real("EDIFFG")
    electronic = p.real("EDIFF") or 1e-4
    if statement is not None and force is not None and p.relaxes and -0.005 < force < 0 and electronic > 1e-4:
        yield at(statement, f"forces of {-force:g} eV/Å need an EDIFF well below {electronic:g} eV")


@rule("idle-criterion", "information", "EDIFFG counts only when ions move", "EDIFFG", tags="EDIFFG")
def idle_criterion(folder: Folder) -> Iterator[Report]:
    """Point out EDIFFG where no ion moves."""
    p = folder.parameters
    statement = p.statement("EDIFFG")
    if statement is not None and p.nsw <= 0 and not p.has("IMAGES") and p.ibrion not in {5, 6, 7, 8, 40, 44}:
        fix = remove(folder, statement, safe=False)
        yield at(statement, "EDIFFG has no effect: no ion moves (NSW = 0)", fix, value=False)


@rule(
    "pressure-without-cell",
    "warning",
    "an external pressure acts only when the cell changes",
    "PSTRESS",
    tags="PSTRESS",
)
def pressure_without_cell(folder: Folder) -> Iterator[Report]:
    """Report PSTRESS with an ISIF that keeps the cell."""
    p = folder.parameters
    statement = p.statement("PSTRESS")
    if statement is not None and p.real("PSTRESS") and p.isif < 3 and p.nsw > 0 and p.ibrion in {1, 2, 3}:
        yield at(statement, f"PSTRESS does not change the cell with ISIF = {p.isif}")


@rule(
    "cell-without-steps", "information", "ISIF > 2 moves the cell only in a relaxation", "ISIF", tags="ISIF"
)
def cell_without_steps(folder: Folder) -> Iterator[Report]:
    """Point out ISIF > 2 without ionic steps."""
    p = folder.parameters
    statement = p.statement("ISIF")
    if statement is not None and p.isif > 2 and p.nsw <= 0 and p.ibrion in {-1, 0, 1, 2, 3}:
        yield at(statement, f"ISIF = {p.isif} changes no cell: no ionic step is made (NSW = 0)")


@rule("potim-of-relaxation", "warning", "the step of a relaxation is below 1 or so", "POTIM", tags="POTIM")
def potim_of_relaxation(folder: Folder) -> Iterator[Report]:
    """Report a POTIM that fits a time step in fs better than the scaling of a relaxation."""
    p = folder.parameters
    statement, value = p.statement("POTIM"), p.real("POTIM")
    if statement is not None and value is not None and p.relaxes and value > 3:
        yield at(statement, f"POTIM = {statement.value} is a very large step for a relaxation")


@rule("displacement-size", "warning", "finite differences use steps of about 0.015 Å", "POTIM", tags="POTIM")
def displacement_size(folder: Folder) -> Iterator[Report]:
    """Report a POTIM too large for the displacements of IBRION = 5 or 6."""
    p = folder.parameters
    statement, value = p.statement("POTIM"), p.real("POTIM")
    if statement is not None and value is not None and p.ibrion in {5, 6} and value > 0.1:
        message = f"POTIM = {statement.value} Å leaves the harmonic range (usual: 0.015)"
        yield at(statement, message, write(statement, "0.015"))


@rule("displacements-number", "warning", "NFREE is 1, 2 or 4", "NFREE", tags="NFREE")
def displacements_number(folder: Folder) -> Iterator[Report]:
    """Report values of NFREE that finite differences do not know."""
    p = folder.parameters
    statement, value = p.statement("NFREE"), p.integer("NFREE")
    if statement is not None and value is not None and p.ibrion in {5, 6} and value not in {1, 2, 4}:
        message = f"finite differences take 1, 2 or 4 displacements, not NFREE = {value}"
        yield at(statement, message, write(statement, "2"))


@rule(
    "spring-without-images", "warning", "springs belong to a band of images", "SPRING", tags="SPRING LCLIMB"
)
def spring_without_images(folder: Folder) -> Iterator[Report]:
    """Report tags of elastic bands without IMAGES."""
    p = folder.parameters
    for name in ("SPRING", "LCLIMB"):
        statement = p.statement(name)
        if statement is not None and not p.has("IMAGES") and (name == "SPRING" or p.logical(name)):
            yield at(statement, f"{name} has no effect without IMAGES", value=False)


@rule(
    "missing-images",
    "error",
    "VASP stops: a band needs a folder for each image and the two ends",
    "IMAGES",
    tags="IMAGES",
)
def missing_images(folder: Folder) -> Iterator[Report]:
    """Report a band whose folders 00, 01, … are not all there."""
    p = folder.parameters
    statement, images = p.statement("IMAGES"), p.integer("IMAGES")
    if statement is None or images is None or folder.present is None or not 1 < images < 1000:
        return
    missing = [f"{i:02d}" for i in range(images + 2) if f"{i:02d}" not in folder.present]
    if missing and len(missing) < images + 2:
        yield at(
            statement, f"IMAGES = {images} needs the folders 00 to {images + 1:02d}: {missing[0]} is missing"
        )


@rule("band-algorithm", "warning", "bands are relaxed with IBRION = 1 or 3", "IMAGES", tags="IMAGES")
def band_algorithm(folder: Folder) -> Iterator[Report]:
    """Report the conjugate gradient for an elastic band, whose line minimisation it misleads."""
    p = folder.parameters
    statement = p.statement("IBRION")
    if statement is not None and (p.integer("IMAGES") or 0) > 0 and p.ibrion == 2 and not p.has("VCAIMAGES"):
        message = "IBRION = 2 does not relax a band of images; use 1 or 3"
        yield at(statement, message, write(statement, "1"))


@rule(
    "symmetry-tolerance",
    "warning",
    "symmetry found with a large tolerance is not there",
    "SYMPREC",
    tags="SYMPREC",
)
def symmetry_tolerance(folder: Folder) -> Iterator[Report]:
    """Report a SYMPREC far above its default."""
    p = folder.parameters
    statement, value = p.statement("SYMPREC"), p.real("SYMPREC")
    if statement is not None and value is not None and value > 1e-2:
        yield at(statement, f"SYMPREC = {statement.value} takes different positions for equivalent")
