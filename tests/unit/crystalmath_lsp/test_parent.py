"""The end of a process is noticed."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable

import pytest
from tests.deadlines import SOON_S

from crystalmath_lsp import parent


def _wait_then(wait: Callable[[int], None], pid: int, died: threading.Event) -> None:
    wait(pid)
    died.set()


WAITS: list[Callable[[int], None]] = [parent._wait_by_descriptor, parent._wait_by_polling]


@pytest.mark.parametrize("wait", WAITS)
def test_the_watch_ends_when_the_process_does_and_not_before(
    wait: Callable[[int], None],
) -> None:
    died = threading.Event()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        threading.Thread(target=_wait_then, args=(wait, process.pid, died), daemon=True).start()
        assert not died.wait(0.2)
        process.kill()
        process.wait()
        assert died.wait(SOON_S)


def test_a_process_that_is_gone_already_counts_as_ended() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
        died = threading.Event()
        parent.watch(process.pid, died.set)
        assert died.wait(SOON_S)
