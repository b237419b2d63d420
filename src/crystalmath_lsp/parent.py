"""Notice that the process which started the server is gone."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["watch"]

_POLL_S = 0.5


def watch(pid: int, on_death: Callable[[], None]) -> None:
    """Call `on_death` from a thread once process `pid` has ended, at once when there is none.

    Closed pipes do not tell enough: another process may hold the other end of ours open.
    """
    threading.Thread(target=_wait, args=(pid, on_death), name="parent", daemon=True).start()


def _wait(pid: int, on_death: Callable[[], None]) -> None:
    if hasattr(os, "pidfd_open"):
        _wait_by_descriptor(pid)
    else:
        _wait_by_polling(pid)
    on_death()


def _wait_by_descriptor(pid: int) -> None:
    import select

    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    except OSError:  # a kernel that refuses it, such as one in a sandbox
        _wait_by_polling(pid)
        return
    try:
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        poll.poll()
    finally:
        os.close(descriptor)


def _wait_by_polling(pid: int) -> None:
    while True:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        except PermissionError:
            pass  # it lives and is somebody else's
        time.sleep(_POLL_S)
