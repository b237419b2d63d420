"""Rules on the cell and the lines of the POSCAR."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from crystalmath.vasp.finding import Edit, Fix
from crystalmath.vasp.lattice import determinant, lengths
from crystalmath.vasp.poscar_reader import leading_reals
from crystalmath.vasp.rules.fixes import write
from crystalmath.vasp.rules.rule import Report, line_span, on_line, replace, rule
from crystalmath.vasp.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.vasp.folder import Folder
    from crystalmath.vasp.poscar import Poscar

ELEMENTS: Final = frozenset(
    """H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb
    Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf
    Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf D""".split()  # noqa: SIM905  # quotes hide the names
)
_MODES: Final = frozenset("dDfFcCkK")
_THREE_FLAGS: Final = re.compile(r"[TF]\s+[TF]\s+[TF](?:\s|\Z)")


def _vectors(folder: Folder) -> Poscar | None:
    """Return the POSCAR when at least its cell could be read."""
    poscar = folder.poscar
    return poscar if poscar is not None and poscar.vectors != ((0.0,) * 3,) * 3 else None


@rule(
    "left-handed",
    "error",
    "VASP stops: the lattice vectors must be right-handed",
    "POSCAR",
    needs=("POSCAR",),
)
def left_handed(folder: Folder) -> Iterator[Report]:
    """Report vectors with a negative triple product; swapping two of them turns the cell over."""
    poscar = _vectors(folder)
    if poscar is not None and determinant(poscar.vectors) < 0 and not _flat(poscar):
        start, end = line_span(folder, "POSCAR", 3).start, line_span(folder, "POSCAR", 5).end
        message = "the triple product of the lattice vectors is negative: VASP stops"
        yield Report("POSCAR", Span(start, end), message, tuple(_swap(folder, poscar)))


def _swap(folder: Folder, poscar: Poscar) -> Iterator[Fix]:
    """Yield the fix that exchanges the first two vectors; direct coordinates would have to change too."""
    if poscar.cartesian and poscar.selective is None and len(poscar.scale) == 1:
        first, second = (line_span(folder, "POSCAR", line) for line in (3, 4))
        text = poscar.source.text
        edits = (Edit(*first, text[slice(*second)]), Edit(*second, text[slice(*first)]))
        yield Fix("Exchange the first two vectors", False, edits)


def _flat(poscar: Poscar) -> bool:
    a, b, c = lengths(poscar.vectors)
    return abs(determinant(poscar.vectors)) <= 1e-8 * a * b * c


@rule("flat-cell", "error", "the lattice vectors span no volume", "POSCAR", needs=("POSCAR",))
def flat_cell(folder: Folder) -> Iterator[Report]:
    """Report vectors that lie in a plane."""
    poscar = _vectors(folder)
    if poscar is not None and _flat(poscar):
        yield on_line(folder, "POSCAR", 3, "the lattice vectors lie in a plane: the cell has no volume")


@rule("dense-cell", "warning", "no crystal is that dense", "POSCAR", needs=("POSCAR",))
def dense_cell(folder: Folder) -> Iterator[Report]:
    """Report less than 2 Å³ per ion: mostly a wrong scale factor."""
    cell = folder.cell
    if cell is None or not cell.n_atoms or _flat(cell):
        return
    volume = abs(cell.volume_angstrom3) / cell.n_atoms
    if volume < 2.0:
        yield on_line(
            folder, "POSCAR", 2, f"the cell has {volume:.2f} Å³ per ion; is the scale factor right?"
        )


@rule("skewed-cell", "warning", "a cell with very flat angles is a poor choice", "POSCAR", needs=("POSCAR",))
def skewed_cell(folder: Folder) -> Iterator[Report]:
    """Report angles below 15 or above 165 degrees."""
    cell = folder.cell
    if cell is None or _flat(cell):
        return
    extreme = [angle for angle in cell.angles_degree if not 15 <= angle <= 165]
    if extreme:
        yield on_line(folder, "POSCAR", 3, f"an angle of {extreme[0]:.1f}° makes an ill-conditioned cell")


@rule("large-scale", "information", "the second line is a scale factor", "POSCAR", needs=("POSCAR",))
def large_scale(folder: Folder) -> Iterator[Report]:
    """Point out vectors of unit size with a scale that makes no cell of them."""
    cell = folder.cell
    if cell is None or not cell.n_atoms or _flat(cell):
        return
    volume = abs(cell.volume_angstrom3) / cell.n_atoms
    if volume > 20_000:
        yield on_line(
            folder, "POSCAR", 2, f"the cell has {volume:.0f} Å³ per ion; is the scale factor right?"
        )


@rule("unknown-element", "warning", "the name is no element", "POSCAR", needs=("POSCAR",))
def unknown_element(folder: Folder) -> Iterator[Report]:
    """Report species that are no element; `Fe_pv`, `Fe/1a2b` and the numbered `Fe1` are fine."""
    poscar = folder.poscar
    if poscar is None or poscar.names is None:
        return
    line = poscar.names_line
    text = poscar.source.lines[line - 1]
    words = {match.group(): match.start() for match in reversed(list(re.finditer(r"\S+", text)))}
    for name in dict.fromkeys(poscar.names):
        element = re.split(r"[_/.]", name, maxsplit=1)[0].rstrip("0123456789")
        if element in ELEMENTS:
            continue
        start = poscar.source.offset(line, words.get(name, 0) + 1)
        near = element.capitalize()
        span = Span(start, start + len(name))
        fixes = (replace(f"Write {near}", span, near, safe=False),) if near in ELEMENTS else ()
        yield Report("POSCAR", span, f"{name} is no element", fixes)


@rule(
    "no-species", "hint", "without names only the POTCAR says what the ions are", "POSCAR", needs=("POSCAR",)
)
def no_species(folder: Folder) -> Iterator[Report]:
    """Point out files in the form of VASP 4."""
    poscar = folder.poscar
    if poscar is not None and poscar.names is None and poscar.counts:
        message = "a line with the species above the counts is missing"
        yield on_line(folder, "POSCAR", poscar.counts_line, message, *_names(folder, poscar))


def _names(folder: Folder, poscar: Poscar) -> Iterator[Fix]:
    """Yield the fix that writes the species of the POTCAR, which VASP takes anyway."""
    elements = folder.potcar.elements if folder.potcar is not None else ()
    if elements and all(elements) and len(elements) == len(poscar.counts):
        start = poscar.source.offset(poscar.counts_line, 1)
        end = "\r\n" if "\r\n" in poscar.source.text else "\n"
        edit = Edit(start, start, f"   {'   '.join(elements)}{end}")
        yield Fix("Write the species of the POTCAR", True, (edit,))


@rule(
    "repeated-species",
    "hint",
    "a species in several blocks needs as many potentials",
    "POSCAR",
    needs=("POSCAR",),
)
def repeated_species(folder: Folder) -> Iterator[Report]:
    """Point out species that come in several blocks."""
    poscar = folder.poscar
    if poscar is None or poscar.species is None:
        return
    double = next((name for name in poscar.species if poscar.species.count(name) > 1), None)
    if double is not None:
        message = f"{double} comes in several blocks: POTCAR, MAGMOM and LDAU… must repeat it as well"
        yield on_line(folder, "POSCAR", poscar.names_line, message)


@rule(
    "names-below-counts",
    "error",
    "VASP reads a line below the counts as Selective dynamics or as the mode",
    "POSCAR",
    needs=("POSCAR",),
)
def names_below_counts(folder: Folder) -> Iterator[Report]:
    """Report species in the line below their counts; a lone S switches selective dynamics on."""
    poscar = folder.poscar
    if poscar is None or poscar.names is not None or not poscar.counts_line:
        return
    lines, line = poscar.source.lines, poscar.counts_line + 1
    words = lines[line - 1].split() if line <= len(lines) else []
    if len(words) != len(poscar.counts) or words in (["S"], ["F"], ["C"], ["K"]):
        return
    if all(word in ELEMENTS for word in words):
        above, below = (line_span(folder, "POSCAR", number) for number in (line - 1, line))
        text = poscar.source.text
        edits = (Edit(*above, text[slice(*below)]), Edit(*below, text[slice(*above)]))
        fix = Fix("Write the species above their counts", False, edits)
        yield on_line(folder, "POSCAR", line, "the species stand below their counts", fix)


@rule("unusual-mode", "warning", "every mode word but Cartesian means Direct", "POSCAR", needs=("POSCAR",))
def unusual_mode(folder: Folder) -> Iterator[Report]:
    """Report mode lines that begin with none of D, F, C and K."""
    poscar = folder.poscar
    if poscar is None or not poscar.mode_line or poscar.mode[:1] in _MODES or poscar.problems:
        return
    span = line_span(folder, "POSCAR", poscar.mode_line)
    fixes = (replace("Write Direct", span, "Direct", safe=False),) if poscar.mode else ()
    yield Report("POSCAR", span, f"VASP reads the mode {poscar.mode!r} as Direct", fixes)


@rule(
    "flags-unused",
    "error",
    "VASP ignores the flags without the line Selective dynamics",
    "POSCAR",
    needs=("POSCAR",),
)
def flags_unused(folder: Folder) -> Iterator[Report]:
    """Report T and F behind every position while the line that switches them on is missing."""
    poscar = folder.poscar
    if poscar is None or poscar.selective_line or not poscar.position_lines:
        return
    lines = poscar.source.lines
    first = poscar.position_lines[0]
    for number in (first, poscar.position_lines[-1]):
        rest = " ".join(lines[number - 1].split()[3:])
        if _THREE_FLAGS.match(rest) is None:
            return
    start = poscar.source.offset(poscar.mode_line, 1)
    end = "\r\n" if "\r\n" in poscar.source.text else "\n"
    fix = Fix("Insert Selective dynamics", False, (Edit(start, start, f"Selective dynamics{end}"),))
    yield on_line(folder, "POSCAR", first, "the flags are ignored: Selective dynamics is missing", fix)


@rule("too-many-positions", "error", "VASP ignores positions beyond the counts", "POSCAR", needs=("POSCAR",))
def too_many_positions(folder: Folder) -> Iterator[Report]:
    """Report a position right behind the last one that the counts announce."""
    poscar = folder.poscar
    if poscar is None or not poscar.positions or poscar.velocities is not None:
        return
    lines, at = poscar.source.lines, poscar.end_line
    if at < len(lines) and len(leading_reals(lines[at])) == 3:
        message = f"the counts announce {poscar.n_atoms} ions: VASP ignores this position"
        yield on_line(folder, "POSCAR", at + 1, message)


_COMMA: Final = re.compile(r"[-+]?\d*,\d+\Z")


@rule(
    "decimal-comma", "error", "a comma ends a number, the rest is the next one", "POSCAR", needs=("POSCAR",)
)
def decimal_comma(folder: Folder) -> Iterator[Report]:
    """Report `0,5 0,5 0,5`, which Fortran reads as 0, 5 and 0; `0.5, 0.5, 0.5` is fine."""
    poscar = folder.poscar
    if poscar is None or "," not in poscar.source.text:
        return
    lines = poscar.source.lines
    for number in (*range(2, 6), *poscar.position_lines):
        words = lines[number - 1].split(None, 3)[:3] if number <= len(lines) else []
        if sum(_COMMA.match(word) is not None for word in words) > 1 or (
            len(words) == 1 and number == 2 and _COMMA.match(words[0])
        ):
            yield on_line(folder, "POSCAR", number, "write decimal points: Fortran ends a number at a comma")
            return


@rule(
    "labels-differ",
    "warning",
    "VASP ignores labels: the order of the species counts",
    "POSCAR",
    needs=("POSCAR",),
)
def labels_differ(folder: Folder) -> Iterator[Report]:
    """Report labels behind the positions that contradict the species line."""
    poscar = folder.poscar
    if poscar is None or poscar.names is None or not poscar.position_lines:
        return
    column, lines = 6 if poscar.selective_line else 3, poscar.source.lines
    if len(lines[poscar.position_lines[0] - 1].split(None, column + 1)) <= column:
        return
    if poscar.sites is None or len(poscar.sites) != len(poscar.position_lines):
        return
    if _THREE_FLAGS.match(" ".join(lines[poscar.position_lines[0] - 1].split()[column:])):
        return  # flags, of which F is no fluorine
    for site, number in zip(poscar.sites, poscar.position_lines, strict=True):
        words = lines[number - 1].split(None, column + 1)
        if len(words) <= column:
            return
        label = words[column].lstrip("!#").rstrip("0123456789+-*")
        if label in ELEMENTS and label != site.rstrip("0123456789"):
            message = f"the label says {label}, the line of species makes this ion {site}"
            yield on_line(folder, "POSCAR", number, message)
            return


@rule(
    "cell-with-vacuum",
    "warning",
    "a relaxation of the cell closes the vacuum",
    "ISIF",
    needs=("INCAR", "POSCAR"),
    tags="ISIF",
)
def cell_with_vacuum(folder: Folder) -> Iterator[Report]:
    """Report ISIF = 3 and the like for slabs and molecules."""
    p, cell = folder.parameters, folder.cell
    statement = p.statement("ISIF")
    if statement is None or cell is None or p.isif not in {3, 6, 7, 8} or not (p.relaxes or p.dynamics):
        return
    if p.has("LATTICE_CONSTRAINTS") or _flat(cell) or cell.n_atoms > 5_000:
        return
    gaps = cell.vacuum_angstrom
    if max(gaps) > 8.0:
        axis = "abc"[gaps.index(max(gaps))]
        from crystalmath.vasp.rules.rule import at

        message = f"ISIF = {p.isif} closes the vacuum of {max(gaps):.1f} Å along {axis}; use 2 or 4"
        yield at(statement, message, write(statement, "2"))


@rule(
    "windows-line-ends-poscar",
    "hint",
    "line ends of Windows are part of the line for some builds",
    "POSCAR",
    needs=("POSCAR",),
)
def windows_line_ends_poscar(folder: Folder) -> Iterator[Report]:
    """Point out CR LF, once per file."""
    text = folder.source("POSCAR").text
    first = text.find("\r\n")
    if first >= 0:
        edits = tuple(Edit(match.start(), match.start() + 1, "") for match in re.finditer("\r(?=\n)", text))
        yield Report(
            "POSCAR",
            Span(first, first + 1),
            "the lines end as on Windows",
            (Fix("Use Unix line ends", False, edits),),
        )
