"""One server process for several clients of one user, on a Unix socket that nobody else may use."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import struct
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from crystalmath_lsp import frames
from crystalmath_lsp.client_link import ClientLink
from crystalmath_lsp.dispatcher import Dispatcher
from crystalmath_lsp.socket_path import Running, SocketLock
from crystalmath_lsp.version import installed_version
from crystalmath_lsp.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["serve_socket"]

_CHUNK_BYTES: Final = 256 * 1024
_FLUSH_S: Final = 0.3
_CREDENTIALS: Final = struct.Struct("3i")


def serve_socket(
    path: Path, worker_command: Sequence[str], profile: str | None = None, *, idle_s: float = 600.0
) -> int:
    """Serve until nobody has been connected for `idle_s` seconds, or a signal; return the exit code.

    When a server listens there already, nothing is done and that is no failure. Raises EngineError when
    the socket cannot be made.
    """
    lock = SocketLock(path)
    if not lock.take():
        print(f"crystalmath-server: a server listens on {path} already", file=sys.stderr)
        return 0
    try:
        path.unlink(missing_ok=True)  # left by a server that was killed: we hold its lock
        return asyncio.run(_SharedServer(lock, Workers(worker_command, profile), idle_s).run())
    finally:
        lock.release()


class _SharedServer:
    def __init__(self, lock: SocketLock, workers: Workers, idle_s: float) -> None:
        self._lock = lock
        self._workers = workers
        self._idle_s = idle_s
        self._n_clients = 0
        self._idle: asyncio.TimerHandle | None = None

    async def run(self) -> int:
        loop = asyncio.get_running_loop()
        self._exit_code: asyncio.Future[int] = loop.create_future()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(number, self._exit, 0)
        before = os.umask(0o177)
        try:
            server = await asyncio.start_unix_server(self._serve, self._lock.path, limit=_CHUNK_BYTES)
        finally:
            os.umask(before)
        started = datetime.now(UTC).isoformat(timespec="seconds")
        self._lock.note(Running(os.getpid(), installed_version(), started, str(self._lock.path)))
        self._wait_idle()
        code = await self._exit_code
        server.close()
        self._workers.close(_FLUSH_S)
        return code

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not _is_own(writer.get_extra_info("socket")):
            writer.close()
            return
        self._n_clients += 1
        if self._idle is not None:
            self._idle.cancel()
        try:
            await self._converse(reader, writer)
        finally:
            self._n_clients -= 1
            self._wait_idle()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ended = asyncio.Event()

        def write(body: bytes) -> None:
            if not writer.is_closing():
                writer.write(frames.encode(body))

        link = ClientLink(self._workers, write, writer.transport.get_write_buffer_size)
        dispatcher = Dispatcher(
            write,
            link,
            on_exit=lambda _code: ended.set(),
            on_client=lambda _pid: None,  # the end of the connection tells
            version=installed_version(),
        )
        try:
            while not ended.is_set():
                data = await reader.read(_CHUNK_BYTES)
                if not data:
                    break
                dispatcher.feed(data)
        except ConnectionError:
            pass
        finally:
            dispatcher.end()
            link.leave()
            writer.close()
            with contextlib.suppress(ConnectionError, TimeoutError):
                await asyncio.wait_for(writer.wait_closed(), _FLUSH_S)

    def _wait_idle(self) -> None:
        if not self._n_clients:
            self._idle = asyncio.get_running_loop().call_later(self._idle_s, self._exit, 0)

    def _exit(self, code: int) -> None:
        if not self._exit_code.done():
            self._exit_code.set_result(code)


def _is_own(connection: socket.socket) -> bool:
    """Return whether the process at the other end belongs to this user."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True  # the modes of folder and socket keep others out
    told = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    _pid, uid, _gid = _CREDENTIALS.unpack(told)
    return bool(uid == os.getuid())
