"""What was found in each open document, and how the client learns of it: pushed, or pulled and refreshed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crystalmath_lsp.capabilities import pulls_diagnostics
from crystalmath_lsp.shapes import DocumentDiagnosticReport, Published

if TYPE_CHECKING:
    from crystalmath_lsp.client import Client
    from crystalmath_lsp.documents import Documents
    from crystalmath_lsp.shapes import Checked

__all__ = ["Findings", "report"]


class Findings:
    """Keep the newest findings and never give out older ones."""

    def __init__(self, client: Client, documents: Documents) -> None:
        self._client = client
        self._documents = documents
        self._pulled = pulls_diagnostics(client.params["capabilities"])
        self._refreshing = False
        self.checked: dict[str, Checked] = {}

    def take(self, checked: Checked, *, edited: str | None = None) -> None:
        """Take findings, unless they belong to an older version: then newer ones are on their way.

        `edited` is the document that the client is just changing: of that it will ask by itself.
        """
        document = self._documents.by_uri.get(checked.uri)
        if document is None or document.version != checked.version:
            return
        before = self.checked.get(checked.uri)
        self.checked[checked.uri] = checked
        if before == checked:
            return
        if not self._pulled:
            self._push(Published(checked.uri, checked.diagnostics, checked.version))
        elif checked.uri != edited and (before is None or before.diagnostics != checked.diagnostics):
            self.refresh()

    def forget(self, uri: str) -> None:
        """Drop what belongs to a document that was closed."""
        self.checked.pop(uri, None)
        if not self._pulled:
            self._push(Published(uri, ()))

    def refresh(self) -> None:
        """Make a client that pulls pull again."""
        if self._pulled and not self._refreshing:
            self._refreshing = True
            self._client.begin(self._refresh())

    async def _refresh(self) -> None:
        try:
            await self._client.ask("workspace/diagnostic/refresh")
        finally:
            self._refreshing = False

    def _push(self, published: Published) -> None:
        self._client.notify("textDocument/publishDiagnostics", published)


def report(checked: Checked | None, previous: str | None) -> DocumentDiagnosticReport:
    """Return the findings of a document, or that they are those the client has."""
    if checked is None:
        return DocumentDiagnosticReport("full", items=())  # no input file: nothing is looked for
    if previous is not None and checked.result_id == previous:
        return DocumentDiagnosticReport("unchanged", result_id=previous)
    return DocumentDiagnosticReport("full", items=checked.diagnostics, result_id=checked.result_id)
