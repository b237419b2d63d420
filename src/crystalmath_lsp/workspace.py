"""What the client has open, what was found in it, and how the client learns of that."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from crystalmath.errors import InputError
from crystalmath.vasp.check import read_text
from crystalmath.vasp.folder import Folder
from crystalmath_lsp.background import BackgroundChecks
from crystalmath_lsp.checking import Checking
from crystalmath_lsp.configuration import Configuration
from crystalmath_lsp.documents import HUGE_CHARACTERS, Document, Documents, kind_of_document, path_of
from crystalmath_lsp.findings import Findings
from crystalmath_lsp.potcar_names import PotcarNames
from crystalmath_lsp.shapes import OpenedDocument
from crystalmath_lsp.sweeping import Sweeps
from crystalmath_lsp.tokens import TokenMemory
from crystalmath_lsp.watching import Watching

if TYPE_CHECKING:
    from crystalmath.vasp.folder import Options
    from crystalmath_lsp import shapes
    from crystalmath_lsp.client import Client
    from crystalmath_lsp.shapes import Checked
    from crystalmath_lsp.submitting import Jobs

__all__ = ["Workspace"]

_SEVERITIES: Final = ("errors", "warnings", "remarks", "hints")
_INFO: Final = 3


class Workspace:
    """Keep the open documents checked; lives on the event loop."""

    def __init__(self, client: Client, jobs: Jobs | None = None) -> None:
        self.client = client
        self.jobs = jobs
        self.documents = Documents()
        self.checking = Checking(self.documents)
        self.findings = Findings(client, self.documents)
        self.background = BackgroundChecks(self.documents, self._found)
        self.watching = Watching(self)
        self.configuration = Configuration(self)
        self.sweeps = Sweeps(self)
        self.tokens = TokenMemory()
        self.potcars = PotcarNames()
        self.placeholders = (
            client.can("textDocument", "completion", "completionItem", "snippetSupport") is True
        )
        """Whether the client fills in the places of snippets."""

    def begin(self) -> None:
        """Read the settings and begin to watch the disk."""
        self.configuration.begin()
        self.watching.begin()

    def end(self) -> None:
        """End the children, the watch of the disk and the questions."""
        self.watching.end()
        self.background.close()
        self.sweeps.close()
        self.client.close()

    def use(self, options: Options) -> None:
        """Check everything with other settings."""
        if options == self.checking.options:
            return
        self.checking.options = self.background.options = options
        checked: set[str] = set()
        for document in self.documents.by_uri.values():
            if document.uri not in checked:
                checked |= {other.uri for other in self.documents.together(document).values()}
                self.check(document)
        self.findings.refresh()

    def open(self, params: shapes.DidOpen) -> None:
        """Take a document in and check it."""
        document = Document(params.text_document, self.client.encoding)
        self.documents.by_uri[document.uri] = document
        self.check(document, edited=document.uri)

    def change(self, params: shapes.DidChange) -> None:
        """Edit a document and check it and its neighbours."""
        document = self.documents.by_uri.get(params.text_document.uri)
        if document is not None:
            document.change(params.content_changes, params.text_document.version)
            self.check(document, edited=document.uri)

    def close(self, params: shapes.DidClose) -> None:
        """Forget a document and its findings; its neighbours are checked against the disk again."""
        document = self.documents.by_uri.pop(params.text_document.uri, None)
        self.findings.forget(params.text_document.uri)
        self.tokens.forget(params.text_document.uri)
        self.sweeps.changed()
        if document is not None:
            self.background.closed(document)
            self.checking.forget()
            rest = [other for other in self.documents.together(document).values() if other is not document]
            if rest:
                self.check(rest[0])

    def check(self, document: Document, *, edited: str | None = None) -> None:
        """Check a document and its open neighbours, soon or now."""
        if document.kind is None:
            return
        around = self.documents.around(document)
        self.watching.saw(around)
        self.sweeps.changed()
        if around.is_large:
            self.background.ask(document)
            return
        for checked in self.checking.check(around):
            self.findings.take(checked, edited=edited)

    def _found(self, checked: Checked) -> None:
        self.findings.take(checked)
        self.sweeps.changed()

    def input_file(self, uri: str) -> Document | None:
        """Return an open document that is an input file of VASP."""
        document = self.documents.by_uri.get(uri)
        return document if document is not None and document.kind is not None else None

    def looked_at(self, uri: str) -> tuple[Document, Folder] | None:
        """Return an open input file and its folder, None for other and for huge files."""
        document = self.input_file(uri)
        folder = self.folder(document) if document is not None else None
        return None if document is None or folder is None else (document, folder)

    def folder(self, document: Document) -> Folder | None:
        """Return the folder of a document without what is huge; None when the document itself is."""
        around = self.documents.around(document)
        if not around.is_huge:
            return self.checking.folder(around)
        if document.n_characters > HUGE_CHARACTERS:
            return None
        assert document.kind is not None
        options = self.checking.options
        return Folder({document.kind: document.text}, {document.kind: document.uri}, options=options)

    def check_closed(self, uri: str) -> Checked | None:
        """Check an input file that is not open; None for anything else.

        Raises:
            InputError: the file cannot be read, or is so large that it must be opened first.
        """
        path = path_of(uri)
        if path is None or kind_of_document(uri, None) is None:
            return None
        document = Document(OpenedDocument(uri, read_text(path)), self.client.encoding)
        around = self.documents.around(document)
        if around.is_large:
            raise InputError(
                f"{path} and its neighbours are large.", hint="Open the file to have it checked."
            )
        return next(one for one in self.checking.check(around) if one.uri == uri)

    async def check_again(self, uri: str) -> str:
        """Check a document and its neighbours, and tell how many findings of each severity there are."""
        document = self.documents.by_uri.get(uri)
        if document is None or document.kind is None:
            return "Nothing to check: the file is not open."
        self.check(document)
        await self.settled(document)
        together = self.documents.together(document)
        found = [self.findings.checked.get(other.uri) for other in together.values()]
        counts = Counter(each.severity for one in found if one is not None for each in one.diagnostics)
        told = ", ".join(f"{_SEVERITIES[number - 1]}: {counts[number]}" for number in sorted(counts))
        message = f"{', '.join(sorted(together))}: {told or 'nothing found'}."
        self.client.notify("window/showMessage", {"type": _INFO, "message": message})
        return message

    async def settled(self, document: Document) -> None:
        """Wait until the newest version of a document is checked."""
        if document.kind is not None and self.documents.is_large(document):
            await self.background.settled()
