"""What is announced before anything is loaded is what is then served."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_lsp
from lsprotocol import types
from lsprotocol.converters import get_converter

from crystalmath_lsp.capabilities import LANGUAGE_METHODS, capabilities, protocol_mismatch
from crystalmath_lsp.client import Client
from crystalmath_lsp.features import FEATURES
from crystalmath_lsp.language import InputFileServer
from crystalmath_lsp.models import PROTOCOL
from crystalmath_lsp.workspace import Workspace

OFFERS = [None, ["utf-8", "utf-16"], ["utf-16"], ["utf-32", "utf-8"], ["klingon"], [], "utf-8"]


def pygls_server(client: dict[str, Any]) -> InputFileServer:
    return InputFileServer(Workspace(Client(lambda _: None, {"capabilities": client})))


@pytest.mark.parametrize("offer", OFFERS[:4])
def test_what_pygls_announces_is_announced_and_the_protocol_knows_the_rest(offer: list[str] | None) -> None:
    client: dict[str, Any] = {"general": {"positionEncodings": offer}} if offer is not None else {}
    server = pygls_server(client)
    theirs: dict[str, Any] = server.protocol._converter.unstructure(server.server_capabilities)
    ours = capabilities(client, [])
    assert ours["positionEncoding"] == theirs["positionEncoding"]
    assert ours["workspace"]["workspaceFolders"] == theirs["workspace"]["workspaceFolders"]
    # pygls has two values for what it does not serve itself.
    for provider in theirs.keys() - {"workspace", "textDocumentSync", "executeCommandProvider"}:
        assert ours[provider] == theirs[provider], provider
    structured = get_converter().structure(ours, types.ServerCapabilities)
    known = get_converter().unstructure(structured).keys()
    assert known == ours.keys()


def test_the_language_methods_are_those_that_are_served() -> None:
    registered = pygls_server({}).protocol.fm
    assert not FEATURES.keys() & registered.features.keys()
    assert FEATURES.keys() | registered.features.keys() <= LANGUAGE_METHODS
    assert (
        FEATURES.keys() | registered.features.keys() | registered.builtin_features.keys() >= LANGUAGE_METHODS
    )


RECORDINGS = (
    *Path(pytest_lsp.__file__).parent.joinpath("clients").glob("*.json"),
    *Path(__file__).parents[2].joinpath("data", "editors").glob("*.json"),
)


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.stem)
def test_every_recorded_editor_is_told_only_what_it_can_take(recording: Path) -> None:
    client = json.loads(recording.read_text())["capabilities"]
    told = capabilities(client, [])
    offered = client.get("general", {}).get("positionEncodings", ["utf-16"])
    assert told["positionEncoding"] in offered
    prepares = client["textDocument"].get("rename", {}).get("prepareSupport", False)
    assert told["renameProvider"] == ({"prepareProvider": True} if prepares else True)
    pulls = "diagnostic" in client["textDocument"]
    refreshes = client["workspace"].get("diagnostics", {}).get("refreshSupport", False)
    assert ("diagnosticProvider" in told) == (refreshes or not pulls)


@pytest.mark.parametrize("offer", OFFERS)
def test_an_encoding_is_always_chosen(offer: object) -> None:
    chosen = capabilities({"general": {"positionEncodings": offer}}, [])["positionEncoding"]
    assert chosen == (offer[0] if isinstance(offer, list) and offer and offer[0] != "klingon" else "utf-16")


@pytest.mark.parametrize("nonsense", [{}, {"experimental": None}, {"experimental": {"crystalmath": 7}}])
def test_a_client_that_names_no_protocol_is_welcome(nonsense: dict[str, Any]) -> None:
    assert protocol_mismatch(nonsense) is None
    assert msgspec.json.encode(capabilities(nonsense, ["jobs.list"]))


def test_another_protocol_is_a_mismatch() -> None:
    fault = protocol_mismatch({"experimental": {"crystalmath": {"protocol": PROTOCOL + 1}}})
    assert fault is not None
    assert str(PROTOCOL + 1) in fault.message
