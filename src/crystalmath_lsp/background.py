"""The front process's side of the checker: one check per folder at a time, always of the newest versions."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Final

import msgspec

from crystalmath.errors import CrystalMathError
from crystalmath.vasp.folder import Options
from crystalmath_lsp.checker import METHOD, CheckParams, CheckResult, Update
from crystalmath_lsp.shapes import OpenedDocument
from crystalmath_lsp.worker_link import WorkerFaultError, WorkerLink

if TYPE_CHECKING:
    from collections.abc import Callable

    from crystalmath_lsp.documents import Document, Documents
    from crystalmath_lsp.shapes import Checked

__all__ = ["CLOSING_S", "COMMAND", "BackgroundChecks"]

CLOSING_S: Final = 0.2
"""How long a child may take the rest of what it was told."""

COMMAND = (sys.executable, "-m", "crystalmath_lsp.checker")


class BackgroundChecks:
    """Run the checks of large folders in the child; lives on the event loop."""

    def __init__(self, documents: Documents, on_checked: Callable[[Checked], None]) -> None:
        self.options = Options()
        self._documents = documents
        self._on_checked = on_checked
        self._link = WorkerLink(COMMAND)
        self._closed: list[str] = []
        self._due: dict[str, Document] = {}
        self._running: asyncio.Task[None] | None = None

    def ask(self, document: Document) -> None:
        """Check a document and its open neighbours soon; a check that is due already is not due twice."""
        self._due[min(other.uri for other in self._documents.together(document).values())] = document
        if self._running is None or self._running.done():
            self._running = asyncio.get_running_loop().create_task(self._run())

    def close(self) -> None:
        """End the child."""
        if self._running is not None:
            self._running.cancel()
        self._link.close(CLOSING_S)

    def closed(self, document: Document) -> None:
        """Drop the copy of a document."""
        if document.unsent is not None:
            self._closed.append(document.uri)
        self._due = {key: due for key, due in self._due.items() if due is not document}

    async def settled(self) -> None:
        """Wait until nothing is due any more."""
        while self._running is not None and not self._running.done():
            await asyncio.wait([self._running])

    async def _run(self) -> None:
        while self._due:
            document = self._due.pop(next(iter(self._due)))
            try:
                result = await self._check(document)
            except (CrystalMathError, WorkerFaultError) as error:
                print(f"crystalmath-server: {document.uri} was not checked: {error}", file=sys.stderr)
                self._forget()
                continue
            for checked in result.checked:
                self._on_checked(checked)

    async def _check(self, document: Document) -> CheckResult:
        try:
            return await self._call(document)
        except (CrystalMathError, WorkerFaultError):  # a new child has no copies yet
            self._forget()
            return await self._call(document)

    async def _call(self, document: Document) -> CheckResult:
        updates = [_update(other) for other in self._documents.together(document).values()]
        closed, self._closed = self._closed, []
        params = CheckParams(document.uri, document.encoding, updates, closed, self.options)
        answer = await self._link.call(METHOD, msgspec.Raw(msgspec.json.encode(params)))
        return msgspec.json.decode(answer, type=CheckResult)

    def _forget(self) -> None:
        self._closed.clear()
        for document in self._documents.by_uri.values():
            document.unsent = None


def _update(document: Document) -> Update:
    changes, document_is_known = document.unsent or [], document.unsent is not None
    document.unsent = []
    if document_is_known:
        return Update(document.uri, document.version, None, changes)
    opened = OpenedDocument(document.uri, document.text, document.version or 0, document.language_id)
    return Update(document.uri, document.version, opened)
