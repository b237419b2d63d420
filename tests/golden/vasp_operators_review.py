"""A second set of operators of the mutation test, written from what VASP does with its files.

As in the first set: what makes VASP stop, ignore what was asked or read something other than what was written
must be reported in the lines given; the others change nothing that VASP reads and must raise nothing.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from crystalmath.vasp import incar, poscar, tags

Texts = dict[str, str]
Lines = list[str]


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


def _changed(texts: Texts, file: str, lines: Lines, touched: Iterable[int]) -> Mutation:
    return Mutation({**texts, file: "\n".join(lines)}, file, frozenset(touched))


def _settings(texts: Texts, *kinds: str) -> list[incar.Statement]:
    """Return the plain statements of tags of the types, each alone on its line."""
    tree = incar.parse(texts.get("INCAR", ""))
    return [
        one
        for one in tree.statements
        if len(one.pieces) == 1 and not one.quoted and "/" not in one.tag
        and (tag := tags.find(one.tag)) is not None and (tag.type in kinds or not kinds)
        and ";" not in tree.source.lines[one.line - 1]
    ]  # fmt: skip


def _rewrite(
    *kinds: str, single: bool = True, part: str = "value"
) -> Callable[
    [Callable[[str, random.Random], str | None]], Callable[[Texts, random.Random], Mutation | None]
]:
    """Make an operator of a function from an old value (or name) to a new one."""

    def decorate(change: Callable[[str, random.Random], str | None]) -> Callable[..., Mutation | None]:
        def operator(texts: Texts, rng: random.Random) -> Mutation | None:
            found = [one for one in _settings(texts, *kinds) if not single or len(one.value.split()) == 1]
            rng.shuffle(found)
            for one in found:
                new = change(getattr(one, part), rng)
                if new is not None and new != getattr(one, part):
                    start, end = one.value_span if part == "value" else one.name_span
                    text = texts["INCAR"][:start] + new + texts["INCAR"][end:]
                    return Mutation({**texts, "INCAR": text}, "INCAR", frozenset({one.line}))
            return None

        operator.__name__ = change.__name__
        return operator

    return decorate


@_rewrite(part="name", single=False)
def wrong_first_letter(name: str, rng: random.Random) -> str | None:
    new = rng.choice("AKQXZ") + name[1:]
    return None if len(name) < 4 or tags.is_known(new) else new


@_rewrite(part="name", single=False)
def lost_last_letter(name: str, rng: random.Random) -> str | None:
    return None if len(name) < 5 or tags.is_known(name[:-1]) else name[:-1]


@_rewrite(part="name", single=False)
def blank_in_name(name: str, rng: random.Random) -> str | None:
    return f"{name[:2]} {name[2:]}" if len(name) > 4 and not tags.is_known(name[2:]) else None


@_rewrite("integer", "real")
def letter_for_digit(value: str, rng: random.Random) -> str | None:
    return value.replace("0", "O", 1) if "0" in value else value.replace("1", "l", 1)


@_rewrite("real")
def decimal_comma(value: str, rng: random.Random) -> str | None:
    return value.replace(".", ",") if re.fullmatch(r"-?\d+\.\d+", value) else None


@_rewrite("integer")
def whole_number_as_power(value: str, rng: random.Random) -> str | None:
    return f"{value}e0" if value.isdigit() else None


@_rewrite("real")
def glued_unit(value: str, rng: random.Random) -> str | None:
    return f"{value}eV"


@_rewrite("logical")
def logical_as_number(value: str, rng: random.Random) -> str | None:
    return rng.choice(("0", "1", "2", "yes", "on", "-1"))


@_rewrite("integer", "real")
def number_parted(value: str, rng: random.Random) -> str | None:
    return f"{value[0]} {value[1:]}" if len(value) > 1 and value.isdigit() else None


def colon_for_equals(texts: Texts, rng: random.Random) -> Mutation | None:
    """Write a colon instead of the equals sign."""
    found = [one for one in _settings(texts, "integer", "real", "logical") if len(one.value.split()) == 1]
    if not found:
        return None
    one, lines = rng.choice(found), texts["INCAR"].split("\n")
    lines[one.line - 1] = f"{one.tag}: {one.value}"
    return _changed(texts, "INCAR", lines, [one.line])


def repeated_in_lower_case(texts: Texts, rng: random.Random) -> Mutation | None:
    """Give a tag again in lower case, with another value."""
    found = _settings(texts, "integer", "real")
    if not found:
        return None
    lines = [*texts["INCAR"].rstrip("\n").split("\n"), f"{rng.choice(found).tag.lower()} = 3", ""]
    return _changed(texts, "INCAR", lines, [len(lines) - 1])


def needed_tag_commented_out(texts: Texts, rng: random.Random) -> Mutation | None:
    """Comment out a tag without which another one is ignored or VASP stops."""
    needed = {
        "LDAU": "LDAUU", "LHFCALC": "HFSCREEN", "ISPIN": "MAGMOM", "ML_LMLFF": "ML_MODE", "NSW": "IBRION",
        "POTIM": "IBRION",
    }  # fmt: skip
    given = {one.tag: one for one in _settings(texts)}
    values = incar.parse(texts.get("INCAR", "")).values()
    pairs = [(tag, user) for tag, user in needed.items() if tag in given and user in given]
    pairs = [pair for pair in pairs if pair[0] != "POTIM" or values["IBRION"] == "0"]
    pairs = [pair for pair in pairs if pair[0] != "NSW" or values["IBRION"] in {"0", "1", "2", "3"}]
    if not pairs:
        return None
    (tag, user), lines = rng.choice(pairs), texts["INCAR"].split("\n")
    lines[given[tag].line - 1] = "# " + lines[given[tag].line - 1]
    return _changed(texts, "INCAR", lines, [given[user].line])


def moment_too_many(texts: Texts, rng: random.Random) -> Mutation | None:
    """Give one moment more than there are ions."""
    for one in _settings(texts):
        if one.tag == "MAGMOM" and "POSCAR" in texts:
            text = texts["INCAR"]
            end = one.value_span.end
            return Mutation(
                {**texts, "INCAR": f"{text[:end]} 1.0{text[end:]}"}, "INCAR", frozenset({one.line})
            )
    return None


def _file(name: str, reported: Iterable[int] | None = ()) -> Callable[..., Callable[..., Mutation | None]]:
    """Make an operator of a function that changes lines in place and returns the lines that count."""

    def decorate(
        change: Callable[[Lines, random.Random], Iterable[int] | None],
    ) -> Callable[..., Mutation | None]:
        def operator(texts: Texts, rng: random.Random) -> Mutation | None:
            if name not in texts:
                return None
            lines = texts[name].split("\n")
            touched = change(lines, rng)
            return None if touched is None else _changed(texts, name, lines, touched)

        operator.__name__ = change.__name__
        return operator

    return decorate


def _positions(lines: Lines) -> list[int]:
    """Return the lines (from 1) of the positions."""
    cell = poscar.parse("\n".join(lines))
    return [] if cell.problems else list(cell.position_lines)


@_file("POSCAR")
def lost_comment_line(lines: Lines, rng: random.Random) -> Iterable[int] | None:
    """Drop the first line, so that every line stands one too high."""
    del lines[0]
    return range(1, 9)


@_file("POSCAR")
def lost_scale(lines: Lines, rng: random.Random) -> Iterable[int] | None:
    del lines[1]
    return range(2, 9)


@_file("POSCAR")
def lost_vector(lines: Lines, rng: random.Random) -> Iterable[int] | None:
    del lines[rng.randrange(2, 5)]
    return range(3, 8)


@_file("POSCAR")
def names_below_counts(lines: Lines, rng: random.Random) -> Iterable[int] | None:
    if not lines[5].split()[0].isalpha():
        return None
    lines[5], lines[6] = lines[6], lines[5]
    return range(6, 9)


@_file("POSCAR")
def coordinate_with_letter(lines: Lines, rng: random.Random) -> Iterable[int] | None:
    number = rng.choice(_positions(lines))
    words = lines[number - 1].split()
    words[rng.randrange(3)] = "0.O5"
    lines[number - 1] = " ".join(words)
    return [number]


@_file("POSCAR")
def coordinate_lost(lines: Lines, rng: random.Random) -> Iterable[int] | None:
    number = rng.choice(_positions(lines))
    lines[number - 1] = " ".join(lines[number - 1].split()[:2])
    return [number]


@_file("POSCAR")
def ion_twice(lines: Lines, rng: random.Random) -> Iterable[int] | None:
    """Write the position of one ion for another one too."""
    numbers = _positions(lines)
    if len(numbers) < 2:
        return None
    one, other = rng.sample(numbers, 2)
    lines[other - 1] = lines[one - 1]
    return [one, other]


@_file("POSCAR")
def blank_line_between(lines: Lines, rng: random.Random) -> Iterable[int] | None:
    numbers = _positions(lines)
    if len(numbers) < 2:
        return None
    number = rng.choice(numbers[1:])
    lines.insert(number - 1, "")
    return [number]


@_file("POSCAR")
def species_in_capitals(lines: Lines, rng: random.Random) -> Iterable[int] | None:
    if not re.search("[a-z]", lines[5]) or lines[5].upper().split() in (["CO"], ["NO"], ["HF"]):
        return None
    lines[5] = lines[5].upper()
    return [6]


@_file("KPOINTS")
def kpoints_lost_comment(lines: Lines, rng: random.Random) -> Iterable[int] | None:
    del lines[0]
    return range(1, 6)


@_file("KPOINTS")
def kpoints_lost_count(lines: Lines, rng: random.Random) -> Iterable[int] | None:
    del lines[1]
    return range(2, 4)


@_file("KPOINTS")
def kpoints_lost_mode(lines: Lines, rng: random.Random) -> Iterable[int] | None:
    del lines[2]
    return range(1, len(lines) + 1)


@_file("KPOINTS")
def mesh_with_crosses(lines: Lines, rng: random.Random) -> Iterable[int] | None:
    if lines[1].split()[0] != "0" or len(lines[3].split()) != 3:
        return None
    lines[3] = "x".join(lines[3].split())
    return [4]


@_file("KPOINTS")
def mesh_of_fractions(lines: Lines, rng: random.Random) -> Iterable[int] | None:
    if lines[1].split()[0] != "0" or len(lines[3].split()) != 3:
        return None
    lines[3] += ".5"
    return [4]


def potential_lost(texts: Texts, rng: random.Random) -> Mutation | None:
    """Drop the last potential of several."""
    parts = texts.get("POTCAR", "").split("TITEL")
    if len(parts) < 3 or "POSCAR" not in texts:
        return None
    text = "TITEL".join(parts[:-1])
    return Mutation({**texts, "POTCAR": text}, "POTCAR", frozenset(range(1, text.count("\n") + 2)))


# Harmless


def _everywhere(change: Callable[[str], str]) -> Callable[..., Mutation | None]:
    def operator(texts: Texts, rng: random.Random) -> Mutation | None:
        name = rng.choice(sorted(set(texts) - {"POTCAR"}))
        return Mutation({**texts, name: change(texts[name])}, name, frozenset())

    operator.__name__ = change.__name__
    return operator


@_everywhere
def windows_line_ends(text: str) -> str:
    return text.replace("\n", "\r\n")


@_everywhere
def trailing_blanks(text: str) -> str:
    return "\n".join(
        f"{line}  " if line and not line.endswith("\\") and '"' not in text else line
        for line in text.split("\n")
    )


@_everywhere
def tabs_for_blanks(text: str) -> str:
    return text if '"' in text else re.sub(r"(?<=\S) (?=\S)", "\t", text)


@_everywhere
def no_last_line_end(text: str) -> str:
    return text.rstrip("\n")


@_rewrite(part="name", single=False)
def mixed_case(name: str, rng: random.Random) -> str | None:
    return name.capitalize()


@_rewrite("real")
def number_in_other_words(value: str, rng: random.Random) -> str | None:
    number = float(value.lower().replace("d", "e"))
    return rng.choice(
        (f"{number:.15f}", f"{number:+.6E}", f"{number:.6e}".replace("e", "q"), f"{number:.6E} /")
    )


@_file("INCAR")
def free_text(lines: Lines, rng: random.Random) -> Iterable[int] | None:
    if '"' in "".join(lines) or any(line.endswith("\\") for line in lines) or "{" in "".join(lines):
        return None
    lines.insert(
        rng.randrange(len(lines) + 1),
        rng.choice(("Electronic part", "---------", "!ENCUT = 3", "# ISPIN = 9")),
    )
    return []


@_file("POSCAR")
def labels_behind(lines: Lines, rng: random.Random) -> Iterable[int] | None:
    cell = poscar.parse("\n".join(lines))
    if cell.sites is None or cell.selective is not None:
        return None
    for index, (site, number) in enumerate(zip(cell.sites, cell.position_lines, strict=True), 1):
        lines[number - 1] = " ".join(lines[number - 1].split()[:3]) + f"  {site}{index}"
    return []


@_file("POSCAR")
def ions_in_the_next_cell(lines: Lines, rng: random.Random) -> Iterable[int] | None:
    """Move an ion by a lattice vector."""
    cell = poscar.parse("\n".join(lines))
    if cell.cartesian:
        return None
    number = rng.choice(list(cell.position_lines))
    words = lines[number - 1].split()
    words[0] = f"{float(words[0]) - 1:.12f}"
    lines[number - 1] = " ".join(words)
    return []


@_file("POSCAR")
def scale_in_the_vectors(lines: Lines, rng: random.Random) -> Iterable[int] | None:
    """Write the scale factor three times."""
    words = lines[1].split()
    if len(words) != 1 or float(words[0]) < 0:
        return None
    lines[1] = " ".join(words * 3)
    return []


@_file("KPOINTS")
def shift_of_zero(lines: Lines, rng: random.Random) -> Iterable[int] | None:
    if lines[1].split()[0] != "0" or lines[2].strip()[:1].upper() not in "GM":
        return None
    lines[4:] = rng.choice(([], [""], ["0 0 0", ""], ["0. 0. 0.", "", "a remark"]))
    return []


OPERATORS = tuple(
    Operator(f"review_{change.__name__}", reported, change)
    for reported, changes in (
        (True, (wrong_first_letter, lost_last_letter, blank_in_name, letter_for_digit, decimal_comma,
                whole_number_as_power, glued_unit, logical_as_number, number_parted, colon_for_equals,
                repeated_in_lower_case, needed_tag_commented_out, moment_too_many, lost_comment_line,
                lost_scale, lost_vector, names_below_counts, coordinate_with_letter, coordinate_lost,
                ion_twice, blank_line_between, species_in_capitals, kpoints_lost_comment, kpoints_lost_count,
                kpoints_lost_mode, mesh_with_crosses, mesh_of_fractions, potential_lost)),
        (False, (windows_line_ends, trailing_blanks, tabs_for_blanks, no_last_line_end, mixed_case,
                 number_in_other_words, free_text, labels_behind, ions_in_the_next_cell, scale_in_the_vectors,
                 shift_of_zero)),
    )
    for change in changes
)  # fmt: skip
