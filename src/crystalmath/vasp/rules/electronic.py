"""Rules on the electronic steps, the basis and what is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crystalmath.vasp.rules.fixes import insert, remove, write
from crystalmath.vasp.rules.rule import at, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.vasp.folder import Folder
    from crystalmath.vasp.rules.rule import Report


@rule("algo-and-ialgo", "warning", "ALGO and IALGO set the same thing", "IALGO", tags="IALGO")
def algo_and_ialgo(folder: Folder) -> Iterator[Report]:
    """Report both tags in one file."""
    p = folder.parameters
    statement = p.statement("IALGO")
    if statement is not None and p.has("ALGO"):
        fix = remove(folder, statement, safe=False)
        yield at(statement, "ALGO and IALGO are both given: keep ALGO", fix, value=False)


@rule("cutoff-range", "warning", "the cutoff is in eV, mostly between 100 and 1000", "ENCUT", tags="ENCUT")
def cutoff_range(folder: Folder) -> Iterator[Report]:
    """Report cutoffs that no potential asks for: a value in Rydberg, a digit too many or too few."""
    statement, cutoff = folder.parameters.statement("ENCUT"), folder.parameters.real("ENCUT")
    if statement is not None and cutoff is not None and (0 < cutoff < 80 or cutoff > 3000):
        hint = f"; {cutoff:g} Ry are {cutoff * 13.6057:.0f} eV" if 10 <= cutoff < 80 else ""
        yield at(statement, f"ENCUT = {cutoff:g} eV is far outside what is used{hint}")


@rule(
    "few-electronic-steps",
    "warning",
    "the electronic steps end before they can converge",
    "NELM",
    tags="NELM",
)
def few_electronic_steps(folder: Folder) -> Iterator[Report]:
    """Report NELM below NELMIN or below the steps of the delay."""
    p = folder.parameters
    statement, most = p.statement("NELM"), p.integer("NELM")
    if statement is None or most is None or most < 1:
        return
    least = p.integer("NELMIN")
    if least is not None and least > most:
        yield at(statement, f"NELM = {most} is below NELMIN = {least}")
    elif (
        most <= 4
        and p.algorithm in {"normal", "fast", "veryfast", "all", "damped"}
        and not p.on("LCHIMAG")
        and (p.integer("ICHARG") or 0) < 10
        and not p.metagga
        and not p.hybrid
    ):
        yield at(statement, f"NELM = {most} stops before the density is converged")


@rule(
    "old-precision",
    "information",
    "PREC = Low, Medium and High are kept for old inputs only",
    "PREC",
    tags="PREC",
)
def old_precision(folder: Folder) -> Iterator[Report]:
    """Point out values of PREC that the documentation advises against."""
    statement, word = folder.parameters.statement("PREC"), folder.parameters.word("PREC")
    if statement is not None and word is not None and word[0] in "LMH":
        fix = write(statement, "Accurate" if word[0] == "H" else "Normal")
        yield at(statement, f"PREC = {statement.value} is kept for old inputs; use Normal or Accurate", fix)


@rule(
    "relaxation-precision", "information", "forces and stresses deserve PREC = Accurate", "PREC", tags="ISIF"
)
def relaxation_precision(folder: Folder) -> Iterator[Report]:
    """Point out a cell relaxation with PREC below Normal."""
    p = folder.parameters
    statement = p.statement("PREC")
    if statement is not None and p.relaxes and p.isif >= 3 and (p.word("PREC") or "N")[0] in "LMS":
        message = f"the stress of a cell relaxation is inaccurate with PREC = {statement.value}"
        yield at(statement, message, write(statement, "Accurate"))


@rule("finer-grid-smaller", "warning", "the fine grid holds the coarse one", "NGXF", tags="NGXF NGYF NGZF")
def finer_grid_smaller(folder: Folder) -> Iterator[Report]:
    """Report a fine grid below the coarse grid."""
    p = folder.parameters
    for axis in "XYZ":
        statement, fine, coarse = p.statement(f"NG{axis}F"), p.integer(f"NG{axis}F"), p.integer(f"NG{axis}")
        if statement is not None and fine is not None and coarse is not None and fine < coarse:
            yield at(statement, f"NG{axis}F = {fine} is below NG{axis} = {coarse}")


@rule("energy-window", "warning", "the window of the density of states is empty", "EMIN", tags="EMIN")
def energy_window(folder: Folder) -> Iterator[Report]:
    """Report EMIN above EMAX."""
    p = folder.parameters
    statement, low, high = p.statement("EMIN"), p.real("EMIN"), p.real("EMAX")
    if statement is not None and low is not None and high is not None and low >= high:
        yield at(statement, f"EMIN = {low:g} is not below EMAX = {high:g}: VASP does not use the window")


@rule(
    "partial-charge-tags",
    "warning",
    "the tag selects a partial charge, which needs LPARD",
    "LPARD",
    tags="IBAND EINT KPUSE NBMOD LSEPB LSEPK",
)
def partial_charge_tags(folder: Folder) -> Iterator[Report]:
    """Report the selection of a partial charge density without LPARD."""
    p = folder.parameters
    if p.logical("LPARD"):
        return
    for name in ("IBAND", "EINT", "KPUSE", "NBMOD"):
        statement = p.statement(name)
        if statement is not None:
            fix = insert(statement, "LPARD = .TRUE.", folder=folder)
            yield at(statement, f"{name} has no effect without LPARD = .TRUE.", fix, value=False)


@rule("elf-kpar", "error", "VASP stops: the localisation function knows no KPAR > 1", "LELF", tags="LELF")
def elf_kpar(folder: Folder) -> Iterator[Report]:
    """Report LELF with KPAR > 1."""
    p = folder.parameters
    statement = p.statement("KPAR")
    if statement is not None and p.logical("LELF") and (p.integer("KPAR") or 1) > 1:
        fix = write(statement, "1")
        yield at(statement, "LELF = .TRUE. works only with KPAR = 1: VASP stops", fix)


@rule(
    "elf-noncollinear", "warning", "the localisation function is not there for spinors", "LELF", tags="LELF"
)
def elf_noncollinear(folder: Folder) -> Iterator[Report]:
    """Report LELF in a noncollinear calculation."""
    p = folder.parameters
    statement = p.statement("LELF")
    if statement is not None and p.logical("LELF") and p.noncollinear:
        yield at(statement, "LELF is not implemented for noncollinear calculations", value=False)


@rule(
    "dipole-direction",
    "error",
    "without a direction there is no dipole correction",
    "LDIPOL",
    tags="LDIPOL EFIELD",
)
def dipole_direction(folder: Folder) -> Iterator[Report]:
    """Report LDIPOL or an electric field without IDIPOL."""
    p = folder.parameters
    if p.has("IDIPOL"):
        return
    for name, asked in (("LDIPOL", p.logical("LDIPOL")), ("EFIELD", p.real("EFIELD"))):
        statement = p.statement(name)
        if statement is not None and asked:
            yield at(statement, f"{name} needs IDIPOL, the direction of the correction", value=False)


@rule("dipole-centre", "warning", "DIPOL is given in direct coordinates", "DIPOL", tags="DIPOL")
def dipole_centre(folder: Folder) -> Iterator[Report]:
    """Report a DIPOL far outside the cell, which was meant in ångström."""
    statement, centre = folder.parameters.statement("DIPOL"), folder.parameters.reals("DIPOL")
    if statement is not None and centre is not None and max(map(abs, centre)) > 1.5:
        yield at(
            statement, f"DIPOL = {statement.value} lies outside the cell: it takes fractions, not ångström"
        )


@rule("dipole-idle", "information", "DIPOL is the centre of a correction that is off", "DIPOL", tags="DIPOL")
def dipole_idle(folder: Folder) -> Iterator[Report]:
    """Point out DIPOL without a dipole correction or quantity that uses it."""
    p = folder.parameters
    statement = p.statement("DIPOL")
    if statement is not None and not p.has(
        "IDIPOL", "LDIPOL", "LMONO", "LCALCPOL", "LBERRY", "LVHAR", "LVTOT", "LCALCEPS", "EFIELD"
    ):
        yield at(statement, "DIPOL has no effect without IDIPOL", value=False)


@rule("berry-direction", "warning", "the Berry phase needs a direction", "IGPAR", tags="LBERRY")
def berry_direction(folder: Folder) -> Iterator[Report]:
    """Report LBERRY without IGPAR or NPPSTR."""
    p = folder.parameters
    statement = p.statement("LBERRY")
    if statement is not None and p.logical("LBERRY"):
        for name in ("IGPAR", "NPPSTR"):
            if not p.has(name):
                yield at(statement, f"LBERRY = .TRUE. needs {name}", value=False)


@rule(
    "truncation-off",
    "warning",
    "kernel truncation is off without LTRUNCATE",
    "KERNEL_TRUNCATION/LTRUNCATE",
    tags="KERNEL_TRUNCATION/IDIMENSIONALITY KERNEL_TRUNCATION/ISURFACE KERNEL_TRUNCATION/FACTOR "
    "KERNEL_TRUNCATION/IPAD KERNEL_TRUNCATION/LCOARSEN",
)
def truncation_off(folder: Folder) -> Iterator[Report]:
    """Report tags of the kernel truncation without LTRUNCATE."""
    p = folder.parameters
    if p.has("KERNEL_TRUNCATION/LTRUNCATE"):
        return
    for name in ("IDIMENSIONALITY", "ISURFACE", "FACTOR", "IPAD", "LCOARSEN"):
        statement = p.statement(f"KERNEL_TRUNCATION/{name}")
        if statement is not None:
            message = f"{statement.tag} has no effect without KERNEL_TRUNCATION/LTRUNCATE = .TRUE."
            switch = "LTRUNCATE" if "/" not in statement.name else "KERNEL_TRUNCATION/LTRUNCATE"
            fix = insert(statement, f"{switch} = .TRUE.", folder=folder)
            yield at(statement, message, fix, value=False)


@rule(
    "wannier-off",
    "warning",
    "the Wannier input is used when the interface is on",
    "WANNIER90_WIN",
    tags="WANNIER90_WIN",
)
def wannier_off(folder: Folder) -> Iterator[Report]:
    """Report WANNIER90_WIN without a tag that starts the interface."""
    p = folder.parameters
    statement = p.statement("WANNIER90_WIN")
    if statement is not None and not p.has(
        "LWANNIER90",
        "LWANNIER90_RUN",
        "LWRITE_WANPROJ",
        "LSCDM",
        "LOCPROJ",
        "NUM_WANN",
        "LKPOINTS_WAN",
        "LWRITE_MMN_AMN",
        "ELPH_RUN",
    ):
        message = "WANNIER90_WIN has no effect without LWANNIER90 or LWANNIER90_RUN"
        fix = insert(statement, "LWANNIER90 = .TRUE.", folder=folder)
        yield at(statement, message, fix, value=False)


@rule(
    "charge-mixing-off",
    "information",
    "AMIX and BMIX act on mixing, which ALGO = All and Damped do not do",
    "AMIX",
    tags="AMIX BMIX",
)
def charge_mixing_off(folder: Folder) -> Iterator[Report]:
    """Point out mixing parameters with a direct minimiser."""
    p = folder.parameters
    for name in ("AMIX", "BMIX"):
        statement = p.statement(name)
        if statement is not None and p.algorithm in {"all", "damped"} and not p.hybrid:
            yield at(statement, f"{name} has no effect with ALGO = {p.word('ALGO') or 'All'}", value=False)


@rule(
    "long-cell-mixing",
    "information",
    "long cells need a smaller AMIN to mix stably",
    "AMIN",
    needs=("POSCAR",),
)
def long_cell_mixing(folder: Folder) -> Iterator[Report]:
    """Point out a lattice vector above 50 Å without AMIN, of which VASP warns."""
    from crystalmath.vasp.rules.rule import on_line

    p = folder.parameters
    if (
        folder.cell is None
        or folder.incar is None
        or p.has("AMIN")
        or p.algorithm in {"all", "damped", "beyond"}
    ):
        return
    longest = max(folder.cell.lengths_angstrom)
    if longest > 50:
        line = 3 + folder.cell.lengths_angstrom.index(longest)
        yield on_line(
            folder, "POSCAR", line, f"with a vector of {longest:.0f} Å set AMIN = 0.01 against sloshing"
        )
