"""The VASP steps of a Maker: its Flow is built, each step's generator is kept as atomate2 configured it.

A Flow that has Python jobs may grow while it runs; then the plan has the VASP steps that are known before.
"""

from __future__ import annotations

import copy
import inspect
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

from crystalmath.errors import TemplateError
from crystalmath.inputs import makers
from crystalmath.inputs.parameters import check, set_on
from crystalmath.inputs.schema import of_maker
from crystalmath.inputs.seam_atomate2 import own_make, schemas_made_once

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobflow import Flow, Job
    from pymatgen.core import Structure

    from crystalmath.inputs.makers import MakerEntry

__all__ = ["FOREIGN", "Plan", "Step", "check_jobs", "flow_of", "kind_of", "made", "plan_of", "plan_of_flow"]

NOTHING: Final[Mapping[str, object]] = MappingProxyType({})
FOREIGN = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""What atomate2 and pymatgen raise when a structure or a setting does not suit them."""


@dataclass(frozen=True, slots=True)
class Step:
    """One VASP run of a Flow.

    `generator` is a prototype that is never used itself. `previous` says that the step reads the results of
    an earlier one, `relaxed` that it takes its structure from there, `transforms` that its Maker changes the
    structure it is given before inputs are made.
    """

    name: str
    maker: Any
    arguments: tuple[tuple[str, Any], ...]
    generator: Any
    previous: bool
    relaxed: bool
    transforms: bool
    own: Structure | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The VASP steps of a Flow that are known before it runs, and its Python jobs, which may add more."""

    steps: tuple[Step, ...]
    python: tuple[str, ...] = ()

    @property
    def is_dynamic(self) -> bool:
        """Whether steps may be added while it runs."""
        return bool(self.python)


class _Reached(Exception):  # noqa: N818  (a signal that unwinds atomate2's make, no error)
    def __init__(self, structure: Structure) -> None:
        super().__init__()
        self.structure = structure


def plan_of(entry: MakerEntry, structure: Structure, parameters: Mapping[str, object] = NOTHING) -> Plan:
    """Return the plan of the Maker's Flow for the structure.

    Raises:
        TemplateError: the Flow cannot be made of a structure, or has a job that cannot be run here.
    """
    if entry.name in SAME_FOR_ALL and not parameters:
        return _curated_plan(entry)
    maker, arguments = made(entry, parameters)
    return plan_of_flow(entry, flow_of(entry, maker, structure, arguments), structure)


def made(entry: MakerEntry, parameters: Mapping[str, object]) -> tuple[Any, dict[str, Any]]:
    """Return a fresh Maker with these parameters, and the arguments of its `make` among them.

    Raises:
        TemplateError: it cannot be made.
        InputError: there is no such parameter, or it cannot have this value.
    """
    maker = makers.fresh(entry)
    if not parameters:
        return maker, {}
    check(entry.name, of_maker(maker, nested=True), parameters)
    with makers.quiet():
        return set_on(maker, parameters)


SAME_FOR_ALL: Final = frozenset({"static", "relax", "double_relax", "relax_bands"})
"""Templates whose graph is the same for every structure."""


@cache
def _curated_plan(entry: MakerEntry) -> Plan:
    from pymatgen.core import Lattice, Structure

    any_one = Structure(Lattice.cubic(3.0), ["Si"], [[0.0, 0.0, 0.0]])
    flow = flow_of(entry, makers.fresh(entry), any_one)
    return plan_of_flow(entry, flow, any_one, for_any_structure=True)


def plan_of_flow(
    entry: MakerEntry, flow: Flow, structure: Structure, *, for_any_structure: bool = False
) -> Plan:
    """Return the plan of a Flow that a Maker made of the structure.

    Raises:
        TemplateError: it has a job that cannot be run here.
    """
    jobs = check_jobs(entry.name, flow)
    python = tuple(job.name for job in jobs if kind_of(job) == "python")
    known: dict[str, Step] = {}
    for job in jobs:
        if kind_of(job) == "vasp" and _comes_from(job, known):
            known[job.uuid] = _step(entry, job, structure, same=for_any_structure)
    return Plan(tuple(known.values()), python)


def _comes_from(job: Job, known: Mapping[str, Step]) -> bool:
    """Say whether the structure of a VASP job is given, or that of a step whose structure is."""
    from jobflow import OutputReference

    source = _arguments(job).get("structure")
    return not isinstance(source, OutputReference) or source.uuid in known


def _arguments(job: Job) -> dict[str, Any]:
    maker = job.function.__self__
    make = inspect.signature(own_make(maker))
    bound = make.bind(maker, *job.function_args, **job.function_kwargs)
    return {name: value for name, value in bound.arguments.items() if name != "self"}


def flow_of(
    entry: MakerEntry, maker: Any, structure: Structure, arguments: Mapping[str, object] = NOTHING
) -> Flow:
    """Return the Flow that the Maker makes of the structure, a single job wrapped into one.

    Raises:
        TemplateError: the Maker wants other arguments than a structure, or refuses this one.
    """
    from jobflow import Flow, Job

    _check_arguments(entry, maker, arguments)
    try:
        with makers.quiet(), schemas_made_once():
            whole = maker.make(structure, **arguments)
    except FOREIGN as error:
        raise TemplateError(
            f"{entry.name} cannot make a workflow of {structure.composition.reduced_formula}: {error}",
            hint="Use another template for this structure.",
        ) from error
    return Flow([whole], output=whole.output, name=whole.name) if isinstance(whole, Job) else whole


def _check_arguments(entry: MakerEntry, maker: Any, given: Mapping[str, object]) -> None:
    make = own_make(maker)
    parameters = list(inspect.signature(make).parameters.values())[1:]
    required = [
        p.name
        for p in parameters
        if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD and p.name not in given
    ]
    if required == ["structure"]:
        return
    if "prev_dir" in required:
        reason, hint = (
            "continues a finished run",
            "Use a template that does that run as well, such as relax_bands.",
        )
    else:
        reason = f"wants {', '.join(required)}"
        hint = f"Make its Flow in a script and submit that: cm.submit({type(maker).__name__}().make(…))."
    raise TemplateError(f"{entry.name} cannot be run from a structure alone: it {reason}.", hint=hint)


def check_jobs(name: str, flow: Flow) -> tuple[Job, ...]:
    """Return the jobs of a Flow in an order in which they could run.

    Raises:
        TemplateError: a job cannot be run here; the reason is named.
    """
    jobs = tuple(job for job, _ in flow.iterflow())
    for job in jobs:
        try:
            kind_of(job)
        except ValueError as error:
            raise TemplateError(f"{name}: {error}.", hint="Use another template.") from error
    return jobs


def kind_of(job: Job) -> Literal["vasp", "python"]:
    """Return whether a job is one run of VASP or a Python function.

    This is the one place that decides which jobs are accepted. Raises ValueError for one that would start a
    program by itself, which the daemon must not do.
    """
    from atomate2.vasp.jobs.base import BaseVaspMaker

    own = type(job.maker).__module__
    if isinstance(job.maker, BaseVaspMaker):
        if job.function.__name__ != "make":
            raise ValueError(
                f"the job '{job.name}' calls {type(job.maker).__name__}.{job.function.__name__}, which is "
                "not one run of VASP"
            )
        return "vasp"
    for package in OTHER_PROGRAMS:
        if own.startswith(f"atomate2.{package}.") or job.function.__module__.startswith(
            f"atomate2.{package}."
        ):
            raise ValueError(f"the job '{job.name}' runs {OTHER_PROGRAMS[package]}, not VASP")
    if job.function.__name__ in STARTS_VASP:
        raise ValueError(f"the Python job '{job.name}' starts VASP by itself, several times in one folder")
    return "python"


OTHER_PROGRAMS: Final = {
    "abinit": "Abinit",
    "aims": "FHI-aims",
    "cp2k": "CP2K",
    "jdftx": "JDFTx",
    "lobster": "LOBSTER",
    "openff": "OpenMM",
    "openmm": "OpenMM",
    "qchem": "Q-Chem",
    "torchsim": "TorchSim",
}
STARTS_VASP: Final = frozenset({"calculate_finite_diff"})


def _step(entry: MakerEntry, job: Job, structure: Structure, *, same: bool) -> Step:
    from jobflow import OutputReference

    given = _arguments(job)
    source, previous = given.pop("structure", None), given.pop("prev_dir", None)
    relaxed = isinstance(source, OutputReference)
    own = None if same or relaxed or source is None or source == structure else source
    arguments = tuple(given.items())
    generator, used = reach_generator(entry, job.function.__self__, arguments, own or structure)
    return Step(
        name=job.name,
        maker=job.function.__self__,
        arguments=arguments,
        generator=generator,
        previous=previous is not None,
        relaxed=relaxed,
        transforms=used is not (own or structure),
        own=own,
    )


def reach_generator(
    entry: MakerEntry, maker: Any, arguments: tuple[tuple[str, Any], ...], structure: Structure
) -> tuple[Any, Structure]:
    """Run a copy of the Maker's `make` up to the point where it asks its generator for the inputs.

    Returns the generator as `make` has set it, and the structure that it is given.

    Raises:
        TemplateError: `make` does not come to that point.
    """
    own = copy.deepcopy(maker)
    generator = own.input_set_generator

    def stop(structure: Structure, **_: object) -> None:
        raise _Reached(structure)

    generator.get_input_set = stop
    try:
        with makers.quiet():
            own_make(own)(own, structure, prev_dir=None, **dict(arguments))
    except _Reached as reached:
        del generator.get_input_set
        return generator, reached.structure
    except FOREIGN as error:
        raise _unusual(entry, own) from error
    raise _unusual(entry, own)


def _unusual(entry: MakerEntry, maker: Any) -> TemplateError:
    return TemplateError(
        f"{entry.name} runs VASP in a way of its own ({type(maker).__name__}), which is not supported.",
        hint="Use another template.",
    )
