"""The files of a job: what was retrieved, and the folder it ran or runs in on this machine.

A file is named by its step and its own name, `2-static/OUTCAR`; the bare name means the last step that
has it. The images of a band have folders, `01/OUTCAR`. Compressed files answer to their name without `.gz`
and are read as text.
"""

from __future__ import annotations

import gzip
import os
import zlib
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import IO, TYPE_CHECKING, Any, Literal

from crystalmath.engine import rows
from crystalmath.engine.calculation_files import local_folder
from crystalmath.engine.nodes import file_names
from crystalmath.errors import JobFileError, StorageError
from crystalmath.results.ending import IMAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from crystalmath.engine.rows import Step
    from crystalmath.engine.session import Session

__all__ = ["FilePart", "FileRow", "list_files", "local_path", "read", "read_bytes", "read_part"]

Source = Literal["retrieved", "folder"]


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file: `source` is AiiDA's repository or the working folder on this machine."""

    name: str
    step: int
    size_bytes: int
    source: Source


@dataclass(frozen=True, slots=True)
class _File:
    """A file by its name alone; `shown` names its step too where there are several."""

    name: str
    shown: str
    step: Step
    source: Source
    size_bytes: Callable[[], int]


def list_files(session: Session, job_id: int | str) -> tuple[FileRow, ...]:
    """Return the files of the job, step by step; one that was retrieved is not listed twice."""
    listed = []
    for file in _files(session, job_id):
        with suppress(FileNotFoundError):  # a running program has removed it meanwhile
            listed.append(FileRow(file.shown, file.step.index, file.size_bytes(), file.source))
    return tuple(listed)


def read_bytes(session: Session, job_id: int | str, name: str) -> bytes:
    """Return the content of the file, decompressed. Raises JobFileError naming what there is."""
    file = _find(session, job_id, name)
    content = _content(file.step, file.name, file.source)
    if not file.name.endswith(".gz"):
        return content
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise JobFileError(
            f"{file.shown} of job {job_id} is not a whole gzip file", hint="Take another file."
        ) from error


def read(session: Session, job_id: int | str, name: str) -> str:
    """Return the text of the file; bytes that are no UTF-8 are replaced."""
    return read_bytes(session, job_id, name).decode("utf-8", errors="replace")


def local_path(session: Session, job_id: int | str, name: str) -> Path | None:
    """Return where the file lies in the working folder on this machine, None when it is no longer there."""
    file = _find(session, job_id, name)
    folder = _folder(file.step)
    path = folder / file.name.removesuffix(".gz") if folder else None
    return path if path is not None and path.is_file() else None


def _find(session: Session, job_id: int | str, name: str) -> _File:
    files = list(_files(session, job_id))
    found = [file for file in files if name in _names(file)]
    if found:
        return found[-1]
    there = ", ".join(file.shown for file in files[:30]) or "none yet"
    raise JobFileError(
        f"Job {job_id} has no file '{name}'; there are: {there}",
        hint=f"See them with: crystalmath files {job_id}",
    )


def _names(file: _File) -> set[str]:
    names = {file.shown, file.name, file.name.rsplit("/", 1)[-1], f"{file.step.index}/{file.name}"}
    return names | {name.removesuffix(".gz") for name in names}


def _files(session: Session, job_id: int | str) -> Iterator[_File]:
    session.begin()
    steps = rows.steps(session, job_id)
    for step in steps:
        prefix = f"{step.index}-{step.name}/" if len(steps) > 1 else ""
        seen = set()
        for name, size_bytes in _retrieved(step):
            seen.add(name)
            yield _File(name, prefix + name, step, "retrieved", size_bytes)
        for name, size_bytes in _lying(step):
            if name not in seen:
                yield _File(name, prefix + name, step, "folder", size_bytes)


def _lying(step: Step) -> Iterator[tuple[str, Callable[[], int]]]:
    """Yield the files of the working folder, each with what tells its size."""
    folder = _folder(step)
    for path in _in_folder(folder) if folder is not None else ():
        yield path.relative_to(str(folder)).as_posix(), partial(_size_of, path)


def _in_folder(folder: Path) -> Iterator[Path]:
    """Yield the files that may be shown, and those of the images of a band."""
    for path in sorted(folder.iterdir()):
        if path.is_dir() and IMAGE.fullmatch(path.name):
            yield from _in_folder(path)
        elif path.is_file() and not _is_private(path.name) and not path.name.startswith("."):
            yield path


def _size_of(path: Path) -> int:
    return path.stat().st_size


def _is_private(name: str) -> bool:
    """Return whether a file holds licensed text, packed or under the name of a copy: never handed out."""
    return name.upper().startswith("POTCAR") and name != "POTCAR.spec"


def _retrieved(step: Step) -> Iterator[tuple[str, Callable[[], int]]]:
    """Yield the files of AiiDA's repository, each with what tells its size."""
    folder = _retrieved_node(step)
    for name in file_names(folder) if folder is not None else ():
        if not _is_private(name.rsplit("/", 1)[-1]):
            yield name, partial(_size_in, folder, name)


def _size_in(node: Any, name: str) -> int:
    with node.base.repository.open(name, "rb") as handle:
        return int(handle.seek(0, 2))


def _retrieved_node(step: Step) -> Any | None:
    from aiida import orm

    return getattr(orm.load_node(step.id).outputs, "retrieved", None)


def _folder(step: Step) -> Path | None:
    from aiida import orm

    return local_folder(orm.load_node(step.id))


def _content(step: Step, name: str, source: Source) -> bytes:
    if source == "retrieved":
        node = _retrieved_node(step)
        if node is not None:
            return bytes(node.base.repository.get_object_content(name, "rb"))
    folder = _folder(step)
    if folder is None:
        raise JobFileError(
            f"The working folder of step {step.index} is gone", hint="Only retrieved files are left."
        )
    try:
        return (folder / name).read_bytes()
    except FileNotFoundError as error:
        raise JobFileError(f"{folder / name} is gone", hint="Only retrieved files are left.") from error
    except OSError as error:
        raise StorageError(
            f"{folder / name} cannot be read: {error.strerror}", hint="Check the disk."
        ) from error


@dataclass(frozen=True, slots=True)
class FilePart:
    """Some bytes of a file: `data` begins at `offset`; the file, uncompressed, has `size_bytes`."""

    name: str
    offset: int
    data: bytes
    size_bytes: int


def read_part(session: Session, job_id: int | str, name: str, *, offset: int, n_bytes: int) -> FilePart:
    """Return up to `n_bytes` of a file from `offset`, which counts from the end when it is negative.

    Never more than that is held in memory, also of compressed files. Raises JobFileError.
    """
    found = _find(session, job_id, name)
    try:
        with _opened(found.step, found.name, found.source) as file:
            size = file.seek(0, os.SEEK_END)
            start = max(0, size + offset) if offset < 0 else min(offset, size)
            file.seek(start)
            return FilePart(found.shown, start, file.read(n_bytes), size)
    except (OSError, EOFError, zlib.error) as error:
        raise JobFileError(
            f"{found.shown} of job {job_id} cannot be read: {error}", hint="Try again."
        ) from error


@contextmanager
def _opened(step: Step, name: str, source: Source) -> Iterator[IO[bytes]]:
    node = _retrieved_node(step) if source == "retrieved" else None
    folder = _folder(step)
    if node is None and folder is None:
        raise JobFileError(
            f"The working folder of step {step.index} is gone", hint="Only retrieved files are left."
        )
    opened = node.base.repository.open(name, "rb") if node is not None else (folder / name).open("rb")  # type: ignore[operator]  # one of them is there
    with opened as raw:
        if name.endswith(".gz"):
            with gzip.open(raw) as file:
                yield file  # type: ignore[misc]  # a GzipFile is read and moved in like any other
        else:
            yield raw
