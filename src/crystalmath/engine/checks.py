"""Check a calculation before it is submitted: rules for its files, words of the libraries, its POTCARs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from crystalmath.errors import InputError, OverrideError, PotcarError, TemplateError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pymatgen.core import Structure

    from crystalmath.inputs import InputSet
    from crystalmath.potcars import PotcarLibrary
    from crystalmath.vasp.folder import FileKind
    from crystalmath.vasp.source import Severity

__all__ = ["Remark", "of_folder", "of_template", "refuse_errors"]

POTCAR_MISSING = "potcar-missing"
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark: from the rules of `crystalmath check`, from atomate2 and pymatgen, or about POTCARs.

    `step` counts from 1; `line` from 1, with the file it is in, where the remark has a place.
    """

    severity: Severity
    code: str
    message: str
    source: Literal["vasp", "library", "potcars"]
    step: int
    file: str | None = None
    line: int | None = None
    url: str | None = None


def of_template(
    template: str,
    structure: Structure,
    settings: Mapping[str, object],
    library: PotcarLibrary,
    *,
    parameters: Mapping[str, object] | None = None,
) -> tuple[Remark, ...]:
    """Return what there is to say about the inputs of every step of a template.

    Steps whose inputs are only made while the Flow runs are said to be such, and not checked. Raises
    InputError for a setting that does not suit, or a structure that the first step has no inputs for.
    """
    from crystalmath import inputs

    found: list[Remark] = []
    step = 1
    try:
        while True:
            made = inputs.preview(structure, template, settings, step=step, parameters=parameters)
            found += _of_step(made, library)
            if step == len(made.steps):
                break
            step += 1
    except (PotcarError, TemplateError) as error:  # the inputs are made as the Flow runs, or with its POTCARs
        found.append(Remark("information", "not-checked", error.message, "library", step))
    except InputError as error:
        if step == 1 or isinstance(error, OverrideError):
            raise
        found.append(Remark("information", "not-checked", error.message, "library", step))
    return _once(found)


def of_folder(directory: str | Path, library: PotcarLibrary) -> tuple[Remark, ...]:
    """Return what there is to say about the files of a folder. Raises InputError."""
    from crystalmath import templates
    from crystalmath.vasp.check import collect, targets

    found = [
        Remark(one.severity, one.code, one.message, "vasp", 1, Path(one.path).name, one.line, one.url)
        for target in targets([Path(directory).expanduser()])
        for one in collect(target)
    ]
    inputs = templates.folder.read(directory, library=library)
    return _once([*found, *_potcars(inputs.symbols, inputs.functional, library, 1)])


def refuse_errors(remarks: Iterable[Remark], waive: Sequence[str]) -> None:
    """Raise InputError when there are errors that are not waived, or waivers of what is no error."""
    errors = [remark for remark in remarks if remark.severity == "error"]
    idle = [code for code in waive if code not in {error.code for error in errors}]
    if idle:
        raise InputError(
            f"No finding '{idle[0]}' stands in the way of this calculation",
            hint="Submit again without the waiver.",
        )
    left = [error for error in errors if error.code not in waive]
    if not left:
        return
    named = "; ".join(f"{_place(error)}{error.message.rstrip('.')} [{error.code}]" for error in left[:_NAMED])
    more = f"; and {len(left) - _NAMED} more" if len(left) > _NAMED else ""
    codes = dict.fromkeys(error.code for error in left)
    message = f"The inputs have {len(left)} error{'s' if len(left) > 1 else ''}: {named}{more}"
    if all(error.code == POTCAR_MISSING for error in left):
        raise PotcarError(message, hint="Name a folder that has them: crystalmath potcars index DIR")
    raise InputError(
        message,
        hint=f"Correct them, or run in spite of them with: {' '.join(f'--waive {code}' for code in codes)}",
    )


def _place(remark: Remark) -> str:
    step = f"step {remark.step}, " if remark.step > 1 else ""
    return f"{step}{remark.file}:{remark.line}: " if remark.file else ""


def _of_step(made: InputSet, library: PotcarLibrary) -> Iterator[Remark]:
    from crystalmath.vasp.check import check
    from crystalmath.vasp.folder import Folder

    texts: dict[FileKind, str] = {"INCAR": made.incar_text, "POSCAR": made.poscar_text}
    if made.kpoints_text is not None:
        texts["KPOINTS"] = made.kpoints_text
    for one in check(Folder(texts)):
        yield Remark(one.severity, one.code, one.message, "vasp", made.step, one.path, one.line, one.url)
    for finding in made.findings:
        severity: Severity = "information" if finding.severity == "info" else finding.severity
        yield Remark(severity, finding.code, finding.message, "library", made.step)
    yield from _potcars(made.potcar_symbols, made.potcar_functional, library, made.step)


def _potcars(symbols: Sequence[str], functional: str, library: PotcarLibrary, step: int) -> Iterator[Remark]:
    missing = library.missing(symbols, functional)
    if missing:
        where = ", ".join(folder.path for folder in library.folders) or "any folder: none is registered"
        message = f"There is no POTCAR of {functional} for {', '.join(missing)} in {where}."
        yield Remark("error", POTCAR_MISSING, message, "potcars", step)


def _once(found: Iterable[Remark]) -> tuple[Remark, ...]:
    """Leave out of later steps what was said of an earlier one."""
    known: dict[tuple[str, str, str | None], Remark] = {}
    for remark in found:
        known.setdefault((remark.code, remark.message, remark.file), remark)
    return tuple(known.values())
