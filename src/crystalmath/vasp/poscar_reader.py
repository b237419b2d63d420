"""Read a POSCAR line by line and note what VASP would stumble over."""

from __future__ import annotations

import math
import re
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

from crystalmath.vasp import fortran
from crystalmath.vasp.source import Problem, Severity, Source, counted

if TYPE_CHECKING:
    from crystalmath.vasp.lattice import Matrix, Vector

__all__ = ["Reader", "element", "leading_reals", "regular_row"]

_WORD: Final = re.compile(r"\S+")
_FLAG: Final = re.compile(r"\.?([tf])[a-z]*\.?\Z", re.IGNORECASE)
_ELEMENT: Final = re.compile(r"[A-Z][a-z]?")
_ZERO: Final = ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
_MOST_IONS: Final = 10_000_000  # a typing error in a count must not fill the memory
_HUGE: Final = 1e10  # no length in ångström and no fraction; larger numbers overflow in what follows
_MANY: Final = 20  # position problems after which the rest is only counted


class _UnreadableError(Exception):
    """The rest of the file cannot be placed any more."""


def element(name: str) -> str:
    """Return the element of a species name: `Fe` of `Fe_pv`, `Fe/` and `Fe/1a2b3c`."""
    return re.split(r"[_/.]", name, maxsplit=1)[0]


def leading_reals(line: str, most: int = 3) -> tuple[float, ...]:
    """Return the numbers at the beginning of a line, at most so many."""
    values: list[float] = []
    for word in line.split():
        if "/" in word:
            break  # a slash ends the reading: 1/2 is no fraction
        try:
            values += fortran.read_reals(word)
        except ValueError:
            break
        if len(values) >= most:
            break
    return tuple(takewhile(lambda value: abs(value) < _HUGE, values[:most]))


class Reader:
    """One pass over the lines; `fields` are those of `Poscar`."""

    def __init__(self, source: Source) -> None:
        self.lines = source.lines
        self.at = 0
        self.problems: list[Problem] = []
        self.fields: dict[str, Any] = {
            "source": source, "comment": "", "scale": (1.0,), "vectors": _ZERO, "names": None, "counts": (),
            "mode": "", "cartesian": False, "positions": [], "selective": None, "lattice_velocities": None,
            "velocities": None, "velocities_direct": False, "names_line": 0, "counts_line": 0,
            "selective_line": 0, "mode_line": 0, "position_lines": range(0), "end_line": 0,
        }  # fmt: skip

    def read(self) -> dict[str, Any]:
        """Read the whole file."""
        try:
            self._header()
            self._positions()
            self._tail()
        except _UnreadableError:
            pass
        return {**self.fields, "problems": tuple(self.problems)}

    # -- small steps

    def _problem(
        self,
        code: str,
        message: str,
        *,
        word: int | None = None,
        line: int | None = None,
        severity: Severity = "error",
    ) -> None:
        number = self.at if line is None else line
        text = self.lines[number] if number < len(self.lines) else ""
        start, end = len(text) - len(text.lstrip()), len(text.rstrip())
        if word is not None:
            words = list(_WORD.finditer(text))
            if word < len(words):
                start, end = words[word].span()
        last = min(number, max(len(self.lines) - 1, 0))
        self.problems.append(Problem(last + 1, start + 1, message, code, max(end, start + 1) + 1, severity))

    def _stop(self, code: str, message: str, *, word: int | None = None) -> _UnreadableError:
        self._problem(code, message, word=word)
        return _UnreadableError()

    def _next(self, wanted: str) -> str:
        if self.at >= len(self.lines) or (self.at == len(self.lines) - 1 and not self.lines[self.at].strip()):
            raise self._stop("poscar-ends-early", f"the file ends where {wanted} should stand")
        return self.lines[self.at]

    # -- header---

    def _header(self) -> None:
        if not any(self.lines):
            raise self._stop("poscar-ends-early", "the file is empty")
        self.fields["comment"] = self.lines[0].strip()
        self.at = 1
        self._scale()
        self._vectors()
        self._species()
        self._counts()
        line = self._next("the coordinate mode")
        if line.lstrip()[:1] in {"S", "s"}:
            self.fields["selective_line"] = self.at + 1
            self.at += 1
            line = self._next("the coordinate mode")
        self.fields["mode"] = line.strip()
        self.fields["mode_line"] = self.at + 1
        self.fields["cartesian"] = line.lstrip()[:1] in {"C", "c", "K", "k"}
        if leading_reals(line) and len(leading_reals(line)) == 3:
            raise self._stop(
                "mode-missing",
                "the line Direct or Cartesian is missing: VASP reads this position as the mode",
            )
        self.at += 1

    def _scale(self) -> None:
        line = self._next("the scale factor")
        values = leading_reals(line, 4)
        if len(values) not in {1, 3}:
            what = "no number" if not values else f"{len(values)} numbers"
            raise self._stop("scale", f"one or three scale factors belong here, {what} found")
        if len(values) == 3 and min(values) <= 0:
            lost = len(leading_reals(self.lines[0], 2)) == 1
            hint = "; is the first line, the comment, missing?" if lost else ""
            raise self._stop("scale", f"three scale factors must all be positive{hint}")
        if values[0] == 0:
            raise self._stop("scale", "a scale factor of zero leaves no cell")
        self.fields["scale"] = values
        self.at += 1

    def _vectors(self) -> None:
        rows: list[Vector] = []
        for name in "abc":
            line = self._next(f"lattice vector {name}")
            values = leading_reals(line)
            if len(values) < 3:
                raise self._stop(
                    "lattice-vector",
                    f"lattice vector {name} needs three numbers, {len(values)} found",
                    word=len(values),
                )
            rows.append((values[0], values[1], values[2]))
            self.at += 1
        vectors: Matrix = (rows[0], rows[1], rows[2])
        self.fields["vectors"] = vectors

    def _species(self) -> None:
        line = self._next("the species or their counts")
        first = line.split()
        if not first:
            raise self._stop("species", "the species or their counts should stand here, the line is empty")
        if first[0][0].isdigit() or first[0][0] in "+-":
            return
        names: list[str] = []
        self.fields["names_line"] = self.at + 1
        while True:
            words = self._next("the counts of the species").split()
            if names and (not words or words[0][0].isdigit() or words[0][0] in "+-"):
                break
            for word in words:
                if word[0] in "!#":
                    break
                names.append(word)
            self.at += 1
        self.fields["names"] = tuple(names)

    def _counts(self) -> None:
        counts: list[int] = []
        names = self.fields["names"]
        self.fields["counts_line"] = self.at + 1
        while True:
            words = self._next("the counts of the species").split()
            row = self._count_row(words)
            if not row:
                break
            counts += row
            self.at += 1
            if names is None or len(counts) >= len(names) or len(row) < len(words):
                break
        if not counts:
            raise self._stop("counts", "the number of ions of each species should stand here", word=0)
        self.fields["counts"] = tuple(counts)
        line = self.fields["counts_line"] - 1
        if names is not None and len(counts) != len(names):
            self._problem(
                "species-count", f"{len(names)} species but {counted(len(counts), 'count')}", line=line
            )
            raise _UnreadableError
        if sum(counts) > _MOST_IONS:
            self._problem("counts", f"{sum(counts)} ions are more than any computer takes", line=line)
            raise _UnreadableError

    def _count_row(self, words: list[str]) -> list[int]:
        row: list[int] = []
        for index, word in enumerate(words):
            try:
                value = fortran.read_integer(word)
            except ValueError:
                if word[0] in "!#" or (row and word[0] in "([{") or not any(ch.isdigit() for ch in word):
                    break
                raise self._stop("counts", f"{word!r} is not a whole number of ions", word=index) from None
            if value < 0 or (value == 0 and len(words) == 1):
                raise self._stop("counts", f"{value} ions of a species", word=index)
            row.append(value)
        return row

    # -- positions

    def _positions(self) -> None:
        wanted, selective = sum(self.fields["counts"]), bool(self.fields["selective_line"])
        if self._fast(self.lines[self.at : self.at + wanted], wanted, selective):
            self.fields["position_lines"] = range(self.at + 1, self.at + 1 + wanted)
            self.at += wanted
        else:
            self._slow(wanted, selective)
        self.fields["end_line"] = self.at

    def _fast(self, lines: list[str], wanted: int, selective: bool) -> bool:
        """Read regular lines at once; anything odd is left to the slow way."""
        words = [word for line in lines for word in line.split(None, 3)[:3]]
        if len(lines) < wanted or len(words) < 3 * wanted:
            return False
        try:
            flat = list(map(float, words))
        except ValueError:
            return False
        # Python reads `1_000`, which Fortran does not
        if not math.isfinite(sum(flat)) or any("_" in line for line in lines):
            return False
        if flat and (min(flat) <= -_HUGE or max(flat) >= _HUGE):
            return False
        if selective:
            flags = _flags([line.split(None, 6) for line in lines])
            if flags is None:
                return False
            self.fields["selective"] = tuple(flags)
        self.fields["positions"] = flat
        return True

    def _slow(self, wanted: int, selective: bool) -> None:
        flat: list[float] = []
        flags: list[tuple[bool, bool, bool]] = []
        numbers: list[int] = []
        faults, blanks = 0, []
        while len(numbers) < wanted and self.at < len(self.lines):
            if not self.lines[self.at].strip():
                blanks.append(self.at)  # list-directed reading skips empty lines
            else:
                faults += not self._position(flat, flags if selective else None, quiet=faults >= _MANY)
                numbers.append(self.at + 1)
            self.at += 1
        inner = [line for line in blanks if numbers and line < numbers[-1]]
        if len(numbers) < wanted:
            self._short(wanted, len(numbers))
        if inner:
            self._blank_inside(inner[0], wanted, numbers)
        if faults:
            raise _UnreadableError
        self.fields |= {"positions": flat, "position_lines": numbers}
        if selective:
            self.fields["selective"] = tuple(flags)

    def _short(self, wanted: int, found: int) -> None:
        line = self.fields["counts_line"] - 1
        follow = "follows" if found == 1 else "follow"
        self._problem(
            "too-few-positions",
            f"the counts announce {counted(wanted, 'ion')}, {counted(found, 'position')} {follow}",
            line=line,
        )
        raise _UnreadableError

    def _blank_inside(self, line: int, wanted: int, numbers: list[int]) -> None:
        before = sum(number <= line for number in numbers)
        rest = any(text.strip() for text in self.lines[self.at :])
        if rest:
            self._problem(
                "too-few-positions",
                f"only {before} of {wanted} positions stand before this empty line, which VASP skips: "
                "it reads what follows as positions",
                line=line,
            )
            raise _UnreadableError
        self._problem(
            "blank-line", "an empty line among the positions, which VASP skips", line=line, severity="warning"
        )

    def _position(
        self, flat: list[float], flags: list[tuple[bool, bool, bool]] | None, *, quiet: bool
    ) -> bool:
        line = self.lines[self.at]
        words = line.split()
        values = leading_reals(line)
        if len(values) < 3:
            if not quiet:
                rest = words[len(values) : len(values) + 1]
                hint = f"; write {rest[0]} as a decimal number" if rest and "/" in rest[0] else ""
                message = f"a position needs three numbers, {len(values)} found{hint}"
                self._problem("position", message, word=len(values))
            return False
        flat.extend(values)
        if flags is None:
            return True
        found = [_FLAG.match(word) for word in words[3:6]]
        bad = next((index for index, match in enumerate(found) if match is None), len(found))
        if bad < 3:
            if not quiet:
                self._problem(
                    "selective-flags", "three flags T or F belong behind the position", word=3 + bad
                )
            return False
        one, two, three = (match is not None and match[1] in "tT" for match in found)
        flags.append((one, two, three))
        return True

    # -- what follows

    def _tail(self) -> None:
        lines = self.lines
        if self.at >= len(lines):
            return
        if lines[self.at].lstrip()[:1] in {"L", "l"}:
            self._lattice_velocities()
        if self.at >= len(lines) - 1 or not any(line.strip() for line in lines[self.at + 1 : self.at + 2]):
            return
        head = lines[self.at].strip()
        if len(leading_reals(head)) == 3:
            return  # one position too many; a rule says so
        rows = [leading_reals(line) for line in lines[self.at + 1 : self.at + 1 + sum(self.fields["counts"])]]
        complete = [(row[0], row[1], row[2]) for row in rows if len(row) == 3]
        wanted = sum(self.fields["counts"])
        if 0 < len(complete) < wanted:
            message = f"{len(complete)} of {wanted} velocities can be read: VASP drops them all"
            self._problem("velocities", message, severity="warning")
        elif complete:
            self.fields["velocities"] = tuple(complete)
            self.fields["velocities_direct"] = head[:1] in {"D", "d"}
            self.at += 1 + len(complete)
            self.fields["end_line"] = self.at

    def _lattice_velocities(self) -> None:
        rows = [leading_reals(line) for line in self.lines[self.at + 2 : self.at + 8]]
        if len(rows) < 6 or any(len(row) < 3 for row in rows):
            self._problem(
                "lattice-velocities",
                "the lattice velocities need a line with 1 and six lines of three numbers",
                severity="warning",
            )
            self.at = len(self.lines)
            return
        self.fields["lattice_velocities"] = tuple((row[0], row[1], row[2]) for row in rows)
        self.at += 8
        self.fields["end_line"] = self.at


def _flags(rows: list[list[str]]) -> list[tuple[bool, bool, bool]] | None:
    """Read the flags of regular lines, None when one is odd."""
    known = {"T": True, "F": False}
    try:
        return [(known[row[3]], known[row[4]], known[row[5]]) for row in rows]
    except (KeyError, IndexError):
        return None


def regular_row(
    words: list[str], *, selective: bool
) -> tuple[tuple[float, float, float], tuple[bool, bool, bool] | None] | None:
    """Read the words of one regular position line; None when it is odd."""
    if len(words) < (6 if selective else 3) or any("_" in word for word in words[:3]):
        return None
    try:
        x, y, z = map(float, words[:3])
    except ValueError:
        return None
    if not math.isfinite(x + y + z) or max(abs(x), abs(y), abs(z)) >= _HUGE:
        return None
    flags = _flags([words]) if selective else None
    if selective and flags is None:
        return None
    return (x, y, z), flags[0] if flags else None
