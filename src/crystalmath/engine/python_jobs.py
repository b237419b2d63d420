"""Run a jobflow job that is a Python function, with real folders where it was given calculations.

Between jobs a calculation is named by its locator. A function that opens directories gets folders instead:
what was retrieved, and links to the large files where these lie on this machine. They are the job's own, so
nothing that it deletes is lost; in what it returns, they are locators again. A function that returns the
folder it ran in means what it wrote there: these files are kept, and found by the locator of its own step.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from crystalmath.engine.completed import Completed, NewSteps, Sink, of_response
from crystalmath.engine.flow_documents import LOCATOR, StepJob, document_store, load_job, locator
from crystalmath.engine.nodes import encode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

__all__ = ["run"]


@dataclass(frozen=True, slots=True)
class _Folder:
    """A calculation's files, laid out for the job."""

    uuid: str
    path: Path
    names: frozenset[str]

    def missing(self) -> tuple[str, ...]:
        """Return the files that the job deleted."""
        return tuple(sorted(self.names - {path.name for path in self.path.iterdir()}))


def run(
    data: bytes,
    documents: Sequence[Mapping[str, Any]],
    materialise: Callable[[str, Path], None],
    directory: Path,
    uuid: str,
) -> Completed:
    """Run the job in the empty `directory` and return what it returned.

    `documents` are those that its references name; `materialise(uuid, folder)` lays out the files of a
    calculation; `uuid` is that of the step itself. Raises whatever the function raises.
    """
    from jobflow import CURRENT_JOB

    job = load_job(data)
    store = document_store(documents)
    kept = Sink()
    store.update = kept.update
    wish = job.config.resolve_references
    if wish:
        job.resolve_args(store=store, wrap_resolved=wish == "both")
        job.config.resolve_references = False
    folders = _lay_out(job, materialise, directory) if wish is True else ()
    here = directory / "run"
    here.mkdir()
    try:
        with contextlib.chdir(here):
            response = job.run(store)
    finally:
        CURRENT_JOB.reset()
    done = _with_locators(of_response(response, kept.document), folders)
    return _with_files(done, _Folder(uuid, here, frozenset()))


def _lay_out(job: Any, materialise: Callable[[str, Path], None], directory: Path) -> tuple[_Folder, ...]:
    """Replace the locators in the arguments of the job by folders with the files."""
    from monty.json import MontyDecoder, MontyEncoder

    text = json.dumps([list(job.function_args), job.function_kwargs], cls=MontyEncoder)
    folders = []
    for uuid in dict.fromkeys(LOCATOR.findall(text)):
        path = directory / uuid
        path.mkdir()
        materialise(uuid, path)
        text = text.replace(locator(uuid), str(path))
        folders.append(_Folder(uuid, path, frozenset(entry.name for entry in path.iterdir())))
    if folders:
        arguments, job.function_kwargs = MontyDecoder().decode(text)
        job.function_args = tuple(arguments)
    return tuple(folders)


def _with_files(completed: Completed, own: _Folder) -> Completed:
    """Return what the job returned with the files of its own folder, where it tells others of them."""
    if str(own.path).encode() not in gzip.decompress(encode(completed.document)):
        return completed
    written = {path.name: path.read_bytes() for path in sorted(own.path.iterdir()) if path.is_file()}
    return replace(_with_locators(completed, (own,)), files=written, notes=completed.notes)


def _with_locators(completed: Completed, folders: tuple[_Folder, ...]) -> Completed:
    """Return what the job returned with locators where it has our folders."""
    if not folders:
        return completed
    notes = tuple(
        f"it wanted to delete {len(names)} files of the calculation {folder.uuid}, which are kept"
        for folder in folders
        if (names := folder.missing())
    )
    new = completed.new_steps
    return replace(
        completed,
        document=json.loads(_relocated(gzip.decompress(encode(completed.document)).decode(), folders)),
        stored_data=json.loads(_relocated(gzip.decompress(encode(completed.stored_data)).decode(), folders)),
        new_steps=NewSteps(
            *(_relocated_steps(items, folders) for items in (new.replace, new.detour, new.addition))
        ),
        notes=notes,
    )


def _relocated_steps(items: tuple[StepJob, ...], folders: tuple[_Folder, ...]) -> tuple[StepJob, ...]:
    found = []
    for item in items:
        text = _relocated(gzip.decompress(item.job).decode(), folders)
        named = (locator(uuid) for uuid in LOCATOR.findall(text))
        step = replace(item.step, directories=tuple(dict.fromkeys([*item.step.directories, *named])))
        found.append(StepJob(step, gzip.compress(text.encode(), 4, mtime=0)))
    return tuple(found)


def _relocated(text: str, folders: tuple[_Folder, ...]) -> str:
    """Replace our folders, with or without atomate2's host name before them."""
    for folder in folders:
        text = re.sub(rf"(?:[\w.-]+:)?{re.escape(str(folder.path))}", locator(folder.uuid), text)
    return text
