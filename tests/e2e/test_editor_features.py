"""Every feature over real standard streams, with the recorded capabilities of real editors."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
import pytest_lsp
from lsprotocol import types
from lsprotocol.converters import get_converter
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities
from tests.deadlines import SOON_S
from tests.e2e.rpc_client import ROOT

RECORDINGS = ROOT / "tests" / "data" / "editors"
INCAR = "file:///work/INCAR"
POSCAR = "file:///work/POSCAR"
KPOINTS = "file:///work/KPOINTS"
TEXT = "ispin=2\nENCUT = 400\nENCUT = 400\nMAGMOM = 2*1.0 0.5\n"
FE2O = "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nFe O\n2 1\nDirect\n0 0 0\n0.5 0.5 0.5\n0.2 0.2 0.2\n"
MESH = "k\n0\nGamma\n4 4 2\n0 0 0\n"


def recorded(name: str) -> types.ClientCapabilities:
    """Return what an editor said that it can: recorded by us, else by pytest-lsp."""
    path = RECORDINGS / f"{name}.json"
    if not path.exists():
        return client_capabilities(name)
    return get_converter().structure(json.loads(path.read_text())["capabilities"], types.ClientCapabilities)


FILES = types.TextDocumentIdentifier
SPOT = types.Position


@pytest_lsp.fixture(  # type: ignore[untyped-decorator]  # pytest-lsp has no types
    config=ClientServerConfig(server_command=[sys.executable, "-m", "crystalmath_lsp", "--stdio"]),
    params=["neovim", "visual_studio_code_v1.139"],
)
async def client(request: pytest.FixtureRequest, lsp_client: LanguageClient) -> AsyncIterator[None]:
    lsp_client.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda params: None)
    capabilities = recorded(request.param)
    await lsp_client.initialize_session(types.InitializeParams(capabilities=capabilities))
    for uri, text in ((INCAR, TEXT), (POSCAR, FE2O), (KPOINTS, MESH)):
        item = types.TextDocumentItem(uri=uri, language_id="", version=1, text=text)
        lsp_client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))
    yield
    assert len(lsp_client.messages) == 0, "nothing pops up"
    await lsp_client.shutdown_session()


async def findings(client: LanguageClient) -> Sequence[types.Diagnostic]:
    """Return what a client of its abilities knows about the INCAR: pushed, or pulled."""
    assert client.capabilities is not None
    workspace = client.capabilities.workspace
    if workspace is None or workspace.diagnostics is None:
        return client.diagnostics.get(INCAR, ())
    params = types.DocumentDiagnosticParams(FILES(INCAR))
    report = await client.text_document_diagnostic_async(params)
    assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
    assert INCAR not in client.diagnostics, "what is pulled is not pushed too"
    return report.items


def between(line: int, start: int, end_line: int, end: int) -> types.Range:
    return types.Range(SPOT(line, start), SPOT(end_line, end))


@pytest.mark.asyncio
async def test_findings_are_shown_with_page_and_related_place(client: LanguageClient) -> None:
    change = types.TextDocumentContentChangePartial(range=between(6, 0, 6, 1), text="1")
    target = types.VersionedTextDocumentIdentifier(uri=POSCAR, version=2)
    client.text_document_did_change(types.DidChangeTextDocumentParams(target, [change]))
    async with asyncio.timeout(SOON_S):
        while "moments-count" not in {each.code for each in await findings(client)}:
            await asyncio.sleep(0.01)
    finding = next(each for each in await findings(client) if each.code == "moments-count")
    assert finding.code_description is not None
    assert finding.related_information is not None
    assert finding.related_information[0].location.uri == POSCAR


@pytest.mark.asyncio
async def test_completion_offers_tags_values_and_snippets(client: LanguageClient) -> None:
    offered = await client.text_document_completion_async(types.CompletionParams(FILES(INCAR), SPOT(4, 0)))
    assert isinstance(offered, types.CompletionList)
    relax = next(item for item in offered.items if item.label == "relax")
    assert relax.insert_text_format == types.InsertTextFormat.Snippet
    assert relax.documentation is None
    resolved = await client.completion_item_resolve_async(relax)
    assert isinstance(resolved.documentation, types.MarkupContent)
    assert "IBRION = 2" in resolved.documentation.value
    modes = await client.text_document_completion_async(types.CompletionParams(FILES(KPOINTS), SPOT(2, 0)))
    assert isinstance(modes, types.CompletionList)
    assert modes.items[0].label == "Gamma"


@pytest.mark.asyncio
async def test_hover_shows_the_effective_value(client: LanguageClient) -> None:
    shown = await client.text_document_hover_async(types.HoverParams(FILES(INCAR), SPOT(0, 2)))
    assert shown is not None
    assert isinstance(shown.contents, types.MarkupContent)
    assert "In effect: `2`" in shown.contents.value
    shown = await client.text_document_hover_async(types.HoverParams(FILES(POSCAR), SPOT(9, 2)))
    assert shown is not None
    assert isinstance(shown.contents, types.MarkupContent)
    assert shown.contents.value == "Fe, ion 2 of 3"


@pytest.mark.asyncio
async def test_signature_help_names_the_ion(client: LanguageClient) -> None:
    params = types.SignatureHelpParams(FILES(INCAR), SPOT(3, 16))
    found = await client.text_document_signature_help_async(params)
    assert found is not None
    assert found.active_parameter == 2
    assert found.signatures[0].label == "MAGMOM = Fe 1, Fe 2, O 3"


@pytest.mark.asyncio
async def test_quick_fixes_and_all_safe_fixes_are_offered(client: LanguageClient) -> None:
    context = types.CodeActionContext(diagnostics=[])
    params = types.CodeActionParams(FILES(INCAR), between(2, 0, 2, 1), context)
    actions = await client.text_document_code_action_async(params)
    assert actions is not None
    titles = [action.title for action in actions]
    assert titles == ["Remove this ENCUT", "Ignore duplicate-tag here", "Make all safe fixes"]


@pytest.mark.asyncio
async def test_a_file_and_a_range_are_formatted(client: LanguageClient) -> None:
    options = types.FormattingOptions(tab_size=2, insert_spaces=True)
    whole = await client.text_document_formatting_async(types.DocumentFormattingParams(FILES(INCAR), options))
    assert whole is not None
    assert whole[0].new_text == "ISPIN  = 2"
    params = types.DocumentRangeFormattingParams(FILES(INCAR), between(1, 0, 2, 0), options)
    part = await client.text_document_range_formatting_async(params)
    assert part is not None
    assert [edit.range.start.line for edit in part] == [1, 2]


@pytest.mark.asyncio
async def test_outline_folds_and_the_symbols_of_the_workspace(client: LanguageClient) -> None:
    outline = await client.text_document_document_symbol_async(types.DocumentSymbolParams(FILES(POSCAR)))
    assert outline is not None
    assert [symbol.name for symbol in outline] == ["Lattice", "Species", "Fe (2)", "O (1)"]
    folds = await client.text_document_folding_range_async(types.FoldingRangeParams(FILES(POSCAR)))
    assert folds is not None
    assert (folds[0].start_line, folds[0].end_line) == (1, 4)
    found = await client.workspace_symbol_async(types.WorkspaceSymbolParams("mgm"))
    assert found is not None
    (symbol,) = found
    assert (symbol.name, symbol.location.uri) == ("MAGMOM", INCAR)


@pytest.mark.asyncio
async def test_semantic_tokens_whole_by_range_and_as_a_change(client: LanguageClient) -> None:
    whole = await client.text_document_semantic_tokens_full_async(types.SemanticTokensParams(FILES(INCAR)))
    assert whole is not None
    assert whole.result_id is not None
    assert list(whole.data[:5]) == [0, 0, 5, 0, 0]
    params = types.SemanticTokensRangeParams(FILES(POSCAR), between(8, 0, 9, 0))
    part = await client.text_document_semantic_tokens_range_async(params)
    assert part is not None
    assert len(part.data) == 6 * 5
    change = types.TextDocumentContentChangePartial(range=between(1, 8, 1, 11), text="5")
    target = types.VersionedTextDocumentIdentifier(uri=INCAR, version=2)
    client.text_document_did_change(types.DidChangeTextDocumentParams(target, [change]))
    delta = await client.text_document_semantic_tokens_full_delta_async(
        types.SemanticTokensDeltaParams(FILES(INCAR), whole.result_id)
    )
    assert isinstance(delta, types.SemanticTokensDelta)
    (edit,) = delta.edits
    assert (edit.delete_count, list(edit.data or [])) == (1, [1])


@pytest.mark.asyncio
async def test_inlay_hints_lenses_and_links(client: LanguageClient) -> None:
    hints = await client.text_document_inlay_hint_async(
        types.InlayHintParams(FILES(INCAR), between(0, 0, 9, 0))
    )
    assert hints is not None
    assert "ions 1–2" in [hint.label for hint in hints]
    spacing = await client.text_document_inlay_hint_async(
        types.InlayHintParams(FILES(KPOINTS), between(0, 0, 9, 0))
    )
    assert spacing is not None
    assert [hint.label for hint in spacing] == ["0.393 × 0.393 × 0.785 Å⁻¹"]
    lenses = await client.text_document_code_lens_async(types.CodeLensParams(FILES(POSCAR)))
    assert lenses is not None
    commands = [lens.command for lens in lenses if lens.command is not None]
    assert commands[0].title == "Fe2O · 3 ions · 64.00 Å³"
    links = await client.text_document_document_link_async(types.DocumentLinkParams(FILES(INCAR)))
    assert links is not None
    assert (links[1].target or "").endswith("/ENCUT")


@pytest.mark.asyncio
async def test_the_command_of_a_lens_checks_and_says_what_it_found(client: LanguageClient) -> None:
    params: Any = types.ExecuteCommandParams("crystalmath.checkFolder", [INCAR])
    told = await client.workspace_execute_command_async(params)
    assert str(told) == "INCAR, KPOINTS, POSCAR: warnings: 1."
    (message,) = client.messages
    assert message.type == types.MessageType.Info
    client.messages.clear()


@pytest.mark.asyncio
async def test_a_moment_leads_to_its_ion_and_back(client: LanguageClient) -> None:
    found = await client.text_document_definition_async(types.DefinitionParams(FILES(INCAR), SPOT(3, 16)))
    assert isinstance(found, list | tuple)
    (place,) = found
    assert isinstance(place, types.Location)
    assert (place.uri, place.range) == (POSCAR, between(10, 0, 10, 11))
    back = await client.text_document_references_async(
        types.ReferenceParams(types.ReferenceContext(include_declaration=True), FILES(POSCAR), SPOT(10, 1))
    )
    assert back is not None
    assert types.Location(INCAR, between(3, 15, 3, 18)) in list(back)
    marked = await client.text_document_document_highlight_async(
        types.DocumentHighlightParams(FILES(INCAR), SPOT(1, 1))
    )
    assert marked is not None
    assert [each.range.start.line for each in marked] == [1, 2]


@pytest.mark.asyncio
async def test_a_species_is_renamed_and_no_element_refused(client: LanguageClient) -> None:
    place = await client.text_document_prepare_rename_async(
        types.PrepareRenameParams(FILES(POSCAR), SPOT(5, 3))
    )
    assert place == between(5, 3, 5, 4)
    edit = await client.text_document_rename_async(types.RenameParams(FILES(POSCAR), SPOT(5, 3), "S"))
    assert edit is not None
    assert edit.changes is not None
    assert [each.new_text for each in edit.changes[POSCAR]] == ["S"]
    with pytest.raises(Exception, match="element"):
        await client.text_document_rename_async(types.RenameParams(FILES(POSCAR), SPOT(5, 3), "Qq"))


@pytest.mark.asyncio
async def test_selections_grow(client: LanguageClient) -> None:
    params = types.SelectionRangeParams(FILES(INCAR), [SPOT(3, 10)])
    found = await client.text_document_selection_range_async(params)
    assert found is not None
    around: types.SelectionRange | None = found[0]
    ranges = []
    while around is not None:
        ranges.append(around.range)
        around = around.parent
    assert ranges[0] == between(3, 9, 3, 14)
    assert ranges[-1] == between(0, 0, 4, 0)


@pytest.mark.asyncio
async def test_findings_can_be_pulled(client: LanguageClient) -> None:
    params = types.DocumentDiagnosticParams(FILES(INCAR))
    report = await client.text_document_diagnostic_async(params)
    assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
    assert "duplicate-tag" in {item.code for item in report.items}
    again = types.DocumentDiagnosticParams(FILES(INCAR), previous_result_id=report.result_id)
    same = await client.text_document_diagnostic_async(again)
    assert isinstance(same, types.RelatedUnchangedDocumentDiagnosticReport)
