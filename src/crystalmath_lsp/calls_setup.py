"""What the worker does for `system.*`, `profiles.*`, `codes.*` and `potcars.*`."""

from __future__ import annotations

import importlib.metadata
import platform
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from crystalmath_lsp import models_setup as models
from crystalmath_lsp.calls_jobs import structure_of, watching

if TYPE_CHECKING:
    from crystalmath.engine.doctor import Part
    from crystalmath_lsp.engine_calls import Engine

__all__: list[str] = []

_VERSIONS = ("crystalmath", "aiida-core", "atomate2", "pymatgen", "emmet-core", "custodian", "jobflow")


def status(engine: Engine, _params: models.NoParams) -> models.EngineStatus:
    """Return how every part of the engine is; nothing is changed."""
    from crystalmath.engine import doctor

    return _status(engine, doctor.examine(engine.session, repair=False))


def repair(engine: Engine, _params: models.NoParams) -> models.EngineStatus:
    """Repair what can be repaired and return how every part is then."""
    from crystalmath.engine import doctor

    return _status(engine, doctor.examine(engine.session, repair=True))


def _status(engine: Engine, parts: tuple[Part, ...]) -> models.EngineStatus:
    from crystalmath.engine import job_list, list_sweep

    list_sweep.refresh(engine.session)
    return models.EngineStatus(
        profile=engine.session.profile,
        versions={
            "python": platform.python_version(),
            **{name: importlib.metadata.version(name) for name in _VERSIONS},
        },
        parts=msgspec.convert(parts, list[models.EnginePart], from_attributes=True),
        jobs=dict(job_list.counts(engine.session)),
        watching=watching(engine),
    )


def list_profiles(engine: Engine, _params: models.NoParams) -> models.Profiles:
    """Return the AiiDA profiles of this user."""
    from crystalmath.engine import profile

    return models.Profiles(
        profiles=[
            models.Profile(
                name=found.name,
                storage=found.storage,
                broker=found.broker,
                current=found.name == engine.profile,
            )
            for found in profile.list_profiles()
        ]
    )


def list_codes(engine: Engine, _params: models.NoParams) -> models.Codes:
    """Return the registered VASPs."""
    from crystalmath.engine import codes

    rows = codes.list_codes(engine.session)
    return models.Codes(codes=msgspec.convert(rows, list[models.Code], from_attributes=True))


def create_code(engine: Engine, params: models.CodesCreateParams) -> models.Code:
    """Register a VASP of this machine after starting it."""
    from crystalmath.engine import codes

    row = codes.create(
        engine.session,
        params.label,
        std=Path(params.std).expanduser(),
        gam=Path(params.gam).expanduser() if params.gam else None,
        ncl=Path(params.ncl).expanduser() if params.ncl else None,
        launcher=params.launcher,
        ranks=params.ranks or 1,
        threads=params.threads or 1,
        prepend=params.prepend,
        potcars=Path(params.potcars).expanduser() if params.potcars else None,
        make_default=params.make_default,
    )
    return msgspec.convert(row, models.Code, from_attributes=True)


def use_code(engine: Engine, params: models.CodeName) -> models.Codes:
    """Make a code the one that is used when none is named."""
    from crystalmath.engine import codes

    codes.set_default(engine.session, params.label)
    return list_codes(engine, models.NoParams())


def delete_code(engine: Engine, params: models.CodeName) -> models.Codes:
    """Remove a code from the list."""
    from crystalmath.engine import codes

    codes.delete(engine.session, params.label)
    return list_codes(engine, models.NoParams())


def potcars_status(engine: Engine, params: models.PotcarsStatusParams) -> models.PotcarNeeds:
    """Return which POTCARs a calculation needs, and which are missing."""
    from crystalmath import potcars, structures, templates
    from crystalmath.engine import codes

    crystal = structures.of(structure_of(params.structure)).structure
    library = potcars.library(codes.potcar_directory(codes.load(engine.session, params.code)))
    needs = templates.potcars_of(params.template, crystal)
    found = [potcars.status(need.symbols, need.functional, library) for need in needs]
    return models.PotcarNeeds(needs=msgspec.convert(found, list[models.PotcarNeed], from_attributes=True))


def index_potcars(_engine: Engine, params: models.PotcarsIndexParams) -> models.PotcarsIndexed:
    """Look through a POTCAR folder and remember it."""
    from crystalmath import potcars

    entries = potcars.index(Path(params.directory).expanduser(), params.release)
    return models.PotcarsIndexed(releases=dict(Counter(entry.functional for entry in entries)))
