"""One reader per file format: text to pymatgen Structure, every failure a StructureError."""

from __future__ import annotations

import json
from fnmatch import fnmatch
from functools import partial
from typing import TYPE_CHECKING, Final

from crystalmath.errors import StructureError
from crystalmath.structures.poscar import poscar_structure

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ase import Atoms
    from pymatgen.core import Structure

    from crystalmath.structures.poscar import Raw

    Reader = Callable[[Raw], Structure]

__all__ = ["READERS", "ase_reader", "by_ase", "by_content", "by_name", "from_object", "known_to_ase"]

FOREIGN: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)
"""What the readers of pymatgen and ASE raise on files that they cannot make sense of."""

NAMES: Final = (
    ("*.mcif*", "cif"),
    ("*.cif*", "cif"),
    ("*.json*", "json"),
    ("*.mson*", "json"),
    ("*.yaml*", "yaml"),
    ("*.yml*", "yaml"),
    ("*.cssr*", "cssr"),
    ("*.xsf*", "xsf"),
    ("*.extxyz*", "extxyz"),
    ("*.xyz*", "extxyz"),
    ("*vasprun*.xml*", "vasprun"),
    ("*chgcar*", "chgcar"),
    ("*locpot*", "chgcar"),
    ("*poscar*", "poscar"),
    ("*contcar*", "poscar"),
    ("*.vasp", "poscar"),
    ("*.vasp.gz", "poscar"),
)


def by_name(name: str) -> str | None:
    """Return the format that a file name tells, None when it tells nothing."""
    return next((format_ for pattern, format_ in NAMES if fnmatch(name.lower(), pattern)), None)


def by_content(text: str) -> str | None:
    """Return the format that the first lines show."""
    head = text[:20_000].lstrip("\ufeff")
    lines = head.splitlines()
    if head.lstrip().startswith("{"):
        return "json"
    if head.lstrip().startswith("<?xml") and "<modeling>" in head:
        return "vasprun"
    if any(line.lower().startswith("data_") for line in lines) and "_cell_length_a" in head.lower():
        return "cif"
    if "Lattice=" in "".join(lines[1:2]) and lines[0].strip().isdigit():
        return "extxyz"
    if any(line.strip().upper() in {"CRYSTAL", "PRIMVEC"} for line in lines[:20]):
        return "xsf"
    return (
        "poscar"
        if _numbers(lines[1:2]) in {1, 3} and all(_numbers([line]) >= 3 for line in lines[2:5])
        else None
    )


def _numbers(lines: list[str]) -> int:
    count = 0
    for word in lines[0].split() if lines else []:
        try:
            float(word)
        except ValueError:
            break
        count += 1
    return count


def by_ase(path: Path) -> str | None:
    """Return the format that ASE recognises, None when it does not."""
    from ase.io.formats import UnknownFileTypeError, filetype

    try:
        found = str(filetype(str(path)))
    except (UnknownFileTypeError, OSError, ValueError):
        return None
    return found if known_to_ase(found) else None  # for an unknown format it gives the ending of the name


def known_to_ase(format_: str) -> bool:
    """Say whether ASE has a format of that name which can be read."""
    from ase.io.formats import ioformats

    return format_ in ioformats and bool(ioformats[format_].can_read)


def _mapped(read: Reader, what: str) -> Reader:
    """Turn whatever a foreign reader raises into a StructureError that names the file."""

    def reader(raw: Raw) -> Structure:
        try:
            return read(raw)
        except FOREIGN as error:
            reason = " ".join(str(error).split())[:300] or type(error).__name__
            raise StructureError(
                f"{raw.source} cannot be read as {what}: {reason}",
                hint="Correct the file, or convert it to a POSCAR.",
            ) from error

    return reader


def _cif(raw: Raw) -> Structure:
    from pymatgen.io.cif import CifParser

    structures = CifParser.from_str(raw.text).parse_structures(primitive=False)
    if not structures:
        raise ValueError("there is no structure in it")
    return structures[0]


def _pymatgen(raw: Raw, *, name: str) -> Structure:
    from pymatgen.core import Structure

    return Structure.from_str(raw.text, fmt=name)


def _json(raw: Raw) -> Structure:
    from pymatgen.core import Structure

    content = json.loads(raw.text)
    if not isinstance(content, dict) or "lattice" not in content or "sites" not in content:
        raise ValueError("it is no structure of pymatgen (there is no lattice with sites in it)")
    return Structure.from_dict(content)


def _vasprun(raw: Raw) -> Structure:
    from pymatgen.io.vasp.outputs import Vasprun

    if raw.path is None:
        raise ValueError("a vasprun.xml is read from a file only")
    run = Vasprun(
        str(raw.path), parse_dos=False, parse_eigen=False, parse_potcar_file=False, exception_on_bad_xml=False
    )
    return run.final_structure


def _chgcar(raw: Raw) -> Structure:
    """Read the POSCAR at the head of a density; its end is an empty line."""
    return poscar_structure(raw._replace(text=raw.text.partition("\n\n")[0].partition("\n \n")[0]))


def _ase(raw: Raw, *, name: str) -> Structure:
    import io

    import ase.io

    atoms = ase.io.read(raw.path if raw.path is not None else io.StringIO(raw.text), format=name)
    return _from_atoms(atoms[-1] if isinstance(atoms, list) else atoms, raw.source)


def _from_atoms(atoms: Atoms, source: str) -> Structure:
    from pymatgen.io.ase import AseAtomsAdaptor

    if atoms.cell.rank < 3:
        raise StructureError(
            f"{source} has no cell: it describes a molecule, and VASP needs a periodic cell.",
            hint="Put the molecule into a box with vacuum around it (in ASE: atoms.center(vacuum=8)).",
        )
    return AseAtomsAdaptor.get_structure(atoms)


def from_object(source: object) -> Structure:
    """Return a Structure of pymatgen from itself or from Atoms of ASE.

    Raises:
        StructureError: it is something else, or has no cell.
    """
    from pymatgen.core import IStructure, Structure

    if isinstance(source, IStructure):
        return source if isinstance(source, Structure) else Structure.from_sites(source)
    if hasattr(source, "get_atomic_numbers") and hasattr(source, "cell"):
        return _from_atoms(source, "The structure")
    raise StructureError(
        f"{type(source).__name__} is no structure.",
        hint="Give a path, a Structure of pymatgen or Atoms of ASE.",
    )


def ase_reader(name: str) -> Reader:
    """Return the reader of a format of ASE."""
    return _mapped(partial(_ase, name=name), f"{name} (by ASE)")


READERS: Final[dict[str, Reader]] = {
    "poscar": poscar_structure,
    "cif": _mapped(_cif, "CIF"),
    "json": _mapped(_json, "JSON"),
    "yaml": _mapped(partial(_pymatgen, name="yaml"), "YAML"),
    "xsf": _mapped(partial(_pymatgen, name="xsf"), "XSF"),
    "cssr": _mapped(partial(_pymatgen, name="cssr"), "CSSR"),
    "vasprun": _mapped(_vasprun, "vasprun.xml"),
    "chgcar": _mapped(_chgcar, "CHGCAR"),
}
