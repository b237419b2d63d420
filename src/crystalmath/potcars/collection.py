"""The POTCAR libraries of this user: where they are, what is in them, and the POTCAR of a calculation."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from crystalmath.errors import PotcarError, StorageError
from crystalmath.paths import home
from crystalmath.potcars.functionals import KNOWN, same_release
from crystalmath.potcars.headers import contents, digest
from crystalmath.potcars.scan import scan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crystalmath.potcars.scan import PotcarEntry

__all__ = ["PotcarFolder", "PotcarLibrary", "PotcarStatus", "assemble", "index", "library", "status"]

REGISTER = "crystalmath potcars index DIR"


class PotcarFolder(msgspec.Struct, frozen=True):
    """A folder with POTCARs; `functional` names its release where the names of folders do not."""

    path: str
    functional: str | None = None


class PotcarLibrary:
    """POTCARs of one or more folders, looked through in their order."""

    def __init__(self, *folders: Path | str | PotcarFolder) -> None:
        self.folders = tuple(
            folder
            if isinstance(folder, PotcarFolder)
            else PotcarFolder(str(Path(folder).expanduser().absolute()))
            for folder in folders
        )

    def __repr__(self) -> str:
        return f"PotcarLibrary({', '.join(repr(folder.path) for folder in self.folders)})"

    @cached_property
    def entries(self) -> tuple[PotcarEntry, ...]:
        """Every POTCAR, those of the first folder first."""
        return tuple(entry for folder in self.folders for entry in scan(Path(folder.path), folder.functional))

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], PotcarEntry]:
        by_name: dict[tuple[str, str], PotcarEntry] = {}
        for entry in self.entries:
            by_name.setdefault((entry.functional, entry.symbol), entry)
        return by_name

    def find(self, symbol: str, functional: str) -> PotcarEntry:
        """Return the POTCAR of a symbol such as `Fe_pv` in a release such as `PBE_54`.

        Raises:
            PotcarError: there is none; the message names the folders looked in.
        """
        entry = self._look(symbol, functional)
        if entry is None:
            raise self._lacking((symbol,), functional)
        return entry

    def missing(self, symbols: Sequence[str], functional: str) -> tuple[str, ...]:
        """Return the symbols that have no POTCAR in that release, each once."""
        return tuple(s for s in dict.fromkeys(symbols) if self._look(s, functional) is None)

    def require(self, symbols: Sequence[str], functional: str) -> tuple[PotcarEntry, ...]:
        """Return one POTCAR per symbol, in their order.

        Raises:
            PotcarError: some are missing; all of them are named.
        """
        lacking = self.missing(symbols, functional)
        if lacking:
            raise self._lacking(lacking, functional)
        return tuple(self.find(symbol, functional) for symbol in symbols)

    def with_titel(self, titel: str) -> tuple[PotcarEntry, ...]:
        """Return the POTCARs of that TITEL line, which several releases may share."""
        return tuple(entry for entry in self.entries if entry.titel.split() == titel.split())

    def functionals(self) -> tuple[str, ...]:
        """Return the releases that are there."""
        return tuple(dict.fromkeys(entry.functional for entry in self.entries))

    def _look(self, symbol: str, functional: str) -> PotcarEntry | None:
        found = (self._by_name.get((name, symbol)) for name in same_release(functional))
        return next((entry for entry in found if entry is not None), None)

    def _lacking(self, symbols: Sequence[str], functional: str) -> PotcarError:
        named = ", ".join(symbols)
        if not self.folders:
            return PotcarError(
                f"No POTCAR folder is known; the calculation needs {named} of {functional}.",
                hint=f"Name your POTCAR folder once: {REGISTER}",
            )
        where = ", ".join(folder.path for folder in self.folders)
        elsewhere = [
            name
            for name in self.functionals()
            if name not in same_release(functional) and not self.missing(symbols, name)
        ]
        others = (
            f" ({', '.join(elsewhere)} would have {'it' if len(symbols) == 1 else 'them'})"
            if elsewhere
            else ""
        )
        return PotcarError(
            f"No POTCAR for {named} of {functional} in {where}{others}.",
            hint=f"Name a folder that has {'it' if len(symbols) == 1 else 'them'}: {REGISTER}",
        )


@dataclass(frozen=True, slots=True)
class PotcarStatus:
    """What a calculation needs of a library and lacks."""

    functional: str
    needed: tuple[str, ...]
    missing: tuple[str, ...]
    found: tuple[PotcarEntry, ...]


def status(symbols: Sequence[str], functional: str, of: PotcarLibrary | None = None) -> PotcarStatus:
    """Return which of the symbols have a POTCAR in a library, by default the user's."""
    chosen = of or library()
    needed = tuple(dict.fromkeys(symbols))
    missing = chosen.missing(needed, functional)
    found = tuple(chosen.find(symbol, functional) for symbol in needed if symbol not in missing)
    return PotcarStatus(functional, needed, missing, found)


def library(directory: Path | str | None = None) -> PotcarLibrary:
    """Return the library of a folder, else the user's: `$PMG_VASP_PSP_DIR`, then what was indexed."""
    if directory is not None:
        return PotcarLibrary(directory)
    environment = os.environ.get("PMG_VASP_PSP_DIR")
    first = (PotcarFolder(str(Path(environment).expanduser().absolute())),) if environment else ()
    registered = tuple(folder for folder in _registered() if folder.path not in {f.path for f in first})
    return PotcarLibrary(*first, *registered)


def index(directory: Path | str, functional: str | None = None) -> tuple[PotcarEntry, ...]:
    """Look through a folder, remember it for `library`, and return its POTCARs.

    Args:
        directory: a folder in the layout of pymatgen, ASE or VASP's archives, or any with POTCAR files in it.
        functional: the release, such as `PBE_54`, where the names of folders do not tell it.

    Raises:
        PotcarError: there is no such folder, no POTCAR in it, or no such release.
        StorageError: the folder cannot be remembered.
    """
    if functional is not None and functional not in KNOWN:
        raise PotcarError(
            f"There is no POTCAR release {functional!r}.", hint=f"Use one of {', '.join(KNOWN)}."
        )
    folder = PotcarFolder(str(Path(directory).expanduser().absolute()), functional)
    entries = scan(Path(folder.path), functional)
    if not entries:
        raise PotcarError(
            f"There is no POTCAR below {folder.path}.",
            hint="Name the folder above those of the releases, such as potpaw_PBE.54 or POT_GGA_PAW_PBE_54.",
        )
    _remember(folder)
    return entries


def _register_path() -> Path:
    return home() / "potcars.json"


def _registered() -> tuple[PotcarFolder, ...]:
    try:
        return msgspec.json.decode(_register_path().read_bytes(), type=tuple[PotcarFolder, ...])
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except (OSError, msgspec.DecodeError) as error:
        raise StorageError(
            f"The list of POTCAR folders {_register_path()} cannot be read: {error}.",
            hint=f"Remove that file and name your folder again: {REGISTER}",
        ) from error


def _remember(folder: PotcarFolder) -> None:
    """Put a folder first in the list: what was named last is meant."""
    others = tuple(other for other in _registered() if other.path != folder.path)
    path = _register_path()
    scratch = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch.write_bytes(msgspec.json.encode((folder, *others)))
        scratch.replace(path)
    except OSError as error:
        raise StorageError(
            f"The POTCAR folder cannot be remembered in {path}: {error.strerror or error}.",
            hint="Set CRYSTALMATH_HOME to a folder that can be written, or set PMG_VASP_PSP_DIR.",
        ) from error


def assemble(symbols: Sequence[str], functional: str, library: PotcarLibrary) -> bytes:
    """Return the POTCAR of a calculation: those of the symbols one after another, in their order.

    Raises:
        PotcarError: one is missing, unreadable or changed while it was looked at.
    """
    parts = []
    for entry in library.require(symbols, functional):
        data = contents(Path(entry.path))
        if digest(data) != entry.sha256:
            raise PotcarError(
                f"The POTCAR file {entry.path} has changed since it was indexed.", hint="Try again."
            )
        parts.append(data if data.endswith(b"\n") else data + b"\n")
    return b"".join(parts)
