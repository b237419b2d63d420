"""Load the language half when it is first needed, in a thread, and keep what arrives meanwhile.

What an editor asks for first (`features`) is there after a tenth of a second, pygls and what is rare
(`language`) most of a second later. The order of the messages is kept whatever is loaded.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Any, Final

from crystalmath_lsp import messages
from crystalmath_lsp.messages import Fault, Hint, Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from crystalmath_lsp.features import Features
    from crystalmath_lsp.language import InputFileServer
    from crystalmath_lsp.messages import MessageId, Notification, Response
    from crystalmath_lsp.submitting import Jobs

__all__ = ["LanguageLoader"]

_SWITCH_S: Final = 0.0005
"""How long importing may hold up what an editor asks meanwhile."""


class LanguageLoader:
    """Stand before the language half: in order, whether it is loaded or not."""

    def __init__(self, write: Callable[[bytes], None], jobs: Jobs) -> None:
        self._write = write
        self._jobs = jobs
        self.client: dict[str, Any] = {"capabilities": {}}
        """The params of `initialize`."""
        self._features: Features | None = None
        self._server: InputFileServer | None = None
        self._loading = False
        self._failure: Fault | None = None
        self._waiting: list[tuple[Request | Notification, bytes]] = []

    def receive(self, message: Request | Notification, body: bytes) -> None:
        """Serve a message of the language server protocol, now or once that is possible."""
        if self._waiting or not self._serve(message, body):
            self._waiting.append((message, body))
            self.load()

    def answered(self, response: Response) -> bool:
        """Take the client's answer to a question of the language half; False when there was none."""
        return self._features is not None and self._features.workspace.client.answered(response)

    def cancel(self, identity: MessageId) -> None:
        """Drop a request that has not begun, and say so."""
        for entry in self._waiting:
            if isinstance(entry[0], Request) and entry[0].id == identity:
                self._waiting.remove(entry)
                self._refuse(entry[0], Fault(messages.REQUEST_CANCELLED, "The request was cancelled."))
                return
        if self._features is not None:
            self._features.cancel(identity)
        if self._server is not None:
            self._server.protocol.cancel(identity)

    def close(self) -> None:
        """End what belongs to the client: its children, its watch of the disk, its questions."""
        if self._features is not None:
            self._features.close()

    def load(self) -> None:
        """Begin to load, if that has not begun."""
        if self._loading:
            return
        self._loading = True
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._import, args=(loop,), name="language", daemon=True).start()

    def _serve(self, message: Request | Notification, body: bytes) -> bool:
        """Serve a message; False when what serves it is not loaded yet."""
        if self._failure is not None:
            self._refuse(message, self._failure)
            return True
        if self._features is not None and self._features.serves(message.method):
            self._features.serve(message)
            return True
        if self._server is not None:
            self._server.protocol.receive(message, body)
            return True
        return False

    def _import(self, loop: asyncio.AbstractEventLoop) -> None:
        usual = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH_S)
        try:
            self._import_all(loop)
        finally:
            sys.setswitchinterval(usual)

    def _import_all(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            from crystalmath_lsp import features

            features.warm_up()
            loop.call_soon_threadsafe(self._begin_features)
            from crystalmath_lsp import language  # noqa: F401 - it is loaded here and used on the loop
        except ImportError as error:
            traceback.print_exc()
            reason = f"The language features cannot be loaded: {error}."
            fault = Fault(messages.INTERNAL_ERROR, reason, Hint("Install again: pip install crystalmath"))
            loop.call_soon_threadsafe(self._fail, fault)
        else:
            loop.call_soon_threadsafe(self._begin_server)

    def _begin_features(self) -> None:
        from crystalmath_lsp.client import Client
        from crystalmath_lsp.features import Features
        from crystalmath_lsp.workspace import Workspace

        workspace = Workspace(Client(self._write, self.client), self._jobs)
        workspace.begin()
        self._features = Features(workspace)
        self._drain()

    def _begin_server(self) -> None:
        from crystalmath_lsp.language import InputFileServer

        assert self._features is not None
        self._server = InputFileServer(self._features.workspace)
        self._drain()

    def _drain(self) -> None:
        while self._waiting and self._serve(*self._waiting[0]):
            del self._waiting[0]

    def _fail(self, fault: Fault) -> None:
        self._failure = fault
        print(f"crystalmath-server: {fault.message}", file=sys.stderr)
        self._drain()

    def _refuse(self, message: Request | Notification, fault: Fault) -> None:
        if isinstance(message, Request):
            self._write(messages.write_error(message.id, fault))
