"""Rules on the POTCAR: its order, its functionals, the cutoff and the number of electrons."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from crystalmath.vasp.rules.fixes import insert, write
from crystalmath.vasp.rules.rule import at, on_line, rule
from crystalmath.vasp.source import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.vasp.folder import Folder
    from crystalmath.vasp.rules.rule import Report


@rule("potcar-empty", "error", "VASP stops: the POTCAR holds no potential", "POTCAR", needs=("POTCAR",))
def potcar_empty(folder: Folder) -> Iterator[Report]:
    """Report a POTCAR without any header; a POTCAR.spec only names potentials."""
    if folder.name("POTCAR").upper().endswith(".SPEC"):
        return
    if folder.potcar is not None and not folder.potcar.headers:
        yield on_line(folder, "POTCAR", 1, "no potential found: TITEL is missing")


@rule(
    "potcar-count",
    "error",
    "VASP stops: one potential per species of the POSCAR",
    "POTCAR",
    needs=("POSCAR", "POTCAR"),
)
def potcar_count(folder: Folder) -> Iterator[Report]:
    """Report a POTCAR with more or fewer potentials than the POSCAR has species."""
    cell, potcar = folder.cell, folder.potcar
    if cell is not None and potcar is not None and potcar.headers and len(potcar.headers) != len(cell.counts):
        message = f"{counted(len(potcar.headers), 'potential')} for {len(cell.counts)} species"
        report = on_line(folder, "POTCAR", potcar.headers[-1].line, message)
        yield report._replace(related=(("POSCAR", cell.counts_line, "the species"),))


_ISOTOPES = {"D": "H"}  # told from hydrogen by POMASS


@rule(
    "potcar-order",
    "error",
    "VASP takes the elements from the POTCAR, whatever the POSCAR says",
    "Preparing_a_POTCAR",
    needs=("POSCAR", "POTCAR"),
)
def potcar_order(folder: Folder) -> Iterator[Report]:
    """Report potentials of other elements than the POSCAR names at that place."""
    cell, potcar = folder.cell, folder.potcar
    if cell is None or potcar is None or cell.species is None or len(potcar.headers) != len(cell.species):
        return
    for header, species in zip(potcar.headers, cell.species, strict=True):
        name = species.rstrip("0123456789")
        if header.element and header.element != _ISOTOPES.get(name, name):
            message = f"the POTCAR has {header.symbol} where the POSCAR has {species}"
            report = on_line(folder, "POTCAR", header.line, message)
            yield report._replace(related=(("POSCAR", cell.names_line, "the species"),))
            return


@rule(
    "potcar-mixed",
    "error",
    "VASP stops: the potentials are made for different functionals",
    "POTCAR",
    needs=("POTCAR",),
)
def potcar_mixed(folder: Folder) -> Iterator[Report]:
    """Report potentials with different LEXCH."""
    potcar = folder.potcar
    if potcar is None:
        return
    known = [header for header in potcar.headers if header.lexch]
    other = next((header for header in known if header.lexch != known[0].lexch), None)
    if other is not None:
        first = known[0]
        message = f"{other.symbol} is made for {other.lexch}, {first.symbol} for {first.lexch}"
        yield on_line(folder, "POTCAR", other.line, message)


@rule(
    "potcar-releases",
    "information",
    "the potentials come from different releases",
    "POTCAR",
    needs=("POTCAR",),
)
def potcar_releases(folder: Folder) -> Iterator[Report]:
    """Point out potentials with and without a checksum in one file."""
    potcar = folder.potcar
    if potcar is None or len({header.hashed for header in potcar.headers}) < 2:
        return
    odd = next(header for header in potcar.headers if header.hashed != potcar.headers[0].hashed)
    yield on_line(
        folder, "POTCAR", odd.line, f"{odd.symbol} is from another release than {potcar.headers[0].symbol}"
    )


@rule(
    "potcar-functional",
    "information",
    "the potentials are made for another functional",
    "GGA",
    needs=("INCAR", "POTCAR"),
    tags="GGA",
)
def potcar_functional(folder: Folder) -> Iterator[Report]:
    """Point out an LDA potential with a GGA, or the reverse."""
    p, potcar = folder.parameters, folder.potcar
    statement, wanted = p.statement("GGA"), p.word("GGA")
    if statement is None or wanted is None or potcar is None:
        return
    made = next((header.lexch for header in potcar.headers if header.lexch), None)
    if made is not None and (made.upper() == "CA") != (wanted in {"CA", "PZ"}):
        yield at(statement, f"GGA = {wanted} with potentials made for {made}")


@rule(
    "cutoff-low",
    "warning",
    "the cutoff is below what the potentials recommend",
    "ENCUT",
    needs=("INCAR", "POTCAR"),
    tags="ENCUT",
)
def cutoff_low(folder: Folder) -> Iterator[Report]:
    """Report ENCUT below the largest ENMAX."""
    p, potcar = folder.parameters, folder.potcar
    statement, cutoff = p.statement("ENCUT"), p.real("ENCUT")
    if statement is None or cutoff is None or potcar is None:
        return
    hard = max((header for header in potcar.headers if header.enmax_ev), key=_enmax, default=None)
    if hard is not None and cutoff < _enmax(hard) - 0.5:
        message = f"ENCUT = {cutoff:g} eV is below ENMAX = {_enmax(hard):g} eV of {hard.symbol}"
        yield at(statement, message, write(statement, f"{math.ceil(_enmax(hard))}"))


def _enmax(header: object) -> float:
    value = getattr(header, "enmax_ev", None)
    return float(value) if value else 0.0


@rule(
    "pulay-stress",
    "warning",
    "a cell relaxation needs a cutoff 30 % above the potentials'",
    "Volume_relaxation",
    needs=("INCAR", "POTCAR"),
    tags="ISIF",
)
def pulay_stress(folder: Folder) -> Iterator[Report]:
    """Report a relaxation of the volume with ENCUT below 1.3 ENMAX."""
    p, potcar = folder.parameters, folder.potcar
    statement = p.statement("ENCUT") or p.statement("ISIF")
    if statement is None or potcar is None or not p.relaxes or p.isif not in {3, 6, 7, 8}:
        return
    largest = max((_enmax(header) for header in potcar.headers), default=0.0)
    cutoff = p.real("ENCUT") or largest
    if largest and cutoff < 1.25 * largest:
        message = f"the stress wants ENCUT near {1.3 * largest:.0f} eV (1.3 ENMAX), it is {cutoff:g} eV"
        wanted = f"{10 * math.ceil(0.13 * largest)}"
        given = statement.tag == "ENCUT"
        fix = write(statement, wanted) if given else insert(statement, f"ENCUT = {wanted}", folder=folder)
        yield at(statement, message, fix)


def electrons(folder: Folder) -> float | None:
    """Return the number of electrons that VASP will use; None when the POTCAR does not tell."""
    given = folder.parameters.real("NELECT")
    if given is not None:
        return given
    cell, potcar = folder.cell, folder.potcar
    if cell is None or potcar is None or len(potcar.headers) != len(cell.counts):
        return None
    if any(header.zval is None for header in potcar.headers):
        return None
    return sum(
        (header.zval or 0.0) * count for header, count in zip(potcar.headers, cell.counts, strict=True)
    )


@rule("too-few-bands", "error", "VASP stops: the bands cannot hold the electrons", "NBANDS", tags="NBANDS")
def too_few_bands(folder: Folder) -> Iterator[Report]:
    """Report NBANDS below half the electrons (below the electrons when noncollinear)."""
    p = folder.parameters
    statement, bands, number = p.statement("NBANDS"), p.integer("NBANDS"), electrons(folder)
    if statement is None or bands is None or number is None or bands < 1:
        return
    needed = math.ceil((number if p.noncollinear else number / 2) - 1e-6)
    if bands < needed:
        message = f"NBANDS = {bands} cannot hold {number:g} electrons: at least {needed}"
        yield at(statement, message, write(statement, f"{math.ceil(1.2 * needed) + 2}"))


@rule(
    "electrons-odd",
    "warning",
    "the charge of the cell is large",
    "NELECT",
    needs=("INCAR", "POSCAR", "POTCAR"),
    tags="NELECT",
)
def electrons_odd(folder: Folder) -> Iterator[Report]:
    """Report NELECT far from the neutral cell."""
    p, cell, potcar = folder.parameters, folder.cell, folder.potcar
    statement, given = p.statement("NELECT"), p.real("NELECT")
    if statement is None or given is None or cell is None or potcar is None:
        return
    if len(potcar.headers) != len(cell.counts) or any(header.zval is None for header in potcar.headers):
        return
    neutral = sum(
        (header.zval or 0.0) * count for header, count in zip(potcar.headers, cell.counts, strict=True)
    )
    if abs(given - neutral) > max(4.0, cell.n_atoms):
        yield at(
            statement, f"NELECT = {given:g} charges the cell by {neutral - given:+g}; neutral is {neutral:g}"
        )


@rule(
    "frozen-f-shell",
    "warning",
    "the potential keeps the f shell in the core: U has no effect",
    "LDAUL",
    needs=("INCAR", "POTCAR"),
    tags="LDAUL",
)
def frozen_f_shell(folder: Folder) -> Iterator[Report]:
    """Report a U on f shells of potentials such as Er_3."""
    p, potcar = folder.parameters, folder.potcar
    statement, shells, values = p.statement("LDAUL"), p.integers("LDAUL"), p.reals("LDAUU")
    if statement is None or potcar is None or not shells or not values or not p.logical("LDAU"):
        return
    for header, shell, value in zip(potcar.headers, shells, values, strict=False):
        if shell == 3 and value and header.symbol.endswith(("_3", "_2")):
            yield at(
                statement, f"{header.symbol} keeps its f shell in the core: U = {value:g} eV has no effect"
            )


@rule(
    "pairs-of-spins",
    "information",
    "an odd number of electrons needs spin",
    "ISPIN",
    needs=("INCAR", "POSCAR", "POTCAR"),
)
def pairs_of_spins(folder: Folder) -> Iterator[Report]:
    """Point out an odd number of electrons in an unpolarised molecule or insulator."""
    p, number = folder.parameters, electrons(folder)
    cell = folder.cell
    if (
        number is None
        or cell is None
        or p.spin_polarised
        or p.noncollinear
        or number != round(number)
        or round(number) % 2 == 0
    ):
        return
    if p.integer("ISMEAR") == 0 or folder.context.band_gap_ev:
        yield on_line(
            folder, "POSCAR", cell.counts_line, f"{number:g} electrons cannot pair up without ISPIN = 2"
        )
