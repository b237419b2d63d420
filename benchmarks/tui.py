"""The terminal UI in a pseudo terminal with 100,000 jobs: start, keys, memory, silence.

Budgets: first frame 50 ms; key to paint p50/p99 2/16.7 ms; 45 MiB; nothing written when idle. The jobs come
from the real front process with a scripted worker. A key counts as painted with the first byte it causes.
"""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import shlex
import signal
import statistics
import struct
import sys
import termios
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
TUI = Path(sys.executable).with_name("crystalmath-tui")
SERVER = shlex.join([sys.executable, "-m", "tests.e2e.scripted_server"])
LINES, COLUMNS = 50, 200
N_KEYS = 400
IDLE_S = 6.0
BUDGETS = {
    "first_frame_ms": 50,
    "key_p50_ms": 2,
    "key_p99_ms": 16.7,
    "idle_bytes": 0,
    "memory_mib": 45,
    "binary_mib": 8,
}


def _start() -> tuple[int, int]:
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        os.environ["TERM"] = "xterm-256color"
        os.execv(TUI, [str(TUI), "--server", SERVER])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    return pid, terminal


def _read(terminal: int, wait_s: float) -> bytes:
    ready, _, _ = select.select([terminal], [], [], wait_s)
    return os.read(terminal, 1 << 20) if ready else b""


def _quiet(terminal: int, silence_s: float) -> None:
    while _read(terminal, silence_s):
        pass


def _until(terminal: int, mark: bytes) -> None:
    seen = b""
    while mark not in seen:
        seen += _read(terminal, 60)


def _first_frame_ms() -> float:
    began = time.perf_counter()
    pid, terminal = _start()
    _until(terminal, b"CrystalMath")
    taken = 1000 * (time.perf_counter() - began)
    _end(pid, terminal)
    return taken


def _end(pid: int, terminal: int) -> None:
    os.kill(pid, signal.SIGTERM)
    try:
        while _read(terminal, 5):
            pass
    except OSError:
        pass  # the other end is closed
    os.waitpid(pid, 0)
    os.close(terminal)


def _keys(terminal: int) -> tuple[list[float], int]:
    taken, n_bytes = [], 0
    for number in range(N_KEYS):
        began = time.perf_counter()
        os.write(terminal, b"jk"[number % 2 :][:1] if number > 40 else b"j")
        data = _read(terminal, 5)
        taken.append(1000 * (time.perf_counter() - began))
        n_bytes += len(data)
        rest = _read(terminal, 0.02)  # the next key comes after the frame, and not right behind it
        n_bytes += len(rest)
    return sorted(taken), n_bytes // N_KEYS


def main() -> None:
    """Measure, print and write JSON."""
    starts = [_first_frame_ms() for _ in range(5)]
    pid, terminal = _start()
    _until(terminal, b"99999")
    _quiet(terminal, 2.0)  # every page that comes changes the number of jobs above the list
    os.write(terminal, b"G")
    _quiet(terminal, 0.5)
    os.write(terminal, b"g")
    _quiet(terminal, 1.0)
    idle = b""
    until = time.monotonic() + IDLE_S
    while (left := until - time.monotonic()) > 0:
        idle += _read(terminal, left)
    keys, bytes_per_key = _keys(terminal)
    status = Path(f"/proc/{pid}/status").read_text()
    memory_mib = int(status.partition("VmRSS:")[2].split()[0]) / 1024
    _end(pid, terminal)
    result = {
        "first_frame_ms": statistics.median(starts),
        "key_p50_ms": statistics.median(keys),
        "key_p99_ms": keys[int(0.99 * (len(keys) - 1))],
        "bytes_per_key": bytes_per_key,
        "idle_bytes": len(idle),
        "memory_mib": memory_mib,
        "binary_mib": TUI.stat().st_size / 2**20,
    }
    for name, value in result.items():
        print(f"{name:16} {value:9.2f}   budget {BUDGETS.get(name, '-')}")
    (ROOT / "build").mkdir(exist_ok=True)
    (ROOT / "build/bench-tui.json").write_text(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
