"""Rules on where the ions are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crystalmath.vasp import cells, neighbours
from crystalmath.vasp.poscar import LARGE
from crystalmath.vasp.rules.fixes import write
from crystalmath.vasp.rules.rule import at, line_span, on_line, replace, rule
from crystalmath.vasp.source import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.vasp.folder import Folder
    from crystalmath.vasp.rules.rule import Report

_SHOWN: Final = 10


@rule("ions-overlap", "warning", "two ions are closer than any bond is long", "POSCAR", needs=("POSCAR",))
def ions_overlap(folder: Folder) -> Iterator[Report]:
    """Report pairs closer than 0.5 Å, over the boundaries too; virtual crystals share their sites."""
    cell = folder.cell
    if (
        cell is None
        or folder.parameters.has("VCA")
        or abs(cell.volume_angstrom3) < 1e-6
        or (cell.n_atoms > LARGE and not neighbours.available())
    ):
        return
    found = cell.close_pairs
    for pair in found[:_SHOWN]:
        line = cell.position_lines[pair.second]
        message = f"ions {pair.first + 1} and {pair.second + 1} are {pair.distance_angstrom:.2f} Å apart"
        if pair is found[min(len(found), _SHOWN) - 1] and len(found) > _SHOWN:
            message += f" (and {len(found) - _SHOWN} more pairs)"
        other = cell.position_lines[pair.first]
        yield on_line(folder, "POSCAR", line, message)._replace(related=(("POSCAR", other, "the other ion"),))


@rule(
    "positions-unchecked",
    "information",
    "without numpy large files are read but not searched",
    "POSCAR",
    needs=("POSCAR",),
)
def positions_unchecked(folder: Folder) -> Iterator[Report]:
    """Say that the distances of a large file were not looked at."""
    cell = folder.cell
    if cell is not None and cell.n_atoms > LARGE and not neighbours.available():
        message = f"{cell.n_atoms} ions: only header and counts were checked (numpy is missing)"
        yield on_line(folder, "POSCAR", cell.counts_line, message)


@rule(
    "direct-out-of-cell",
    "warning",
    "direct coordinates are fractions of the vectors",
    "POSCAR",
    needs=("POSCAR",),
)
def direct_out_of_cell(folder: Folder) -> Iterator[Report]:
    """Report positions in ångström under Direct: most of them lie far outside the cell."""
    cell = folder.cell
    if cell is None or cell.cartesian or cell.n_atoms < 2:
        return
    if min(cell.positions) >= -2 and max(cell.positions) <= 2:
        return
    outside = sum(max(abs(x), abs(y), abs(z)) > 2 for x, y, z in cell.written)
    if outside * 2 > cell.n_atoms:
        message = f"{outside} of {cell.n_atoms} positions lie outside the cell; are they Cartesian?"
        fix = replace("Write Cartesian", line_span(folder, "POSCAR", cell.mode_line), "Cartesian", safe=False)
        yield on_line(folder, "POSCAR", cell.mode_line, message, fix)


@rule(
    "cartesian-fractions",
    "warning",
    "Cartesian coordinates are lengths in ångström",
    "POSCAR",
    needs=("POSCAR",),
)
def cartesian_fractions(folder: Folder) -> Iterator[Report]:
    """Report fractions under Cartesian: all ions crowd into one corner of the cell."""
    cell = folder.cell
    hydrogen = cell is None or cell.species is None or not {"H", "D"}.isdisjoint(cell.species)
    if cell is None or not cell.cartesian or cell.n_atoms < (3 if hydrogen else 2):
        return
    if not all(0 <= value < 1 for value in cell.positions) or cell.n_atoms > LARGE:
        return
    shortest = 0.72 if hydrogen else 0.95  # the bond of H2 is 0.74 Å long, that of CO 1.13 Å
    if any(cells.close_pairs(cell.lattice_angstrom, cell.fractional, shortest)):
        span = line_span(folder, "POSCAR", cell.mode_line)
        message = "the ions crowd within 1 Å; are the positions direct?"
        yield on_line(
            folder, "POSCAR", cell.mode_line, message, replace("Write Direct", span, "Direct", safe=False)
        )


@rule(
    "flags-oblique",
    "information",
    "flags hold the direct coordinates, not the Cartesian ones",
    "POSCAR",
    needs=("POSCAR",),
)
def flags_oblique(folder: Folder) -> Iterator[Report]:
    """Point out partly fixed ions in an oblique cell written in Cartesian coordinates."""
    cell = folder.cell
    if cell is None or cell.selective is None or not cell.cartesian:
        return
    if all(abs(angle - 90) < 0.01 for angle in cell.angles_degree):
        return
    if any(len(set(flags)) > 1 for flags in cell.selective):
        message = "the flags fix motion along the lattice vectors, not along x, y and z"
        yield on_line(folder, "POSCAR", cell.selective_line, message)


@rule("nothing-moves", "warning", "every ion is fixed", "POSCAR", needs=("INCAR", "POSCAR"))
def nothing_moves(folder: Folder) -> Iterator[Report]:
    """Report a relaxation of the ions in which none is free."""
    p, cell = folder.parameters, folder.cell
    if (
        cell is None
        or cell.selective is None
        or not (p.relaxes or p.dynamics)
        or p.isif in {3, 4, 5, 6, 7, 8}
    ):
        return
    if not any(any(flags) for flags in cell.selective):
        yield on_line(
            folder, "POSCAR", cell.selective_line, "all ions are fixed: the relaxation moves nothing"
        )


@rule(
    "real-space-small",
    "information",
    "projection in real space pays in large cells only",
    "LREAL",
    needs=("INCAR", "POSCAR"),
    tags="LREAL",
)
def real_space_small(folder: Folder) -> Iterator[Report]:
    """Point out LREAL in cells of few ions, of which VASP warns."""
    p, cell = folder.parameters, folder.cell
    statement, word = p.statement("LREAL"), (p.word("LREAL") or "F").strip(".")
    if statement is not None and cell is not None and word[:1] in {"A", "O", "T"} and cell.n_atoms < 16:
        message = f"LREAL = {statement.value} is inaccurate and no faster with {cell.n_atoms} ions"
        yield at(statement, message, write(statement, ".FALSE."))


@rule(
    "real-space-large",
    "information",
    "projection in reciprocal space is slow in large cells",
    "LREAL",
    needs=("INCAR", "POSCAR"),
)
def real_space_large(folder: Folder) -> Iterator[Report]:
    """Point out a large cell without LREAL."""
    p, cell = folder.parameters, folder.cell
    if cell is not None and cell.n_atoms > 100 and not p.has("LREAL") and p.ibrion not in {5, 6, 7, 8}:
        message = f"{cell.n_atoms} ions: LREAL = Auto saves much time"
        yield on_line(folder, "POSCAR", cell.counts_line, message)


@rule("radii-count", "warning", "one radius per species", "RWIGS", needs=("INCAR", "POSCAR"), tags="RWIGS")
def radii_count(folder: Folder) -> Iterator[Report]:
    """Report RWIGS whose length does not fit the POSCAR."""
    p, cell = folder.parameters, folder.cell
    statement, values = p.statement("RWIGS"), p.reals("RWIGS")
    if statement is not None and values is not None and cell is not None and len(values) < len(cell.counts):
        yield at(statement, f"RWIGS has {counted(len(values), 'value')} for {len(cell.counts)} species")


@rule(
    "species-values-count",
    "warning",
    "one value per species of the POSCAR",
    "POMASS",
    needs=("INCAR", "POSCAR"),
    tags="POMASS ZVAL ROPT VCA LANGEVIN_GAMMA QUAD_EFG NGYROMAG",
)
def species_values_count(folder: Folder) -> Iterator[Report]:
    """Report other tags per species whose length does not fit the POSCAR."""
    p, cell = folder.parameters, folder.cell
    if cell is None:
        return
    for name in ("POMASS", "ZVAL", "ROPT", "VCA", "LANGEVIN_GAMMA", "QUAD_EFG", "NGYROMAG"):
        statement, values = p.statement(name), p.reals(name)
        if statement is not None and values is not None and len(values) != len(cell.counts):
            yield at(statement, f"{name} has {counted(len(values), 'value')} for {len(cell.counts)} species")


@rule(
    "electric-force-count",
    "warning",
    "EFOR holds three values per ion",
    "EFOR",
    needs=("INCAR", "POSCAR"),
    tags="EFOR",
)
def electric_force_count(folder: Folder) -> Iterator[Report]:
    """Report EFOR whose length does not fit the POSCAR."""
    p, cell = folder.parameters, folder.cell
    statement, values = p.statement("EFOR"), p.reals("EFOR")
    if statement is not None and values is not None and cell is not None and len(values) != 3 * cell.n_atoms:
        yield at(
            statement,
            f"EFOR has {counted(len(values), 'value')}, {3 * cell.n_atoms} are needed (three per ion)",
        )
