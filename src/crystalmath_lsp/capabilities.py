"""What the server says it can do, without importing what does it.

`initialize` is answered before pygls is loaded; a test compares this with what pygls would have announced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crystalmath_lsp.messages import REQUEST_FAILED, Fault, Hint
from crystalmath_lsp.models import PROTOCOL

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "CHECK_FOLDER", "COMPLETION_TRIGGERS", "LANGUAGE_METHODS", "LANGUAGE_NOTIFICATIONS",
    "POSITION_ENCODINGS", "SUBMIT_FOLDER", "TOKEN_TYPES",
    "capabilities",
    "is_ours", "position_encoding", "protocol_mismatch", "pulls_diagnostics",
]  # fmt: skip

LANGUAGE_METHODS = frozenset(
    {
        "$/setTrace",
        "completionItem/resolve",
        "textDocument/codeAction",
        "textDocument/codeLens",
        "textDocument/completion",
        "textDocument/definition",
        "textDocument/diagnostic",
        "textDocument/didChange",
        "textDocument/didClose",
        "textDocument/didOpen",
        "textDocument/documentHighlight",
        "textDocument/documentLink",
        "textDocument/documentSymbol",
        "textDocument/foldingRange",
        "textDocument/formatting",
        "textDocument/hover",
        "textDocument/inlayHint",
        "textDocument/prepareRename",
        "textDocument/rangeFormatting",
        "textDocument/references",
        "textDocument/rename",
        "textDocument/selectionRange",
        "textDocument/semanticTokens/full",
        "textDocument/semanticTokens/full/delta",
        "textDocument/semanticTokens/range",
        "textDocument/signatureHelp",
        "workspace/diagnostic",
        "workspace/didChangeConfiguration",
        "workspace/didChangeWatchedFiles",
        "workspace/didChangeWorkspaceFolders",
        "workspace/executeCommand",
        "workspace/symbol",
    }
)
"""The methods that the language half serves."""

LANGUAGE_NOTIFICATIONS = frozenset(
    method for method in LANGUAGE_METHODS if method.startswith("$/") or "/did" in method
)
"""Those of them that are told and not asked."""

COMPLETION_TRIGGERS = ("=", " ")

CHECK_FOLDER = "crystalmath.checkFolder"
"""The command behind a code lens: check again and say how much was found."""

SUBMIT_FOLDER = "crystalmath.submitFolder"
"""The command behind a code lens: submit the folder as a job once the user has agreed."""

TOKEN_TYPES = (
    "property", "number", "string", "comment", "keyword", "operator", "type", "namespace", "enumMember",
)  # fmt: skip

TOKENS = {"tokenTypes": list(TOKEN_TYPES), "tokenModifiers": ["deprecated"]}
"""The legend of semantic tokens."""

POSITION_ENCODINGS = ("utf-8", "utf-16", "utf-32")


def capabilities(client: dict[str, Any], methods: Iterable[str]) -> dict[str, Any]:
    """Return the server's capabilities for a client with the given ones."""
    return {
        "positionEncoding": position_encoding(client),
        "textDocumentSync": {"openClose": True, "change": 2, "save": False},
        "completionProvider": {"triggerCharacters": list(COMPLETION_TRIGGERS), "resolveProvider": True},
        "hoverProvider": True,
        "codeActionProvider": {"codeActionKinds": ["quickfix", "source.fixAll.crystalmath"]},
        "codeLensProvider": {"resolveProvider": False},
        "definitionProvider": True,
        "documentFormattingProvider": True,
        "documentHighlightProvider": True,
        "documentLinkProvider": {"resolveProvider": False},
        "documentRangeFormattingProvider": True,
        "documentSymbolProvider": True,
        "executeCommandProvider": {"commands": [CHECK_FOLDER, SUBMIT_FOLDER]},
        "foldingRangeProvider": True,
        "inlayHintProvider": True,
        "referencesProvider": True,
        "renameProvider": {"prepareProvider": True} if _prepares(client) else True,
        "selectionRangeProvider": True,
        "semanticTokensProvider": {"legend": TOKENS, "full": {"delta": True}, "range": True},
        "signatureHelpProvider": {"triggerCharacters": ["=", " "]},
        "workspaceSymbolProvider": {"resolveProvider": False},
        "workspace": {"workspaceFolders": {"supported": True, "changeNotifications": True}},
        **_diagnostics(client),
        "experimental": {"crystalmath": {"protocol": PROTOCOL, "methods": sorted(methods)}},
    }


def protocol_mismatch(client: dict[str, Any]) -> Fault | None:
    """Return the refusal of a client that speaks another version; editors name none and are welcome."""
    asked = _section(_section(client, "experimental"), "crystalmath").get("protocol", PROTOCOL)
    if asked == PROTOCOL:
        return None
    return Fault(
        REQUEST_FAILED,
        f"The client speaks version {asked} of CrystalMath's protocol, this server version {PROTOCOL}.",
        Hint("Install client and server of one release: pip install --upgrade crystalmath crystalmath-tui"),
    )


def is_ours(client: dict[str, Any]) -> bool:
    """Tell whether the client speaks CrystalMath's protocol, as crystalmath-tui does and editors do not."""
    return "protocol" in _section(_section(client, "experimental"), "crystalmath")


def position_encoding(client: dict[str, Any]) -> str:
    """Return the units of columns: the first known one that the client offers."""
    offered = _section(client, "general").get("positionEncodings")
    if isinstance(offered, list):
        for encoding in offered:
            if encoding in POSITION_ENCODINGS:
                return str(encoding)
    return "utf-16"


def _prepares(client: dict[str, Any]) -> bool:
    """Say whether a client asks first what can be renamed: only such a one may be told that it can."""
    return _section(_section(client, "textDocument"), "rename").get("prepareSupport") is True


def pulls_diagnostics(client: dict[str, Any]) -> bool:
    """Say whether a client pulls: it must know to pull again when another file of the folder has changed."""
    pulls = isinstance(_section(client, "textDocument").get("diagnostic"), dict)
    refreshes = _section(_section(client, "workspace"), "diagnostics").get("refreshSupport")
    return pulls and refreshes is True


def _diagnostics(client: dict[str, Any]) -> dict[str, Any]:
    """Announce what can be pulled, but not to a client that would show old findings, or all of them twice."""
    if "diagnostic" in _section(client, "textDocument") and not pulls_diagnostics(client):
        return {}
    options = {"identifier": "crystalmath", "interFileDependencies": True, "workspaceDiagnostics": True}
    return {"diagnosticProvider": options}


def _section(values: dict[str, Any], key: str) -> dict[str, Any]:
    value = values.get(key)
    return value if isinstance(value, dict) else {}
