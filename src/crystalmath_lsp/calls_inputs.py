"""What the worker does for `templates.*`, `inputs.*`, `structures.*` and `results.*`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from crystalmath.errors import InputError
from crystalmath_lsp import models_setup as models
from crystalmath_lsp.calls_jobs import structure_of
from crystalmath_lsp.models import JobCard

if TYPE_CHECKING:
    from crystalmath import inputs
    from crystalmath_lsp.engine_calls import Engine
    from crystalmath_lsp.models import StructureSource

__all__: list[str] = []


def list_templates(_engine: Engine, _params: models.NoParams) -> models.Templates:
    """Return every template."""
    from crystalmath import templates

    found = msgspec.convert(templates.all(), list[models.Template], from_attributes=True)
    return models.Templates(templates=found)


def get_template(_engine: Engine, params: models.TemplateName) -> models.TemplateDetails:
    """Return all about a template, with the schema of its parameters."""
    from crystalmath import templates

    found = templates.details(params.name)
    return msgspec.convert(found, models.TemplateDetails, from_attributes=True)


def preview(_engine: Engine, params: models.InputsPreviewParams) -> models.PreviewedInputs:
    """Return the inputs of one VASP run."""
    made = _input_set(params)
    return models.PreviewedInputs(
        step=made.step,
        steps=list(made.steps),
        files=made.files(),
        incar=msgspec.convert(made.incar, list[models.InputSetting], from_attributes=True),
        potcar_symbols=list(made.potcar_symbols),
        potcar_functional=made.potcar_functional,
        permutation=list(made.permutation),
        remarks=[
            models.InputRemark(
                severity="information" if one.severity == "info" else one.severity,
                code=one.code,
                message=one.message,
                source="library",
                step=made.step,
                file=None,
                line=None,
                url=None,
            )
            for one in made.findings
        ],
    )


def write(_engine: Engine, params: models.InputsWriteParams) -> models.InputsWritten:
    """Write the inputs of one VASP run."""
    made, folder = _input_set(params), Path(params.directory).expanduser()
    if not params.overwrite and (lost := _overwritten(made, folder)):
        raise InputError(
            f"{', '.join(lost)} in {folder} would be lost", hint="Name another folder, or allow to overwrite."
        )
    return models.InputsWritten(paths=[str(path) for path in made.write(folder)])


def _overwritten(made: inputs.InputSet, folder: Path) -> list[str]:
    """Return the files of the folder that are others than those to be written."""
    wanted = {"KPOINTS": None, **made.files()}  # a KPOINTS that is not wanted is removed
    return [name for name, text in sorted(wanted.items()) if _is_other(folder / name, text)]


def _is_other(path: Path, text: str | None) -> bool:
    try:
        return path.exists() and (text is None or path.read_bytes() != text.encode())
    except OSError:
        return True


def _input_set(params: models.InputsPreviewParams | models.InputsWriteParams) -> inputs.InputSet:
    from crystalmath import inputs as input_sets
    from crystalmath import structures, templates

    if templates.get(params.template).kind == "folder":
        raise InputError(
            "A folder is run as it is: there are no other inputs to show", hint="Look at its files."
        )
    crystal = structures.of(structure_of(params.structure)).structure
    settings = input_sets.overrides.validate(params.overrides)
    return input_sets.preview(
        crystal, params.template, settings, step=params.step, parameters=params.parameters
    )


def check(engine: Engine, params: models.InputsCheckParams) -> models.InputRemarks:
    """Return what the rules, the libraries and the POTCAR folder have to say about a calculation."""
    from crystalmath.engine import codes, requests
    from crystalmath.engine import submit as submission

    asked = requests.origin_of(
        params.template,
        structure_of(params.structure),
        overrides=params.overrides,
        parameters=params.parameters,
        code=params.code,
    )
    found = submission.check(asked, codes.load(engine.session, params.code))
    return models.InputRemarks(remarks=msgspec.convert(found, list[models.InputRemark], from_attributes=True))


def read_structure(_engine: Engine, params: StructureSource) -> models.StructureRead:
    """Return a crystal."""
    from crystalmath import structures

    found = structures.read(Path(params.path) if params.text is None else f"{params.text}\n")  # type: ignore[arg-type]  # one of them is there
    crystal = found.structure
    return models.StructureRead(
        source=found.source,
        format=found.format,
        formula=crystal.composition.reduced_formula,
        n_atoms=len(crystal),
        volume_angstrom3=float(crystal.volume),
        lattice_angstrom=crystal.lattice.matrix.tolist(),
        elements=[str(site.species_string) for site in crystal],
        fractional=crystal.frac_coords.tolist(),
        notes=list(found.notes),
    )


def get_card(engine: Engine, params: models.ResultsGetParams) -> JobCard:
    """Return the card of a job."""
    from crystalmath.engine import cards

    return msgspec.convert(msgspec.structs.asdict(cards.get(engine.session, params.id)), JobCard)


def get_convergence(engine: Engine, params: models.ResultsConvergenceParams) -> models.ConvergenceOfJob:
    """Return how a step converges, also while it runs."""
    from crystalmath.engine import curves, jobs

    found = curves.convergence(engine.session, params.id, step=params.step)
    return models.ConvergenceOfJob(
        state=jobs.state(engine.session, params.id),
        convergence=msgspec.convert(found, models.Convergence, from_attributes=True) if found else None,
    )


def get_bands(engine: Engine, params: models.ResultsBandsParams) -> models.BandsOfJob:
    """Return the bands of a job."""
    from crystalmath.engine import curves

    found = curves.bands(engine.session, params.id)
    return models.BandsOfJob(
        bands=msgspec.convert(found, models.Bands, from_attributes=True) if found else None
    )
