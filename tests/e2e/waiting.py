"""Wait for conditions, with a deadline that is the failure."""

from __future__ import annotations

import time
from collections.abc import Callable

import psutil


def until(condition: Callable[[], bool], timeout_s: float = 60.0) -> None:
    """Poll until the condition holds."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, f"the condition did not come true in {timeout_s} s"
        time.sleep(0.005)


def has_ended(process: psutil.Process) -> bool:
    """Tell whether a process runs no more; that nobody has collected its exit code yet is not its fault."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
