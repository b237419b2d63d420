"""Rules on response functions and phonons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crystalmath.vasp.rules.fixes import insert, write
from crystalmath.vasp.rules.rule import at, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.vasp.folder import Folder
    from crystalmath.vasp.rules.rule import Report


@rule(
    "perturbation-ncore",
    "warning",
    "perturbation theory needs one core per band, some versions stop",
    "NCORE",
    tags="LEPSILON IBRION",
)
def perturbation_ncore(folder: Folder) -> Iterator[Report]:
    """Report NCORE > 1 with IBRION = 7 or 8, or LEPSILON."""
    p = folder.parameters
    statement = p.statement("NCORE")
    if statement is None or (p.integer("NCORE") or 1) <= 1 or p.has("NPAR"):
        return
    if p.ibrion in {7, 8} or p.logical("LEPSILON"):
        fix = write(statement, "1")
        yield at(statement, f"perturbation theory needs NCORE = 1, not {statement.value}", fix)


@rule("perturbation-hybrid", "warning", "perturbation theory knows no hybrids", "IBRION", tags="LHFCALC")
def perturbation_hybrid(folder: Folder) -> Iterator[Report]:
    """Report DFPT with exact exchange."""
    p = folder.parameters
    statement = p.statement("IBRION")
    if statement is not None and p.hybrid and p.ibrion in {7, 8}:
        fix = write(statement, str(p.ibrion - 2))
        yield at(statement, f"IBRION = {p.ibrion} does not work with LHFCALC; use 5 or 6", fix)


@rule(
    "field-response-functional",
    "warning",
    "LEPSILON knows neither hybrids nor meta-GGAs",
    "LEPSILON",
    tags="LEPSILON",
)
def field_response_functional(folder: Folder) -> Iterator[Report]:
    """Report LEPSILON with exact exchange or a meta-GGA, for which LCALCEPS is made."""
    p = folder.parameters
    statement = p.statement("LEPSILON")
    if statement is not None and p.logical("LEPSILON") and (p.hybrid or p.metagga):
        other = "LHFCALC" if p.hybrid else f"METAGGA = {p.metagga}"
        yield at(statement, f"LEPSILON does not work with {other}; use LCALCEPS = .TRUE.", value=False)


@rule(
    "displacement-ncore",
    "warning",
    "displacements change the k-points, which needs NPAR = ranks",
    "NPAR",
    tags="NPAR NCORE",
)
def displacement_ncore(folder: Folder) -> Iterator[Report]:
    """Report NCORE > 1 with finite differences and symmetry."""
    p = folder.parameters
    statement = p.statement("NCORE")
    if (
        statement is not None
        and p.ibrion in {5, 6, 7, 8}
        and (p.integer("NCORE") or 1) > 1
        and p.integer("ISYM") not in {-1, 0}
        and p.ibrion in {5, 6}
    ):
        fix = write(statement, "1")
        yield at(statement, "finite differences may need NCORE = 1: the set of k-points changes", fix)


@rule("dielectric-bands", "information", "optical spectra need many empty bands", "LOPTICS", tags="LOPTICS")
def dielectric_bands(folder: Folder) -> Iterator[Report]:
    """Point out LOPTICS with the default number of bands."""
    p = folder.parameters
    statement = p.statement("LOPTICS")
    if statement is not None and p.logical("LOPTICS") and not p.has("NBANDS"):
        yield at(statement, "LOPTICS with the default NBANDS misses most of the spectrum", value=False)


@rule("response-twice", "warning", "two ways to the same response are asked for", "LEPSILON", tags="LEPSILON")
def response_twice(folder: Folder) -> Iterator[Report]:
    """Report LEPSILON beside LCALCEPS."""
    p = folder.parameters
    statement = p.statement("LCALCEPS")
    if statement is not None and p.logical("LEPSILON") and p.logical("LCALCEPS"):
        yield at(statement, "LEPSILON and LCALCEPS compute the same; keep one", value=False)


@rule("loose-phonons", "warning", "force constants need well converged electrons", "EDIFF", tags="IBRION")
def loose_phonons(folder: Folder) -> Iterator[Report]:
    """Report phonons with an EDIFF of the default and above."""
    p = folder.parameters
    statement = p.statement("EDIFF") or p.statement("IBRION")
    if statement is not None and p.ibrion in {5, 6, 7, 8} and (p.real("EDIFF") or 1e-4) >= 1e-5:
        given = statement.tag == "EDIFF"
        fix = write(statement, "1E-8") if given else insert(statement, "EDIFF = 1E-8", folder=folder)
        yield at(statement, f"force constants with EDIFF = {p.real('EDIFF') or 1e-4:g} eV are noise", fix)


@rule(
    "phonon-real-space",
    "information",
    "projection in real space spoils force constants",
    "LREAL",
    tags="LREAL",
)
def phonon_real_space(folder: Folder) -> Iterator[Report]:
    """Point out LREAL in phonon calculations."""
    p = folder.parameters
    statement, word = p.statement("LREAL"), p.word("LREAL")
    if (
        statement is not None
        and p.ibrion in {5, 6, 7, 8}
        and word is not None
        and word.strip(".")[0] in "AOT"
    ):
        fix = write(statement, ".FALSE.")
        yield at(statement, f"LREAL = {statement.value} spoils force constants; .FALSE. is exact", fix)


@rule(
    "phonon-tags-idle",
    "information",
    "the tag belongs to a phonon calculation",
    "LPHON_DISPERSION",
    tags="LPHON_DISPERSION PHON_DOS LPHON_POLAR PHON_NEDOS",
)
def phonon_tags_idle(folder: Folder) -> Iterator[Report]:
    """Point out phonon tags where no force constants are computed or read."""
    p = folder.parameters
    if (
        p.ibrion in {5, 6, 7, 8}
        or p.logical("LPHON_READ_FORCE_CONSTANTS")
        or p.has("ELPH_RUN", "PHON_NSTRUCT")
    ):
        return
    for name in ("LPHON_DISPERSION", "PHON_DOS", "LPHON_POLAR"):
        statement = p.statement(name)
        if statement is not None and (p.logical(name) or p.integer(name)):
            yield at(statement, f"{name} has no effect: no force constants are computed", value=False)
