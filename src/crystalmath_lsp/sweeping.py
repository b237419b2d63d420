"""The diagnostics of a whole workspace: everything below its folders, checked in a child of its own."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec

from crystalmath.errors import CrystalMathError
from crystalmath_lsp.background import CLOSING_S, COMMAND
from crystalmath_lsp.checker import SWEEP, CheckResult, SweepParams, Update
from crystalmath_lsp.documents import path_of
from crystalmath_lsp.shapes import (
    OpenedDocument,
    WorkspaceDiagnosticReport,
    WorkspaceReport,
)
from crystalmath_lsp.worker_link import WorkerFaultError, WorkerLink

if TYPE_CHECKING:
    from crystalmath_lsp.shapes import Checked, DidChangeFolders, WorkspaceDiagnosticParams
    from crystalmath_lsp.workspace import Workspace

__all__ = ["Sweeps"]


class Sweeps:
    """Answer what is asked about the workspace: at once what is new, else as soon as something is."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.roots = _roots(workspace.client.params)
        self._link = WorkerLink(COMMAND)
        self._sent: dict[str, int | None] = {}
        self._lock = asyncio.Lock()
        self._changed = asyncio.Event()
        self._answered = False

    def close(self) -> None:
        """End the child."""
        self._link.close(CLOSING_S)

    def changed(self) -> None:
        """Look again: a document, a file or a setting is another."""
        self._changed.set()

    def change_folders(self, params: DidChangeFolders) -> None:
        """Take in which folders the workspace has."""
        gone = {path_of(folder.uri) for folder in params.event.removed}
        came = [path_of(folder.uri) for folder in params.event.added]
        kept = [root for root in self.roots if root not in {str(path) for path in gone}]
        self.roots = [*kept, *(str(path) for path in came if path is not None)]
        self.changed()

    async def report(self, params: WorkspaceDiagnosticParams) -> WorkspaceReport:
        """Return the reports that differ from what the client has; the first answer does not wait."""
        before = {known.uri: known.value for known in params.previous_result_ids}
        async with self._lock:
            while True:
                self._changed.clear()
                items = self._news(before, await self._all())
                if items or not self._answered:
                    self._answered = True
                    return WorkspaceReport(items)
                await self._changed.wait()

    def _news(
        self, before: dict[str, str], found: dict[str, Checked]
    ) -> tuple[WorkspaceDiagnosticReport, ...]:
        news = []
        for uri, checked in found.items():
            # A client that has never heard of a file without findings need not.
            if before.get(uri) != checked.result_id and (uri in before or checked.diagnostics):
                news.append(
                    WorkspaceDiagnosticReport(uri, checked.version, checked.diagnostics, checked.result_id)
                )
        gone = [uri for uri in before if uri not in found]
        return (*news, *(WorkspaceDiagnosticReport(uri, None, ()) for uri in gone))

    async def _all(self) -> dict[str, Checked]:
        try:
            result = await self._sweep()
        except (CrystalMathError, WorkerFaultError):  # a new child has no copies yet
            self._sent.clear()
            result = await self._sweep()
        found = {checked.uri: checked for checked in result.checked}
        return {**found, **self._workspace.findings.checked}

    async def _sweep(self) -> CheckResult:
        workspace = self._workspace
        opened = {
            uri: document
            for uri, document in workspace.documents.by_uri.items()
            if document.folder is not None
        }
        updates = [
            Update(uri, document.version, OpenedDocument(uri, document.text, document.version or 0))
            for uri, document in opened.items()
            if uri not in self._sent or self._sent[uri] != document.version
        ]
        closed = [uri for uri in self._sent if uri not in opened]
        self._sent = {uri: document.version for uri, document in opened.items()}
        params = SweepParams(
            self.roots, workspace.client.encoding, updates, closed, workspace.checking.options
        )
        answer = await self._link.call(SWEEP, msgspec.Raw(msgspec.json.encode(params)))
        return msgspec.json.decode(answer, type=CheckResult)


def _roots(params: dict[str, Any]) -> list[str]:
    folders = params.get("workspaceFolders")
    uris = [params.get("rootUri")]
    if isinstance(folders, list) and folders:
        uris = [folder.get("uri") for folder in folders if isinstance(folder, dict)]
    paths = [path_of(uri) for uri in uris if isinstance(uri, str)]
    return [str(path) for path in paths if path is not None]
