"""The lens that submits: the folder of an input file as a job, once the user has said so."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import msgspec

from crystalmath.errors import InputError
from crystalmath.vasp.check import read_text
from crystalmath_lsp.methods import METHODS
from crystalmath_lsp.models import JobsSubmitParams, StructureSource, Submitted

if TYPE_CHECKING:
    from crystalmath_lsp.documents import Document
    from crystalmath_lsp.workspace import Workspace

__all__ = ["Jobs", "submit_folder"]

_INFO: Final = 3
_SUBMIT: Final = "Submit"


class Jobs(Protocol):
    """What reaches the engine worker of the client's profile."""

    async def call(self, method: str, params: msgspec.Raw) -> msgspec.Raw:
        """Return the result as JSON text. Raises WorkerFaultError and CrystalMathErrors."""
        ...


class _Chosen(msgspec.Struct):
    title: str


async def submit_folder(workspace: Workspace, jobs: Jobs, uri: str) -> str | None:
    """Ask, submit the folder of a document as it is on the disk, and say which job that is.

    Returns what was said, None when the user did not want it. Raises InputError for what cannot be submitted.
    """
    document = workspace.input_file(uri)
    if document is None or document.folder is None:
        raise InputError(f"{uri} is no open input file of a folder", hint="Open the INCAR of the folder.")
    _refuse_unsaved(workspace, document)
    if not await _is_wanted(workspace, document.folder):
        return None
    asked = JobsSubmitParams(template="folder", structure=StructureSource(path=document.folder))
    async with asyncio.timeout(METHODS["jobs.submit"].deadline_s):
        answer = await jobs.call("jobs.submit", msgspec.Raw(msgspec.json.encode(asked)))
    done = msgspec.json.decode(answer, type=Submitted)
    message = f"Job {done.id} is {done.state}: {document.folder}"
    workspace.client.notify("window/showMessage", {"type": _INFO, "message": message})
    return message


def _refuse_unsaved(workspace: Workspace, document: Document) -> None:
    assert document.folder is not None
    opened = workspace.documents.in_folder(document.folder).values()
    unsaved = [other.path.name for other in opened if other.path is not None and not _is_saved(other)]
    if unsaved:
        raise InputError(
            f"{', '.join(sorted(unsaved))} in {document.folder} is not saved",
            hint="Save it: a folder is submitted as it is on the disk.",
        )


def _is_saved(document: Document) -> bool:
    try:
        return document.path is not None and read_text(Path(document.path)) == document.text
    except InputError:
        return False


async def _is_wanted(workspace: Workspace, folder: str) -> bool:
    question = {
        "type": _INFO,
        "message": f"Submit {folder} as a job?",
        "actions": [{"title": _SUBMIT}, {"title": "Cancel"}],
    }
    answer = await workspace.client.ask("window/showMessageRequest", question)
    if answer is None:
        return False
    chosen = msgspec.json.decode(answer, type=_Chosen | None)
    return chosen is not None and chosen.title == _SUBMIT
