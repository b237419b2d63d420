"""What is announced before pygls is loaded is what pygls then does."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from crystalmath_lsp.capabilities import LANGUAGE_METHODS, capabilities, protocol_mismatch
from crystalmath_lsp.language import InputFileServer
from crystalmath_lsp.models import PROTOCOL

OFFERS = [None, ["utf-8", "utf-16"], ["utf-16"], ["utf-32", "utf-8"], ["klingon"], [], "utf-8"]


def pygls_capabilities(client: dict[str, Any]) -> dict[str, Any]:
    server = InputFileServer(lambda _: None, {"capabilities": client})
    announced: dict[str, Any] = server.protocol._converter.unstructure(server.server_capabilities)
    return announced


@pytest.mark.parametrize("offer", OFFERS[:4])
def test_the_announced_capabilities_are_those_of_pygls(offer: list[str] | None) -> None:
    client: dict[str, Any] = {"general": {"positionEncodings": offer}} if offer is not None else {}
    ours, theirs = capabilities(client, []), pygls_capabilities(client)
    assert ours["positionEncoding"] == theirs["positionEncoding"]
    assert ours["textDocumentSync"] == theirs["textDocumentSync"]
    assert ours["workspace"]["workspaceFolders"] == theirs["workspace"]["workspaceFolders"]
    for provider in ours.keys() & theirs.keys() - {"workspace"}:
        assert ours[provider] == theirs[provider], provider
    # pygls adds an empty list of commands by itself; we have none and say nothing.
    assert theirs.keys() ^ ours.keys() <= {"executeCommandProvider", "experimental"}


def test_the_language_methods_are_those_that_are_registered() -> None:
    features = InputFileServer(lambda _: None, {"capabilities": {}}).protocol.fm
    assert features.features.keys() <= LANGUAGE_METHODS
    assert features.features.keys() | features.builtin_features.keys() >= LANGUAGE_METHODS


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
