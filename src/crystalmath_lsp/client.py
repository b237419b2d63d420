"""The client as the language half sees it: what it can do, what it is told and asked."""

from __future__ import annotations

import asyncio
import itertools
import sys
from typing import TYPE_CHECKING, Any

from crystalmath_lsp import messages
from crystalmath_lsp.capabilities import position_encoding

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    import msgspec

    from crystalmath_lsp.messages import Response

__all__ = ["Client"]

_PREFIX = "crystalmath-"


class Client:
    """Tell and ask the client; lives on the event loop."""

    def __init__(self, write: Callable[[bytes], None], params: dict[str, Any]) -> None:
        self.write = write
        self.params = params
        """The params of `initialize`."""
        self.encoding = position_encoding(params["capabilities"])
        self._ids = itertools.count(1)
        self._asked: dict[str, asyncio.Future[msgspec.Raw | None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def can(self, *path: str) -> object:
        """Return a capability by its path, None where the client says nothing."""
        value: Any = self.params["capabilities"]
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        found: object = value
        return found

    def notify(self, method: str, params: object) -> None:
        """Tell something."""
        self.write(messages.write_notification(method, params))

    async def ask(self, method: str, params: object = None) -> msgspec.Raw | None:
        """Return the client's answer as JSON text, None for a refusal, which is logged."""
        identity = f"{_PREFIX}{next(self._ids)}"
        answer: asyncio.Future[msgspec.Raw | None] = asyncio.get_running_loop().create_future()
        self._asked[identity] = answer
        self.write(messages.write_request(identity, method, params))
        try:
            return await answer
        finally:
            del self._asked[identity]

    def answered(self, response: Response) -> bool:
        """Take an answer; False when it belongs to no question of ours."""
        answer = self._asked.get(response.id) if isinstance(response.id, str) else None
        if answer is None or answer.done():
            return False
        if response.error is not None:
            print(f"crystalmath-server: the client answered {bytes(response.error)!r}", file=sys.stderr)
        answer.set_result(response.result)
        return True

    def close(self) -> None:
        """Wait for no answers any more."""
        for task in self._tasks:
            task.cancel()

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that waits for answers, without waiting for it here."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
