"""What the client has open, what was found in it, and how the client learns of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crystalmath.vasp.folder import Folder
from crystalmath_lsp import shapes
from crystalmath_lsp.background import BackgroundChecks
from crystalmath_lsp.checking import Checking
from crystalmath_lsp.documents import LARGE_CHARACTERS, Document, Documents

if TYPE_CHECKING:
    from crystalmath_lsp.client import Client
    from crystalmath_lsp.shapes import Checked

__all__ = ["Workspace"]


class Workspace:
    """Keep the open documents checked; lives on the event loop."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.documents = Documents()
        self.checking = Checking(self.documents)
        self.background = BackgroundChecks(self.documents, self._publish)
        self.checked: dict[str, Checked] = {}
        """What was found last in each open document."""

    def open(self, params: shapes.DidOpen) -> None:
        """Take a document in and check it."""
        document = Document(params.text_document, self.client.encoding)
        self.documents.by_uri[document.uri] = document
        self.check(document)

    def change(self, params: shapes.DidChange) -> None:
        """Edit a document and check it and its neighbours."""
        document = self.documents.by_uri.get(params.text_document.uri)
        if document is not None:
            document.change(params.content_changes, params.text_document.version)
            self.check(document)

    def close(self, params: shapes.DidClose) -> None:
        """Forget a document and its findings; its neighbours are checked against the disk again."""
        uri = params.text_document.uri
        document = self.documents.by_uri.pop(uri, None)
        self.checked.pop(uri, None)
        self._tell(shapes.Published(uri, ()))
        if document is not None:
            self.background.closed(document)
            self.checking.forget()
            rest = [other for other in self.documents.together(document).values() if other is not document]
            if rest:
                self.check(rest[0])

    def check(self, document: Document) -> None:
        """Check a document and its open neighbours, soon or now."""
        if document.kind is None:
            return
        around = self.documents.around(document)
        if around.is_large:
            self.background.ask(document)
            return
        for checked in self.checking.check(around):
            self._publish(checked)

    def _publish(self, checked: Checked) -> None:
        """Publish findings, unless they belong to an older version: then newer ones are on their way."""
        document = self.documents.by_uri.get(checked.uri)
        if document is None or document.version != checked.version:
            return
        before = self.checked.get(checked.uri)
        self.checked[checked.uri] = checked
        if before != checked:
            self._tell(shapes.Published(checked.uri, checked.diagnostics, checked.version))

    def _tell(self, published: shapes.Published) -> None:
        self.client.notify("textDocument/publishDiagnostics", published)

    def input_file(self, uri: str) -> Document | None:
        """Return an open document that is an input file of VASP."""
        document = self.documents.by_uri.get(uri)
        return document if document is not None and document.kind is not None else None

    def folder(self, document: Document) -> Folder | None:
        """Return the folder of a document without what is large; None when the document itself is."""
        around = self.documents.around(document)
        if not around.is_large:
            return self.checking.folder(around)
        if document.n_characters > LARGE_CHARACTERS:
            return None
        assert document.kind is not None
        return Folder({document.kind: document.text}, {document.kind: document.uri})
