"""Load the language half when it is first needed, in a thread, and keep what arrives meanwhile."""

from __future__ import annotations

import asyncio
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Any

from crystalmath_lsp import messages
from crystalmath_lsp.messages import Fault, Hint

if TYPE_CHECKING:
    from collections.abc import Callable

    from crystalmath_lsp.language import InputFileServer

__all__ = ["LanguageLoader"]


class LanguageLoader:
    """Stand before the language half: in order, whether it is loaded or not."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self.client: dict[str, Any] = {"capabilities": {}}
        """The params of `initialize`."""
        self._server: InputFileServer | None = None
        self._loading = False
        self._failure: Fault | None = None
        self._waiting: list[tuple[bytes, messages.MessageId | None]] = []

    def receive(self, body: bytes, identity: messages.MessageId | None) -> None:
        """Serve a message of the language server protocol, now or once that is possible."""
        if self._server is not None:
            self._server.protocol.receive(body, identity)
        elif self._failure is not None:
            self._refuse(identity, self._failure)
        else:
            self._waiting.append((body, identity))
            self.load()

    def cancel(self, identity: messages.MessageId) -> None:
        """Drop a request that has not begun, and say so."""
        for entry in self._waiting:
            if entry[1] == identity:
                self._waiting.remove(entry)
                self._refuse(identity, Fault(messages.REQUEST_CANCELLED, "The request was cancelled."))
                return
        if self._server is not None:
            self._server.protocol.cancel(identity)

    def load(self) -> None:
        """Begin to load, if that has not begun."""
        if self._loading:
            return
        self._loading = True
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._import, args=(loop,), name="language", daemon=True).start()

    def _import(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            from crystalmath_lsp import language

            language.warm_up()
        except ImportError as error:
            traceback.print_exc()
            reason = f"The language features cannot be loaded: {error}."
            fault = Fault(messages.INTERNAL_ERROR, reason, Hint("Install again: pip install crystalmath"))
            loop.call_soon_threadsafe(self._fail, fault)
        else:
            loop.call_soon_threadsafe(self._begin)

    def _begin(self) -> None:
        from crystalmath_lsp.language import InputFileServer

        self._server = InputFileServer(self._write, self.client)
        waiting, self._waiting = self._waiting, []
        for body, identity in waiting:
            self._server.protocol.receive(body, identity)

    def _fail(self, fault: Fault) -> None:
        self._failure = fault
        print(f"crystalmath-server: {fault.message}", file=sys.stderr)
        waiting, self._waiting = self._waiting, []
        for _, identity in waiting:
            self._refuse(identity, fault)

    def _refuse(self, identity: messages.MessageId | None, fault: Fault) -> None:
        if identity is not None:
            self._write(messages.write_error(identity, fault))
