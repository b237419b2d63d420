"""The INCAR as VASP sees it: typed values, and constant defaults where the file says nothing."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar, cast

from crystalmath.vasp import fortran, tags

if TYPE_CHECKING:
    from collections.abc import Callable

    from crystalmath.vasp.incar import Incar, Statement
    from crystalmath.vasp.tags import Tag

__all__ = ["DERIVED", "Parameters"]

# The tags from which the derived values below follow.
DERIVED: Final[dict[str, tuple[str, ...]]] = {
    "nsw": ("NSW",), "ibrion": ("IBRION", "NSW"), "relaxes": ("IBRION", "NSW"), "dynamics": ("IBRION", "NSW"),
    "isif": ("ISIF", "IBRION", "NSW", "LHFCALC"), "noncollinear": ("LSORBIT", "LNONCOLLINEAR"),
    "spin_polarised": ("ISPIN", "LSORBIT", "LNONCOLLINEAR"), "hybrid": ("LHFCALC",),
    "metagga": ("METAGGA",), "algorithm": ("ALGO", "IALGO"), "beyond_dft": ("ALGO", "IALGO"),
}  # fmt: skip

_T = TypeVar("_T")


class _Unreadable(NamedTuple):
    """Why a value cannot be read."""

    reason: str


class Parameters:
    """Typed access to an INCAR; a value that cannot be read counts as not given (a rule reports it).

    Each value is read once, however many rules ask for it.
    """

    def __init__(self, incar: Incar) -> None:
        self.incar = incar
        self.statements = incar.effective
        self._read_before: dict[tuple[str, object], object] = {}

    def statement(self, tag: str) -> Statement | None:
        """Return the statement that counts for a tag."""
        return self.statements.get(tag)

    def has(self, *names: str) -> bool:
        """Say whether any of the tags is given."""
        return any(name in self.statements for name in names)

    @cached_property
    def known(self) -> tuple[tuple[Statement, Tag], ...]:
        """The statements that count of documented tags, with what is known about the tag."""
        pairs = ((statement, tags.find(statement.tag)) for statement in self.statements.values())
        return tuple((statement, tag) for statement, tag in pairs if tag is not None)

    def keep(self, before: Parameters, changed: set[str]) -> None:
        """Take over what was read of the tags that have not changed since."""
        for key, value in before._read_before.items():
            if key[0] not in changed:
                self._read_before[key] = value

    def _look(self, tag: str, read: Callable[[str], object]) -> object:
        key = (tag, read)
        found = self._read_before.get(key, key)
        if found is key:
            try:
                found = read(self.statements[tag].value)
            except ValueError as error:
                found = _Unreadable(str(error))
            self._read_before[key] = found
        return found

    def _read(self, tag: str, read: Callable[[str], _T]) -> _T | None:
        if tag not in self.statements:
            return None
        found = self._look(tag, read)
        return None if isinstance(found, _Unreadable) else cast("_T", found)

    def fault(self, tag: str, kind: str, *, several: bool) -> str | None:
        """Return why a given tag cannot be read as a type (integer, real, logical), None when it can."""
        found = self._look(tag, _READERS[kind, several])
        return found.reason if isinstance(found, _Unreadable) else None

    def integer(self, tag: str) -> int | None:
        """Return the integer that the file gives."""
        return self._read(tag, fortran.read_integer)

    def real(self, tag: str) -> float | None:
        """Return the number that the file gives."""
        return self._read(tag, fortran.read_real)

    def logical(self, tag: str) -> bool | None:
        """Return the logical that the file gives."""
        return self._read(tag, read_vasp_logical)

    def word(self, tag: str) -> str | None:
        """Return the first word that the file gives, in upper case."""
        return self._read(tag, _first_word)

    def reals(self, tag: str) -> tuple[float, ...] | None:
        """Return the numbers that the file gives."""
        return self._read(tag, fortran.read_reals)

    def integers(self, tag: str) -> tuple[int, ...] | None:
        """Return the integers that the file gives."""
        return self._read(tag, fortran.read_integers)

    def on(self, tag: str) -> bool:
        """Return the logical that VASP uses: that of the file, else the constant default."""
        value = self.logical(tag)
        if value is not None:
            return value
        known = tags.find(tag)
        return known is not None and (known.default or "").upper().startswith((".T", "T"))

    # What VASP derives from several tags

    @cached_property
    def nsw(self) -> int:
        """The number of ionic steps."""
        return self.integer("NSW") or 0

    @cached_property
    def ibrion(self) -> int:
        """The ionic algorithm: -1 without steps, 0 (molecular dynamics) with steps, where nothing is said."""
        given = self.integer("IBRION")
        if given is not None:
            return given
        return -1 if self.nsw in {0, -1} else 0

    @cached_property
    def relaxes(self) -> bool:
        """Whether ions or cell are relaxed."""
        return self.nsw > 0 and self.ibrion in {1, 2, 3}

    @cached_property
    def dynamics(self) -> bool:
        """Whether molecular dynamics is run."""
        return self.nsw > 0 and self.ibrion == 0

    @cached_property
    def isif(self) -> int:
        """What moves and what stress is computed."""
        given = self.integer("ISIF")
        if given is not None:
            return given
        return 0 if self.dynamics or self.on("LHFCALC") else 2

    @cached_property
    def noncollinear(self) -> bool:
        """Whether spinors are used; LSORBIT switches them on."""
        return self.on("LSORBIT") or self.on("LNONCOLLINEAR")

    @cached_property
    def spin_polarised(self) -> bool:
        """Whether spins are polarised collinearly."""
        return self.integer("ISPIN") == 2 and not self.noncollinear

    @cached_property
    def hybrid(self) -> bool:
        """Whether exact exchange is on."""
        return self.on("LHFCALC")

    @cached_property
    def metagga(self) -> str | None:
        """The meta-GGA in use."""
        word = self.word("METAGGA")
        return None if word in {None, "NONE", "--"} else word

    @cached_property
    def algorithm(self) -> str:
        """The electronic algorithm as one of normal, veryfast, fast, all, damped, … from ALGO or IALGO."""
        word = self.word("ALGO")
        if word is None:
            ialgo = self.integer("IALGO")
            return "normal" if ialgo is None else _IALGO.get(ialgo, f"ialgo {ialgo}")
        return _ALGO.get(word) or _ALGO_LETTER.get(word[0], word.lower())

    @cached_property
    def beyond_dft(self) -> bool:
        """Whether GW, RPA, BSE or a relative is run."""
        return self.algorithm == "beyond"


_IALGO = {38: "normal", 48: "veryfast", 46: "veryfast", 44: "veryfast", 58: "all", 53: "damped", 54: "damped",
          -1: "none", 2: "none", 3: "exact", 4: "exact", 90: "exact", 68: "fast"}  # fmt: skip
_BEYOND = frozenset(
    """ACFDT ACFDTK ACFDTR ACFDTRK BSE CC4S CHI CRPA CRPAR EVGW EVGW0 EVGW0R EVGWR G0W0 G0W0R GW GW0 GW0R
    GWR GWRK MP2 QPGW QPGW0 QPGW0R QPGWR RPA RPAR RPARK SCGW SCGWR SCGW0 SCGW0R SOSEX TDHF
    TIMEEV 2E4W 2E4WA""".split()  # noqa: SIM905  # quotes hide the words
)
_ALGO = {
    **dict.fromkeys(_BEYOND, "beyond"),
    "EXACT": "exact",
    "NONE": "none",
    "NOTHING": "none",
    "EIGENVAL": "none",
    "SUBROT": "subrot",
}
_ALGO_LETTER = {
    "N": "normal",
    "V": "veryfast",
    "F": "fast",
    "C": "all",
    "A": "all",
    "D": "damped",
    "S": "subrot",
}


def read_vasp_logical(text: str) -> bool:
    """Return the logical that VASP reads, which takes every word that begins with T or F, a dot or not."""
    word = (text.split(None, 1) or [""])[0].removeprefix(".")[:1].upper()
    if word not in {"T", "F"}:
        raise ValueError(f"{text!r} is neither .TRUE. nor .FALSE.")
    return word == "T"


def _first_word(text: str) -> str | None:
    words = text.split(None, 1)
    return words[0].upper() if words else None


_READERS: Final[dict[tuple[str, bool], Callable[[str], object]]] = {
    ("integer", False): fortran.read_integer,
    ("integer", True): fortran.read_integers,
    ("real", False): fortran.read_real,
    ("real", True): fortran.read_reals,
    ("logical", False): read_vasp_logical,
    ("logical", True): read_vasp_logical,
}
