"""The features that editors ask for at every keystroke: one table, read and written by msgspec.

What is rare goes through pygls (`language`), which takes most of a second to load and longer to read.
"""

from __future__ import annotations

import asyncio
import inspect
import sys
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

from crystalmath.errors import CrystalMathError, InputError
from crystalmath.vasp import tags
from crystalmath.vasp.rules.rule import all_rules
from crystalmath_lsp import (
    completion,
    edits,
    hover,
    inlay,
    lens,
    messages,
    navigation,
    shapes,
    signature,
    snippets,
    symbols,
    tokens,
)
from crystalmath_lsp.capabilities import CHECK_FOLDER, SUBMIT_FOLDER
from crystalmath_lsp.findings import report
from crystalmath_lsp.messages import Fault, Hint, Request
from crystalmath_lsp.worker_link import WorkerFaultError
from crystalmath_lsp.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from crystalmath_lsp.messages import MessageId, Notification

__all__ = ["FEATURES", "Features", "warm_up"]


def warm_up() -> None:
    """Load the rules and the table of tags, so that the first document does not wait for them."""
    all_rules()
    tags.find("ENCUT")


@dataclass(frozen=True, slots=True)
class Feature:
    """How the params of a method are read and who serves it; an awaitable is answered when it is done."""

    decoder: msgspec.json.Decoder[Any]
    serve: Callable[[Workspace, Any], object]


class Features:
    """Serve the features; every request is answered once."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._write = workspace.client.write
        self._running: dict[MessageId, asyncio.Task[None]] = {}

    @staticmethod
    def serves(method: str) -> bool:
        """Say whether a method is in the table."""
        return method in FEATURES

    def serve(self, message: Request | Notification) -> None:
        """Serve a message whose method is in the table."""
        feature = FEATURES[message.method]
        identity = message.id if isinstance(message, Request) else None
        try:
            params = feature.decoder.decode(message.params)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            fault = Fault(messages.INVALID_PARAMS, f"{message.method}: {error}.")
            self._refuse(identity, fault)
            return
        try:
            result = feature.serve(self.workspace, params)
        except Exception as error:  # noqa: BLE001 - the dispatcher: one bad message must not end the server
            self._fail(identity, message.method, error)
            return
        if inspect.isawaitable(result):
            self._answer_later(identity, message.method, result)
        elif identity is not None:
            self._write(messages.write_result(identity, result))

    def cancel(self, identity: MessageId) -> None:
        """Cancel a request that waits for something; others are answered already."""
        task = self._running.get(identity)
        if task is not None:
            task.cancel()

    def close(self) -> None:
        """End what was begun for the client, which is gone."""
        for task in self._running.values():
            task.cancel()
        self.workspace.end()

    def _answer_later(self, identity: MessageId | None, method: str, result: Awaitable[object]) -> None:
        assert identity is not None  # no notification waits
        task = asyncio.get_running_loop().create_task(self._answer(identity, result))
        self._running[identity] = task
        task.add_done_callback(lambda task: self._settle(identity, method, task))

    async def _answer(self, identity: MessageId, result: Awaitable[object]) -> None:
        self._write(messages.write_result(identity, await result))

    def _settle(self, identity: MessageId, method: str, task: asyncio.Task[None]) -> None:
        self._running.pop(identity, None)
        if task.cancelled():
            self._refuse(identity, Fault(messages.REQUEST_CANCELLED, f"{method} was cancelled."))
        elif (error := task.exception()) is not None:
            self._fail(identity, method, error)

    def _fail(self, identity: MessageId | None, method: str, error: BaseException) -> None:
        if isinstance(error, CrystalMathError):
            self._refuse(identity, messages.fault_of(error))
            return
        if isinstance(error, WorkerFaultError):
            self._refuse(identity, error.fault)
            return
        traceback.print_exception(error)
        hint = "This is a defect of CrystalMath; the server's log (stderr) has the details."
        message = f"{method} failed: {type(error).__name__}: {error}"
        self._refuse(identity, Fault(messages.INTERNAL_ERROR, message, Hint(hint)))

    def _refuse(self, identity: MessageId | None, fault: Fault) -> None:
        if identity is not None:
            self._write(messages.write_error(identity, fault))
        else:
            print(f"crystalmath-server: {fault.message}", file=sys.stderr)


def _complete(workspace: Workspace, params: shapes.CompletionParams) -> shapes.CompletionList | None:
    at = workspace.looked_at(params.text_document.uri)
    if at is None:
        return None
    document, folder = at
    assert document.kind is not None
    line, character = document.place(params.position)
    potcars = workspace.potcars.known() if document.kind in {"POSCAR", "POTCAR"} else ()
    placeholders = workspace.placeholders
    found = completion.complete(
        document.kind, folder, line, character, placeholders=placeholders, potcars=potcars
    )
    typed = params.context is not None and params.context.trigger_character is not None
    # A blank asks for values only: nobody who indents a line wants to see six hundred tags.
    return None if typed and any(item.data for item in found.items) else found


def _resolve(_: Workspace, item: dict[str, Any]) -> dict[str, Any]:
    name = item.get("data")
    text = snippets.about_snippet(name) or hover.about_tag(name) if isinstance(name, str) else ""
    return {**item, "documentation": {"kind": "markdown", "value": text}} if text else item


def _show(workspace: Workspace, params: shapes.PlaceParams) -> shapes.Hover | None:
    at = workspace.looked_at(params.text_document.uri)
    if at is None:
        return None
    document, folder = at
    assert document.kind is not None
    found = hover.hover(document.kind, folder, *document.place(params.position))
    if found is None:
        return None
    text, span = found
    return shapes.Hover(shapes.Markup(text), document.range_of(span.start, span.end))


async def _act(workspace: Workspace, params: shapes.CodeActionParams) -> tuple[shapes.CodeAction, ...] | None:
    document = workspace.input_file(params.text_document.uri)
    if document is None:
        return None
    await workspace.settled(document)
    large = workspace.documents.is_large(document)
    folder = None if large else workspace.folder(document)
    checked = workspace.findings.checked.get(document.uri)
    return edits.code_actions(document, checked, params.range, params.context.only, folder)


def _outline(workspace: Workspace, params: shapes.DocumentParams) -> tuple[shapes.DocumentSymbol, ...] | None:
    at = workspace.looked_at(params.text_document.uri)
    return None if at is None else symbols.symbols(*at)


def _fold(workspace: Workspace, params: shapes.DocumentParams) -> tuple[shapes.FoldingRange, ...] | None:
    at = workspace.looked_at(params.text_document.uri)
    return None if at is None else symbols.folding_ranges(*at)


def _sign(workspace: Workspace, params: shapes.PlaceParams) -> signature.SignatureHelp | None:
    at = workspace.looked_at(params.text_document.uri)
    if at is None or at[0].kind != "INCAR":
        return None
    return signature.signature_help(at[1], *at[0].place(params.position))


def _hint(workspace: Workspace, params: shapes.RangeParams) -> tuple[inlay.InlayHint, ...] | None:
    at = workspace.looked_at(params.text_document.uri)
    if at is None:
        return None
    return inlay.inlay_hints(*at, params.range.start.line, params.range.end.line)


def _color(workspace: Workspace, params: shapes.DocumentParams) -> tokens.SemanticTokens | None:
    document = workspace.input_file(params.text_document.uri)
    if document is None:
        return None
    data = tokens.tokens(document, workspace.folder(document))
    return workspace.tokens.whole(document.uri, data)


def _color_range(workspace: Workspace, params: shapes.RangeParams) -> tokens.SemanticTokens | None:
    document = workspace.input_file(params.text_document.uri)
    if document is None:
        return None
    first, last = max(params.range.start.line, 0), params.range.end.line
    return tokens.SemanticTokens(tokens.tokens(document, workspace.folder(document), first, last))


def _color_change(
    workspace: Workspace, params: shapes.TokensDeltaParams
) -> tokens.SemanticTokens | tokens.SemanticTokensDelta | None:
    document = workspace.input_file(params.text_document.uri)
    if document is None:
        return None
    data = tokens.tokens(document, workspace.folder(document))
    return workspace.tokens.change(document.uri, params.previous_result_id, data)


def _lens(workspace: Workspace, params: shapes.DocumentParams) -> tuple[lens.CodeLens, ...] | None:
    document = workspace.input_file(params.text_document.uri)
    return None if document is None else lens.code_lenses(document, workspace.folder(document))


def _link(workspace: Workspace, params: shapes.DocumentParams) -> tuple[lens.DocumentLink, ...] | None:
    at = workspace.looked_at(params.text_document.uri)
    return None if at is None else lens.document_links(*at)


def _highlight(
    workspace: Workspace, params: shapes.PlaceParams
) -> tuple[navigation.DocumentHighlight, ...] | None:
    at = workspace.looked_at(params.text_document.uri)
    return None if at is None else navigation.highlights(*at, *at[0].place(params.position))


async def _execute(workspace: Workspace, params: shapes.ExecuteCommandParams) -> str | None:
    uri = str(params.arguments[0]) if params.arguments else ""
    if params.command == CHECK_FOLDER and uri:
        return await workspace.check_again(uri)
    if params.command == SUBMIT_FOLDER and uri and workspace.jobs is not None:
        from crystalmath_lsp.submitting import submit_folder

        return await submit_folder(workspace, workspace.jobs, uri)
    raise InputError(
        f"There is no command {params.command!r} with {len(params.arguments)} arguments",
        hint=f"The commands are {CHECK_FOLDER} and {SUBMIT_FOLDER}, with the uri of an open file.",
    )


async def _diagnose(
    workspace: Workspace, params: shapes.DocumentDiagnosticParams
) -> shapes.DocumentDiagnosticReport:
    uri, previous = params.text_document.uri, params.previous_result_id
    document = workspace.input_file(uri)
    if document is not None:
        await workspace.settled(document)
    elif uri not in workspace.documents.by_uri:
        return report(workspace.check_closed(uri), previous)
    return report(workspace.findings.checked.get(uri), previous)


async def _diagnose_all(
    workspace: Workspace, params: shapes.WorkspaceDiagnosticParams
) -> shapes.WorkspaceReport:
    return await workspace.sweeps.report(params)


def _configure(workspace: Workspace, params: shapes.DidChangeConfiguration) -> None:
    workspace.configuration.change(params)


def _look_at_disk(workspace: Workspace, _: shapes.DidChangeWatchedFiles) -> None:
    workspace.sweeps.changed()
    workspace.watching.look()


def _change_folders(workspace: Workspace, params: shapes.DidChangeFolders) -> None:
    workspace.sweeps.change_folders(params)


_ROWS: Final[tuple[tuple[str, type, Callable[[Workspace, Any], object]], ...]] = (
    ("textDocument/didOpen", shapes.DidOpen, Workspace.open),
    ("textDocument/didChange", shapes.DidChange, Workspace.change),
    ("textDocument/didClose", shapes.DidClose, Workspace.close),
    ("textDocument/completion", shapes.CompletionParams, _complete),
    ("completionItem/resolve", dict, _resolve),
    ("textDocument/hover", shapes.PlaceParams, _show),
    ("textDocument/diagnostic", shapes.DocumentDiagnosticParams, _diagnose),
    ("textDocument/signatureHelp", shapes.PlaceParams, _sign),
    ("textDocument/inlayHint", shapes.RangeParams, _hint),
    ("textDocument/semanticTokens/full", shapes.DocumentParams, _color),
    ("textDocument/semanticTokens/full/delta", shapes.TokensDeltaParams, _color_change),
    ("textDocument/semanticTokens/range", shapes.RangeParams, _color_range),
    ("textDocument/codeLens", shapes.DocumentParams, _lens),
    ("textDocument/documentLink", shapes.DocumentParams, _link),
    ("textDocument/documentHighlight", shapes.PlaceParams, _highlight),
    ("workspace/executeCommand", shapes.ExecuteCommandParams, _execute),
    ("workspace/diagnostic", shapes.WorkspaceDiagnosticParams, _diagnose_all),
    ("workspace/didChangeConfiguration", shapes.DidChangeConfiguration, _configure),
    ("workspace/didChangeWatchedFiles", shapes.DidChangeWatchedFiles, _look_at_disk),
    ("workspace/didChangeWorkspaceFolders", shapes.DidChangeFolders, _change_folders),
    ("textDocument/codeAction", shapes.CodeActionParams, _act),
    ("textDocument/documentSymbol", shapes.DocumentParams, _outline),
    ("textDocument/foldingRange", shapes.DocumentParams, _fold),
)

FEATURES: Final = {method: Feature(msgspec.json.Decoder(params), serve) for method, params, serve in _ROWS}
