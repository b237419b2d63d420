"""KPOINTS: text to mesh, list of points or path, every reading fault with its place.

The modes, as VASP tells them apart: the second line holds the number of points. When it is zero, the first
letter of the third line decides: A (automatic length), G (Gamma-centred mesh), M (Monkhorst-Pack mesh),
anything else a generalised mesh in Cartesian (C, K) or reciprocal coordinates. When it is not zero, a
third line beginning with L makes it a path, else the points follow with their weights and perhaps tetrahedra.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from crystalmath.vasp import fortran
from crystalmath.vasp.lattice import determinant
from crystalmath.vasp.source import Problem, Severity, Source

if TYPE_CHECKING:
    from crystalmath.vasp.lattice import Matrix, Vector

__all__ = ["Kpoints", "KpointsMode", "PathPoint", "parse"]

KpointsMode = Literal["gamma", "monkhorst", "auto", "generalised", "explicit", "line", "unknown"]
_MOST_POINTS: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class PathPoint:
    """An end of a path segment, in the coordinates of the file."""

    point: Vector
    label: str
    line: int


@dataclass(frozen=True)
class Kpoints:
    """What a KPOINTS says; when there are `problems`, the fields hold what could be read before the first.

    `mesh` are the subdivisions of modes gamma and monkhorst, `shift` moves the mesh (in subdivisions),
    `length` belongs to mode auto, `basis` (3 x 3) to generalised meshes. `points` with `weights` (not
    normalised) are those of mode explicit, in Cartesian coordinates (units of 2 pi over the scale factor)
    when `cartesian`, else in reciprocal ones. Mode line has `points_per_segment` (one number or one per
    segment) and `path`, of which each two make a segment.
    """

    source: Source
    problems: tuple[Problem, ...]
    comment: str
    mode: KpointsMode
    mode_line: int
    mode_word: str
    count: int
    mesh: tuple[int, int, int] | None
    mesh_line: int
    shift: Vector | None
    length: float | None
    basis: tuple[Vector, ...] | None
    cartesian: bool
    points: tuple[Vector, ...]
    weights: tuple[float, ...]
    point_lines: tuple[int, ...]
    points_per_segment: tuple[int, ...]
    path: tuple[PathPoint, ...]
    tetrahedra: int
    end_line: int

    @property
    def text(self) -> str:
        """The text that was parsed."""
        return self.source.text

    @property
    def segments(self) -> tuple[tuple[PathPoint, PathPoint], ...]:
        """The segments of a path, start and end."""
        return tuple(zip(self.path[0::2], self.path[1::2], strict=False))

    @property
    def gamma_centred(self) -> bool | None:
        """Whether the mesh holds the Gamma point; None for modes without a mesh."""
        if self.mesh is None:
            return None
        shift = self.shift or (0.0, 0.0, 0.0)
        if self.mode == "gamma":
            return all(abs(s - round(s)) < 1e-6 for s in shift)
        return all(
            abs(s + (0.5 if n % 2 == 0 else 0.0) - round(s + (0.5 if n % 2 == 0 else 0.0))) < 1e-6
            for s, n in zip(shift, self.mesh, strict=True)
        )


def parse(text: str) -> Kpoints:
    """Parse a KPOINTS; never raises, what is wrong is in `problems`."""
    return Kpoints(**_Reader(Source(text)).read())


class _UnreadableError(Exception):
    """The rest of the file cannot be placed any more."""


class _Reader:
    def __init__(self, source: Source) -> None:
        self.lines = source.lines
        self.at = 0
        self.problems: list[Problem] = []
        self.fields: dict[str, Any] = {
            "source": source, "comment": "", "mode": "unknown", "mode_line": 0, "mode_word": "", "count": 0,
            "mesh": None, "mesh_line": 0, "shift": None, "length": None, "basis": None, "cartesian": False,
            "points": (), "weights": (), "point_lines": (), "points_per_segment": (), "path": (),
            "tetrahedra": 0, "end_line": 0,
        }  # fmt: skip

    def read(self) -> dict[str, Any]:
        with suppress(_UnreadableError):
            self._read()
        return {**self.fields, "end_line": self.at, "problems": tuple(self.problems)}

    def _problem(
        self, code: str, message: str, *, severity: Severity = "error", word: int | None = None
    ) -> None:
        number = min(self.at, len(self.lines) - 1)
        text = self.lines[number]
        start, end = len(text) - len(text.lstrip()), len(text.rstrip())
        words = text.split()
        if word is not None and word < len(words):
            start = _offset(text, word)
            end = start + len(words[word])
        self.problems.append(Problem(number + 1, start + 1, message, code, max(end, start + 1) + 1, severity))

    def _stop(self, code: str, message: str, *, word: int | None = None) -> _UnreadableError:
        self._problem(code, message, word=word)
        return _UnreadableError()

    def _next(self, wanted: str) -> str:
        if self.at >= len(self.lines) or (self.at == len(self.lines) - 1 and not self.lines[self.at].strip()):
            raise self._stop("kpoints-ends-early", f"the file ends where {wanted} should stand")
        line = self.lines[self.at]
        self.at += 1
        return line

    def _numbers(self, line: str, wanted: int, what: str) -> tuple[float, ...]:
        values: list[float] = []
        hint = ""
        for word in line.split():
            if "/" in word:
                hint = f"; write {word} as a decimal number"
                break
            try:
                values += fortran.read_reals(word)
            except ValueError:
                break
            if len(values) >= wanted:
                return tuple(values[:wanted])
        self.at -= 1
        message = f"{what} needs {wanted} numbers, {len(values)} found{hint}"
        raise self._stop("kpoints-numbers", message, word=len(values))

    def _read(self) -> None:
        self.fields["comment"] = self._next("the comment").strip()
        counts = self._counts()
        line = self._next("the mode")
        self.fields |= {"mode_line": self.at, "mode_word": line.strip()}
        letter = line.lstrip()[:1].upper()
        if counts[0] <= 0:
            self._automatic(letter)
        elif letter == "L":
            self._path(counts)
        else:
            self._explicit(counts[0], letter)

    def _counts(self) -> tuple[int, ...]:
        line = self._next("the number of points")
        values: list[int] = []
        for index, word in enumerate(line.split()):
            try:
                values += fortran.read_integers(word)
            except ValueError:
                if index:
                    break
                self.at -= 1
                lost = _is_number(self.fields["comment"].split()[0]) if self.fields["comment"] else False
                hint = "; is the first line, the comment, missing?" if lost else ""
                raise self._stop(
                    "kpoints-count", f"{word!r} is not a whole number of points{hint}", word=0
                ) from None
        if not values:
            self.at -= 1
            raise self._stop("kpoints-count", "the number of points should stand here, 0 for a mesh")
        if values[0] > _MOST_POINTS:
            self.at -= 1
            raise self._stop("kpoints-count", f"{values[0]} points", word=0)
        self.fields["count"] = values[0]
        return tuple(values)

    def _automatic(self, letter: str) -> None:
        if letter == "A":
            self.fields["mode"] = "auto"
            self.fields["length"] = self._numbers(self._next("the length"), 1, "mode Auto")[0]
            if self.fields["length"] <= 0:
                self.at -= 1
                raise self._stop("kpoints-mesh", "the length must be positive")
        elif letter in {"G", "M"}:
            self._mesh("gamma" if letter == "G" else "monkhorst")
        elif letter == "L":
            self.at = 1
            raise self._stop("kpoints-count", "Line-mode needs the number of points per segment here", word=0)
        elif letter and not _is_number(letter):
            self._generalised(letter)
        else:
            self.at -= 1
            raise self._stop("kpoints-mode", "the mode should stand here: Gamma, Monkhorst-Pack or Auto")

    def _mesh(self, mode: KpointsMode) -> None:
        self.fields["mode"] = mode
        line = self._next("the mesh")
        self.fields["mesh_line"] = self.at
        values: list[int] = []
        for word in line.split():
            try:
                values += fortran.read_integers(word)
            except ValueError as error:
                if len(values) < 3:
                    self.at -= 1
                    raise self._stop("kpoints-mesh", f"the mesh needs three whole numbers: {error}") from None
            if len(values) >= 3:
                break
        if len(values) < 3:
            self.at -= 1
            raise self._stop("kpoints-mesh", f"the mesh needs three whole numbers, {len(values)} found")
        if min(values) < 1:
            self.at -= 1
            raise self._stop("kpoints-mesh", "the mesh needs at least one subdivision along each vector")
        self.fields["mesh"] = (values[0], values[1], values[2])
        self._shift()

    def _shift(self) -> None:
        if self.at < len(self.lines) and self.lines[self.at].strip():
            if not _is_number(self.lines[self.at].split()[0]):
                raise self._stop(
                    "kpoints-shift", "the shift of the mesh is three numbers, this is text", word=0
                )
            shift = self._numbers(self._next("the shift"), 3, "the shift of the mesh")
            self.fields["shift"] = (shift[0], shift[1], shift[2])

    def _generalised(self, letter: str) -> None:
        self.fields |= {"mode": "generalised", "cartesian": letter in "CK"}
        whose = f"of the generalised mesh ({self.fields['mode_word'][:20]})"
        names = [f"basis vector {i} {whose}" for i in (1, 2, 3)]
        a, b, c = (self._numbers(self._next(name), 3, name) for name in names)
        basis: Matrix = ((a[0], a[1], a[2]), (b[0], b[1], b[2]), (c[0], c[1], c[2]))
        if determinant(basis) == 0:
            self.at -= 1
            raise self._stop("kpoints-mesh", f"the three vectors {whose} lie in a plane")
        self.fields["basis"] = basis
        self._shift()

    def _path(self, counts: tuple[int, ...]) -> None:
        self.fields |= {"mode": "line", "points_per_segment": counts}
        kind = self._next("the kind of coordinates")
        if kind.strip() and _is_number(kind.split()[0]):
            self.at -= 1
            raise self._stop("kpoints-mode", "the line Reciprocal or Cartesian is missing before the points")
        self.fields["cartesian"] = kind.lstrip()[:1].upper() in {"C", "K"}
        path: list[PathPoint] = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            self.at += 1
            if not line.strip():
                continue
            if path and len(path) % 2 == 0 and not _is_number(line.split()[0]):
                break  # remarks behind the path, which VASP does not reach
            x, y, z = self._numbers(line, 3, "a point of the path")
            path.append(PathPoint((x, y, z), _label(line), self.at))
        self.fields["path"] = tuple(path)
        if len(path) < 2:
            self.at = min(self.at, len(self.lines)) - 1
            raise self._stop("kpoints-path", "a path needs at least two points")
        if len(path) % 2:
            self.at = path[-1].line - 1
            raise self._stop(
                "kpoints-path",
                f"{len(path)} points: each segment needs a start and an end, the last has no end",
            )

    def _explicit(self, count: int, letter: str) -> None:
        self.fields |= {"mode": "explicit", "cartesian": letter in {"C", "K"}}
        if letter in {"G", "M"} and self.at < len(self.lines) and len(self.lines[self.at].split()) == 3:
            self.at = 1
            raise self._stop(
                "kpoints-count", f"a mesh needs 0 here; {count} announces a list of points", word=0
            )
        points: list[Vector] = []
        weights: list[float] = []
        lines: list[int] = []
        while len(points) < count:
            if self.at >= len(self.lines) or not any(line.strip() for line in self.lines[self.at :]):
                self.at = 1
                raise self._stop("kpoints-count", f"{count} points announced, {len(points)} follow", word=0)
            line = self._next("a point")
            if not line.strip():
                continue
            if line.lstrip()[:1] in {"T", "t"}:
                self.at = 1
                raise self._stop("kpoints-count", f"{count} points announced, {len(points)} follow", word=0)
            x, y, z, weight = self._numbers(line, 4, "a point with its weight")
            points.append((x, y, z))
            weights.append(weight)
            lines.append(self.at)
        self.fields |= {"points": tuple(points), "weights": tuple(weights), "point_lines": tuple(lines)}
        self._tetrahedra(count)

    def _tetrahedra(self, count: int) -> None:
        if self.at >= len(self.lines) or self.lines[self.at].lstrip()[:1] not in {"T", "t"}:
            return
        self.at += 1
        number, _ = self._numbers(self._next("the number of tetrahedra"), 2, "the tetrahedra")
        for _ in range(min(int(number), _MOST_POINTS)):
            corners = self._numbers(self._next("a tetrahedron"), 5, "a tetrahedron")
            if not all(1 <= corner <= count for corner in corners[1:]):
                self.at -= 1
                raise self._stop("kpoints-tetrahedra", f"corners are numbers of points, from 1 to {count}")
        self.fields["tetrahedra"] = int(number)


def _is_number(word: str) -> bool:
    try:
        fortran.read_real(word)
    except ValueError:
        return False
    return True


def _offset(line: str, word: int) -> int:
    at = 0
    for index, text in enumerate(line.split()):
        at = line.index(text, at)
        if index == word:
            return at
        at += len(text)
    return 0


def _label(line: str) -> str:
    rest = line.split(maxsplit=3)[3:]
    return rest[0].strip().lstrip("!# ").strip() if rest else ""
