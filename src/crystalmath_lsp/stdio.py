"""The server's standard streams: guarded from stray prints, read and written by threads of their own."""

from __future__ import annotations

import os
import queue
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ReaderThread", "WriterThread", "claim_stdio"]

_CHUNK_BYTES = 256 * 1024


def claim_stdio() -> tuple[int, int]:
    """Return descriptors for the conversation, and let everything else print to stderr.

    A library that prints, or a C extension that writes to descriptor 1, would otherwise break a frame.
    """
    sys.stdout.flush()
    incoming, outgoing = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    return incoming, outgoing


class ReaderThread:
    """Hand on what arrives, one chunk at a time, until the other side closes."""

    def __init__(self, descriptor: int, on_data: Callable[[bytes], None], on_end: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self._on_data = on_data
        self._on_end = on_end
        self._thread = threading.Thread(target=self._run, name="stdin", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def _run(self) -> None:
        try:
            while data := os.read(self._descriptor, _CHUNK_BYTES):
                self._on_data(data)
        except OSError as error:
            print(f"crystalmath-server: input lost: {error}", file=sys.stderr)
        self._on_end()


class WriterThread:
    """Write frames in order; a client that does not read delays nobody but itself."""

    def __init__(self, descriptor: int, on_broken: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self._on_broken = on_broken
        self._frames: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="stdout", daemon=True)
        self._queued_bytes = 0
        self._written_bytes = 0

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def write(self, frame: bytes) -> None:
        """Queue a frame; returns at once."""
        self._queued_bytes += len(frame)
        self._frames.put(frame)

    def backlog_bytes(self) -> int:
        """Return how much the client has not taken yet; called by the thread that writes."""
        return self._queued_bytes - self._written_bytes

    def finish(self, timeout_s: float) -> None:
        """Write what is queued, as far as the client takes it in time."""
        self._frames.put(None)
        self._thread.join(timeout_s)

    def _run(self) -> None:
        while (frame := self._frames.get()) is not None:
            rest = memoryview(frame)
            try:
                while rest:
                    rest = rest[os.write(self._descriptor, rest) :]
                self._written_bytes += len(frame)
            except OSError:
                self._on_broken()
                return
