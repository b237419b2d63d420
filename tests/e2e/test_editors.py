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
    await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    assert len(client.diagnostics[URI]) == 0
    assert len(client.messages) == 0, "nothing pops up"
