"""The steps of a flow that run in the daemon: inputs for VASP are made, Python jobs are called."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiida import orm
from aiida.engine import ExitCode, Process, calcfunction

from crystalmath.engine import nodes, potcar_libraries, python_jobs, seam_atomate2
from crystalmath.engine.calculation_files import put_files
from crystalmath.engine.flow_documents import LOCATOR
from crystalmath.errors import CrystalMathError

if TYPE_CHECKING:
    from crystalmath.engine.seam_atomate2 import Prepared

__all__ = [
    "INPUTS_FAILED",
    "POTCAR_MISSING",
    "PYTHON_FAILED",
    "document_label",
    "folder_label",
    "prepare_vasp",
    "run_python",
]

INPUTS_FAILED = 403
PYTHON_FAILED = 404
DOCUMENT = "document.json.gz"
POTCAR_MISSING = 303


def document_label(number: int) -> str:
    """Return the name of the input that holds a document the job refers to."""
    return f"document_{number}"


def folder_label(uuid: str) -> str:
    """Return the name of the input that holds what was retrieved of the calculation."""
    return "folder_" + uuid.replace("-", "_")


@calcfunction  # type: ignore[untyped-decorator] # aiida is untyped here
def prepare_vasp(
    job: orm.SinglefileData, code: orm.InstalledCode, **given: Any
) -> dict[str, orm.Data] | ExitCode:
    """Make the input files of a VASP job as its Maker does.

    `given` are documents and folders of previous steps (see `document_label`, `folder_label`).
    """
    documents = [nodes.load(node) for label, node in sorted(given.items()) if label.startswith("document_")]

    def materialise(directory: str, target: Path) -> None:
        _put_previous(directory, given, target)

    try:
        with tempfile.TemporaryDirectory(prefix="crystalmath-") as name:
            from crystalmath.engine import codes

            with seam_atomate2.potcar_library(codes.potcar_directory(code)):
                prepared = seam_atomate2.prepare(
                    job.get_content(mode="rb"), documents, materialise, Path(name)
                )
        return _as_nodes(prepared, code)
    except CrystalMathError as error:
        return ExitCode(POTCAR_MISSING, f"{error.message}. {error.hint}")
    except Exception as error:  # noqa: BLE001 - an input set can raise anything; it must end this step, not the daemon
        return ExitCode(INPUTS_FAILED, f"The inputs cannot be made: {_in_words(error)}")


@calcfunction  # type: ignore[untyped-decorator] # aiida is untyped here
def run_python(job: orm.SinglefileData, **given: Any) -> dict[str, orm.Data] | ExitCode:
    """Call a Python job on its parents' documents; the calculations it opens are laid out in folders.

    `given` are documents and folders of previous steps (see `document_label`, `folder_label`).
    """
    documents = [nodes.load(node) for label, node in sorted(given.items()) if label.startswith("document_")]
    try:
        with tempfile.TemporaryDirectory(prefix="crystalmath-") as name:
            data = job.get_content(mode="rb")
            own = Process.current().node.uuid
            completed = python_jobs.run(data, documents, put_files, Path(name).resolve(), own)
            made: dict[str, orm.Data] = {
                "document": nodes.file_node(nodes.encode(completed.document), DOCUMENT)
            }
    except Exception as error:  # noqa: BLE001 - it is anybody's function; it must end this step, not the daemon
        return ExitCode(PYTHON_FAILED, _in_words(error))
    if completed.files:
        made["files"] = nodes.folder_node(completed.files)
    if not completed.is_plain:
        made["response"], jobs = nodes.response(completed)
        made |= {"new_jobs": jobs} if jobs else {}
    return made


def _in_words(error: Exception) -> str:
    words = f"{type(error).__name__}: {error}"
    if isinstance(error, ModuleNotFoundError):
        return f"{words}. Put the module on PYTHONPATH, then restart the daemon with: crystalmath stop"
    return words


def _put_previous(directory: str, given: dict[str, Any], target: Path) -> None:
    """Put what atomate2 reads of a previous calculation into the folder."""
    from crystalmath.engine.reading import unpack_file

    found = LOCATOR.search(directory)
    if found is None:
        raise FileNotFoundError(f"{directory} is no calculation of this profile")
    folder = given.get(folder_label(found.group(1))) or orm.load_node(found.group(1)).outputs.retrieved
    for name in folder.base.repository.list_object_names():
        if name.removesuffix(".gz") in ("vasprun.xml", "OUTCAR"):
            with folder.base.repository.open(name, "rb") as source:
                unpack_file(source, target, name)


def _as_nodes(prepared: Prepared, code: orm.InstalledCode) -> dict[str, orm.Data]:
    entries = potcar_libraries.entries(code, prepared.potcar_symbols, prepared.potcar_functional)
    made: dict[str, orm.Data] = {
        "files": nodes.folder_node(prepared.files),
        "potcar": orm.Dict(
            {
                "symbols": list(prepared.potcar_symbols),
                "functional": prepared.potcar_functional,
                "titel": [entry.titel for entry in entries],
                "sha256": [entry.sha256 for entry in entries],
            }
        ),
    }
    settings: dict[str, Any] = {}
    if prepared.copy:
        settings |= {"previous": prepared.previous, "copy": list(prepared.copy)}
    if prepared.volumetric:
        settings["volumetric"] = list(prepared.volumetric)
    if settings:
        made["settings"] = orm.Dict(settings)
    if prepared.resolved_job is not None:
        made["job"] = nodes.file_node(prepared.resolved_job, "job.json.gz")
    return made
