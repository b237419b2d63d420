"""Every use of names that atomate2, emmet and jobflow do not promise to keep; pinned by a contract test.

A VASP job of atomate2 is one function: copy the previous outputs, write the inputs, run VASP, parse, decide.
We run that very function twice, each time with the file and program calls of its module replaced: once
until it would start VASP (`prepare`), and once past that point over the finished outputs (`complete`). So
what a Maker does before and after is its own code, and the inputs are those that atomate2 writes.
"""

from __future__ import annotations

import contextlib
import inspect
import os
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crystalmath.engine import double_relaxation
from crystalmath.engine.completed import Completed, Sink, of_response
from crystalmath.engine.flow_documents import document_store, dump_job, load_flow, load_job, sanitise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

__all__ = [
    "NotAccepted",
    "Prepared",
    "SeamError",
    "complete",
    "drifted",
    "load_flow",
    "potcar_library",
    "prepare",
    "recorded_vaspruns",
    "task_document",
]

REPLACED = (
    "copy_vasp_outputs",
    "write_vasp_input_set",
    "run_vasp",
    "get_vasp_task_document",
    "gzip_output_folder",
)
DOUBLE_RELAXATION = "double relaxation"
BAND = "neb"
KINDS_OF_RUN = ("normal", "direct", BAND, DOUBLE_RELAXATION)


class SeamError(Exception):
    """The job cannot be run this way; the sentence says why."""


class NotAccepted(Exception):  # noqa: N818 - a verdict, not a fault
    """The Maker refuses its own result (unconverged, say); `document` is the TaskDoc that it refused."""

    def __init__(self, reason: str, document: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.document = document


class _ReachedVasp(BaseException):
    """Thrown where VASP would start; not an Exception, so that no Maker catches it."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a VASP job wants to have run.

    `copy` are files of the previous calculation that VASP needs, `volumetric` those whose grids the job wants
    to keep in its document.
    """

    files: dict[str, bytes]
    potcar_symbols: tuple[str, ...]
    potcar_functional: str
    previous: str | None
    copy: tuple[str, ...]
    volumetric: tuple[str, ...]
    resolved_job: bytes | None


# --- before VASP -----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Capture:
    """What the replaced functions were called with."""

    materialise: Callable[[str, Path], None]
    originals: Mapping[str, Any]
    previous: str | None = None
    copy: tuple[str, ...] = ()
    generator: Any = None
    run: dict[str, Any] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()

    def copy_vasp_outputs(
        self, src_dir: Any, *_: Any, additional_vasp_files: Sequence[str] = (), **__: Any
    ) -> None:
        self.previous = str(src_dir)
        self.copy = tuple(additional_vasp_files)
        self.materialise(self.previous, Path.cwd())
        self.kept = frozenset(path.name for path in Path.cwd().iterdir())

    def write_vasp_input_set(self, structure: Any, generator: Any, *args: Any, **kwargs: Any) -> None:
        self.generator = generator
        self.originals["write_vasp_input_set"](structure, generator, *args, **{**kwargs, "potcar_spec": True})

    def run_vasp(self, *args: Any, **kwargs: Any) -> None:
        self.run = {**dict(zip(("job_type",), args, strict=False)), **kwargs}
        raise _ReachedVasp


def prepare(
    data: bytes,
    documents: Sequence[Mapping[str, Any]],
    materialise: Callable[[str, Path], None],
    directory: Path,
) -> Prepared:
    """Run a VASP job up to the start of VASP in the empty `directory` and return what it wants to have run.

    `documents` are those that its references name; `materialise(locator, directory)` puts the outputs of a
    previous calculation there. Raises SeamError when the job does not get to VASP, or wants runs of which
    custodian decides only as it goes.
    """
    from jobflow import CURRENT_JOB

    job = load_job(data)
    resolved = None
    if job.input_references:
        job.resolve_args(store=document_store(documents))
        resolved = dump_job(job)
    job.config.resolve_references = False
    capture = _Capture(materialise, _originals())
    functions = {
        name: getattr(capture, name) for name in ("copy_vasp_outputs", "write_vasp_input_set", "run_vasp")
    }
    try:
        with _replaced(functions, capture.originals, job), contextlib.chdir(directory):
            job.run(document_store(()))
    except _ReachedVasp:
        return _prepared(capture, directory, _volumetric(job.maker), resolved)
    finally:
        CURRENT_JOB.reset()
    raise SeamError(f"The job '{job.name}' ended without a VASP run")


def _volumetric(maker: Any) -> tuple[str, ...]:
    """Return the files whose grids the Maker's document is to hold."""
    from atomate2 import SETTINGS

    wanted = maker.task_document_kwargs.get("store_volumetric_data", SETTINGS.VASP_STORE_VOLUMETRIC_DATA)
    return tuple(str(getattr(one, "value", one)).upper() for one in wanted or ())


def _prepared(
    capture: _Capture, directory: Path, volumetric: tuple[str, ...], resolved: bytes | None
) -> Prepared:
    wanted = _kind_of_run(capture.run)
    if wanted not in KINDS_OF_RUN:
        raise SeamError(f"The job asks custodian for a '{wanted}', whose runs are decided on as it goes")
    written = {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
        and not (path.name in capture.kept and path.name.startswith(("vasprun.xml", "OUTCAR")))
    }
    spec = written.pop("POTCAR.spec").decode()
    if wanted == DOUBLE_RELAXATION:
        options = capture.run.get("vasp_job_kwargs") or {}
        written[double_relaxation.SECOND_INCAR] = double_relaxation.second_incar(directory, options)
    return Prepared(
        files=written,
        potcar_symbols=tuple(spec.split()),
        potcar_functional=str(capture.generator.potcar_functional),
        previous=capture.previous,
        copy=capture.copy,
        volumetric=volumetric,
        resolved_job=resolved,
    )


@contextlib.contextmanager
def potcar_library(directory: Path | None) -> Iterator[None]:
    """Let pymatgen find POTCARs below `directory`: input sets that set NELECT read valences from them."""
    from pymatgen.core import SETTINGS

    before = SETTINGS.get("PMG_VASP_PSP_DIR")
    if directory is not None:
        SETTINGS["PMG_VASP_PSP_DIR"] = str(directory)
    try:
        yield
    finally:
        if directory is not None:
            SETTINGS["PMG_VASP_PSP_DIR"] = before


# --- after VASP ------------------------------------------------------------------------------------


def complete(data: bytes, directory: Path, where: str) -> Completed:
    """Run a (resolved) VASP job over the outputs in `directory` and return what it returns.

    `where` is the locator that the documents give as their directory. Raises NotAccepted when the Maker
    refuses an unconverged result, and whatever pymatgen, emmet or the Maker raise over unreadable output.
    """
    from jobflow import CURRENT_JOB

    job = load_job(data)
    job.config.resolve_references = False
    originals = _originals()
    parsed: list[Any] = []

    def get_vasp_task_document(path: Path | str, *args: Any, **kwargs: Any) -> Any:
        document = originals["get_vasp_task_document"](path, *args, **kwargs)
        _relocate(document, where)
        parsed.append(document)
        return document

    _as_custodian_leaves(job, directory)
    sink = Sink()
    replaced = dict.fromkeys((*REPLACED, "mkdir"), _nothing)
    replaced["get_vasp_task_document"] = get_vasp_task_document
    try:
        with _replaced(replaced, originals, job), contextlib.chdir(directory):
            response = job.run(sink)
    except RuntimeError as error:
        if parsed and "was not successful" in str(error):
            raise NotAccepted(str(error), parsed[0]) from error
        raise
    finally:
        CURRENT_JOB.reset()
    return of_response(response, sink.document, refers=False)


def _as_custodian_leaves(job: Any, directory: Path) -> None:
    """Keep the inputs under the names that custodian would have given them; documents hold both."""
    kind = _kind_of_run(job.maker.run_vasp_kwargs)
    if kind == "direct":
        return
    names = ("INCAR", "KPOINTS", "POTCAR", "[0-9][0-9]/POSCAR" if kind == BAND else "POSCAR")
    for path in [path for name in names for path in directory.glob(name)]:
        shutil.copyfile(path, path.with_name(f"{path.name}.orig"))
    if kind == DOUBLE_RELAXATION:
        double_relaxation.arrange(directory)


def _kind_of_run(run_vasp_kwargs: Mapping[str, Any]) -> str:
    """Return how custodian would have run VASP, in atomate2's words."""
    wanted = run_vasp_kwargs.get("job_type", "normal")
    return str(getattr(wanted, "value", wanted))


def task_document(directory: Path, where: str) -> Any:
    """Return the sanitised TaskDoc of a run that no job stands behind."""
    document = _originals()["get_vasp_task_document"](directory)
    _relocate(document, where)
    return sanitise(document)


def _relocate(document: Any, where: str) -> None:
    """Replace the passing directory in a TaskDoc by the calculation's locator."""
    document.dir_name = where
    images = [f"{where}/{Path(path).name}" for path in getattr(document, "directories", None) or ()]
    if images:  # of a nudged elastic band
        document.directories = images
    calculations = getattr(document, "calcs_reversed", None) or getattr(document, "calculations", None) or ()
    for calculation, place in zip(calculations, images or [where] * len(calculations), strict=True):
        calculation.dir_name = place
        if calculation.output_file_paths:
            calculation.output_file_paths = {
                k: Path(v).name for k, v in calculation.output_file_paths.items()
            }


@contextlib.contextmanager
def recorded_vaspruns() -> Iterator[list[Any]]:
    """Collect the Vasprun objects that emmet makes meanwhile, so that the file is parsed once."""
    from emmet.core.vasp import calculation

    original = calculation.Vasprun
    made: list[Any] = []

    def recording(*args: Any, **kwargs: Any) -> Any:
        made.append(original(*args, **kwargs))
        return made[-1]

    calculation.Vasprun = recording
    try:
        yield made
    finally:
        calculation.Vasprun = original


# --- the replaced functions ------------------------------------------------------------------------


def _nothing(*_: Any, **__: Any) -> None:
    """Stand where a function must not act."""


def _originals() -> dict[str, Any]:
    import atomate2.vasp.files
    import atomate2.vasp.jobs.base
    import atomate2.vasp.run
    from atomate2.common.files import gzip_output_folder

    return {
        "copy_vasp_outputs": atomate2.vasp.files.copy_vasp_outputs,
        "write_vasp_input_set": atomate2.vasp.files.write_vasp_input_set,
        "run_vasp": atomate2.vasp.run.run_vasp,
        "get_vasp_task_document": atomate2.vasp.jobs.base.get_vasp_task_document,
        "gzip_output_folder": gzip_output_folder,
        "mkdir": os.mkdir,
    }


@contextlib.contextmanager
def _replaced(functions: Mapping[str, Any], originals: Mapping[str, Any], job: Any) -> Iterator[None]:
    """Replace functions of atomate2 by name in each of its VASP job modules and in the Maker's own."""
    own = type(job.maker).__module__
    modules = [
        m for name, m in list(sys.modules.items()) if name == own or name.startswith("atomate2.vasp.jobs")
    ]
    undo: list[tuple[Any, str, Any]] = []
    try:
        for module in modules:
            for name, function in functions.items():
                if getattr(module, name, None) is originals[name]:
                    undo.append((module, name, originals[name]))
                    setattr(module, name, function)
        yield
    finally:
        for module, name, original in undo:
            setattr(module, name, original)


def drifted() -> tuple[str, ...]:
    """Return a sentence for each private name of atomate2, emmet and jobflow that is not what we rely on."""
    from atomate2.vasp.jobs import base, neb
    from emmet.core.vasp import calculation
    from jobflow.core.job import Job

    body = inspect.getsource(base.BaseVaspMaker.make.original)
    order = [body.find(f"{name}(") for name in REPLACED]
    parsing = inspect.getsource(calculation.Calculation.from_vasp_files.__func__)
    band = inspect.getsource(neb.NebFromImagesMaker.make.original)
    write = inspect.signature(_originals()["write_vasp_input_set"]).parameters
    copy = inspect.signature(_originals()["copy_vasp_outputs"]).parameters
    checks = {
        f"BaseVaspMaker.make no longer calls {', '.join(REPLACED)} in this order.": order == sorted(order)
        and order[0] >= 0,
        "atomate2.vasp.jobs.base no longer holds these functions as its own names.": all(
            hasattr(base, name) for name in REPLACED
        ),
        "NebFromImagesMaker no longer makes its folders by its own name mkdir.": "mkdir(image_dir)" in band
        and getattr(neb, "mkdir", None) is os.mkdir,
        "write_vasp_input_set no longer takes potcar_spec.": "potcar_spec" in write,
        "copy_vasp_outputs no longer takes src_dir.": next(iter(copy)) == "src_dir",
        "copy_vasp_outputs no longer takes additional_vasp_files.": "additional_vasp_files" in copy,
        "emmet no longer makes its Vasprun by the name in its module.": "vasprun = Vasprun(" in parsing,
        "Job.run no longer stores through store.update(data, key=…).": "store.update(data, key="
        in inspect.getsource(Job.run),
        "An unconverged run is no longer refused with 'was not successful'.": "was not successful"
        in inspect.getsource(base.should_stop_children),
    }
    return tuple(sentence for sentence, holds in checks.items() if not holds)
