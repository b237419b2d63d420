"""Read a crystal from a file or a text, whatever its format, or say exactly why not."""

from __future__ import annotations

import gzip
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from crystalmath.errors import StructureError
from crystalmath.structures import formats
from crystalmath.structures.checks import check
from crystalmath.structures.poscar import Raw

if TYPE_CHECKING:
    from pymatgen.core import Structure

__all__ = ["CrystalStructure", "of", "read"]

LARGEST_BYTES = 2_000_000_000


@dataclass(frozen=True, slots=True)
class CrystalStructure:
    """A crystal and where it was read.

    `structure` keeps the order of atoms, and moments (`magmom`), `selective_dynamics` and `velocities` of the
    file as site properties. `source` is the path or `text`. `notes` are remarks of the reading library.
    """

    structure: Structure
    source: str
    format: str
    notes: tuple[str, ...] = ()


def read(path_or_text: Path | str, *, format: str | None = None) -> CrystalStructure:  # noqa: A002  (the word that users know)
    """Read a crystal structure.

    Args:
        path_or_text: a path, or the text itself (a string with a line break).
        format: `poscar`, `cif`, `json`, `yaml`, `xsf`, `cssr`, `vasprun`, `chgcar`, or the name of an ASE
            format; guessed from the name, then from the content, when not given.

    Raises:
        StructureError: with file, line where there is one, and reason.
    """
    if isinstance(path_or_text, str) and "\n" in path_or_text:
        text, path, source = path_or_text, None, "text"
    else:
        path = Path(path_or_text).expanduser()
        text, source = _text_of(path), str(path)
    chosen = _format(format, path, text, source)
    with warnings.catch_warnings(record=True) as raised:
        warnings.simplefilter("always")
        structure = formats.READERS.get(chosen, formats.ase_reader(chosen))(Raw(text, path, source))
    check(structure, source)
    return CrystalStructure(structure, source, chosen, _notes(raised))


def of(source: object) -> CrystalStructure:
    """Return a structure from what a script holds: a path, a text, pymatgen's Structure or ASE's Atoms.

    Raises:
        StructureError: it is none of these, or no crystal.
    """
    if isinstance(source, (str, Path)):
        return read(source)
    structure = formats.from_object(source)
    check(structure, "The structure")
    return CrystalStructure(structure, "structure", "object")


def _text_of(path: Path) -> str:
    """Return the text of a file, unpacked when it is gzipped."""
    try:
        if path.is_dir():
            raise _directory(path)
        if path.stat().st_size > LARGEST_BYTES:
            raise StructureError(f"{path} is too large for a structure.", hint="Name a structure file.")
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
    except FileNotFoundError as error:
        raise StructureError(f"{path} does not exist.", hint=_nearby(path)) from error
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise StructureError(
            f"{path} cannot be read: {reason}.", hint="Check the file and its permissions."
        ) from error
    if not data.strip():
        raise StructureError(f"{path} is empty.", hint="Name a file with a structure in it.")
    if b"\0" in data[:100_000]:
        raise StructureError(
            f"{path} is a binary file, no structure.", hint="Name a POSCAR, a CIF or the like."
        )
    return data.decode("utf-8", "replace")


def _directory(path: Path) -> StructureError:
    inside = next((name for name in ("POSCAR", "CONTCAR") if (path / name).is_file()), None)
    if inside is None:
        return StructureError(f"{path} is a folder.", hint="Name a structure file.")
    return StructureError(
        f"{path} is a folder; it holds a {inside}.",
        hint=f"Name {path / inside}, or run the folder as it is: crystalmath run folder {path}",
    )


def _nearby(path: Path) -> str:
    if not path.parent.is_dir():
        return f"The folder {path.parent} does not exist either; check the path."
    same = sorted(other.name for other in path.parent.iterdir() if other.name.lower() == path.name.lower())
    return (
        f"There is {path.parent / same[0]}."
        if same
        else "Check the path; relative ones start at the working folder."
    )


def _format(given: str | None, path: Path | None, text: str, source: str) -> str:
    name = given.lower() if given else None
    found = name or (path and formats.by_name(path.name)) or formats.by_content(text)
    if found is None and path is not None:
        found = formats.by_ase(path)
    if found is None:
        raise StructureError(
            f"{source} is in no format that is known.",
            hint="Give a POSCAR, CIF, extended XYZ or XSF file, or name the format.",
        )
    if found not in formats.READERS and not formats.known_to_ase(found):
        raise StructureError(
            f"There is no structure format {found!r}.",
            hint=f"Use one of {', '.join(sorted(formats.READERS))}.",
        )
    return found


def _notes(raised: list[warnings.WarningMessage]) -> tuple[str, ...]:
    for_programmers = (DeprecationWarning, PendingDeprecationWarning, FutureWarning, ResourceWarning)
    kept = (" ".join(str(w.message).split()) for w in raised if not issubclass(w.category, for_programmers))
    return tuple(dict.fromkeys(kept))
