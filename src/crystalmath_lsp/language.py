"""The language half: pygls with the document features, fed by the dispatcher and writing through it.

This is the only module that imports pygls, which takes most of a second; it is loaded in a thread once a
client opens a document, never for a client that only asks about jobs. What is read and written at every
keystroke goes through msgspec, past pygls' own documents, whose edits cost the length of the file.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import msgspec
from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, default_converter

from crystalmath.vasp import tags
from crystalmath.vasp.folder import Folder
from crystalmath.vasp.formatter import format_incar
from crystalmath.vasp.rules.rule import all_rules
from crystalmath_lsp import completion, edits, hover, messages, shapes, symbols
from crystalmath_lsp.background import BackgroundChecks
from crystalmath_lsp.capabilities import COMPLETION_TRIGGERS, position_encoding
from crystalmath_lsp.checking import Checking
from crystalmath_lsp.documents import LARGE_CHARACTERS, Document, Documents
from crystalmath_lsp.messages import Fault
from crystalmath_lsp.shapes import Position

if TYPE_CHECKING:
    from collections.abc import Callable

    from crystalmath_lsp.shapes import Checked

__all__ = ["InputFileServer", "warm_up"]

_HANDSHAKE = "handshake"


def warm_up() -> None:
    """Load the rules and the table of tags, so that the first document does not wait for them."""
    all_rules()
    tags.find("ENCUT")


class _Protocol(LanguageServerProtocol):
    """Keep pygls' features; the dispatcher has read the message and decided who answers."""

    _server: InputFileServer

    def receive(self, body: bytes, identity: messages.MessageId | None) -> None:
        """Serve one message; a request whose params have the wrong shape is answered so."""
        try:
            message = msgspec.json.decode(body, type=_Message)
            if (take := _SYNC.get(message.method)) is not None:
                take(self._server, message.params)
                return
            structured = self.structured(body)
        except Exception as error:  # noqa: BLE001 - cattrs raises groups of whatever its hooks raise
            print(f"crystalmath-server: params of the wrong shape: {error!r}", file=sys.stderr)
            if identity is not None:
                fault = Fault(messages.INVALID_PARAMS, "The params do not have the shape of the method's.")
                self._server.write(messages.write_error(identity, fault))
        else:
            self.handle_message(structured)

    def cancel(self, identity: messages.MessageId) -> None:
        """Cancel a request that waits for something; others are answered already."""
        self._handle_cancel_notification(identity)

    def structured(self, body: bytes) -> Any:
        """Return the message as pygls wants it."""
        message = msgspec.json.decode(body)
        return self._converter.structure(message, types.METHOD_TO_TYPES[message["method"]][0])

    def _send_data(self, data: Any) -> None:
        result = getattr(data, "result", None)
        if isinstance(result, msgspec.Struct | tuple):
            self._server.write(messages.write_result(data.id, result))
            return
        body = self._converter.unstructure(data)
        if body.get("id") != _HANDSHAKE:
            self._server.write(msgspec.json.encode(body))


class _Message(msgspec.Struct):
    method: str
    params: msgspec.Raw = msgspec.Raw(b"{}")


class InputFileServer(LanguageServer):
    """Serve the features of VASP's input files."""

    protocol: _Protocol

    def __init__(self, write: Callable[[bytes], None], initialize_params: dict[str, Any]) -> None:
        super().__init__("", "", protocol_cls=_Protocol, converter_factory=default_converter)
        self.write = write
        self.encoding = position_encoding(initialize_params["capabilities"])
        self.documents = Documents()
        self.checking = Checking(self.documents)
        self.background = BackgroundChecks(self.documents, self._publish)
        self.checked: dict[str, Checked] = {}
        """What was found last in each open document."""
        _register(self)
        self._shake_hands(initialize_params)

    def _shake_hands(self, params: dict[str, Any]) -> None:
        """Tell pygls about the client, which has had its answer long ago."""
        known = ("capabilities", "rootUri", "workspaceFolders")
        try:
            told = {key: params[key] for key in known if key in params}
            greeting = self.protocol.structured(_greeting(told))
        except Exception as error:  # noqa: BLE001 - whatever a client announces, its documents are served
            print(f"crystalmath-server: initialize params of the wrong shape: {error!r}", file=sys.stderr)
            greeting = self.protocol.structured(
                _greeting({"capabilities": {"general": {"positionEncodings": [self.encoding]}}})
            )
        self.protocol.handle_message(greeting)

    def report_server_error(self, error: Exception, source: object) -> None:
        """Write to the log; a defect of the server is no reason for a pop-up."""
        print(f"crystalmath-server: {source}: {error!r}", file=sys.stderr)

    def open(self, params: msgspec.Raw) -> None:
        """Take a document in and check it."""
        opened = msgspec.json.decode(params, type=shapes.DidOpen).text_document
        document = Document(opened, self.encoding)
        self.documents.by_uri[opened.uri] = document
        self._check(document)

    def change(self, params: msgspec.Raw) -> None:
        """Edit a document and check it and its neighbours."""
        changed = msgspec.json.decode(params, type=shapes.DidChange)
        document = self.documents.by_uri.get(changed.text_document.uri)
        if document is not None:
            document.change(changed.content_changes, changed.text_document.version)
            self._check(document)

    def close(self, params: msgspec.Raw) -> None:
        """Forget a document and its findings; its neighbours are checked against the disk again."""
        uri = msgspec.json.decode(params, type=shapes.DidClose).text_document.uri
        document = self.documents.by_uri.pop(uri, None)
        self.checked.pop(uri, None)
        self._publish_diagnostics(shapes.Published(uri, ()))
        if document is not None:
            self.background.closed(document)
            rest = [other for other in self.documents.together(document).values() if other is not document]
            self.checking.forget()
            if rest:
                self._check(rest[0])

    def _check(self, document: Document) -> None:
        if document.kind is None:
            return
        if self.documents.is_large(document):
            self.background.ask(document)
            return
        for checked in self.checking.check(document):
            self._publish(checked)

    def _publish(self, checked: Checked) -> None:
        """Publish findings, unless they belong to an older version: then newer ones are on their way."""
        document = self.documents.by_uri.get(checked.uri)
        if document is None or document.version != checked.version:
            return
        before = self.checked.get(checked.uri)
        self.checked[checked.uri] = checked
        if before != checked:
            self._publish_diagnostics(shapes.Published(checked.uri, checked.diagnostics, checked.version))

    def _publish_diagnostics(self, published: shapes.Published) -> None:
        self.write(messages.write_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, published))

    def input_file(self, uri: str) -> Document | None:
        """Return an open document that is an input file of VASP."""
        document = self.documents.by_uri.get(uri)
        return document if document is not None and document.kind is not None else None

    def folder(self, document: Document) -> Folder | None:
        """Return the folder of a document without what is large; None when the document itself is."""
        if not self.documents.is_large(document):
            return self.checking.folder(document)
        if document.n_characters > LARGE_CHARACTERS:
            return None
        assert document.kind is not None
        return Folder({document.kind: document.text}, {document.kind: document.uri})


def _greeting(params: dict[str, Any]) -> bytes:
    params = {"processId": None, "rootUri": None} | params
    message = {"jsonrpc": "2.0", "id": _HANDSHAKE, "method": types.INITIALIZE, "params": params}
    return msgspec.json.encode(message)


_SYNC: dict[str, Callable[[InputFileServer, msgspec.Raw], None]] = {
    types.TEXT_DOCUMENT_DID_OPEN: InputFileServer.open,
    types.TEXT_DOCUMENT_DID_CHANGE: InputFileServer.change,
    types.TEXT_DOCUMENT_DID_CLOSE: InputFileServer.close,
}


def _ours(position: types.Position) -> Position:
    return Position(position.line, position.character)


def _register(server: InputFileServer) -> None:
    """Register the features with pygls, which announces and dispatches them."""
    for method in _SYNC:
        server.feature(method)(_taken_before)
    _register_writing(server)
    _register_reading(server)


def _taken_before(_: object) -> None:
    """Stand for what `_Protocol.receive` takes itself."""


def _register_writing(server: InputFileServer) -> None:
    options = types.CompletionOptions(trigger_characters=list(COMPLETION_TRIGGERS), resolve_provider=True)

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, options)
    def complete(params: types.CompletionParams) -> shapes.CompletionList | None:
        document = server.input_file(params.text_document.uri)
        folder = server.folder(document) if document is not None else None
        if document is None or document.kind is None or folder is None:
            return None
        line, character = document.place(_ours(params.position))
        found = completion.complete(document.kind, folder, line, character)
        typed = params.context is not None and params.context.trigger_character is not None
        # A blank asks for values only: nobody who indents a line wants to see six hundred tags.
        return None if typed and any(item.data for item in found.items) else found

    @server.feature(types.COMPLETION_ITEM_RESOLVE)
    def resolve(item: types.CompletionItem) -> types.CompletionItem:
        text = hover.about_tag(item.data) if isinstance(item.data, str) else ""
        if text:
            item.documentation = types.MarkupContent(types.MarkupKind.Markdown, text)
        return item

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(code_action_kinds=[edits.QUICK_FIX, edits.FIX_ALL]),
    )
    async def act(params: types.CodeActionParams) -> tuple[shapes.CodeAction, ...] | None:
        document = server.input_file(params.text_document.uri)
        if document is None:
            return None
        if server.documents.is_large(document):
            await server.background.settled()
        wanted = shapes.Range(_ours(params.range.start), _ours(params.range.end))
        large = server.documents.is_large(document)
        folder = None if large else server.folder(document)
        return edits.code_actions(
            document, server.checked.get(document.uri), wanted, params.context.only, folder
        )

    @server.feature(types.TEXT_DOCUMENT_FORMATTING)
    def format_document(params: types.DocumentFormattingParams) -> tuple[shapes.TextEdit, ...] | None:
        document = server.input_file(params.text_document.uri)
        if document is None or document.kind != "INCAR":
            return None
        return edits.text_edits(document, format_incar(document.text))


def _register_reading(server: InputFileServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def show(params: types.HoverParams) -> shapes.Hover | None:
        document = server.input_file(params.text_document.uri)
        folder = server.folder(document) if document is not None else None
        if document is None or document.kind is None or folder is None:
            return None
        found = hover.hover(document.kind, folder, *document.place(_ours(params.position)))
        if found is None:
            return None
        text, span = found
        return shapes.Hover(shapes.Markup(text), document.range_of(span.start, span.end))

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def outline(params: types.DocumentSymbolParams) -> tuple[shapes.DocumentSymbol, ...] | None:
        document = server.input_file(params.text_document.uri)
        folder = server.folder(document) if document is not None else None
        return None if document is None or folder is None else symbols.symbols(document, folder)

    @server.feature(types.TEXT_DOCUMENT_FOLDING_RANGE)
    def fold(params: types.FoldingRangeParams) -> tuple[shapes.FoldingRange, ...] | None:
        document = server.input_file(params.text_document.uri)
        folder = server.folder(document) if document is not None else None
        return None if document is None or folder is None else symbols.folding_ranges(document, folder)
