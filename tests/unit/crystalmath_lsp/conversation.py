"""A dispatcher without a process: bytes in, messages out, a link to the worker that the test scripts."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from crystalmath_lsp.dispatcher import Dispatcher
from crystalmath_lsp.frames import encode
from crystalmath_lsp.methods import METHODS, Method

MAX_BODY_BYTES = 4096

Answerer = Callable[[str, Any], Any]


class ScriptedLink:
    """Answer calls by a function, or never (`None`)."""

    def __init__(self, answer: Answerer | None) -> None:
        self._answer = answer

    async def call(
        self, method: str, params: msgspec.Raw, progress: Callable[[str], None] | None = None
    ) -> msgspec.Raw:
        while self._answer is None:
            await asyncio.Event().wait()
        return msgspec.Raw(msgspec.json.encode(self._answer(method, msgspec.json.decode(params))))


def empty_page(method: str, params: Any) -> Any:
    return {"jobs": [], "next": None}


class Conversation:
    """Feed a dispatcher and collect what it writes; must live in a running event loop."""

    def __init__(self, answer: Answerer | None = empty_page, methods: Mapping[str, Method] = METHODS) -> None:
        self.written: list[dict[str, Any]] = []
        self.exit_codes: list[int] = []
        self.clients: list[int] = []
        self.ids = itertools.count(1)
        self.dispatcher = Dispatcher(
            lambda body: self.written.append(json.loads(body)),
            ScriptedLink(answer),
            on_exit=self.exit_codes.append,
            on_client=self.clients.append,
            version="0",
            methods=methods,
            max_body_bytes=MAX_BODY_BYTES,
        )

    async def feed(self, data: bytes) -> list[dict[str, Any]]:
        """Feed bytes and return what was written because of them, once nothing more is on its way."""
        before = len(self.written)
        self.dispatcher.feed(data)
        for _ in range(5):
            await asyncio.sleep(0)
        return self.written[before:]

    async def send(self, message: object) -> list[dict[str, Any]]:
        return await self.feed(encode(json.dumps(message).encode()))

    async def request(self, method: str, params: object = None) -> dict[str, Any]:
        """Send a request, which must be answered by exactly one message, and return that."""
        identity = next(self.ids)
        (answer,) = await self.send({"jsonrpc": "2.0", "id": identity, "method": method, "params": params})
        assert answer["id"] == identity
        return answer

    async def initialize(self) -> dict[str, Any]:
        return await self.request("initialize", {"processId": None, "capabilities": {}})
