"""Rules on machine-learned force fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crystalmath.vasp.rules.fixes import insert
from crystalmath.vasp.rules.rule import at, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.vasp.folder import Folder
    from crystalmath.vasp.rules.rule import Report


@rule(
    "learning-off",
    "error",
    "the tags of force fields are ignored without ML_LMLFF",
    "ML_LMLFF",
    tags="ML_MODE ML_ISTART",
)
def learning_off(folder: Folder) -> Iterator[Report]:
    """Report ML_MODE or ML_ISTART without ML_LMLFF."""
    p = folder.parameters
    if p.has("ML_LMLFF"):
        return
    for name in ("ML_MODE", "ML_ISTART"):
        statement = p.statement(name)
        if statement is not None and p.word(name) != "NONE":
            message = f"{name} is ignored: ML_LMLFF is missing and defaults to .FALSE."
            yield at(statement, message, insert(statement, "ML_LMLFF = .TRUE.", folder=folder), value=False)


@rule("learning-leftover", "information", "the tag of a force field is left over", "ML_LMLFF")
def learning_leftover(folder: Folder) -> Iterator[Report]:
    """Point out other ML_ tags without ML_LMLFF = .TRUE."""
    p = folder.parameters
    if p.logical("ML_LMLFF"):
        return
    for name, statement in p.statements.items():
        if name.startswith("ML_") and name not in {"ML_LMLFF", "ML_MODE", "ML_ISTART"}:
            yield at(statement, f"{name} has no effect without ML_LMLFF = .TRUE.", value=False)


@rule("learning-mode", "warning", "a force field needs to be told what to do", "ML_MODE", tags="ML_LMLFF")
def learning_mode(folder: Folder) -> Iterator[Report]:
    """Report ML_LMLFF without ML_MODE or ML_ISTART."""
    p = folder.parameters
    statement = p.statement("ML_LMLFF")
    if statement is not None and p.logical("ML_LMLFF") and not p.has("ML_MODE", "ML_ISTART"):
        fix = insert(statement, "ML_MODE = train", folder=folder)
        yield at(statement, "ML_LMLFF = .TRUE. without ML_MODE does nothing", fix, value=False)


@rule(
    "learning-species",
    "warning",
    "species are told apart by two characters",
    "ML_LMLFF",
    needs=("INCAR", "POSCAR"),
    tags="ML_LMLFF",
)
def learning_species(folder: Folder) -> Iterator[Report]:
    """Report species that a force field cannot tell apart."""
    p, cell = folder.parameters, folder.cell
    statement = p.statement("ML_LMLFF")
    if statement is None or not p.logical("ML_LMLFF") or p.logical("ML_LUSE_NAMES") or cell is None:
        return
    names = [name.split("/")[0][:2] for name in cell.names or ()]
    double = next((name for name in names if names.count(name) > 1), None)
    if double is not None:
        yield at(statement, f"the force field cannot tell the species {double} apart", value=False)


@rule(
    "learning-kpoints",
    "information",
    "a force field that runs alone needs no k-points",
    "ML_MODE",
    tags="ML_MODE",
)
def learning_kpoints(folder: Folder) -> Iterator[Report]:
    """Point out tags of the electrons in a run of a force field alone."""
    p = folder.parameters
    statement = p.statement("ALGO")
    if statement is not None and p.logical("ML_LMLFF") and p.word("ML_MODE") == "RUN":
        yield at(statement, "no electrons are computed with ML_MODE = run", value=False)
