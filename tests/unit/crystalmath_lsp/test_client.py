"""The client is told and asked; every answer reaches its question."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import msgspec

from crystalmath_lsp.client import Client
from crystalmath_lsp.messages import Response


def client(written: list[Any], capabilities: dict[str, Any] | None = None) -> Client:
    return Client(lambda body: written.append(json.loads(body)), {"capabilities": capabilities or {}})


def test_capabilities_are_found_by_their_path() -> None:
    one = client([], {"workspace": {"configuration": True, "symbol": 7}})
    assert one.can("workspace", "configuration") is True
    assert one.can("workspace", "symbol", "tags") is None
    assert one.can("window") is None


def test_answers_reach_their_questions_in_any_order() -> None:
    written: list[Any] = []

    async def main() -> list[Any]:
        one = client(written)
        asked = [asyncio.create_task(one.ask("a")), asyncio.create_task(one.ask("b"))]
        await asyncio.sleep(0)
        for message, result in zip(reversed(written), (b"2", b"1"), strict=True):
            assert one.answered(Response(message["id"], msgspec.Raw(result), None))
        assert not one.answered(Response(written[0]["id"], msgspec.Raw(b"3"), None)), "only once"
        assert not one.answered(Response("stranger", msgspec.Raw(b"3"), None))
        assert not one.answered(Response(7, msgspec.Raw(b"3"), None))
        return [bytes(answer or b"") for answer in await asyncio.gather(*asked)]

    assert asyncio.run(main()) == [b"1", b"2"]
    assert [message["method"] for message in written] == ["a", "b"]


def test_a_refusal_is_no_answer() -> None:
    written: list[Any] = []

    async def main() -> object:
        one = client(written)
        asked = asyncio.create_task(one.ask("a"))
        await asyncio.sleep(0)
        one.answered(Response(written[0]["id"], None, msgspec.Raw(b'{"code":-32601}')))
        return await asked

    assert asyncio.run(main()) is None
