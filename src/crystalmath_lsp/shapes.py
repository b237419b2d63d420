"""The protocol's shapes on the hot paths, as msgspec structs: they cost a tenth of lsprotocol's to write."""

from __future__ import annotations

from functools import cached_property
from hashlib import blake2b
from typing import Any, Literal

import msgspec

__all__ = [
    "Change", "Checked", "CodeAction", "CodeActionContext", "CodeActionParams", "CodeDescription",
    "CompletionContext", "CompletionItem", "CompletionList", "CompletionParams", "Diagnostic",
    "DidChange", "DidChangeConfiguration", "DidChangeFolders", "DidChangeWatchedFiles", "DidClose",
    "DidOpen", "DocumentDiagnosticParams", "DocumentDiagnosticReport", "DocumentId", "DocumentParams",
    "DocumentSymbol", "ExecuteCommandParams", "FoldersEvent", "FoldingRange", "Hover", "Location",
    "Markup", "OpenedDocument", "PlaceParams", "Position", "PreviousResultId", "Published", "Range",
    "RangeParams", "Related", "Repair", "TextEdit", "TokensDeltaParams", "VersionedId",
    "WorkspaceDiagnosticParams", "WorkspaceDiagnosticReport", "WorkspaceEdit", "WorkspaceFolder",
    "WorkspaceReport",
]  # fmt: skip


class Position(msgspec.Struct, frozen=True):
    """A place: line and column from 0, the column in the client's units."""

    line: int
    character: int


class Range(msgspec.Struct, frozen=True):
    """From `start` up to `end`."""

    start: Position
    end: Position


class TextEdit(msgspec.Struct, frozen=True, rename="camel"):
    """Replace a range."""

    range: Range
    new_text: str


class Location(msgspec.Struct, frozen=True):
    """A range in a document."""

    uri: str
    range: Range


class Related(msgspec.Struct, frozen=True):
    """A second place that belongs to a diagnostic."""

    location: Location
    message: str


class CodeDescription(msgspec.Struct, frozen=True):
    """Where the code is explained."""

    href: str


class Diagnostic(msgspec.Struct, frozen=True, rename="camel"):
    """A finding as the protocol has it; severity 1 error, 2 warning, 3 information, 4 hint."""

    range: Range
    severity: int
    code: str
    code_description: CodeDescription
    message: str
    related_information: tuple[Related, ...] = ()
    source: str = "crystalmath"


class Repair(msgspec.Struct, frozen=True):
    """A change that removes a diagnostic of its document."""

    title: str
    safe: bool
    edits: tuple[TextEdit, ...]


class Checked(msgspec.Struct, frozen=True, dict=True):
    """What was found in one version of a document; the repairs of each diagnostic stand at its index."""

    uri: str
    version: int | None
    diagnostics: tuple[Diagnostic, ...]
    repairs: tuple[tuple[Repair, ...], ...]

    @cached_property
    def result_id(self) -> str:
        """Name the diagnostics: the same ones have the same name."""
        return blake2b(msgspec.json.encode(self.diagnostics), digest_size=8).hexdigest()


class Published(msgspec.Struct, frozen=True, omit_defaults=True):
    """The params of `textDocument/publishDiagnostics`."""

    uri: str
    diagnostics: tuple[Diagnostic, ...]
    version: int | None = None


class OpenedDocument(msgspec.Struct, rename="camel"):
    """A document that the client opened."""

    uri: str
    text: str
    version: int = 0
    language_id: str = ""


class Change(msgspec.Struct, frozen=True):
    """New text for a range, or for the whole document when there is none."""

    text: str
    range: Range | None = None


class DocumentId(msgspec.Struct):
    """Name a document."""

    uri: str


class VersionedId(msgspec.Struct):
    """Name a version of a document."""

    uri: str
    version: int | None = None


class DidOpen(msgspec.Struct, rename="camel"):
    """The params of `textDocument/didOpen`."""

    text_document: OpenedDocument


class DidChange(msgspec.Struct, rename="camel"):
    """The params of `textDocument/didChange`."""

    text_document: VersionedId
    content_changes: list[Change]


class DidClose(msgspec.Struct, rename="camel"):
    """The params of `textDocument/didClose`."""

    text_document: DocumentId


class DocumentParams(msgspec.Struct, rename="camel"):
    """The params of what is asked about a whole document."""

    text_document: DocumentId


class PlaceParams(msgspec.Struct, rename="camel"):
    """The params of what is asked about a place."""

    text_document: DocumentId
    position: Position


class RangeParams(msgspec.Struct, rename="camel"):
    """The params of what is asked about a range."""

    text_document: DocumentId
    range: Range


class CompletionContext(msgspec.Struct, rename="camel"):
    """What made the client ask; no character when a person did."""

    trigger_character: str | None = None


class CompletionParams(msgspec.Struct, rename="camel"):
    """The params of `textDocument/completion`."""

    text_document: DocumentId
    position: Position
    context: CompletionContext | None = None


class CodeActionContext(msgspec.Struct):
    """The kinds of actions that are wanted, all when none is named."""

    only: tuple[str, ...] | None = None


class CodeActionParams(msgspec.Struct, rename="camel"):
    """The params of `textDocument/codeAction`."""

    text_document: DocumentId
    range: Range
    context: CodeActionContext


class Markup(msgspec.Struct, frozen=True):
    """Text in Markdown."""

    value: str
    kind: str = "markdown"


class Hover(msgspec.Struct, frozen=True):
    """What is shown about a place."""

    contents: Markup
    range: Range


class CompletionItem(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """One proposal; `data` names the tag whose documentation is asked for later."""

    label: str
    kind: int
    detail: str = ""
    sort_text: str = ""
    insert_text: str = ""
    insert_text_format: int = 1
    tags: tuple[int, ...] = ()
    data: str = ""
    documentation: Markup | None = None


class CompletionList(msgspec.Struct, frozen=True, rename="camel"):
    """Proposals; an incomplete list is asked for again at the next letter."""

    items: tuple[CompletionItem, ...]
    is_incomplete: bool = False


class WorkspaceEdit(msgspec.Struct, frozen=True):
    """Edits by the uri of their document."""

    changes: dict[str, tuple[TextEdit, ...]]


class CodeAction(msgspec.Struct, frozen=True, rename="camel"):
    """A change that the client offers."""

    title: str
    kind: str
    edit: WorkspaceEdit
    diagnostics: tuple[Diagnostic, ...] = ()
    is_preferred: bool = False


class DocumentSymbol(msgspec.Struct, frozen=True, rename="camel"):
    """One entry of the outline."""

    name: str
    kind: int
    range: Range
    selection_range: Range
    detail: str = ""
    children: tuple[DocumentSymbol, ...] = ()


class FoldingRange(msgspec.Struct, frozen=True, rename="camel"):
    """Lines (from 0) that can be folded."""

    start_line: int
    end_line: int


class DocumentDiagnosticParams(msgspec.Struct, rename="camel"):
    """The params of `textDocument/diagnostic`."""

    text_document: DocumentId
    previous_result_id: str | None = None


class DocumentDiagnosticReport(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """The findings of a document; `items` are there when the kind is `full`."""

    kind: Literal["full", "unchanged"]
    items: tuple[Diagnostic, ...] | None = None
    result_id: str | None = None


class PreviousResultId(msgspec.Struct):
    """What the client has of a document."""

    uri: str
    value: str


class WorkspaceDiagnosticParams(msgspec.Struct, rename="camel"):
    """The params of `workspace/diagnostic`."""

    previous_result_ids: list[PreviousResultId] = []


class WorkspaceDiagnosticReport(msgspec.Struct, frozen=True, rename="camel"):
    """The findings of one file of the workspace."""

    uri: str
    version: int | None
    items: tuple[Diagnostic, ...]
    result_id: str = ""
    kind: Literal["full"] = "full"


class WorkspaceReport(msgspec.Struct, frozen=True):
    """The result of `workspace/diagnostic`."""

    items: tuple[WorkspaceDiagnosticReport, ...]


class DidChangeConfiguration(msgspec.Struct):
    """The params of `workspace/didChangeConfiguration`; many clients send null and want to be asked."""

    settings: Any = None


class DidChangeWatchedFiles(msgspec.Struct):
    """The params of `workspace/didChangeWatchedFiles`; what changed is looked for on the disk."""


class WorkspaceFolder(msgspec.Struct):
    """A folder that is open in the client."""

    uri: str


class FoldersEvent(msgspec.Struct):
    """Which folders came and went."""

    added: list[WorkspaceFolder] = []
    removed: list[WorkspaceFolder] = []


class DidChangeFolders(msgspec.Struct):
    """The params of `workspace/didChangeWorkspaceFolders`."""

    event: FoldersEvent


class TokensDeltaParams(msgspec.Struct, rename="camel"):
    """The params of `textDocument/semanticTokens/full/delta`."""

    text_document: DocumentId
    previous_result_id: str


class ExecuteCommandParams(msgspec.Struct):
    """The params of `workspace/executeCommand`."""

    command: str
    arguments: list[Any] = []
