"""The engine worker: a child process of the server, the only one that loads AiiDA.

It takes JSON-RPC messages from its input and answers on its output. One thread serves what may write, one
call at a time and in order, because only one thread may write through AiiDA's ORM; another one serves what
only reads, once the profile is open. What it does meanwhile and what becomes of jobs it tells unasked. When
its input ends it ends too: at once if it only reads, after the call if that stores something, so that a
submit in flight is never cut in two.
"""

from __future__ import annotations

import os
import pkgutil
import queue
import signal
import struct
import sys
import threading
import traceback
from typing import TYPE_CHECKING

import msgspec

from crystalmath.errors import CrystalMathError
from crystalmath_lsp import messages
from crystalmath_lsp.engine_calls import Engine
from crystalmath_lsp.messages import Fault, Hint, Request
from crystalmath_lsp.methods import METHODS
from crystalmath_lsp.stdio import claim_stdio

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crystalmath_lsp.methods import Method

__all__ = ["Worker", "main"]

_LENGTH = struct.Struct(">I")
_LAST_CALL_S = 120.0


class Worker:
    """Serve calls from one descriptor to another; every handler is given `engine`."""

    def __init__(
        self, incoming: int, outgoing: int, engine: object, methods: Mapping[str, Method] = METHODS
    ) -> None:
        self._engine = engine
        self._incoming = os.fdopen(incoming, "rb", buffering=1 << 16)
        self._outgoing = os.fdopen(outgoing, "wb", buffering=0)
        self._methods = methods
        self._owner: queue.SimpleQueue[Request | Callable[[], None] | None] = queue.SimpleQueue()
        self._reads: queue.SimpleQueue[Request] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._serving: messages.MessageId | None = None
        self._cancelled: set[messages.MessageId] = set()
        self._storing = 0
        self._ending = False

    def run(self) -> None:
        """Serve until the input ends."""
        if isinstance(self._engine, Engine):
            self._engine.progress = self._progress
            self._engine.notify = self.notify
            self._engine.in_owner = self._owner.put
        threading.Thread(target=self._read, name="calls", daemon=True).start()
        threading.Thread(target=self._serve_reads, name="reads", daemon=True).start()
        while (todo := self._owner.get()) is not None:
            if isinstance(todo, Request):
                self._serving = todo.id
                self._serve(todo)
                self._serving = None
            elif not self._ending:
                todo()

    def notify(self, method: str, params: object) -> None:
        """Tell the front process something that nobody asked for; from any thread."""
        self._write(messages.write_notification(method, params))

    def _progress(self, sentence: str) -> None:
        """Tell whoever waits for the call that is being served what it is doing."""
        if self._serving is not None:
            self.notify("$/progress", {"token": self._serving, "value": sentence})

    def _serve_reads(self) -> None:
        while True:
            self._serve(self._reads.get())

    def end(self) -> None:
        """End at once, or after the calls that store something."""
        with self._lock:
            self._ending = True
            if not self._storing:
                os._exit(0)
        self._owner.put(None)
        timer = threading.Timer(_LAST_CALL_S, os._exit, (1,))
        timer.daemon = True
        timer.start()

    def _read(self) -> None:
        while len(head := self._incoming.read(_LENGTH.size)) == _LENGTH.size:
            (length,) = _LENGTH.unpack(head)
            message = messages.read(self._incoming.read(length))
            if isinstance(message, Request):
                self._enqueue(message)
            elif isinstance(message, messages.Notification) and message.method == "$/cancelRequest":
                self._cancelled.add(msgspec.json.decode(message.params)["id"])
        self.end()

    def _enqueue(self, request: Request) -> None:
        with self._lock:
            self._storing += self._stores(request)
        method = self._methods.get(request.method)
        if method is not None and method.reads and getattr(self._engine, "is_open", True):
            self._reads.put(request)
        else:
            self._owner.put(request)

    def _stores(self, request: Request) -> bool:
        method = self._methods.get(request.method)
        return method is not None and method.stores

    def _serve(self, request: Request) -> None:
        try:
            if request.id in self._cancelled:
                self._cancelled.discard(request.id)
            elif self._stores(request) or not self._ending:
                self._write(self._answer(request))
        finally:
            if self._stores(request):
                with self._lock:
                    self._storing -= 1
                    if self._ending and not self._storing:
                        os._exit(0)

    def _answer(self, request: Request) -> bytes:
        try:
            method = self._methods[request.method]
            handler = pkgutil.resolve_name(method.handler)
            result = handler(self._engine, msgspec.json.decode(request.params, type=method.params))
            return messages.write_result(request.id, result)
        except CrystalMathError as error:
            return messages.write_error(request.id, messages.fault_of(error))
        except Exception as error:  # noqa: BLE001 - the dispatcher: whatever a call raises is its answer
            traceback.print_exc()
            return messages.write_error(request.id, _unexpected(request.method, error))

    def _write(self, body: bytes) -> None:
        rest = memoryview(_LENGTH.pack(len(body)) + body)
        try:
            with self._writing:
                while rest:
                    rest = rest[self._outgoing.write(rest) :]
        except BrokenPipeError:
            print("crystalmath worker: nobody is left to take the answer", file=sys.stderr)


def _unexpected(method: str, error: Exception) -> Fault:
    hint = "This is a defect of CrystalMath; the server's log (stderr) has the details."
    return Fault(messages.INTERNAL_ERROR, f"{method} failed: {type(error).__name__}: {error}", Hint(hint))


def main() -> None:
    """Serve the process's own standard streams; the first argument names the AiiDA profile."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    worker = Worker(*claim_stdio(), Engine(next(iter(sys.argv[1:]), None)))
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=worker.end).start())
    worker.run()


if __name__ == "__main__":
    main()
