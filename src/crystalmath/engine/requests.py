"""From what a user asks for to the request that is submitted: everything is checked, nothing is stored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crystalmath.engine.job_request import JobRequest
from crystalmath.engine.submit import Resources, SubmitRequest
from crystalmath.errors import InputError, TemplateError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jobflow import Flow, Maker

__all__ = ["build", "origin_of"]


def build(
    what: str | Flow | Maker,
    structure: object,
    *,
    overrides: Mapping[str, object],
    parameters: Mapping[str, object] | None = None,
    code: str | None = None,
    label: str = "",
    key: str | None = None,
    waive: Sequence[str] = (),
    resources: Mapping[str, int | None] | None = None,
) -> SubmitRequest:
    """Return the request for a template, a folder, or a Flow or Maker of jobflow.

    `structure` is a path, a text, a pymatgen Structure, or for `folder` the folder; a Flow has its own.
    `waive` are codes of errors of the check that are accepted; `resources` ranks, threads and walltime_s.
    Raises InputError for whatever is wrong with them.
    """
    from crystalmath.inputs import overrides as tags

    if parameters and (what == "folder" or not isinstance(what, str)):
        raise InputError(
            f"Only templates take parameters; {next(iter(parameters))!r} cannot be set here.",
            hint="Set it on the Maker itself, or name a template.",
        )
    asked = {name: value for name, value in (resources or {}).items() if value is not None}
    origin: JobRequest | None = None
    if isinstance(what, str):
        crystal = None if what == "folder" else _crystal(what, structure)
        start = structure if crystal is None else crystal
        origin = origin_of(
            what,
            start,
            overrides=overrides,
            parameters=parameters,
            code=code,
            resources=asked,
            waive=waive,
        )
        settings = origin.overrides
        if crystal is None:
            made = _folder(structure, settings)
        else:
            made = _template(what, crystal, settings, parameters or {})
    else:
        settings = tags.validate(overrides)
        made = _flow(what, structure, settings)
    flow, name, formula, n_atoms = made
    return SubmitRequest(
        flow_json=_as_json(flow),
        template=name,
        formula=formula,
        n_atoms=n_atoms,
        overrides=settings,
        code=code,
        label=label,
        key=key,
        resources=Resources(**asked),
        origin=origin,
    )


def origin_of(
    template: str,
    structure: object,
    *,
    overrides: Mapping[str, object],
    parameters: Mapping[str, object] | None = None,
    code: str | None = None,
    resources: Mapping[str, int] | None = None,
    waive: Sequence[str] = (),
) -> JobRequest:
    """Return what is asked for in the form that is kept with the job. Raises InputError."""
    from crystalmath.inputs import overrides as tags

    kept: Any = {
        "template": template,
        "overrides": tags.validate(overrides),
        "parameters": dict(parameters or {}),
        "code": code,
        "resources": resources or {},
        "waive": tuple(waive),
    }
    if template == "folder":
        return JobRequest(structure_path=str(Path(str(structure)).expanduser().absolute()), **kept)
    return JobRequest(structure_text=_text(_crystal(template, structure)), **kept)


def _crystal(name: str, structure: object) -> Any:
    from crystalmath import structures, templates

    templates.get(name)  # an unknown template is said before the structure is read
    if structure is None:
        raise InputError(f"The template '{name}' needs a structure", hint="Give a POSCAR or CIF file.")
    return structures.of(structure).structure


def _text(crystal: Any) -> str:
    """Return the crystal with its moments and fixed components as a text that `structures.read` takes."""
    return f"{crystal.to_json()}\n"


def _template(
    name: str, crystal: Any, settings: Mapping[str, object], parameters: Mapping[str, object]
) -> tuple[Any, str, str, int]:
    from crystalmath import templates

    template = templates.get(name)
    flow = templates.build(name, crystal, overrides=settings, parameters=parameters)
    return flow, template.name, crystal.composition.reduced_formula, len(crystal)


def _folder(directory: object, settings: Mapping[str, object]) -> tuple[Any, str, str, int]:
    from crystalmath import potcars, templates
    from crystalmath.engine import folder

    if not isinstance(directory, str | Path):
        raise InputError("The template 'folder' needs a folder", hint="Give one with INCAR and POSCAR in it.")
    if settings:
        raise InputError(
            f"A folder is run as it is; {next(iter(settings))} cannot be set", hint="Edit its INCAR instead."
        )
    inputs = templates.folder.read(directory, library=potcars.library())
    return folder.flow(inputs), "folder", inputs.formula, inputs.n_atoms


def _flow(what: Any, structure: object, settings: Mapping[str, object]) -> tuple[Any, str, str, int]:
    from jobflow import Flow, Job, Maker

    if isinstance(what, Maker):
        return _maker(what, structure, settings)
    if not isinstance(what, Flow | Job):
        raise TemplateError(
            f"A value of the type {type(what).__name__} cannot be submitted",
            hint="Give the name of a template, or a Flow, Job or Maker of jobflow.",
        )
    if structure is not None or settings:
        raise InputError(
            f"The Flow '{what.name}' has its structure and settings already",
            hint="Give a Maker instead, or change the Flow with atomate2's powerups.",
        )
    return what, what.name, "", 0


def _maker(maker: Any, structure: object, settings: Mapping[str, object]) -> tuple[Any, str, str, int]:
    from crystalmath import structures, templates

    if structure is None:
        raise InputError(f"The Maker '{maker.name}' needs a structure", hint="Give a path or a Structure.")
    crystal = structures.of(structure).structure
    flow = templates.of_maker(maker, crystal, overrides=settings)
    return flow, type(maker).__name__, crystal.composition.reduced_formula, len(crystal)


def _as_json(flow: Any) -> str:
    from monty.json import MontyEncoder

    return json.dumps(flow, cls=MontyEncoder)
