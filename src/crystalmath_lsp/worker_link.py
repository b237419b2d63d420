"""The front process's side of an engine worker: start it on first use, call it, survive its death."""

from __future__ import annotations

import asyncio
import itertools
import struct
import subprocess
import sys
import threading
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

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


class _Progress(msgspec.Struct):
    token: int
    value: str


class _Pending(NamedTuple):
    """A call that has not been answered."""

    method: str
    answer: asyncio.Future[msgspec.Raw]
    progress: Callable[[str], None] | None


class WorkerLink:
    """Own one worker process; used from the event loop only.

    The worker has a session of its own, so that a signal to the terminal's group does not end it in the
    middle of a submit; it ends when its input closes. (asyncio's own subprocesses are killed when the loop
    goes; these must not be.)
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        on_told: Callable[[str, msgspec.Raw], None] = lambda _method, _params: None,
        on_lost: Callable[[], None] = lambda: None,
    ) -> None:
        self._command = tuple(command)
        self._on_told = on_told
        self._on_lost = on_lost
        self._process: subprocess.Popen[bytes] | None = None
        self._writer: WriterThread | None = None
        self._ids = itertools.count(1)
        self._pending: dict[int, _Pending] = {}

    async def call(
        self, method: str, params: msgspec.Raw, progress: Callable[[str], None] | None = None
    ) -> msgspec.Raw:
        """Return the result as JSON text; `progress` is told what the worker does meanwhile.

        Raises:
            WorkerFaultError: the worker answered with an error.
            WorkerError: it could not be started, or died before it answered.
        """
        if self._process is None:
            self._start()
        identity = next(self._ids)
        answer: asyncio.Future[msgspec.Raw] = asyncio.get_running_loop().create_future()
        self._pending[identity] = _Pending(method, answer, progress)
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
        if isinstance(message, messages.Notification):
            self._told(message)
            return
        if not isinstance(message, messages.Response) or not isinstance(message.id, int):
            print(f"crystalmath-server: the engine worker is ended, it said {message!r}", file=sys.stderr)
            process.kill()
            return
        pending = self._pending.get(message.id)
        if pending is None or pending.answer.done():
            return
        answer = pending.answer
        if message.error is not None:
            answer.set_exception(WorkerFaultError(msgspec.json.decode(message.error, type=Fault)))
        elif message.result is not None:
            answer.set_result(message.result)

    def _told(self, message: messages.Notification) -> None:
        if message.method != "$/progress":
            self._on_told(message.method, message.params)
            return
        said = msgspec.json.decode(message.params, type=_Progress)
        pending = self._pending.get(said.token)
        if pending is not None and pending.progress is not None:
            pending.progress(said.value)

    def _ended(self, process: subprocess.Popen[bytes], status: int) -> None:
        assert process.stdin is not None
        if self._writer is not None:
            self._writer.finish(0)
        process.stdin.close()
        self._process = self._writer = None
        how = f"was ended by signal {-status}" if status < 0 else f"ended with exit code {status}"
        for method, answer, _ in self._pending.values():
            if not answer.done():
                error = WorkerError(
                    f"The engine worker {how} while {method} was pending.",
                    hint="Ask again: a new worker is started. The server's log (stderr) has its last words.",
                )
                answer.set_exception(error)
        self._on_lost()


def _on_loop(loop: asyncio.AbstractEventLoop, action: Callable[[], None]) -> None:
    try:
        loop.call_soon_threadsafe(action)
    except RuntimeError:  # the loop is closed: the server is ending
        return
