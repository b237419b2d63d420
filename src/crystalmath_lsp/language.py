"""The language half: pygls with the document features, fed by the dispatcher and writing through it.

This is the only module that imports pygls, which takes most of a second; it is loaded in a thread once a
client opens a document, never for a client that only asks about jobs.
"""

from __future__ import annotations

import sys
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import msgspec
from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, default_converter

from crystalmath_lsp import diagnostics, messages
from crystalmath_lsp.capabilities import position_encoding
from crystalmath_lsp.messages import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from pygls.workspace import TextDocument

    from crystalmath_lsp.diagnostics import Finding

__all__ = ["InputFileServer", "is_incar"]

_HANDSHAKE = "handshake"


class _Protocol(LanguageServerProtocol):
    """Keep pygls' features and documents; the dispatcher has read the message and decided who answers."""

    _server: InputFileServer

    def receive(self, body: bytes, identity: messages.MessageId | None) -> None:
        """Serve one message; a request whose params have the wrong shape is answered so."""
        try:
            structured = self.structured(body)
        except Exception as error:  # noqa: BLE001 - cattrs raises groups of whatever its hooks raise
            print(f"crystalmath-server: params of the wrong shape: {error!r}", file=sys.stderr)
            if identity is not None:
                fault = Fault(messages.INVALID_PARAMS, "The params do not have the shape of the method's.")
                self._server.write(messages.write_error(identity, fault))
        else:
            self.handle_message(structured)

    def structured(self, body: bytes) -> Any:
        """Return the message as pygls wants it."""
        message = msgspec.json.decode(body)
        return self._converter.structure(message, types.METHOD_TO_TYPES[message["method"]][0])

    def _send_data(self, data: Any) -> None:
        body = self._converter.unstructure(data)
        if body.get("id") != _HANDSHAKE:
            self._server.write(msgspec.json.encode(body))


class InputFileServer(LanguageServer):
    """Serve the features of VASP's input files."""

    protocol: _Protocol

    def __init__(self, write: Callable[[bytes], None], initialize_params: dict[str, Any]) -> None:
        super().__init__("", "", protocol_cls=_Protocol, converter_factory=default_converter)
        self.write = write
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
            encoding = position_encoding(params["capabilities"])
            greeting = self.protocol.structured(
                _greeting({"capabilities": {"general": {"positionEncodings": [encoding]}}})
            )
        self.protocol.handle_message(greeting)

    def report_server_error(self, error: Exception, source: object) -> None:
        """Write to the log; a defect of the server is no reason for a pop-up."""
        print(f"crystalmath-server: {source}: {error!r}", file=sys.stderr)

    def check(self, uri: str) -> None:
        """Publish the findings of a document."""
        document = self.workspace.get_text_document(uri)
        if not is_incar(uri, document.language_id):
            return
        found = [_to_lsp(document, finding) for finding in diagnostics.of_incar(document.source)]
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri=uri, version=document.version, diagnostics=found)
        )


def _greeting(params: dict[str, Any]) -> bytes:
    params = {"processId": None, "rootUri": None} | params
    message = {"jsonrpc": "2.0", "id": _HANDSHAKE, "method": types.INITIALIZE, "params": params}
    return msgspec.json.encode(message)


def is_incar(uri: str, language_id: str | None) -> bool:
    """Tell whether a document is an INCAR, by what the editor calls it or by its file name."""
    if language_id in {"incar", "vasp-incar"}:
        return True
    return PurePosixPath(unquote(urlsplit(uri).path)).name.upper().startswith("INCAR")


def _to_lsp(document: TextDocument, finding: Finding) -> types.Diagnostic:
    counted_in_characters = types.Range(
        start=types.Position(line=finding.line, character=finding.column),
        end=types.Position(line=finding.line, character=finding.end_column),
    )
    return types.Diagnostic(
        range=document.position_codec.range_to_client_units(document.lines, counted_in_characters),
        message=finding.message,
        severity=types.DiagnosticSeverity.Warning,
        code=finding.code,
        source="crystalmath",
    )


def _register(server: InputFileServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        server.check(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        server.check(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri=params.text_document.uri, diagnostics=[])
        )
