"""Read numbers and logicals the way Fortran's list-directed input reads them.

VASP reads the values of its input files with list-directed reads: `1d-5` and `5.D-2` are numbers, `3*0.0`
repeats, a comma separates, `/` ends the list. Python's `float` agrees with none of this.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = [
    "Item",
    "items",
    "read_integer",
    "read_integers",
    "read_logical",
    "read_logicals",
    "read_real",
    "read_reals",
]

_T = TypeVar("_T")

_SEPARATED: Final = re.compile(r"[^\s,/]+|[,/]")
_REAL: Final = re.compile(
    r"(?P<sign>[+-]?)(?P<mantissa>\d+\.?\d*|\.\d+)(?:[eEdDqQ](?P<exp>[+-]?\d+)|(?P<bare>[+-]\d+))?\Z",
    re.ASCII,
)
_SPECIAL: Final = re.compile(r"[+-]?(?:inf(?:inity)?|nan(?:\(\w*\))?)\Z", re.IGNORECASE)
_INTEGER: Final = re.compile(r"[+-]?\d+\Z", re.ASCII)
_LOGICAL: Final = re.compile(
    r"(?:\.(?P<dotted>t(?:rue)?|f(?:alse)?)\.?|(?P<plain>t(?:rue)?|f(?:alse)?))\Z", re.IGNORECASE
)
_REPEAT: Final = re.compile(r"(\d+)\*(.*)\Z", re.DOTALL | re.ASCII)
_NOTHING: Final = re.compile(r"(?:\A|,)\s*,")  # an item that is empty
_PLAIN: Final = re.compile(r"[-+.0-9eE\s]+\Z")  # numbers that Python reads as Fortran does, or refuses
_INTEGER_LIMIT: Final = 2**31  # VASP's default integers have four bytes
_INFINITE: Final = float("inf")
_REMEMBERED: Final = 1000
_BRACKETS: Final = "([{<\uff08"  # they begin a remark behind the values
_REPEAT_LIMIT: Final = 10_000_000  # a typing error must not fill the memory


class Item(NamedTuple):
    """One item of a list: the text that stands for a value, how often, and where it begins."""

    text: str
    repeat: int
    offset: int


def items(text: str) -> Iterator[Item]:
    """Yield the items of a list-directed record up to its end or a `/`.

    Raises:
        ValueError: an item is empty (`1,,2` or `3*`), which would keep an earlier value in Fortran.
    """
    after_value = False
    for match in _SEPARATED.finditer(text):
        word, offset = match.group(), match.start()
        if word == "/":
            return
        if word == ",":
            if not after_value:
                raise ValueError("there is nothing before the comma")
            after_value = False
            continue
        after_value = True
        yield _item(word, offset)


def _item(word: str, offset: int) -> Item:
    repeated = _REPEAT.match(word)
    if repeated is None:
        return Item(word, 1, offset)
    count, rest = int(repeated[1][:20]), repeated[2]
    if count == 0:
        raise ValueError(f"{word!r} repeats a value zero times")
    if count > _REPEAT_LIMIT:
        raise ValueError(f"{word!r} repeats a value more than {_REPEAT_LIMIT} times")
    if not rest:
        raise ValueError(f"{word!r} has no value after the asterisk")
    return Item(rest, count, offset)


def _real(word: str) -> float:
    match = _REAL.match(word)
    if match is not None:
        exponent = match["exp"] or match["bare"] or "0"
        value = float(f"{match['sign']}{match['mantissa']}e{exponent}")
        if value in {float("inf"), float("-inf")}:
            raise ValueError(f"{word!r} is too large for a number")
        return value
    if _SPECIAL.match(word) is not None:
        raise ValueError(f"{word!r} is no finite number")
    raise ValueError(f"{word!r} is not a number")


def _integer(word: str) -> int:
    if _INTEGER.match(word) is None:
        raise ValueError(f"{word!r} is not a whole number")
    value = int(word[:20])
    if not -_INTEGER_LIMIT < value < _INTEGER_LIMIT:
        raise ValueError(f"{word!r} is too large for a whole number")
    return value


def _logical(word: str) -> bool:
    match = _LOGICAL.match(word)
    if match is None:
        raise ValueError(f"{word!r} is neither .TRUE. nor .FALSE.")
    return (match["dotted"] or match["plain"])[0] in "tT"


def _first(text: str, read: Callable[[str], _T]) -> _T:
    for item in items(text):
        return read(item.text)
    raise ValueError("there is no value")


def _plain_reals(text: str) -> tuple[float, ...] | None:
    """Return the numbers of a text without repetitions, commas and exponents in D; None for any other."""
    if _PLAIN.match(text) is None:
        return None
    try:
        values = tuple(map(float, text.split()))
    except ValueError:
        return None
    return values if values and min(values) > -_INFINITE and max(values) < _INFINITE else None


def _many(text: str, read: Callable[[str], _T]) -> tuple[_T, ...]:
    values: list[_T] = []
    if "/" in text or _NOTHING.search(text) is not None:
        for item in items(text):
            if not _take(values, item, read):
                break
    else:
        _take_words(values, text.replace(",", " "), read)
    if not values:
        raise ValueError("there is no value")
    return tuple(values)


def _take(values: list[_T], item: Item, read: Callable[[str], _T]) -> bool:
    """Add what an item stands for; say no at a unit or a remark behind the values, which stays unread."""
    if len(values) + item.repeat > _REPEAT_LIMIT:
        raise ValueError(f"there are more than {_REPEAT_LIMIT} values")
    try:
        value = read(item.text)
    except ValueError:
        if values and item.repeat == 1 and (item.text[0].isalpha() or item.text[0] in _BRACKETS):
            return False
        raise
    values.extend([value] * item.repeat)
    return True


def _take_words(values: list[_T], text: str, read: Callable[[str], _T]) -> None:
    """Add what the words of a text stand for; a long list holds few different ones."""
    seen: dict[str, list[_T]] = {}
    for word in text.split():
        known = seen.get(word)
        if known is not None and len(values) + len(known) <= _REPEAT_LIMIT:
            values.extend(known)
            continue
        before = len(values)
        if not _take(values, _item(word, 0), read):
            return
        if len(seen) < _REMEMBERED and len(values) - before <= _REMEMBERED:
            seen[word] = values[before:]


def read_real(text: str) -> float:
    """Return the first real number of `text`; what follows it is not looked at, as in `300 eV`.

    Stricter than Fortran, which reads NaN and Infinity as well: nobody means them.

    Raises:
        ValueError: the first item is no number.
    """
    return _first(text, _real)


def read_integer(text: str) -> int:
    """Return the first integer of `text`; `10.5` and `1e3` are none.

    Raises:
        ValueError: the first item is no integer of four bytes.
    """
    return _first(text, _integer)


def read_logical(text: str) -> bool:
    """Return the first logical of `text`: T, F, .T., .F., TRUE, .FALSE. and so on, in any case.

    Stricter than Fortran, which takes every word that begins with T or F: `.TURE.` is a typing error.

    Raises:
        ValueError: the first item is no logical.
    """
    return _first(text, _logical)


def read_reals(text: str) -> tuple[float, ...]:
    """Return all real numbers of `text`, repetitions such as `3*0.0` written out.

    Raises:
        ValueError: there is none, or an item is no number and no unit or remark behind the numbers.
    """
    plain = _plain_reals(text)
    return _many(text, _real) if plain is None else plain


def read_integers(text: str) -> tuple[int, ...]:
    """Return all integers of `text`, repetitions written out.

    Raises:
        ValueError: there is none, or an item is no integer and no remark behind them.
    """
    return _many(text, _integer)


def read_logicals(text: str) -> tuple[bool, ...]:
    """Return all logicals of `text`, repetitions written out.

    Raises:
        ValueError: there is none, or an item is no logical.
    """
    return _many(text, _logical)
