"""All about one template, found by looking at its class: what it computes, its jobs, what it needs."""

from __future__ import annotations

import dataclasses
import importlib.metadata
import importlib.util
import inspect
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal

from crystalmath.errors import InputError, TemplateError
from crystalmath.inputs import makers, schema
from crystalmath.inputs.plan import check_jobs, flow_of, kind_of
from crystalmath.inputs.seam_atomate2 import own_make
from crystalmath.templates.catalogue import FOLDER, Template, get

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["TemplateDetails", "TemplateInput", "TemplateJob", "TemplatePackage", "details"]


@dataclass(frozen=True, slots=True)
class TemplateJob:
    """A job that a template runs, or may run: `input_set` is atomate2's or pymatgen's class.

    `when` tells jobs that are in its Flow from the start from those that its Python jobs may add.
    """

    name: str
    kind: Literal["vasp", "python"]
    input_set: str | None
    when: Literal["start", "later"]


@dataclass(frozen=True, slots=True)
class TemplateInput:
    """What a template is given to work on: the structure, as a rule."""

    name: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class TemplatePackage:
    """A Python package or a program that a template needs beside what CrystalMath installs."""

    name: str
    installed: bool


@dataclass(frozen=True, slots=True)
class TemplateDetails:
    """All about one template. `schema` is the JSON Schema of its parameters.

    `refusal` says why it cannot be run by its name from a structure alone, None where it can.
    """

    name: str
    title: str
    about: str
    maker: str
    kind: Literal["flow", "folder"]
    curated: bool
    jobs: tuple[TemplateJob, ...]
    inputs: tuple[TemplateInput, ...]
    packages: tuple[TemplatePackage, ...]
    schema: dict[str, Any]
    refusal: str | None


NO_PARAMETERS: Final[dict[str, Any]] = {
    "$schema": schema.SCHEMA,
    "type": "object",
    "properties": {},
    "additionalProperties": False,
}
# Packages by the module of atomate2 that asks for them; their extras have the same contents.
PACKAGES: Final = {
    "amset": ("amset",),
    "approx_neb": ("pymatgen-analysis-diffusion",),
    "defect": ("pymatgen-analysis-defects", "python-ulid"),
    "electrode": ("pymatgen-analysis-defects",),
    "gruneisen": ("phonopy", "seekpath"),
    "lobster": ("lobsterpy", "ijson", "lobster"),
    "phonons": ("phonopy", "seekpath"),
    "qha": ("phonopy", "seekpath"),
}
BY_CLASS: Final = {"MPVaspLobsterMaker": PACKAGES["lobster"], "PhononDisplacementMaker": ()}
PROGRAMS: Final = frozenset({"lobster"})


def details(name: str) -> TemplateDetails:
    """Return all about the template of that name.

    Raises:
        TemplateError: there is none; the nearest names are in the hint.
    """
    return _details(get(name))


@cache
def _details(template: Template) -> TemplateDetails:
    common = {f.name: getattr(template, f.name) for f in dataclasses.fields(template)}
    if template is FOLDER or template.kind == "folder":
        about = "Runs the INCAR, KPOINTS and POSCAR of a folder unchanged, with POTCARs of your library."
        given = (TemplateInput("folder", True, "A folder with INCAR and POSCAR in it."),)
        return TemplateDetails(
            **common, about=about, jobs=(), inputs=given, packages=(), schema=NO_PARAMETERS, refusal=None
        )
    entry = makers.find(template.name)
    packages = _packages(template)
    try:
        maker = makers.fresh(entry)
    except TemplateError as error:
        return TemplateDetails(
            **common,
            about=template.title,
            jobs=(),
            inputs=(),
            packages=packages,
            schema=NO_PARAMETERS,
            refusal=error.message,
        )
    jobs, refusal = _jobs(entry, maker)
    return TemplateDetails(
        **common,
        about=_about(type(maker)),
        jobs=jobs,
        inputs=tuple(_inputs(maker)),
        packages=packages,
        schema=schema.of_maker(maker, nested=template.curated),
        refusal=refusal,
    )


def _about(maker_class: Any) -> str:
    """Return what stands in the docstring before the parameters, as one paragraph."""
    text = inspect.cleandoc(maker_class.__doc__ or "").partition("Parameters\n")[0]
    plain = re.sub(r"\.\. (\w+)::", r"\1:", text.replace(":obj:", "").replace("`.", "`"))
    return " ".join(plain.split())


def _inputs(maker: Any) -> Iterator[TemplateInput]:
    make = own_make(maker)
    about = schema.documented(make)
    settable = schema.arguments_of(maker)
    for parameter in list(inspect.signature(make).parameters.values())[1:]:
        if parameter.kind is not parameter.POSITIONAL_OR_KEYWORD:
            continue
        required = parameter.default is parameter.empty
        if required or parameter.name not in settable:
            yield TemplateInput(parameter.name, required, about.get(parameter.name, ""))


def _packages(template: Template) -> tuple[TemplatePackage, ...]:
    module, _, name = template.maker.rpartition(".")[2].partition(":")
    wanted = BY_CLASS.get(name, PACKAGES.get(module, ()) if ".flows." in template.maker else ())
    return tuple(TemplatePackage(package, _is_installed(package)) for package in wanted)


def _is_installed(package: str) -> bool:
    import shutil

    if package in PROGRAMS:
        return shutil.which(package) is not None
    try:
        importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _jobs(entry: makers.MakerEntry, maker: Any) -> tuple[tuple[TemplateJob, ...], str | None]:
    """Return the jobs of the Maker's Flow for a simple crystal, with those that its own Makers may add."""
    from pymatgen.core import Structure

    later = {(job.name, job.input_set): job for job in _makers_within(maker) if job.name is not None}
    try:
        half = 2.1
        rock_salt = Structure(
            [[0, half, half], [half, 0, half], [half, half, 0]], ["Mg", "O"], [[0, 0, 0], [0.5, 0.5, 0.5]]
        )
        begun = check_jobs(entry.name, flow_of(entry, makers.fresh(entry), rock_salt))
    except (TemplateError, InputError) as error:
        return tuple(later.values()), error.message
    known = [TemplateJob(job.name, kind_of(job), _input_set(job.maker), "start") for job in begun]
    sets = {job.input_set for job in known}
    grows = any(job.kind == "python" for job in known)
    more = (job for job in later.values() if grows and job.input_set not in sets)
    return (*known, *more), None


def _makers_within(maker: Any) -> Iterator[TemplateJob]:
    """Yield the VASP jobs of a Maker and of the Makers that it holds."""
    own = _input_set(maker)
    if own is not None:
        yield TemplateJob(maker.name, "vasp", own, "later")
    for field in dataclasses.fields(maker):
        value = getattr(maker, field.name)
        for one in value if isinstance(value, list | tuple) else (value,):
            if dataclasses.is_dataclass(one) and not isinstance(one, type) and hasattr(one, "make"):
                yield from _makers_within(one)


def _input_set(maker: Any) -> str | None:
    generator = getattr(maker, "input_set_generator", None)
    return type(generator).__name__ if generator is not None else None
