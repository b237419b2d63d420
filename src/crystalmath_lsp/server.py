"""One conversation over standard input and output, from the first byte to the exit code."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from typing import TYPE_CHECKING

from crystalmath_lsp import frames, parent
from crystalmath_lsp.client_link import ClientLink
from crystalmath_lsp.dispatcher import Dispatcher
from crystalmath_lsp.stdio import ReaderThread, WriterThread, claim_stdio
from crystalmath_lsp.version import installed_version
from crystalmath_lsp.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["serve"]

_FLUSH_S = 0.3
_LAST_BREATH_S = 1.0


def serve(worker_command: Sequence[str], profile: str | None = None) -> int:
    """Serve one client over standard input and output; return the exit code.

    Args:
        worker_command: the program that is started for the first engine call of a profile, whose name is put
            behind it unless it is the default one.
        profile: the profile of a client that does not choose another one.
    """
    incoming, outgoing = claim_stdio()
    return asyncio.run(_Session(incoming, outgoing, Workers(worker_command, profile)).run())


class _Session:
    def __init__(self, incoming: int, outgoing: int, workers: Workers) -> None:
        self._workers = workers
        self._reader = ReaderThread(incoming, self._hand_on, self._lost)
        self._writer = WriterThread(outgoing, self._lost)
        self._dispatcher = Dispatcher(
            self._write,
            ClientLink(workers, self._write, self._writer.backlog_bytes),
            on_exit=self._exit,
            on_client=lambda pid: parent.watch(pid, self._lost),
            version=installed_version(),
        )

    async def run(self) -> int:
        self._loop = asyncio.get_running_loop()
        self._exit_code: asyncio.Future[int] = self._loop.create_future()
        for name in ("SIGTERM", "SIGINT", "SIGHUP"):
            if (number := getattr(signal, name, None)) is not None:
                self._loop.add_signal_handler(number, self._exit, 128 + number)
        self._writer.start()
        self._reader.start()
        code = await self._exit_code
        self._workers.close(_FLUSH_S)
        self._writer.finish(_FLUSH_S)
        return code

    def _write(self, body: bytes) -> None:
        self._writer.write(frames.encode(body))

    def _lost(self) -> None:
        """End, from any thread, even when the loop is busy: closing our end of its pipe tells the worker."""
        self._schedule(self._dispatcher.end)
        timer = threading.Timer(_LAST_BREATH_S, os._exit, (1,))
        timer.daemon = True
        timer.start()

    def _schedule(self, action: Callable[[], None]) -> None:
        try:
            self._loop.call_soon_threadsafe(action)
        except RuntimeError:  # the loop is closed: the server is ending already
            return

    def _hand_on(self, data: bytes) -> None:
        """Wait until the loop has taken the chunk, so that a client cannot fill the memory."""
        taken = threading.Event()
        self._schedule(lambda: self._take(data, taken))
        taken.wait()

    def _take(self, data: bytes, taken: threading.Event) -> None:
        try:
            self._dispatcher.feed(data)
        finally:
            taken.set()

    def _exit(self, code: int) -> None:
        if not self._exit_code.done():
            self._exit_code.set_result(code)
