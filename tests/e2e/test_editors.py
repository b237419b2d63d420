"""The server with the recorded capabilities of real editors, through a client that checks the protocol."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

URI = "file:///work/INCAR"
TWICE = "ENCUT = 500\nISMEAR = 0\nENCUT = 400\n"


@pytest_lsp.fixture(  # type: ignore[untyped-decorator]  # pytest-lsp has no types
    config=ClientServerConfig(server_command=[sys.executable, "-m", "crystalmath_lsp", "--stdio"]),
    params=["neovim", "visual_studio_code"],
)
async def client(request: pytest.FixtureRequest, lsp_client: LanguageClient) -> AsyncIterator[None]:
    capabilities = client_capabilities(request.param)
    lsp_client.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda params: None)
    await lsp_client.initialize_session(types.InitializeParams(capabilities=capabilities))
    yield
    await lsp_client.shutdown_session()


@pytest.mark.asyncio
async def test_an_open_document_is_checked_edited_and_closed(client: LanguageClient) -> None:
    document = types.TextDocumentItem(uri=URI, language_id="incar", version=1, text=TWICE)
    client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=document))
    await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    (finding,) = client.diagnostics[URI]
    assert (finding.code, finding.range.start.line) == ("duplicate-tag", 2)
    change = types.TextDocumentContentChangePartial(
        range=types.Range(start=types.Position(2, 0), end=types.Position(3, 0)), text=""
    )
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            text_document=types.VersionedTextDocumentIdentifier(uri=URI, version=2), content_changes=[change]
        )
    )
    while len(client.diagnostics[URI]) > 0:
        await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    assert len(client.messages) == 0, "nothing pops up"


@pytest.mark.asyncio
async def test_an_open_document_is_completed_explained_mended_and_formatted(client: LanguageClient) -> None:
    text = "ispin=2\nENCUT = 400\nENCUT = 400\nISM\n"
    item = types.TextDocumentItem(uri=URI, language_id="incar", version=1, text=text)
    client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))
    await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    document = types.TextDocumentIdentifier(uri=URI)
    offered = await client.text_document_completion_async(
        types.CompletionParams(document, types.Position(3, 3))
    )
    assert isinstance(offered, types.CompletionList)
    (ismear,) = offered.items
    resolved = await client.completion_item_resolve_async(ismear)
    assert isinstance(resolved.documentation, types.MarkupContent)
    assert "ISMEAR" in resolved.documentation.value
    shown = await client.text_document_hover_async(types.HoverParams(document, types.Position(0, 2)))
    assert shown is not None
    assert shown.range == types.Range(types.Position(0, 0), types.Position(0, 5))
    place = types.Range(types.Position(2, 0), types.Position(2, 1))
    actions = await client.text_document_code_action_async(
        types.CodeActionParams(document, place, types.CodeActionContext(diagnostics=[]))
    )
    assert actions is not None
    assert [action.kind for action in actions if isinstance(action, types.CodeAction)] == [
        "quickfix",
        "quickfix",
        "source.fixAll.crystalmath",
    ]
    edits = await client.text_document_formatting_async(
        types.DocumentFormattingParams(document, types.FormattingOptions(tab_size=2, insert_spaces=True))
    )
    assert edits is not None
    assert edits[0].new_text == "ISPIN = 2"
    outline = await client.text_document_document_symbol_async(types.DocumentSymbolParams(document))
    assert outline is not None
    assert [symbol.name for symbol in outline] == ["ISPIN", "ENCUT", "ENCUT"]
    folds = await client.text_document_folding_range_async(types.FoldingRangeParams(document))
    assert folds is not None
    assert len(folds) == 0
    assert len(client.messages) == 0, "nothing pops up"
