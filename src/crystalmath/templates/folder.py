"""The files of a folder as a calculation: INCAR, KPOINTS and POSCAR as they are, POTCARs by name only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from crystalmath.errors import InputError, StructureError
from crystalmath.potcars.functionals import by_exchange
from crystalmath.potcars.headers import PotcarHeader, contents, headers_of
from crystalmath.vasp import kpoints, poscar

if TYPE_CHECKING:
    from crystalmath.potcars import PotcarLibrary
    from crystalmath.vasp.poscar import Poscar

__all__ = ["FolderInputs", "read"]

DEFAULT_FUNCTIONAL = "PBE_54"
"""The release that atomate2's input sets use."""


@dataclass(frozen=True, slots=True)
class FolderInputs:
    """The inputs of a folder, texts unchanged.

    `elements` and `counts` go by the groups of the POSCAR. `symbols` are the POTCARs to be taken from the
    user's library, one per group, in the release `functional`; `titels` are those of the folder's own POTCAR,
    if it has one.
    """

    directory: str
    incar_text: str
    kpoints_text: str | None
    poscar_text: str
    elements: tuple[str, ...]
    counts: tuple[int, ...]
    symbols: tuple[str, ...]
    functional: str
    titels: tuple[str, ...]

    @property
    def n_atoms(self) -> int:
        """The number of atoms of the POSCAR."""
        return sum(self.counts)

    @property
    def formula(self) -> str:
        """The reduced formula of the POSCAR."""
        from pymatgen.core import Composition

        totals: dict[str, int] = {}
        for element, count in zip(self.elements, self.counts, strict=True):
            totals[element] = totals.get(element, 0) + count
        return str(Composition(totals).reduced_formula)


def read(directory: Path | str, *, library: PotcarLibrary | None = None) -> FolderInputs:
    """Read the inputs of a folder.

    POTCAR symbols come from the headers of its POTCAR, else from its POTCAR.spec, else from the names in the
    POSCAR. With a library, the release is the one that has POTCARs of the same TITEL.

    Raises:
        InputError: no such folder, no INCAR, a KPOINTS that cannot be read, or POTCAR and POSCAR disagree.
        StructureError: no POSCAR, or one that cannot be read.
    """
    folder = Path(directory).expanduser()
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}.", hint="Name a folder with INCAR and POSCAR in it.")
    incar_text = _text(folder, "INCAR")
    poscar_text = _text(folder, "POSCAR")
    kpoints_text = _text(folder, "KPOINTS") if (folder / "KPOINTS").exists() else None
    _check_kpoints(folder, kpoints_text)
    parsed = _parsed(folder, poscar_text)
    headers = _headers(folder)
    symbols = _symbols(folder, headers, parsed)
    return FolderInputs(
        directory=str(folder.absolute()),
        incar_text=incar_text,
        kpoints_text=kpoints_text,
        poscar_text=poscar_text,
        elements=_elements(folder, headers, parsed, symbols),
        counts=parsed.counts,
        symbols=symbols,
        functional=_functional(headers, library),
        titels=tuple(header.titel for header in headers),
    )


def _text(folder: Path, name: str) -> str:
    path = folder / name
    error_class = StructureError if name == "POSCAR" else InputError
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError as error:
        raise error_class(f"{folder} has no {name}.", hint="Put one there.") from error
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise error_class(
            f"{path} cannot be read: {reason}.", hint="Check the file and its permissions."
        ) from error
    if not text.strip():
        raise error_class(f"{path} is empty.", hint="Fill it in.")
    return text


def _check_kpoints(folder: Path, text: str | None) -> None:
    problems = kpoints.parse(text).problems if text is not None else ()
    for problem in problems:
        if problem.severity == "error":
            raise InputError(
                f"{folder / 'KPOINTS'}, line {problem.line}: {problem.message}.",
                hint=f"Correct line {problem.line}, or remove KPOINTS to use KSPACING.",
            )


def _parsed(folder: Path, text: str) -> Poscar:
    parsed = poscar.parse(text)
    for problem in parsed.problems:
        if problem.severity == "error":
            raise StructureError(
                f"{folder / 'POSCAR'}, line {problem.line}: {problem.message}.",
                hint=f"Correct line {problem.line}.",
            )
    return parsed


def _headers(folder: Path) -> tuple[PotcarHeader, ...]:
    path = folder / "POTCAR"
    if not path.exists():
        return ()
    headers = headers_of(contents(path))
    if not headers:
        raise InputError(f"{path} is no POTCAR.", hint="Remove it, or put the right one there.")
    return headers


def _symbols(folder: Path, headers: tuple[PotcarHeader, ...], parsed: Poscar) -> tuple[str, ...]:
    spec = folder / "POTCAR.spec"
    if headers:
        source, symbols = "POTCAR", tuple(header.symbol for header in headers)
    elif spec.is_file():
        source, symbols = "POTCAR.spec", tuple(_text(folder, "POTCAR.spec").split())
    elif parsed.names is not None:
        return tuple(name.partition("/")[0] for name in parsed.names)
    else:
        raise StructureError(
            f"{folder / 'POSCAR'}, line {parsed.counts_line}: the element names are missing (as in VASP 4).",
            hint="Put a line with the element names above that line, or a POTCAR.spec into the folder.",
        )
    if len(symbols) != len(parsed.counts):
        raise InputError(
            f"The {source} of {folder} has {len(symbols)} elements, its POSCAR {len(parsed.counts)}.",
            hint="Make them agree, in number and in order.",
        )
    return symbols


def _elements(
    folder: Path, headers: tuple[PotcarHeader, ...], parsed: Poscar, symbols: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the element of each group and see to it that POSCAR and POTCAR name the same."""
    from pymatgen.core import Element

    asked = tuple(header.element for header in headers) or tuple(
        symbol.partition("_")[0] for symbol in symbols
    )
    named = parsed.species or asked
    unknown = next((name for name in named if not Element.is_valid_symbol(name)), None)
    if unknown is not None:
        line = f", line {parsed.names_line}" if parsed.species else ""
        raise StructureError(
            f"{folder / 'POSCAR'}{line}: {unknown!r} is no chemical element.",
            hint="Correct the element names.",
        )
    if tuple(name.partition(".")[0] for name in asked) != named:
        raise InputError(
            f"The POSCAR of {folder} lists {' '.join(named)}, its POTCAR {' '.join(asked)}.",
            hint="Put both into one order; VASP would go by the POTCAR.",
        )
    return named


def _functional(headers: tuple[PotcarHeader, ...], library: PotcarLibrary | None) -> str:
    """Return the release that has these very POTCARs, else the newest common one of their functional."""
    if not headers:
        return DEFAULT_FUNCTIONAL
    if library is not None:
        matches = [{entry.functional for entry in library.with_titel(header.titel)} for header in headers]
        shared = set.intersection(*matches)
        if shared:
            return DEFAULT_FUNCTIONAL if DEFAULT_FUNCTIONAL in shared else max(shared)
    family = by_exchange(headers[0].lexch)
    return f"{family}_54" if family in {"PBE", "LDA"} else family
