"""The operators of the mutation test on POSCAR and KPOINTS.

An operator that makes VASP stop, ignore what was asked or read something other than what was written must be
reported on the line it touched; the others change nothing that VASP reads and must raise nothing.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import NamedTuple

from crystalmath.vasp import poscar

Texts = dict[str, str]


class Mutation(NamedTuple):
    """A changed set of files and, when it must be reported, the file and the lines where that counts."""

    texts: Texts
    file: str
    lines: frozenset[int]


class Operator(NamedTuple):
    """One kind of change."""

    name: str
    reported: bool
    change: Callable[[Texts, random.Random], Mutation | None]


def _with(texts: Texts, file: str, lines: list[str], *touched: int) -> Mutation:
    return Mutation({**texts, file: "\n".join(lines)}, file, frozenset(touched))


# POSCAR


def _poscar(texts: Texts) -> tuple[poscar.Poscar, list[str]] | None:
    if "POSCAR" not in texts:
        return None
    return poscar.parse(texts["POSCAR"]), texts["POSCAR"].split("\n")


def count_off_by_one(texts: Texts, rng: random.Random) -> Mutation | None:
    """Announce one ion more or fewer."""
    found = _poscar(texts)
    if found is None:
        return None
    cell, lines = found
    counts = list(cell.counts)
    at = rng.randrange(len(counts))
    counts[at] += rng.choice((-1, 1)) if counts[at] > 1 else 1
    lines[cell.counts_line - 1] = " ".join(map(str, counts))
    return _with(
        texts, "POSCAR", lines, cell.counts_line, *cell.position_lines, cell.end_line, cell.end_line + 1
    )


def lose_position(texts: Texts, rng: random.Random) -> Mutation | None:
    """Drop the line of a position."""
    found = _poscar(texts)
    if found is None:
        return None
    cell, lines = found
    del lines[rng.choice(list(cell.position_lines)) - 1]
    return _with(texts, "POSCAR", lines, cell.counts_line, *cell.position_lines)


def repeat_position(texts: Texts, rng: random.Random) -> Mutation | None:
    """Write a position twice."""
    found = _poscar(texts)
    if found is None:
        return None
    cell, lines = found
    at = rng.choice(list(cell.position_lines))
    lines.insert(at, lines[at - 1])
    return _with(texts, "POSCAR", lines, *range(cell.position_lines[0], cell.end_line + 3))


def spoil_position(texts: Texts, rng: random.Random) -> Mutation | None:
    """Put a letter into a coordinate, or drop one."""
    found = _poscar(texts)
    if found is None:
        return None
    cell, lines = found
    at = rng.choice(list(cell.position_lines))
    words = lines[at - 1].split()[:3]
    words[rng.randrange(3)] = rng.choice(("0,,5", "O.5", "0.5a", "", "x"))
    lines[at - 1] = " ".join(words)
    return _with(texts, "POSCAR", lines, at)


def swap_vectors(texts: Texts, rng: random.Random) -> Mutation | None:
    """Swap two lattice vectors, which makes the cell left-handed."""
    found = _poscar(texts)
    if found is None:
        return None
    _, lines = found
    lines[2], lines[3] = lines[3], lines[2]
    return _with(texts, "POSCAR", lines, 3, 4, 5)


def flatten_cell(texts: Texts, rng: random.Random) -> Mutation | None:
    """Write one lattice vector twice."""
    found = _poscar(texts)
    if found is None:
        return None
    _, lines = found
    lines[4] = lines[3]
    return _with(texts, "POSCAR", lines, 3, 4, 5)


def spoil_vector(texts: Texts, rng: random.Random) -> Mutation | None:
    """Drop a component of a lattice vector."""
    found = _poscar(texts)
    if found is None:
        return None
    _, lines = found
    at = rng.choice((2, 3, 4))
    lines[at] = " ".join(lines[at].split()[:2])
    return _with(texts, "POSCAR", lines, at + 1)


def misspell_element(texts: Texts, rng: random.Random) -> Mutation | None:
    """Write a species that is no element."""
    found = _poscar(texts)
    if found is None or found[0].names is None:
        return None
    cell, lines = found
    words = lines[cell.names_line - 1].split()
    words[rng.randrange(len(words))] = rng.choice(("Xx", "Fz", "Qq"))
    lines[cell.names_line - 1] = " ".join(words)
    return _with(texts, "POSCAR", lines, cell.names_line)


def swap_species(texts: Texts, rng: random.Random) -> Mutation | None:
    """Swap two species, against the labels or the POTCAR."""
    found = _poscar(texts)
    if found is None or found[0].names is None or len(set(found[0].names)) < 2:
        return None
    cell, lines = found
    labelled = len(lines[cell.position_lines[0] - 1].split()) > 3
    if not labelled and "POTCAR" not in texts:
        return None  # nothing says what was meant
    words = lines[cell.names_line - 1].split()
    words[0], words[1] = words[1], words[0]
    lines[cell.names_line - 1] = " ".join(words)
    mutation = _with(texts, "POSCAR", lines, cell.names_line, *cell.position_lines)
    return mutation if labelled else mutation._replace(file="POTCAR", lines=frozenset(range(1, 40)))


def lose_count(texts: Texts, rng: random.Random) -> Mutation | None:
    """Drop a count."""
    found = _poscar(texts)
    if found is None or found[0].names is None or len(found[0].counts) < 2:
        return None
    cell, lines = found
    lines[cell.counts_line - 1] = " ".join(lines[cell.counts_line - 1].split()[:-1])
    return _with(texts, "POSCAR", lines, cell.counts_line)


def lose_mode(texts: Texts, rng: random.Random) -> Mutation | None:
    """Drop the line Direct or Cartesian."""
    found = _poscar(texts)
    if found is None:
        return None
    cell, lines = found
    del lines[cell.mode_line - 1]
    return _with(texts, "POSCAR", lines, cell.mode_line)


def direct_to_cartesian(texts: Texts, rng: random.Random) -> Mutation | None:
    """Call fractions Cartesian."""
    found = _poscar(texts)
    if found is None or found[0].cartesian or found[0].n_atoms < 3:
        return None
    cell, lines = found
    if all(sum(row) == 1.0 for row in cell.vectors):
        return None  # with unit vectors both words mean the same
    lines[cell.mode_line - 1] = "Cartesian"
    return _with(texts, "POSCAR", lines, cell.mode_line, *cell.position_lines)


def lose_flag(texts: Texts, rng: random.Random) -> Mutation | None:
    """Drop a flag of selective dynamics."""
    found = _poscar(texts)
    if found is None or not found[0].selective_line:
        return None
    cell, lines = found
    at = rng.choice(list(cell.position_lines))
    lines[at - 1] = " ".join(lines[at - 1].split()[:5])
    return _with(texts, "POSCAR", lines, at)


def lose_selective(texts: Texts, rng: random.Random) -> Mutation | None:
    """Drop the line Selective dynamics."""
    found = _poscar(texts)
    if found is None or not found[0].selective_line:
        return None
    cell, lines = found
    del lines[cell.selective_line - 1]
    return _with(texts, "POSCAR", lines, *range(cell.selective_line, cell.end_line + 1))


def scale_wrong(texts: Texts, rng: random.Random) -> Mutation | None:
    """Write no, zero or two scale factors."""
    found = _poscar(texts)
    if found is None:
        return None
    _, lines = found
    lines[1] = rng.choice(("0.0", "1.0 1.0", "one", "1 -1 1"))
    return _with(texts, "POSCAR", lines, 2)


# KPOINTS


def _kpoints(texts: Texts, rng: random.Random, change: Callable[[list[str]], int | None]) -> Mutation | None:
    if "KPOINTS" not in texts:
        return None
    lines = texts["KPOINTS"].rstrip("\n").split("\n")
    line = change(lines)
    return None if line is None else _with(texts, "KPOINTS", lines, line)


def spoil_mesh(texts: Texts, rng: random.Random) -> Mutation | None:
    """Write two subdivisions, a zero, a fraction or a word."""

    def change(lines: list[str]) -> int | None:
        if lines[1].split()[0] != "0" or lines[2].strip()[:1].upper() not in {"G", "M"}:
            return None
        lines[3] = rng.choice(("4 4", "4 4 0", "4 4.5 4", "4 4 x", "-4 4 4"))
        return 4

    return _kpoints(texts, rng, change)


def lose_path_end(texts: Texts, rng: random.Random) -> Mutation | None:
    """Drop the last end of a path."""

    def change(lines: list[str]) -> int | None:
        if lines[2].strip()[:1].upper() != "L":
            return None
        lines.pop()
        while not lines[-1].strip():
            lines.pop()
        return len(lines)

    return _kpoints(texts, rng, change)


def points_off_by_one(texts: Texts, rng: random.Random) -> Mutation | None:
    """Announce one point more or fewer than there are."""
    if "KPOINTS" not in texts:
        return None
    lines = texts["KPOINTS"].rstrip("\n").split("\n")
    count = lines[1].split()[0]
    if count == "0" or lines[2].strip()[:1].upper() == "L" or any(line.startswith("T") for line in lines):
        return None
    lines[1] = str(int(count) + rng.choice((-1, 1)))
    return _with(texts, "KPOINTS", lines, 2, *range(4, len(lines) + 1))


def lose_weight(texts: Texts, rng: random.Random) -> Mutation | None:
    """Drop the weight of a point."""

    def change(lines: list[str]) -> int | None:
        if lines[1].split()[0] == "0" or lines[2].strip()[:1].upper() == "L":
            return None
        lines[3] = " ".join(lines[3].split()[:3])
        return 4

    return _kpoints(texts, rng, change)


# What changes nothing


def _lines(texts: Texts, file: str, change: Callable[[list[str]], None]) -> Mutation | None:
    if file not in texts:
        return None
    lines = texts[file].split("\n")
    change(lines)
    return _with(texts, file, lines)


def tail_remarks(texts: Texts, rng: random.Random) -> Mutation | None:
    """Write remarks behind the numbers of a POSCAR."""
    found = _poscar(texts)
    if found is None:
        return None
    cell, lines = found
    for at in (2, 3, 4, 5, cell.position_lines[-1]):
        if len(lines[at - 1].split()) == (1 if at == 2 else 3):
            lines[at - 1] += "  ! remark"
    return _with(texts, "POSCAR", lines)


def other_spaces(texts: Texts, rng: random.Random) -> Mutation | None:
    """Indent every line of a POSCAR and use more blanks."""
    return _lines(
        texts,
        "POSCAR",
        lambda lines: lines.__setitem__(
            slice(1, None), ["  " + row.replace(" ", "   ") for row in lines[1:]]
        ),
    )


def other_mode_word(texts: Texts, rng: random.Random) -> Mutation | None:
    """Write the mode of POSCAR in another way."""
    found = _poscar(texts)
    if found is None:
        return None
    cell, lines = found
    lines[cell.mode_line - 1] = (
        rng.choice(("c", "Kart", "CART")) if cell.cartesian else rng.choice(("d", "DIRECT", "Fractional"))
    )
    return _with(texts, "POSCAR", lines)


def other_kpoints_words(texts: Texts, rng: random.Random) -> Mutation | None:
    """Write the mode of KPOINTS by its letter and a remark behind the count."""

    def change(lines: list[str]) -> None:
        lines[1] = lines[1].split("!")[0].rstrip() + " ! number"
        lines[2] = lines[2].strip()[:1].lower()

    return _lines(texts, "KPOINTS", change)


OPERATORS = tuple(
    Operator(change.__name__, reported, change)
    for reported, changes in (
        (
            True,
            (
                count_off_by_one,
                lose_position,
                repeat_position,
                spoil_position,
                swap_vectors,
                flatten_cell,
                spoil_vector,
                misspell_element,
                swap_species,
                lose_count,
                lose_mode,
                direct_to_cartesian,
                lose_flag,
                lose_selective,
                scale_wrong,
                spoil_mesh,
                lose_path_end,
                points_off_by_one,
                lose_weight,
            ),
        ),
        (False, (tail_remarks, other_spaces, other_mode_word, other_kpoints_words)),
    )
    for change in changes
)
