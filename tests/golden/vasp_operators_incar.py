"""The operators of the mutation test on the INCAR.

An operator that makes VASP stop, ignore what was asked or read something other than what was written must be
reported on the line it touched; the others change nothing that VASP reads and must raise nothing.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import NamedTuple

from crystalmath.vasp import incar, tags

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


def _statement(texts: Texts, rng: random.Random, *kinds: str) -> incar.Statement | None:
    """Choose a statement that stands alone on its line, of one of the types."""
    found = [
        statement
        for statement in incar.parse(texts.get("INCAR", "")).statements
        if len(statement.pieces) == 1
        and not statement.quoted
        and "/" not in statement.tag
        and ((tag := tags.find(statement.tag)) is not None and (not kinds or tag.type in kinds))
        and ";" not in texts["INCAR"].split("\n")[statement.line - 1]
    ]
    return rng.choice(found) if found else None


def _value(texts: Texts, rng: random.Random, kind: str, change: Callable[[str], str]) -> Mutation | None:
    statement = _statement(texts, rng, kind)
    if statement is None:
        return None
    text = texts["INCAR"]
    start, end = statement.value_span
    changed = text[:start] + change(statement.value) + text[end:]
    return Mutation({**texts, "INCAR": changed}, "INCAR", frozenset({statement.line}))


def misspell_tag(texts: Texts, rng: random.Random) -> Mutation | None:
    """Drop, double, swap or change a letter of a tag so that no known tag results."""
    statement = _statement(texts, rng)
    if statement is None or len(statement.name) < 4:
        return None
    name, at = statement.name, rng.randrange(1, len(statement.name) - 1)
    wrong = rng.choice(
        (
            name[:at] + name[at + 1 :],
            name[:at] + name[at] + name[at:],
            name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :],
            name[:at] + rng.choice("QXJ") + name[at + 1 :],
        )
    )
    if tags.is_known(wrong):
        return None
    start, end = statement.name_span
    text = texts["INCAR"]
    return Mutation(
        {**texts, "INCAR": text[:start] + wrong + text[end:]}, "INCAR", frozenset({statement.line})
    )


def repeat_tag(texts: Texts, rng: random.Random) -> Mutation | None:
    """Give a number a second time with another value at the end of the file."""
    statement = _statement(texts, rng, "integer", "real")
    if statement is None:
        return None
    lines = [*texts["INCAR"].rstrip("\n").split("\n"), f"{statement.tag} = 7", ""]
    return _with(texts, "INCAR", lines, len(lines) - 1)


def drop_equals(texts: Texts, rng: random.Random) -> Mutation | None:
    """Leave the equals sign out."""
    statement = _statement(texts, rng, "integer", "real", "logical")
    if statement is None or " " in statement.value.strip():
        return None
    lines = texts["INCAR"].split("\n")
    lines[statement.line - 1] = f"{statement.tag} {statement.value}"
    return _with(texts, "INCAR", lines, statement.line)


def drop_value(texts: Texts, rng: random.Random) -> Mutation | None:
    """Leave the value out."""
    return _value(texts, rng, rng.choice(("integer", "real", "logical")), lambda value: "")


def integer_to_real(texts: Texts, rng: random.Random) -> Mutation | None:
    """Write a fraction where a whole number belongs."""
    return _value(texts, rng, "integer", lambda value: value.split()[0] + ".5")


def number_to_word(texts: Texts, rng: random.Random) -> Mutation | None:
    """Write a word where a number belongs."""
    return _value(texts, rng, rng.choice(("integer", "real")), lambda value: "high")


def spoil_number(texts: Texts, rng: random.Random) -> Mutation | None:
    """Put a letter into a number."""
    return _value(texts, rng, "real", lambda value: value[:1] + "o" + value[1:])


def spoil_logical(texts: Texts, rng: random.Random) -> Mutation | None:
    """Write a logical as other languages do, or misspelt."""
    return _value(texts, rng, "logical", lambda value: rng.choice(("yes", "1", "on", ".TURE.", ".FLASE.")))


def lose_line_break(texts: Texts, rng: random.Random) -> Mutation | None:
    """Join a line with the next without a semicolon."""
    lines = texts.get("INCAR", "").split("\n")
    statement = _statement(texts, rng, "integer", "real", "logical")
    if statement is None or statement.line >= len(lines):
        return None
    following = incar.parse(lines[statement.line]).statements
    if not following or "#" in lines[statement.line - 1] or lines[statement.line - 1].endswith("\\"):
        return None
    lines[statement.line - 1] += " " + lines.pop(statement.line).strip()
    return _with(texts, "INCAR", lines, statement.line)


def blank_behind_backslash(texts: Texts, rng: random.Random) -> Mutation | None:
    """Put a blank behind a backslash that continues a line."""
    lines = texts.get("INCAR", "").split("\n")
    found = [i for i, line in enumerate(lines) if line.endswith("\\")]
    if not found:
        return None
    at = rng.choice(found)
    lines[at] += " "
    return _with(texts, "INCAR", lines, at + 1)


def _resize(texts: Texts, rng: random.Random, names: tuple[str, ...]) -> Mutation | None:
    tree = incar.parse(texts.get("INCAR", ""))
    found = [statement for name, statement in tree.effective.items() if name in names]
    if not found or "POSCAR" not in texts:
        return None
    statement = rng.choice(found)
    start, end = statement.value_span
    more = rng.random() < 0.5 or len(statement.words()) < 2
    value = f"{statement.value} 1.0" if more else " ".join(statement.value.split()[:-1])
    text = texts["INCAR"]
    return Mutation(
        {**texts, "INCAR": text[:start] + value + text[end:]}, "INCAR", frozenset({statement.line})
    )


def resize_moments(texts: Texts, rng: random.Random) -> Mutation | None:
    """Give a moment too many or too few."""
    return _resize(texts, rng, ("MAGMOM",))


def resize_u(texts: Texts, rng: random.Random) -> Mutation | None:
    """Give a value of DFT+U too many or too few."""
    return _resize(texts, rng, ("LDAUL", "LDAUU", "LDAUJ"))


NEEDED = {
    "NSW": ("IBRION",),
    "IBRION": ("NSW",),
    "POTIM": ("IBRION",),
    "ISPIN": ("MAGMOM",),
    "LDAU": ("LDAUU",),
    "LHFCALC": ("HFSCREEN",),
    "LDAUL": ("LDAU",),
    "LDAUU": ("LDAU",),
    "ML_LMLFF": ("ML_MODE",),
    "LSORBIT": ("MAGMOM",),
    "IDIPOL": ("LDIPOL",),
    "LPARD": ("IBAND",),
}


def drop_needed(texts: Texts, rng: random.Random) -> Mutation | None:
    """Drop a tag that another one needs; the other one is to be reported."""
    tree = incar.parse(texts.get("INCAR", ""))
    given = tree.effective
    pairs = [
        (lost, left) for lost, others in NEEDED.items() if lost in given for left in others if left in given
    ]
    if "IBRION" in given and given["IBRION"].value != "0":
        pairs = [pair for pair in pairs if pair[0] != "POTIM"]
    if not tree.values().get("NSW", "0").lstrip().isdigit():
        pairs = [pair for pair in pairs if "IBRION" not in pair]  # nothing moves anyway
    if not pairs:
        return None
    lost, left = rng.choice(pairs)
    lines = texts["INCAR"].split("\n")
    del lines[given[lost].line - 1]
    changed = "\n".join(lines)
    again = incar.parse(changed).effective
    if lost in again or left not in again:
        return None
    return Mutation({**texts, "INCAR": changed}, "INCAR", frozenset({again[left].line}))


def unlisted_value(texts: Texts, rng: random.Random) -> Mutation | None:
    """Give a number that the documentation does not list."""
    tree = incar.parse(texts.get("INCAR", ""))
    found = [
        s
        for name, s in tree.effective.items()
        if name in {"ISPIN", "ISYM", "LORBIT", "ICHARG", "ISTART", "IBRION"}
    ]
    if not found:
        return None
    statement = rng.choice(found)
    start, end = statement.value_span
    text = texts["INCAR"]
    return Mutation(
        {**texts, "INCAR": text[:start] + "77" + text[end:]}, "INCAR", frozenset({statement.line})
    )


# What changes nothing


def _lines(texts: Texts, file: str, change: Callable[[list[str]], None]) -> Mutation | None:
    if file not in texts:
        return None
    lines = texts[file].split("\n")
    change(lines)
    return _with(texts, file, lines)


def lower_case(texts: Texts, rng: random.Random) -> Mutation | None:
    """Write a tag in small letters."""
    statement = _statement(texts, rng)
    if statement is None:
        return None
    start, end = statement.name_span
    text = texts["INCAR"]
    return Mutation(
        {**texts, "INCAR": text[:start] + statement.name.lower() + text[end:]}, "INCAR", frozenset()
    )


def other_order(texts: Texts, rng: random.Random) -> Mutation | None:
    """Write the statements in another order."""
    if "INCAR" not in texts or re.search(r'[\\{"]', texts["INCAR"]):
        return None
    return _lines(texts, "INCAR", rng.shuffle)


def remark(texts: Texts, rng: random.Random) -> Mutation | None:
    """Add comments, empty lines and free text."""

    def change(lines: list[str]) -> None:
        lines.insert(0, rng.choice(("# NSW = 3 ; x", "", " Start parameters of this run", "! a \\ b", "   ")))

    return _lines(texts, "INCAR", change)


def same_number(texts: Texts, rng: random.Random) -> Mutation | None:
    """Write a real number in another form."""

    def change(value: str) -> str:
        words = value.split()
        try:
            number = float(words[0])
        except ValueError:
            return value
        words[0] = rng.choice(
            (f"{number:.6e}".replace("e", "d"), f"{number:.6E}", f"1*{words[0]}", f"{words[0]} eV")
        )
        return " ".join(words) if len(value.split()) == 1 else value

    return _value(texts, rng, "real", change)


def same_logical(texts: Texts, rng: random.Random) -> Mutation | None:
    """Write a logical in another form."""

    def change(value: str) -> str:
        true = value.strip().lstrip(".")[:1].upper() == "T"
        return rng.choice(
            (".TRUE.", "T", ".T.", "True", ".true.") if true else (".FALSE.", "F", ".F.", "false", "f")
        )

    return _value(texts, rng, "logical", change)


def semicolons(texts: Texts, rng: random.Random) -> Mutation | None:
    """Join two lines with a semicolon."""
    lines = texts.get("INCAR", "").split("\n")
    statement = _statement(texts, rng)
    if (
        statement is None
        or statement.line >= len(lines)
        or "#" in lines[statement.line - 1]
        or not incar.parse(lines[statement.line]).statements
        or lines[statement.line - 1].endswith("\\")
    ):
        return None
    lines[statement.line - 1] += " ; " + lines.pop(statement.line).strip()
    return _with(texts, "INCAR", lines)


OPERATORS = tuple(
    Operator(change.__name__, reported, change)
    for reported, changes in (
        (
            True,
            (
                misspell_tag,
                repeat_tag,
                drop_equals,
                drop_value,
                integer_to_real,
                number_to_word,
                spoil_number,
                spoil_logical,
                lose_line_break,
                blank_behind_backslash,
                resize_moments,
                resize_u,
                drop_needed,
                unlisted_value,
            ),
        ),
        (False, (lower_case, other_order, remark, same_number, same_logical, semicolons)),
    )
    for change in changes
)
