"""What editors ask for rarely: pygls with the features that `features` does not serve.

This is the only module that imports pygls, which takes most of a second; it is loaded in a thread behind what
is needed first, never for a client that only asks about jobs.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import msgspec
from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, default_converter

from crystalmath.vasp.formatter import format_incar
from crystalmath_lsp import edits, messages, navigation, renaming, selection, shapes, symbols
from crystalmath_lsp.messages import Fault, Request

if TYPE_CHECKING:
    from crystalmath_lsp.messages import MessageId, Notification
    from crystalmath_lsp.workspace import Workspace

__all__ = ["InputFileServer"]

_HANDSHAKE = "handshake"


class _Protocol(LanguageServerProtocol):
    """Keep pygls' features; the dispatcher has read the message and decided who answers."""

    _server: InputFileServer

    def receive(self, message: Request | Notification, body: bytes) -> None:
        """Serve one message; a request whose params have the wrong shape is answered so."""
        try:
            structured = self.structured(body)
        except Exception as error:  # noqa: BLE001 - cattrs raises groups of whatever its hooks raise
            print(f"crystalmath-server: params of the wrong shape: {error!r}", file=sys.stderr)
            if isinstance(message, Request):
                fault = Fault(messages.INVALID_PARAMS, "The params do not have the shape of the method's.")
                self._server.write(messages.write_error(message.id, fault))
        else:
            self.handle_message(structured)

    def cancel(self, identity: MessageId) -> None:
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


class InputFileServer(LanguageServer):
    """Serve the rare features of VASP's input files."""

    protocol: _Protocol

    def __init__(self, workspace: Workspace) -> None:
        super().__init__("", "", protocol_cls=_Protocol, converter_factory=default_converter)
        self.files = workspace
        self.write = workspace.client.write
        _register(self)
        self._shake_hands(workspace.client.params)

    def _shake_hands(self, params: dict[str, Any]) -> None:
        """Tell pygls about the client, which has had its answer long ago."""
        known = ("capabilities", "rootUri", "workspaceFolders")
        try:
            told = {key: params[key] for key in known if key in params}
            greeting = self.protocol.structured(_greeting(told))
        except Exception as error:  # noqa: BLE001 - whatever a client announces, its documents are served
            print(f"crystalmath-server: initialize params of the wrong shape: {error!r}", file=sys.stderr)
            encodings = [self.files.client.encoding]
            greeting = self.protocol.structured(
                _greeting({"capabilities": {"general": {"positionEncodings": encodings}}})
            )
        self.protocol.handle_message(greeting)

    def report_server_error(self, error: Exception, source: object) -> None:
        """Write to the log; a defect of the server is no reason for a pop-up."""
        print(f"crystalmath-server: {source}: {error!r}", file=sys.stderr)


def _greeting(params: dict[str, Any]) -> bytes:
    params = {"processId": None, "rootUri": None} | params
    message = {"jsonrpc": "2.0", "id": _HANDSHAKE, "method": types.INITIALIZE, "params": params}
    return msgspec.json.encode(message)


def _register(server: InputFileServer) -> None:
    """Register the features with pygls, which dispatches them."""
    _register_formatting(server)
    _register_navigation(server)
    _register_renaming(server)


def _register_formatting(server: InputFileServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_FORMATTING)
    def format_document(params: types.DocumentFormattingParams) -> tuple[shapes.TextEdit, ...] | None:
        document = server.files.input_file(params.text_document.uri)
        if document is None or document.kind != "INCAR":
            return None
        return edits.text_edits(document, format_incar(document.text))

    @server.feature(types.TEXT_DOCUMENT_RANGE_FORMATTING)
    def format_range(params: types.DocumentRangeFormattingParams) -> tuple[shapes.TextEdit, ...] | None:
        document = server.files.input_file(params.text_document.uri)
        if document is None or document.kind != "INCAR":
            return None
        wanted = shapes.Range(_ours(params.range.start), _ours(params.range.end))
        return edits.range_edits(document, format_incar(document.text), wanted)


def _register_navigation(server: InputFileServer) -> None:
    files = server.files

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    def define(params: types.DefinitionParams) -> tuple[shapes.Location, ...] | None:
        at = files.looked_at(params.text_document.uri)
        return None if at is None else navigation.definition(*at, *at[0].place(_ours(params.position)))

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    def refer(params: types.ReferenceParams) -> tuple[shapes.Location, ...] | None:
        at = files.looked_at(params.text_document.uri)
        return None if at is None else navigation.references(*at, *at[0].place(_ours(params.position)))

    @server.feature(types.TEXT_DOCUMENT_SELECTION_RANGE)
    def select(params: types.SelectionRangeParams) -> tuple[selection.SelectionRange, ...] | None:
        document = files.input_file(params.text_document.uri)
        if document is None:
            return None
        folder = files.folder(document)
        return tuple(selection.selection_range(document, folder, _ours(place)) for place in params.positions)

    @server.feature(types.WORKSPACE_SYMBOL)
    def find(params: types.WorkspaceSymbolParams) -> tuple[symbols.WorkspaceSymbol, ...]:
        looked_at = [at for uri in files.documents.by_uri if (at := files.looked_at(uri)) is not None]
        return tuple(each for at in looked_at for each in symbols.workspace_symbols(*at, params.query))


def _register_renaming(server: InputFileServer) -> None:
    files = server.files

    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    def prepare(params: types.PrepareRenameParams) -> shapes.Range | None:
        at = files.looked_at(params.text_document.uri)
        return None if at is None else renaming.prepare_rename(*at, *at[0].place(_ours(params.position)))

    @server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    def rename(params: types.RenameParams) -> shapes.WorkspaceEdit | None:
        at = files.looked_at(params.text_document.uri)
        if at is None:
            return None
        try:
            found = renaming.rename(*at, *at[0].place(_ours(params.position)), params.new_name)
        except ValueError as error:
            raise JsonRpcInvalidParams(str(error)) from error
        return None if found is None else shapes.WorkspaceEdit({at[0].uri: found})


def _ours(position: types.Position) -> shapes.Position:
    return shapes.Position(position.line, position.character)
