"""Rules on spins and moments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crystalmath.vasp.rules.fixes import insert, remove, write
from crystalmath.vasp.rules.rule import at, rule
from crystalmath.vasp.source import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.vasp.folder import Folder
    from crystalmath.vasp.rules.rule import Report

_MAGNETIC = frozenset("V Cr Mn Fe Co Ni Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb U Np Pu Am Cm".split())  # noqa: SIM905  # quotes hide the names

_F_SHELL = _MAGNETIC - {"V", "Cr", "Mn", "Fe", "Co", "Ni"}


@rule(
    "moments-not-given",
    "warning",
    "without MAGMOM every ion starts with one Bohr magneton, all parallel",
    "MAGMOM",
    needs=("INCAR", "POSCAR"),
    tags="ISPIN",
)
def moments_not_given(folder: Folder) -> Iterator[Report]:
    """Report ISPIN = 2 without MAGMOM for magnetic elements; a restart brings its own moments."""
    p = folder.parameters
    statement = p.statement("ISPIN")
    if statement is None or not p.spin_polarised or p.has("MAGMOM") or folder.cell is None:
        return
    if (p.integer("ISTART") or 0) > 0 or p.integer("ICHARG") in {0, 1, 10, 11}:
        return
    magnetic = [name for name in folder.cell.species or () if name in _MAGNETIC]
    if magnetic:
        listed = ", ".join(dict.fromkeys(magnetic))
        cell = folder.cell
        guesses = (
            f"{n}*{_high_spin(name)}" for name, n in zip(cell.species or (), cell.counts, strict=False)
        )
        fix = insert(statement, f"MAGMOM = {' '.join(guesses)}", folder=folder)
        message = f"without MAGMOM {listed} and all others start ferromagnetic with 1 μB each"
        yield at(statement, message, fix)


def _high_spin(name: str) -> str:
    """Return a starting moment: those of a high-spin ion for magnetic elements, a small one for others."""
    return "0.6" if name not in _MAGNETIC else "7" if name in _F_SHELL else "5"


@rule(
    "moments-without-spin",
    "error",
    "VASP ignores MAGMOM unless the calculation is spin-polarised",
    "MAGMOM",
    tags="MAGMOM",
)
def moments_without_spin(folder: Folder) -> Iterator[Report]:
    """Report moments without ISPIN = 2; an explicit ISPIN = 1 says that the author knows."""
    p = folder.parameters
    statement = p.statement("MAGMOM")
    if statement is None or p.noncollinear or not any(p.reals("MAGMOM") or (1.0,)):
        return
    if not p.has("ISPIN"):
        fix = insert(statement, "ISPIN = 2", folder=folder)
        yield at(statement, "MAGMOM is ignored: ISPIN is missing and defaults to 1", fix, value=False)
    elif p.integer("ISPIN") == 1:
        yield at(statement, "MAGMOM is ignored with ISPIN = 1", value=False, severity="warning")


@rule(
    "moments-count",
    "error",
    "MAGMOM holds one value per ion, three when noncollinear",
    "MAGMOM",
    needs=("INCAR", "POSCAR"),
    tags="MAGMOM",
)
def moments_count(folder: Folder) -> Iterator[Report]:
    """Report a MAGMOM whose length does not fit the POSCAR."""
    p, cell = folder.parameters, folder.cell
    statement, values = p.statement("MAGMOM"), p.reals("MAGMOM")
    if statement is None or values is None or cell is None or not (p.noncollinear or p.spin_polarised):
        return
    wanted = cell.n_atoms * (3 if p.noncollinear else 1)
    if len(values) != wanted:
        each = "three per ion" if p.noncollinear else "one per ion"
        fixes = [] if (written := _as_needed(values, wanted)) is None else [write(statement, written)]
        verb = "is" if wanted == 1 else "are"
        message = f"MAGMOM has {counted(len(values), 'value')}, {wanted} {verb} needed ({each})"
        report = at(statement, message, *fixes)
        yield report._replace(related=(("POSCAR", cell.counts_line, f"{cell.n_atoms} ions"),))


def _as_needed(values: tuple[float, ...], wanted: int) -> str | None:
    """Return moments of the right number where the given ones tell them: all equal, or along z."""
    if len(values) * 3 == wanted:
        return " ".join(f"0 0 {value:g}" for value in values)
    return f"{wanted}*{values[0]:g}" if len(set(values)) == 1 else None


@rule("moments-odd", "warning", "VASP changes a starting moment that is absurd", "MAGMOM", tags="MAGMOM")
def moments_odd(folder: Folder) -> Iterator[Report]:
    """Report moments that no ion has."""
    p = folder.parameters
    statement, values = p.statement("MAGMOM"), p.reals("MAGMOM")
    if statement is not None and values is not None and max(map(abs, values)) > 15:
        yield at(statement, f"a moment of {max(values, key=abs):g} μB is more than any ion has")


@rule(
    "spin-and-spinors",
    "error",
    "VASP stops from version 6.5 on: ISPIN = 2 contradicts LNONCOLLINEAR",
    "ISPIN",
    tags="ISPIN",
)
def spin_and_spinors(folder: Folder) -> Iterator[Report]:
    """Report ISPIN = 2 in a noncollinear calculation; older versions set ISPIN to 1."""
    p = folder.parameters
    statement = p.statement("ISPIN")
    if statement is None or p.integer("ISPIN") != 2 or not p.noncollinear:
        return
    old = folder.options.target is not None and folder.options.target < (6, 5)
    how = "LSORBIT" if p.on("LSORBIT") else "LNONCOLLINEAR"
    fix = remove(folder, statement, safe=old)
    message = f"ISPIN = 2 contradicts {how}: remove ISPIN"
    yield at(statement, message, fix, severity="information" if old else None)


@rule(
    "moment-difference-idle",
    "error",
    "NUPDOWN fixes a moment that only spin polarisation has",
    "NUPDOWN",
    tags="NUPDOWN",
)
def moment_difference_idle(folder: Folder) -> Iterator[Report]:
    """Report NUPDOWN without ISPIN = 2."""
    p = folder.parameters
    statement, value = p.statement("NUPDOWN"), p.real("NUPDOWN")
    if statement is not None and value is not None and value > 0 and not p.spin_polarised:
        fixes = [] if p.has("ISPIN") else [insert(statement, "ISPIN = 2", folder=folder)]
        chosen = p.has("ISPIN") or p.noncollinear  # the author knows
        message = "NUPDOWN is ignored without ISPIN = 2"
        yield at(statement, message, *fixes, value=False, severity="warning" if chosen else None)


@rule("axis-idle", "warning", "the spin axis matters for spinors only", "SAXIS", tags="SAXIS")
def axis_idle(folder: Folder) -> Iterator[Report]:
    """Report SAXIS in a collinear calculation."""
    p = folder.parameters
    statement = p.statement("SAXIS")
    if statement is not None and not p.noncollinear and p.reals("SAXIS") not in {None, (0.0, 0.0, 1.0)}:
        yield at(statement, "SAXIS has no effect without LNONCOLLINEAR or LSORBIT", value=False)


@rule("axis-with-exchange", "warning", "exact exchange wants the spin axis along z", "SAXIS", tags="SAXIS")
def axis_with_exchange(folder: Folder) -> Iterator[Report]:
    """Report a turned spin axis with exact exchange."""
    p = folder.parameters
    statement, axis = p.statement("SAXIS"), p.reals("SAXIS")
    if statement is not None and axis is not None and p.hybrid and any(axis[:2]):
        yield at(statement, "with LHFCALC keep SAXIS = 0 0 1 and turn the moments instead")


@rule("spin-orbit-off", "information", "LSORBIT switches LNONCOLLINEAR on", "LSORBIT", tags="LNONCOLLINEAR")
def spin_orbit_off(folder: Folder) -> Iterator[Report]:
    """Point out LNONCOLLINEAR = .FALSE. that LSORBIT overrules."""
    p = folder.parameters
    statement = p.statement("LNONCOLLINEAR")
    if statement is not None and p.logical("LNONCOLLINEAR") is False and p.on("LSORBIT"):
        fix = remove(folder, statement, safe=True)
        yield at(statement, "LSORBIT = .TRUE. switches LNONCOLLINEAR on", fix)


@rule(
    "spin-orbit-symmetry",
    "information",
    "with spin-orbit coupling symmetry is best switched off",
    "LSORBIT",
    tags="LSORBIT",
)
def spin_orbit_symmetry(folder: Folder) -> Iterator[Report]:
    """Point out spin-orbit coupling with symmetry."""
    p = folder.parameters
    statement = p.statement("ISYM")
    if statement is not None and p.on("LSORBIT") and (p.integer("ISYM") or 0) > 0:
        fix = write(statement, "-1")
        yield at(statement, f"ISYM = {statement.value} with LSORBIT: ISYM = -1 is safer", fix)


@rule(
    "constraint-incomplete",
    "warning",
    "constrained moments need their values, radii and a penalty",
    "I_CONSTRAINED_M",
    tags="I_CONSTRAINED_M",
)
def constraint_incomplete(folder: Folder) -> Iterator[Report]:
    """Report constrained moments without M_CONSTR, RWIGS or LAMBDA."""
    p = folder.parameters
    statement = p.statement("I_CONSTRAINED_M")
    if statement is None or not p.integer("I_CONSTRAINED_M"):
        return
    missing = [name for name in ("M_CONSTR", "RWIGS", "LAMBDA") if not p.has(name)]
    if missing:
        yield at(statement, f"constrained moments need {' and '.join(missing)} too", value=False)


@rule(
    "constraint-count",
    "error",
    "M_CONSTR holds three values per ion",
    "M_CONSTR",
    needs=("INCAR", "POSCAR"),
    tags="M_CONSTR",
)
def constraint_count(folder: Folder) -> Iterator[Report]:
    """Report a M_CONSTR whose length does not fit the POSCAR."""
    p, cell = folder.parameters, folder.cell
    statement, values = p.statement("M_CONSTR"), p.reals("M_CONSTR")
    if statement is None or values is None or cell is None or not p.integer("I_CONSTRAINED_M"):
        return
    if p.noncollinear and len(values) != 3 * cell.n_atoms:
        yield at(
            statement,
            f"M_CONSTR has {counted(len(values), 'value')}, {3 * cell.n_atoms} are needed (three per ion)",
        )


@rule("radii-missing", "warning", "projections by spheres need their radii", "RWIGS", tags="LORBIT")
def radii_missing(folder: Folder) -> Iterator[Report]:
    """Report LORBIT from 1 to 9 without RWIGS."""
    p = folder.parameters
    statement, value = p.statement("LORBIT"), p.integer("LORBIT")
    if statement is not None and value is not None and 0 < value < 10 and not p.has("RWIGS"):
        other = value + 10 if value < 3 else 11
        message = f"LORBIT = {value} needs RWIGS; LORBIT = {other} does not"
        yield at(statement, message, write(statement, str(other)))


@rule("spiral-collinear", "warning", "spin spirals need spinors", "LSPIRAL", tags="LSPIRAL QSPIRAL")
def spiral_collinear(folder: Folder) -> Iterator[Report]:
    """Report a spin spiral in a collinear calculation."""
    p = folder.parameters
    for name in ("LSPIRAL", "QSPIRAL"):
        statement = p.statement(name)
        if statement is not None and not p.noncollinear and (p.logical(name) or any(p.reals(name) or ())):
            fix = insert(statement, "LNONCOLLINEAR = .TRUE.", folder=folder)
            yield at(statement, f"{name} has no effect without LNONCOLLINEAR", fix, value=False)


@rule(
    "orbital-moment-off",
    "information",
    "orbital moments come from spin-orbit coupling",
    "LORBMOM",
    tags="LORBMOM",
)
def orbital_moment_off(folder: Folder) -> Iterator[Report]:
    """Point out LORBMOM without spin-orbit coupling."""
    p = folder.parameters
    statement = p.statement("LORBMOM")
    if statement is not None and p.logical("LORBMOM") and not p.on("LSORBIT"):
        yield at(statement, "LORBMOM writes nothing without LSORBIT", value=False)


@rule("oxygen-singlet", "warning", "the ground state of O2 is a triplet", "ISPIN", needs=("INCAR", "POSCAR"))
def oxygen_singlet(folder: Folder) -> Iterator[Report]:
    """Report an oxygen molecule in a box without spin polarisation."""
    p, cell = folder.parameters, folder.cell
    if cell is None or cell.species != ("O",) or cell.counts != (2,) or p.spin_polarised or p.noncollinear:
        return
    if min(cell.lengths_angstrom) > 6:
        from crystalmath.vasp.rules.rule import on_line

        yield on_line(
            folder, "POSCAR", cell.names_line, "the oxygen molecule is a triplet: ISPIN = 2, NUPDOWN = 2"
        )
