"""What a user should know about inputs: warnings of the libraries, settings not taken, what is set later."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from crystalmath.inputs.order import species_groups

if TYPE_CHECKING:
    import warnings
    from collections.abc import Mapping, Sequence

    from pymatgen.core import Structure

    from crystalmath.inputs.plan import Step

__all__ = ["Finding", "findings_of"]

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark about inputs; `code` is stable, `message` one or two sentences."""

    severity: Severity
    code: str
    message: str


def findings_of(
    step: Step,
    generator: Any,
    incar: Mapping[str, Any],
    settings: Mapping[str, object],
    raised: list[warnings.WarningMessage],
) -> tuple[Finding, ...]:
    """Return the findings about the inputs of a step, each once; `settings` are the user's."""
    found = [
        *_warned(raised),
        *_set_elsewhere(),
        *_not_taken(incar, settings),
        *_orbital_of_u(incar, settings),
        *_cell(generator.structure),
        *_without_charge(step, incar),
        *_later(step, generator, incar, settings),
    ]
    return tuple(dict.fromkeys(found))


def more_to_come(python: Sequence[str]) -> tuple[Finding, ...]:
    """Tell that Python steps of the workflow may add VASP runs whose inputs are not known yet."""
    if not python:
        return ()
    names = ", ".join(dict.fromkeys(python))
    message = f"More VASP runs may come: the Python steps {names} add them as the workflow runs."
    return (Finding("info", "more-steps", message),)


def _warned(raised: list[warnings.WarningMessage]) -> list[Finding]:
    """Turn warnings of pymatgen and atomate2 into findings; those for programmers are left out."""
    for_users = (
        w
        for w in raised
        if not issubclass(
            w.category,
            (DeprecationWarning, PendingDeprecationWarning, FutureWarning, ImportWarning, ResourceWarning),
        )
    )
    return [Finding("warning", _code(w), " ".join(str(w.message).split())) for w in for_users]


def _code(warning: warnings.WarningMessage) -> str:
    """Name a warning after its class, a plain UserWarning after the library that it comes from."""
    if warning.category is UserWarning:
        return next((name for name in ("atomate2", "pymatgen") if name in warning.filename), "library")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", warning.category.__name__.removesuffix("Warning")).lower()


def _set_elsewhere() -> list[Finding]:
    from atomate2 import SETTINGS

    tags = ", ".join(SETTINGS.VASP_INCAR_UPDATES)
    message = f"{tags}: set by VASP_INCAR_UPDATES in your settings of atomate2."
    return [Finding("info", "atomate2-settings", message)] if tags else []


def _not_taken(incar: Mapping[str, Any], settings: Mapping[str, object]) -> list[Finding]:
    """Name settings of the user that the input set dropped or rewrote."""
    found = []
    for tag, value in settings.items():
        if value is None or (isinstance(value, (dict, list)) and tag in incar):
            continue
        if tag not in incar:
            found.append(
                Finding("warning", "override-dropped", f"The input set leaves out {tag}, which you set.")
            )
        elif _differs(incar[tag], value):
            message = f"The input set writes {tag} = {incar[tag]}; you set {value}."
            found.append(Finding("warning", "override-changed", message))
    return found


def _differs(written: object, given: object) -> bool:
    if isinstance(written, str) and isinstance(given, str):
        return (
            written.split() != given.split()
            if written.lower() != given.lower()
            else len(given.split()) > 1 and written != given
        )
    return written != given


def _orbital_of_u(incar: Mapping[str, Any], settings: Mapping[str, object]) -> list[Finding]:
    """Tell when U acts on s orbitals because only its strength was given."""
    strengths, orbitals = incar.get("LDAUU"), incar.get("LDAUL")
    if "LDAUU" not in settings or not isinstance(strengths, list) or not isinstance(orbitals, list):
        return []
    if "LDAUL" in settings or all(
        u == 0 or orbital > 0 for u, orbital in zip(strengths, orbitals, strict=False)
    ):
        return []
    return [
        Finding(
            "warning",
            "ldaul-is-s",
            "LDAUU is set where LDAUL is 0 (s orbitals); set LDAUL as well, 2 for d, 3 for f.",
        )
    ]


def _cell(structure: Structure) -> list[Finding]:
    """Tell what the POSCAR does to the structure that the user may not expect."""
    found = []
    groups = species_groups(structure)
    if len(groups) != len(set(groups)):
        message = (
            f"The atoms are not grouped by element ({' '.join(groups)}), so the POSCAR and the POTCAR name "
            "elements repeatedly; VASP treats each group as a species of its own."
        )
        found.append(Finding("info", "interleaved-species", message))
    a, b, c = structure.lattice.matrix.tolist()
    normal = [a[i - 2] * b[i - 1] - a[i - 1] * b[i - 2] for i in range(3)]
    if sum(n * x for n, x in zip(normal, c, strict=True)) < 0:
        message = "The lattice vectors are left-handed; pymatgen writes the inverted crystal, right-handed."
        found.append(Finding("info", "left-handed", message))
    return found


def _without_charge(step: Step, incar: Mapping[str, Any]) -> list[Finding]:
    """Tell when VASP will stop for want of the charge density of an earlier run."""
    if step.previous or incar.get("ICHARG") not in {1, 10, 11, 12}:
        return []
    message = (
        f"ICHARG = {incar['ICHARG']} reads the CHGCAR of an earlier run, and no step runs before this one."
    )
    return [Finding("error", "no-charge-density", message)]


def _later(
    step: Step, generator: Any, incar: Mapping[str, Any], settings: Mapping[str, object]
) -> list[Finding]:
    if not step.previous and not step.relaxed:
        return []
    parts = ["the structure"] if step.relaxed else []
    if step.previous:
        parts += _read_from_previous(generator, incar, settings)
    last = f" and {parts.pop()}" if len(parts) > 1 else ""
    message = f"{step.name} continues an earlier step: {', '.join(parts)}{last} will be set from its results."
    return [Finding("info", "from-previous-step", message)]


def _read_from_previous(
    generator: Any, incar: Mapping[str, Any], settings: Mapping[str, object]
) -> list[str]:
    """Name the INCAR tags that the generator sets when it sees a finished run."""
    updates = {tag for tag, value in generator.incar_updates.items() if value is not None}
    mode = getattr(generator, "mode", "")
    rules = (
        ("MAGMOM", "MAGMOM" in incar),
        ("ISPIN", generator.auto_ispin and "ISPIN" not in updates),
        ("ISMEAR", generator.auto_ismear and "ISMEAR" not in updates),
        ("SIGMA", (generator.auto_ismear and "SIGMA" not in updates) or mode == "line"),
        ("KSPACING", generator.auto_kspacing),
        ("NBANDS", hasattr(generator, "nbands_factor")),
        ("NEDOS", hasattr(generator, "dedos") and mode == "uniform"),
        ("the INCAR tags it inherits", bool(generator.inherit_incar)),
    )
    return [tag for tag, applies in rules if applies and (tag not in settings or tag == "MAGMOM")]
