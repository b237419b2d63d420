"""Locks between processes: advisory locks on files, gone when their holder dies however it dies."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crystalmath.engine.faults import storage_faults
from crystalmath.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["held"]

_PAUSE_S = 0.02


@contextmanager
def held(path: Path, *, what: str, timeout_s: float = 60.0) -> Iterator[None]:
    """Hold the lock of the file at `path` (made if missing, never removed) while the block runs.

    Raises EngineError when another process holds it for longer than `timeout_s`.
    """
    with storage_faults(what):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _acquire(descriptor, path, what, time.monotonic() + timeout_s)
        yield
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, path: Path, what: str, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise EngineError(
                    f"{what}: another process has held {path} for too long",
                    hint="Wait for the other crystalmath command to end, or end it, and try again.",
                ) from None
            time.sleep(_PAUSE_S)
        else:
            return
