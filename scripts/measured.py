"""Run a command and write down what CPU it and all that it started took; end what it leaves behind.

A daemon detaches itself from who started it: nobody would count it, or notice that it stays. So this process
adopts the orphans below it, where the system lets it (Linux).
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

PR_SET_CHILD_SUBREAPER = 36
# A daemon that was told to stop needs a moment, on a machine that does much else a long one.
GRACE_S = 60.0


@dataclass(slots=True)
class Report:
    """What a command took, and the command lines of the processes that had to be ended after it."""

    cpu_s: float = 0.0
    left: list[str] = field(default_factory=list)


def main(report_path: str, command: list[str]) -> int:
    """Run the command to its end and return its exit code, 1 when it only left processes behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell lets what it starts in the background ignore it
    pid = os.spawnvp(os.P_NOWAIT, command[0], command)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to the command, too
    signal.signal(signal.SIGTERM, lambda *_: os.kill(pid, signal.SIGINT))  # pytest then cleans up
    report = Report()
    code = _collect(pid, report)
    _end_orphans(report)
    Path(report_path).write_text(json.dumps(asdict(report)))
    if code < 0:
        return 128 - code  # as a shell tells of a signal
    return code or int(bool(report.left))


def _collect(pid: int, report: Report) -> int:
    """Collect whatever ends until the process does; return its exit code."""
    while True:
        ended, status, usage = os.wait4(-1, 0)
        report.cpu_s += usage.ru_utime + usage.ru_stime
        if ended == pid:
            return os.waitstatus_to_exitcode(status)


def _end_orphans(report: Report) -> None:
    """Let what is still there end by itself; then end it and note it."""
    deadline = time.monotonic() + GRACE_S
    while (left := _living(report)) and time.monotonic() < deadline:
        time.sleep(0.1)
    for process in left:
        report.left.append(_described(process))
        process.kill()
    while _living(report):
        time.sleep(0.1)


def _living(report: Report) -> list[psutil.Process]:
    """Collect what has ended below this process, and return what has not."""
    try:
        while (collected := os.wait4(-1, os.WNOHANG))[0]:
            report.cpu_s += collected[2].ru_utime + collected[2].ru_stime
    except ChildProcessError:
        return []
    return psutil.Process().children(recursive=True)


def _described(process: psutil.Process) -> str:
    try:
        return f"{process.pid} {' '.join(process.cmdline())[:120]}"
    except psutil.Error:
        return str(process.pid)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
