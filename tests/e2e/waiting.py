"""Wait for conditions, with a deadline that is the failure."""

from __future__ import annotations

import time
from collections.abc import Callable

import psutil
from tests.deadlines import SOON_S


def until(condition: Callable[[], bool], timeout_s: float = SOON_S) -> None:
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


def children(pid: int, *, recursive: bool = False) -> list[psutil.Process]:
    """Return what runs below a process, without what has ended and waits to be collected."""
    below = psutil.Process(pid).children(recursive=recursive)
    return [process for process in below if not has_ended(process)]


def another_child(pid: int, than: psutil.Process) -> psutil.Process:
    """Wait until a process has one living child, and not that one, and return it."""
    until(lambda: bool(found := children(pid)) and than not in found)
    (child,) = children(pid)
    return child
