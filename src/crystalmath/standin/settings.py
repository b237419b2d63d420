"""The INCAR of a run, read as VASP reads it, with VASP's defaults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crystalmath.standin.properties import properties
from crystalmath.standin.stop import Refusal
from crystalmath.vasp import fortran, incar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeVar

    from crystalmath.standin.properties import Properties

    _T = TypeVar("_T")

__all__ = ["Settings", "read"]

_NOT_DONE: Final = {
    "LNONCOLLINEAR": "noncollinear magnetism",
    "LSORBIT": "spin-orbit coupling",
    "LCHIMAG": "chemical shieldings",
    "ML_LMLFF": "machine-learned force fields",
}
_NOT_DONE_IBRION: Final = (11, 44)
_NOT_DONE_ALGOS: Final = ("chi", "bse", "tdhf", "timeev", "acfdt", "rpa")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the INCAR says; energies in eV, lengths in Å, times in fs."""

    raw: Mapping[str, str]
    system: str
    prec: str
    algo: str
    istart: int
    icharg: int
    ispin: int
    magmom: tuple[float, ...] | None
    nupdown: float
    encut_ev: float | None
    nbands: int | None
    nelect: float | None
    ediff_ev: float
    nelm: int
    nelmin: int
    nelmdl: int
    ismear: int
    sigma_ev: float
    nsw: int
    ibrion: int
    isif: int
    ediffg: float
    potim: float
    pstress_kbar: float
    smass: float
    tebeg_k: float
    teend_k: float
    isym: int
    symprec: float
    lorbit: int
    nedos: int
    emin_ev: float
    emax_ev: float
    kspacing: float
    kgamma: bool
    lwave: bool
    lcharg: bool
    random_seed: int
    properties: Properties

    @property
    def moves(self) -> bool:
        """Whether there is anything to relax or propagate."""
        return 0 <= self.ibrion <= 3 and self.nsw > 0

    @property
    def diagonalises(self) -> bool:
        """Whether ALGO asks for one exact diagonalisation instead of a cycle."""
        return self.algo.lower().startswith(("ex", "ei"))


class _Reader:
    """Reads one value at a time and refuses the INCAR the way VASP does when a value makes no sense."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def _read(self, tag: str, read: Callable[[str], _T], default: _T) -> _T:
        text = self._values.get(tag)
        if text is None:
            return default
        try:
            return read(text)
        except ValueError as error:
            raise Refusal(
                f"Error reading item '{tag}' from file INCAR.",
                "Error code was IERR= 5 ... . Found N= 0 data.",
                f"The value is {text!r}: {error}.",
            ) from error

    def integer(self, tag: str, default: int) -> int:
        return self._read(tag, fortran.read_integer, default)

    def optional_integer(self, tag: str) -> int | None:
        return self.integer(tag, 0) if tag in self._values else None

    def real(self, tag: str, default: float) -> float:
        return self._read(tag, fortran.read_real, default)

    def optional_real(self, tag: str) -> float | None:
        return self.real(tag, 0.0) if tag in self._values else None

    def logical(self, tag: str, default: bool) -> bool:
        return self._read(tag, fortran.read_logical, default)

    def reals(self, tag: str) -> tuple[float, ...] | None:
        return self._read(tag, fortran.read_reals, tuple[float, ...]()) or None

    def word(self, tag: str, default: str) -> str:
        return self._values.get(tag, default).strip().split(" ")[0] or default


def read(text: str) -> Settings:
    """Return the settings of an INCAR.

    Raises:
        Refusal: a value cannot be read, is out of bounds, or asks for what the stand-in cannot do.
    """
    values = incar.parse(text).values()
    reader = _Reader(values)
    nsw = reader.integer("NSW", 0)
    ibrion = reader.integer("IBRION", -1 if nsw in {-1, 0} else 0)
    _refuse_what_is_missing(reader, ibrion)
    istart = reader.integer("ISTART", 1)
    settings = Settings(
        raw=values,
        system=values.get("SYSTEM", "unknown system").strip() or "unknown system",
        prec=reader.word("PREC", "Normal"),
        algo=reader.word("ALGO", "Normal"),
        istart=istart,
        icharg=reader.integer("ICHARG", 0 if istart else 2),
        ispin=reader.integer("ISPIN", 1),
        magmom=reader.reals("MAGMOM"),
        nupdown=reader.real("NUPDOWN", -1.0),
        encut_ev=reader.optional_real("ENCUT") or reader.optional_real("ENMAX"),
        nbands=reader.optional_integer("NBANDS"),
        nelect=reader.optional_real("NELECT"),
        ediff_ev=reader.real("EDIFF", 1e-4),
        nelm=reader.integer("NELM", 60),
        nelmin=reader.integer("NELMIN", 2),
        nelmdl=reader.integer("NELMDL", -5),
        ismear=reader.integer("ISMEAR", 1),
        sigma_ev=reader.real("SIGMA", 0.2),
        nsw=nsw,
        ibrion=ibrion,
        isif=reader.integer("ISIF", 0 if ibrion == 0 else 2),
        ediffg=reader.real("EDIFFG", 10.0 * reader.real("EDIFF", 1e-4)),
        potim=reader.real("POTIM", 0.5),
        pstress_kbar=reader.real("PSTRESS", 0.0),
        smass=reader.real("SMASS", -3.0),
        tebeg_k=reader.real("TEBEG", 1e-4),
        teend_k=reader.real("TEEND", reader.real("TEBEG", 1e-4)),
        isym=reader.integer("ISYM", 0 if ibrion == 0 else 2),
        symprec=reader.real("SYMPREC", 1e-5),
        lorbit=_lorbit(reader, values),
        nedos=reader.integer("NEDOS", 301),
        emin_ev=reader.real("EMIN", 10.0),
        emax_ev=reader.real("EMAX", -10.0),
        kspacing=reader.real("KSPACING", 0.5),
        kgamma=reader.logical("KGAMMA", True),
        lwave=reader.logical("LWAVE", True),
        lcharg=reader.logical("LCHARG", True),
        random_seed=reader.integer("RANDOM_SEED", 20260),
        properties=properties(values, ibrion, reader.word("ALGO", "Normal")),
    )
    _refuse_nonsense(settings)
    return settings


def _lorbit(reader: _Reader, values: Mapping[str, str]) -> int:
    """Return LORBIT, which old INCARs also give as .TRUE. or .FALSE."""
    if values.get("LORBIT", "0").strip().upper() in {".TRUE.", ".FALSE.", "T", "F", "TRUE", "FALSE"}:
        return 10 if reader.logical("LORBIT", False) else 0
    return reader.integer("LORBIT", 0)


def _refuse_what_is_missing(reader: _Reader, ibrion: int) -> None:
    """Refuse INCARs that ask for physics the stand-in has no model of, instead of inventing numbers."""
    for tag, meaning in _NOT_DONE.items():
        if reader.logical(tag, False):
            raise Refusal(f"{tag} = .TRUE. asks for {meaning}.", "The stand-in cannot do that; VASP can.")
    if ibrion in _NOT_DONE_IBRION:
        raise Refusal(f"IBRION = {ibrion}: the stand-in has no transition states of this kind; VASP has.")
    if ibrion not in {-1, 0, 1, 2, 3, 5, 6, 7, 8}:
        raise Refusal(f"IBRION = {ibrion} is not known.")
    algo = reader.word("ALGO", "Normal").lower()
    if algo.startswith(_NOT_DONE_ALGOS):
        raise Refusal(f"ALGO = {algo}: the stand-in has no response functions of this kind; VASP has.")


def _refuse_nonsense(settings: Settings) -> None:
    """Refuse values outside the bounds that VASP enforces."""
    bounds = (
        (settings.ispin in {1, 2}, f"ISPIN = {settings.ispin}: only 1 and 2 are allowed."),
        (0 <= settings.isif <= 8, f"ISIF = {settings.isif}: only 0 to 8 are allowed."),
        (settings.nelm > 0, f"NELM = {settings.nelm} must be positive."),
        (settings.sigma_ev > 0 or settings.ismear < -3, f"SIGMA = {settings.sigma_ev} must be positive."),
        (settings.ediff_ev >= 0, f"EDIFF = {settings.ediff_ev} must not be negative."),
        (settings.kspacing > 0, f"KSPACING = {settings.kspacing} must be positive."),
        (settings.nedos > 1, f"NEDOS = {settings.nedos} must be larger than 1."),
        (settings.nbands is None or settings.nbands > 0, f"NBANDS = {settings.nbands} must be positive."),
        (
            settings.encut_ev is None or settings.encut_ev > 0,
            f"ENCUT = {settings.encut_ev} must be positive.",
        ),
    )
    for allowed, sentence in bounds:
        if not allowed:
            raise Refusal("Error reading item from file INCAR.", sentence)
