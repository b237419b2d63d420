"""Numbers are read as Fortran reads them, and refused with a sentence where it refuses them."""

from __future__ import annotations

import gzip
import json
import math
import re
from pathlib import Path
from typing import Any

import pytest

from crystalmath.vasp import fortran

ANSWERS = Path(__file__).parents[2] / "data/fortran/answers.json.gz"
READERS: dict[str, Any] = {
    "R": fortran.read_real, "r": fortran.read_reals, "I": fortran.read_integer, "i": fortran.read_integers,
    "L": fortran.read_logical,
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1d-5", 1e-5),
        ("5.D-2", 0.05),
        ("300 eV", 300.0),
        ("-.5", -0.5),
        ("1+5", 1e5),
        ("1E-6 ! tight", 1e-6),
        ("2*3", 3.0),
    ],
)
def test_a_real_is_read_as_fortran_reads_it(text: str, value: float) -> None:
    assert fortran.read_real(text) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "value"), [(".T.", True), ("F", False), (".true.", True), (".F", False), ("False", False)]
)
def test_a_logical_may_be_short_dotted_and_in_any_case(text: str, value: bool) -> None:
    assert fortran.read_logical(text) is value


def test_repetitions_are_written_out() -> None:
    assert fortran.read_reals("2*0.5 -1 3*0") == (0.5, 0.5, -1.0, 0.0, 0.0, 0.0)
    assert fortran.read_integers("3*2, 4") == (2, 2, 2, 4)
    assert fortran.read_logicals("2*.T. F") == (True, True, False)


def test_a_slash_ends_the_list() -> None:
    assert fortran.read_reals("1 2 / 3") == (1.0, 2.0)


def test_words_behind_the_numbers_are_left_alone_and_damaged_numbers_are_not() -> None:
    assert fortran.read_reals("0.5 0.5 direct") == (0.5, 0.5)
    with pytest.raises(ValueError, match="is not a number"):
        fortran.read_reals("0.5 0.5x")


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (fortran.read_integer, "10.5"), (fortran.read_integer, "1e3"), (fortran.read_integer, "99999999999"),
        (fortran.read_real, "500eV"), (fortran.read_real, "1_000"), (fortran.read_real, "1e999"),
        (fortran.read_logical, ".TURE."), (fortran.read_logical, "yes"), (fortran.read_real, ""),
        (fortran.read_reals, "1,,2"), (fortran.read_reals, "3*"), (fortran.read_reals, "0*1"),
        (fortran.read_reals, "99999999999*1"),
    ],
)  # fmt: skip
def test_what_is_no_such_value_is_refused_with_a_sentence(read: Any, text: str) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        read(text)


@pytest.mark.parametrize("remark", ["eV", "(of each species)", "[eV]", "<- U", "{a}"])
def test_a_remark_behind_the_values_is_not_read(remark: str) -> None:
    assert fortran.read_reals(f"4.0 2*0 {remark}") == (4.0, 0.0, 0.0)


def same(kind: str, ours: Any, theirs: list[str]) -> bool:
    """Compare our values with the words that the Fortran program printed."""
    values = ours if isinstance(ours, tuple) else (ours,)
    for value, word in zip(values, theirs, strict=False):
        if kind == "L":
            equal = value is (word == "T")
        elif kind in "Ii":
            equal = value == int(word)
        else:
            number = float(word)
            equal = math.isclose(value, number, rel_tol=1e-14) or (math.isnan(value) and math.isnan(number))
        if not equal:
            return False
    return True


def test_ten_thousand_answers_of_gfortran() -> None:
    """What we read, Fortran reads the same; what we refuse, it refuses, but for what is left out on purpose.

    On purpose refused: null values (`3*`, `,,`), misspelt logicals, numbers that overflow, and repetitions
    whose value is missing or whose count is zero.
    """
    rows = json.loads(gzip.decompress(ANSWERS.read_bytes()))
    assert len(rows) == 10_000
    wrong = []
    for kind, text, status, values in rows:
        try:
            ours = READERS[kind](text)
        except ValueError:
            if status == 0 and not deliberate(kind, text, values):
                wrong.append((kind, text, "refused", values))
            continue
        if kind.islower() and len(ours) < 3:
            continue  # we read as many as there are, the program asks for three
        if status != 0 or not same(kind, ours[:3] if kind.islower() else ours, values):
            wrong.append((kind, text, ours, (status, values)))
    assert not wrong, wrong[:10]


def deliberate(kind: str, text: str, values: list[str]) -> bool:
    """Say whether the text is one that we refuse on purpose."""
    if any("Infinity" in value or "NaN" in value for value in values) or ".*" in text:
        return True  # an overflow or no number; and a quirk of gfortran, which takes `.*6` for 6
    if kind == "L":
        return True  # Fortran takes every word that begins with T or F
    return bool(re.search(r"(^|[\s,])(\d*\*([\s,]|$)|0\*)|,\s*,|^\s*,|^\s*/", text)) or kind.islower()
