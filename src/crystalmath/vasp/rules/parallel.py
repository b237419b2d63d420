"""Rules on how the work is spread over ranks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crystalmath.vasp.rules.fixes import remove, write
from crystalmath.vasp.rules.rule import at, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.vasp.folder import Folder
    from crystalmath.vasp.rules.rule import Report


@rule("npar-and-ncore", "warning", "NPAR beats NCORE", "NCORE", tags="NCORE")
def npar_and_ncore(folder: Folder) -> Iterator[Report]:
    """Report NCORE that NPAR makes useless."""
    p = folder.parameters
    statement = p.statement("NCORE")
    if statement is not None and p.has("NPAR"):
        fix = remove(folder, statement, safe=True)
        yield at(statement, "NCORE has no effect: NPAR is given and wins", fix, value=False)


@rule(
    "kpar-over-points",
    "warning",
    "more groups than k-points leave ranks idle",
    "KPAR",
    needs=("INCAR", "KPOINTS"),
    tags="KPAR",
)
def kpar_over_points(folder: Folder) -> Iterator[Report]:
    """Report KPAR above the number of k-points of the whole mesh."""
    p, k = folder.parameters, folder.kpoints
    statement, groups = p.statement("KPAR"), p.integer("KPAR")
    if statement is None or groups is None or k is None or k.problems:
        return
    points = k.mesh[0] * k.mesh[1] * k.mesh[2] if k.mesh else len(k.points) or None
    if points is not None and groups > points:
        yield at(statement, f"KPAR = {groups} for {points} k-point{'s' * (points > 1)} at most")


@rule("kpar-ranks", "error", "VASP stops: the ranks must divide into KPAR groups", "KPAR", tags="KPAR")
def kpar_ranks(folder: Folder) -> Iterator[Report]:
    """Report a KPAR that does not divide the ranks asked for."""
    p, ranks = folder.parameters, folder.context.ranks
    statement, groups = p.statement("KPAR"), p.integer("KPAR")
    if statement is not None and groups and ranks is not None and groups > 0 and ranks % groups:
        message = f"{ranks} ranks cannot be divided into KPAR = {groups} groups: VASP stops"
        yield at(statement, message, write(statement, _divisor(ranks, groups)))


def _divisor(number: int, most: int) -> str:
    """Return the largest divisor of a number that is no larger than another."""
    return str(next((n for n in range(min(most, number), 0, -1) if number % n == 0), 1))


@rule("npar-ranks", "error", "VASP stops: the ranks of a group must divide into NPAR", "NPAR", tags="NPAR")
def npar_ranks(folder: Folder) -> Iterator[Report]:
    """Report an NPAR that does not divide the ranks of a k-point group."""
    p, ranks = folder.parameters, folder.context.ranks
    statement, npar = p.statement("NPAR"), p.integer("NPAR")
    if statement is None or not npar or ranks is None or npar < 1:
        return
    group = ranks // max(p.integer("KPAR") or 1, 1)
    if group % npar:
        message = f"{group} ranks per k-point cannot be divided by NPAR = {npar}: VASP stops"
        yield at(statement, message, *([write(statement, _divisor(group, npar))] if group else []))


@rule("ncore-ranks", "warning", "the ranks of a group divide badly into NCORE", "NCORE", tags="NCORE")
def ncore_ranks(folder: Folder) -> Iterator[Report]:
    """Report an NCORE that does not divide the ranks of a k-point group."""
    p, ranks = folder.parameters, folder.context.ranks
    statement, ncore = p.statement("NCORE"), p.integer("NCORE")
    if statement is None or not ncore or ranks is None or ncore < 1 or p.has("NPAR"):
        return
    group = ranks // max(p.integer("KPAR") or 1, 1)
    if group % ncore:
        message = f"{group} ranks per k-point do not divide into NCORE = {ncore}"
        yield at(statement, message, *([write(statement, _divisor(group, ncore))] if group else []))


@rule("parallel-default", "information", "the default layout is slow on many ranks", "NCORE")
def parallel_default(folder: Folder) -> Iterator[Report]:
    """Point out many ranks without NCORE, NPAR or KPAR."""
    from crystalmath.vasp.rules.rule import on_line

    p, ranks = folder.parameters, folder.context.ranks
    if (
        ranks is None
        or ranks < 16
        or p.has("NCORE", "NPAR", "KPAR")
        or p.ibrion in {7, 8}
        or p.logical("LEPSILON")
    ):
        return
    yield on_line(folder, "INCAR", 1, f"{ranks} ranks without NCORE or KPAR run slowly; try NCORE = √ranks")


@rule(
    "bands-rounded",
    "information",
    "NBANDS is rounded up to what the ranks can share",
    "NBANDS",
    tags="NBANDS",
)
def bands_rounded(folder: Folder) -> Iterator[Report]:
    """Point out an NBANDS that VASP changes for the ranks asked for."""
    p, ranks = folder.parameters, folder.context.ranks
    statement, bands = p.statement("NBANDS"), p.integer("NBANDS")
    if statement is None or not bands or ranks is None or bands < 1:
        return
    group = max(ranks // max(p.integer("KPAR") or 1, 1), 1)
    npar = p.integer("NPAR") or max(group // max(p.integer("NCORE") or 1, 1), 1)
    if npar > 0 and bands % npar:
        yield at(statement, f"NBANDS = {bands} becomes {-(-bands // npar) * npar} on {ranks} ranks")
