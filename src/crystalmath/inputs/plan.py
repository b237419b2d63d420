"""The VASP steps of a Maker: its Flow is built, each step's generator is kept as atomate2 configured it.

A Flow qualifies when every job of it ends in `BaseVaspMaker.make`: then its graph is static, and the inputs
of each step are those that the step's generator makes.
"""

from __future__ import annotations

import contextlib
import copy
import inspect
import threading
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from crystalmath.errors import TemplateError
from crystalmath.inputs import makers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobflow import Flow, Job
    from pymatgen.core import Structure

    from crystalmath.inputs.makers import MakerEntry

__all__ = ["FOREIGN", "Step", "flow_of", "plan_of", "steps_of", "vasp_jobs"]

_one_at_a_time: Final = threading.Lock()

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


class _Reached(Exception):  # noqa: N818  (a signal that unwinds atomate2's make, no error)
    def __init__(self, structure: Structure) -> None:
        super().__init__()
        self.structure = structure


def plan_of(entry: MakerEntry, structure: Structure) -> tuple[Step, ...]:
    """Return the steps that the Maker's Flow has for the structure.

    Raises:
        TemplateError: its Flow is not a static graph of VASP jobs.
    """
    return _curated_plan(entry) if entry.curated else _plan(entry, structure)


@cache
def _curated_plan(entry: MakerEntry) -> tuple[Step, ...]:
    """Keep the steps of a curated Maker: its graph is the same for every structure."""
    from pymatgen.core import Lattice, Structure

    return _plan(entry, Structure(Lattice.cubic(3.0), ["Si"], [[0.0, 0.0, 0.0]]))


def _plan(entry: MakerEntry, structure: Structure) -> tuple[Step, ...]:
    return steps_of(entry, flow_of(entry, makers.fresh(entry), structure), structure)


def steps_of(entry: MakerEntry, flow: Flow, structure: Structure) -> tuple[Step, ...]:
    """Return the steps of a Flow that a Maker made of the structure.

    Raises:
        TemplateError: it is not a static graph of VASP jobs.
    """
    return tuple(_step(entry, job, structure) for job in vasp_jobs(entry, flow))


def flow_of(entry: MakerEntry, maker: Any, structure: Structure) -> Flow:
    """Return the Flow that the Maker makes of the structure, a single job wrapped into one.

    Raises:
        TemplateError: the Maker wants other arguments than a structure, or refuses this one.
    """
    from jobflow import Flow, Job

    _check_arguments(entry, maker)
    try:
        with makers.quiet(), _schemas_made_once():
            made = maker.make(structure)
    except FOREIGN as error:
        raise TemplateError(
            f"{entry.name} cannot make a workflow of {structure.composition.reduced_formula}: {error}",
            hint="Use another template for this structure.",
        ) from error
    return Flow([made], output=made.output, name=made.name) if isinstance(made, Job) else made


@contextlib.contextmanager
def _schemas_made_once() -> Iterator[None]:
    """Keep jobflow from making the schema of the result document anew at each reference to one of its fields.

    That schema takes 60 ms; a Flow of five steps refers to ten fields.
    """
    from jobflow.core import reference

    with _one_at_a_time:
        original = reference.validate_schema_access
        reference.validate_schema_access = _kept_access(original)
        try:
            yield
        finally:
            reference.validate_schema_access = original


@cache
def _kept_access(access: Any) -> Any:
    return cache(access)


def _check_arguments(entry: MakerEntry, maker: Any) -> None:
    make = getattr(type(maker).make, "original", type(maker).make)
    parameters = list(inspect.signature(make).parameters.values())[1:]
    required = [p.name for p in parameters if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
    if required == ["structure"]:
        return
    if "prev_dir" in required:
        reason, hint = (
            "continues a finished run",
            "Use a template that does that run as well, such as relax_bands.",
        )
    else:
        reason, hint = f"wants {', '.join(required)}", "Use a template whose Maker takes a structure."
    raise TemplateError(f"{entry.name} cannot be run from a structure alone: it {reason}.", hint=hint)


def vasp_jobs(entry: MakerEntry, flow: Flow) -> tuple[Job, ...]:
    """Return the jobs of a Flow that can be run here: a static graph of VASP jobs, and nothing else.

    This is the one place that decides which Flows are accepted.

    Raises:
        TemplateError: a job is a Python function (which may add further jobs) or runs VASP in its own way.
    """
    from atomate2.vasp.jobs.base import BaseVaspMaker

    jobs = tuple(job for job, _ in flow.iterflow())
    python = [
        job.name for job in jobs if not isinstance(getattr(job.function, "__self__", None), BaseVaspMaker)
    ]
    if python:
        raise TemplateError(
            f"{entry.name} has steps that are Python code and may add jobs as it runs ({', '.join(python)}); "
            "only workflows that consist of VASP runs are supported.",
            hint="Use a template of VASP runs only: `static`, `relax`, `double_relax`, `relax_bands`.",
        )
    return jobs


def _step(entry: MakerEntry, job: Job, structure: Structure) -> Step:
    from jobflow import OutputReference

    maker = job.function.__self__
    bound = inspect.signature(type(maker).make.original).bind(
        maker, *job.function_args, **job.function_kwargs
    )
    given = {name: value for name, value in bound.arguments.items() if name != "self"}
    source, previous = given.pop("structure", None), given.pop("prev_dir", None)
    arguments = tuple(given.items())
    generator, used = reach_generator(entry, maker, arguments, structure)
    return Step(
        name=job.name,
        maker=maker,
        arguments=arguments,
        generator=generator,
        previous=previous is not None,
        relaxed=isinstance(source, OutputReference),
        transforms=used is not structure,
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
            type(own).make.original(own, structure, prev_dir=None, **dict(arguments))
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
