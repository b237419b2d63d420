"""The front process's side of an engine worker: start it on first use, call it, survive its death."""

from __future__ import annotations

import asyncio
import itertools
import struct
import subprocess
import sys
import threading
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from crystalmath.errors import WorkerError
from crystalmath_lsp import messages
from crystalmath_lsp.messages import Fault
from crystalmath_lsp.stdio import WriterThread

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["WorkerFaultError", "WorkerLink"]

_LENGTH = struct.Struct(">I")
"""A message between front and worker is its length and its JSON."""


class WorkerFaultError(Exception):
    """Carry the error that a worker answered with, to be passed on as it is."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


class WorkerLink:
    """Own one worker process; used from the event loop only.

    The worker has a session of its own, so that a signal to the terminal's group does not end it in the
    middle of a submit; it ends when its input closes. (asyncio's own subprocesses are killed when the loop
    goes; these must not be.)
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)
        self._process: subprocess.Popen[bytes] | None = None
        self._writer: WriterThread | None = None
        self._ids = itertools.count(1)
        self._pending: dict[int, tuple[str, asyncio.Future[msgspec.Raw]]] = {}

    async def call(self, method: str, params: msgspec.Raw) -> msgspec.Raw:
        """Return the result as JSON text.

        Raises:
            WorkerFaultError: the worker answered with an error.
            WorkerError: it could not be started, or died before it answered.
        """
        if self._process is None:
            self._start()
        identity = next(self._ids)
        answer: asyncio.Future[msgspec.Raw] = asyncio.get_running_loop().create_future()
        self._pending[identity] = (method, answer)
        self._post(messages.write_request(identity, method, params))
        try:
            return await answer
        except asyncio.CancelledError:
            self._post(messages.write_notification("$/cancelRequest", {"id": identity}))
            raise
        finally:
            self._pending.pop(identity, None)

    def close(self, timeout_s: float) -> None:
        """Tell the worker to end once what it stores is stored; does not wait for that."""
        if self._process is not None and self._writer is not None:
            self._writer.finish(timeout_s)
            assert self._process.stdin is not None
            self._process.stdin.close()

    def _start(self) -> None:
        try:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,
            )
        except OSError as error:
            raise WorkerError(
                f"The engine worker cannot be started: {error}.",
                hint="Check the installation with: crystalmath doctor",
            ) from error
        assert process.stdin is not None
        self._process = process
        # That nobody takes the calls any more is noticed by the listener.
        self._writer = WriterThread(process.stdin.fileno(), lambda: None)
        self._writer.start()
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._listen, args=(process, loop), name="worker", daemon=True).start()

    def _post(self, body: bytes) -> None:
        if self._writer is not None:
            self._writer.write(_LENGTH.pack(len(body)) + body)

    def _listen(self, process: subprocess.Popen[bytes], loop: asyncio.AbstractEventLoop) -> None:
        assert process.stdout is not None
        with open(process.stdout.fileno(), "rb", closefd=False) as stream:
            while len(head := stream.read(_LENGTH.size)) == _LENGTH.size:
                body = stream.read(_LENGTH.unpack(head)[0])
                _on_loop(loop, partial(self._receive, process, body))
        status = process.wait()
        process.stdout.close()
        _on_loop(loop, partial(self._ended, process, status))

    def _receive(self, process: subprocess.Popen[bytes], body: bytes) -> None:
        message = messages.read(body)
        if not isinstance(message, messages.Response) or not isinstance(message.id, int):
            print(f"crystalmath-server: the engine worker is ended, it said {message!r}", file=sys.stderr)
            process.kill()
            return
        _, answer = self._pending.get(message.id, ("", None))
        if answer is None or answer.done():
            return
        if message.error is not None:
            answer.set_exception(WorkerFaultError(msgspec.json.decode(message.error, type=Fault)))
        elif message.result is not None:
            answer.set_result(message.result)

    def _ended(self, process: subprocess.Popen[bytes], status: int) -> None:
        assert process.stdin is not None
        if self._writer is not None:
            self._writer.finish(0)
        process.stdin.close()
        self._process = self._writer = None
        how = f"was ended by signal {-status}" if status < 0 else f"ended with exit code {status}"
        for method, answer in self._pending.values():
            if not answer.done():
                error = WorkerError(
                    f"The engine worker {how} while {method} was pending.",
                    hint="Ask again: a new worker is started. The server's log (stderr) has its last words.",
                )
                answer.set_exception(error)


def _on_loop(loop: asyncio.AbstractEventLoop, action: Callable[[], None]) -> None:
    try:
        loop.call_soon_threadsafe(action)
    except RuntimeError:  # the loop is closed: the server is ending
        return
