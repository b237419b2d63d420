"""Find the POTCARs below a folder by their headers, and remember them until a file changes."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from crystalmath.errors import PotcarError
from crystalmath.paths import home
from crystalmath.potcars import functionals
from crystalmath.potcars.headers import contents, digest, headers_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PotcarEntry", "scan"]

DEEPEST: Final = 4
MOST_FILES: Final = 200_000


@dataclass(frozen=True, slots=True)
class PotcarEntry:
    """One POTCAR of a library; `symbol` is the name that it is asked for by (`Fe_pv`)."""

    path: str
    titel: str
    symbol: str
    element: str
    functional: str
    enmax_ev: float | None
    zval: float | None
    sha256: str


class _Kept(msgspec.Struct, frozen=True):
    """What the cache holds of a file; `entry` is None for a file that is no single POTCAR."""

    size: int
    mtime_ns: int
    entry: PotcarEntry | None


class _Cache(msgspec.Struct, frozen=True):
    folder: str
    functional: str | None
    files: dict[str, _Kept]


def scan(folder: Path, functional: str | None = None) -> tuple[PotcarEntry, ...]:
    """Return the POTCARs below a folder, sorted by functional and symbol.

    Only files that are new or changed since the last time are read. `functional` names the release where
    folder names do not.

    Raises:
        PotcarError: the folder is not there, cannot be listed or holds too much.
    """
    cache_path = _cache_path(folder, functional)
    before = _load(cache_path)
    files: dict[str, _Kept] = {}
    for path, size, mtime_ns in _candidates(folder):
        kept = before.get(str(path))
        if kept is None or (kept.size, kept.mtime_ns) != (size, mtime_ns):
            kept = _Kept(size, mtime_ns, _entry(path, folder, functional))
        files[str(path)] = kept
    if files != before:
        _store(cache_path, _Cache(str(folder), functional, files))
    entries = [kept.entry for kept in files.values() if kept.entry is not None]
    return tuple(sorted(entries, key=lambda entry: (entry.functional, entry.symbol, entry.path)))


def _cache_path(folder: Path, functional: str | None) -> Path:
    name = hashlib.blake2s(f"{folder}\0{functional}".encode(), digest_size=8).hexdigest()
    return home() / "potcars" / f"{name}.json"


def _load(path: Path) -> dict[str, _Kept]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Cache).files
    except (OSError, msgspec.DecodeError):
        return {}  # not there or of another version: the headers are read again


def _store(path: Path, cache: _Cache) -> None:
    scratch = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch.write_bytes(msgspec.json.encode(cache))
        scratch.replace(path)
    except OSError:
        return  # a home that cannot be written makes the next look slower, nothing else


def _candidates(folder: Path) -> Iterator[tuple[Path, int, int]]:
    """Yield path, size and time of files named like POTCARs, symbolic links followed once."""
    if not folder.is_dir():
        raise PotcarError(
            f"There is no POTCAR folder {folder}.", hint="Name the folder: crystalmath potcars index DIR"
        )
    seen: set[tuple[int, int]] = set()
    count = 0
    for root, folders, names in os.walk(folder, followlinks=True, onerror=_refuse):
        status = Path(root).stat()
        depth = len(Path(root).relative_to(folder).parts)
        if (status.st_dev, status.st_ino) in seen or depth >= DEEPEST:
            folders.clear()
        if (status.st_dev, status.st_ino) in seen:
            continue
        seen.add((status.st_dev, status.st_ino))
        folders.sort()
        count += len(names)
        if count > MOST_FILES:
            raise PotcarError(
                f"{folder} holds more than {MOST_FILES} files.", hint="Name the folder of the POTCARs itself."
            )
        for name in sorted(names):
            if name in {"POTCAR", "POTCAR.gz"} or name.startswith("POTCAR."):
                found = (Path(root) / name).stat()
                yield Path(root) / name, found.st_size, found.st_mtime_ns


def _refuse(error: OSError) -> None:
    raise PotcarError(
        f"The folder {error.filename} cannot be listed: {error.strerror}.", hint="Check its permissions."
    ) from error


def _entry(path: Path, folder: Path, functional: str | None) -> PotcarEntry | None:
    data = contents(path)
    headers = headers_of(data)
    if len(headers) != 1:
        return None  # POTCAR.spec, a POTCAR of several elements, or something else of that name
    header = headers[0]
    return PotcarEntry(
        path=str(path),
        titel=header.titel,
        symbol=_symbol(path, folder, header.symbol),
        element=header.element,
        functional=functional or _functional(path, folder) or functionals.by_exchange(header.lexch),
        enmax_ev=header.enmax_ev,
        zval=header.zval,
        sha256=digest(data),
    )


def _symbol(path: Path, folder: Path, of_titel: str) -> str:
    """Return the name that the layout gives, which people ask for: `POTCAR.Fe_pv`, `Fe_pv/POTCAR`."""
    suffix = path.name.removesuffix(".gz").removeprefix("POTCAR").removeprefix(".")
    if suffix:
        return suffix
    parent = path.parent.name
    return parent if path.parent != folder and functionals.of_folder(parent) is None else of_titel


def _functional(path: Path, folder: Path) -> str | None:
    """Return the release that the nearest folder above names, the indexed one and its parent included."""
    above = [parent for parent in path.parents if parent == folder or folder in parent.parents]
    names = (functionals.of_folder(parent.name) for parent in above)
    return next((name for name in names if name), None)
