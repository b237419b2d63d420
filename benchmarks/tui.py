"""The terminal UI in a pseudo terminal of 200 by 50, with servers that are quiet, busy or broken.

Budgets: first frame 50 ms; key to paint p50/p99 2/16.7 ms idle and 33 ms under load; 2 ms of CPU for a
frame; 45 MiB with 100,000 jobs; nothing written when idle; 8 MiB of program. A key counts as painted when the
mark of the selected row arrives, which every move of the selection writes. Arguments: the scenarios to run.
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
import tempfile
import termios
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import TracebackType

ROOT = Path(__file__).parents[1]
TUI = Path(sys.executable).with_name("crystalmath-tui")
LINES, COLUMNS = 50, 200
N_KEYS = 300
IDLE_S = 5.0
MARK = "›".encode()
JOBS = "jobs=100000"
SCENARIOS = {
    "empty": ["jobs=0"],
    "1,000 jobs": ["jobs=1000"],
    "100,000 jobs": [JOBS],
    "stalled 30 s": [JOBS, "stall=30", "stall_after=2"],
    "10,000 changes a second": [JOBS, "changes=10000", "every=1"],
    "garbage every 10 ms": [JOBS, "garbage", "every=0.01"],
    "40 MB message each second": [JOBS, "huge=40000000", "every=1"],
    "crash each 3 s": ["jobs=10000", "die", "every=3"],
}
QUIET = ("empty", "1,000 jobs", "100,000 jobs")
BUDGETS = {
    "first_frame_ms": 50,
    "key_p50_ms": 2,
    "key_p99_ms": 16.7,
    "loaded_p99_ms": 33,
    "frame_cpu_p50_ms": 2,
    "frame_cpu_p99_ms": 2,
    "idle_bytes": 0,
    "memory_mib": 45,
    "binary_mib": 8,
}


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured in one scenario."""

    scenario: str
    key_p50_ms: float | None
    key_p99_ms: float | None
    bytes_per_key: int | None
    frame_cpu_p50_ms: float
    frame_cpu_p99_ms: float
    idle_bytes: int | None
    memory_mib: float


class Program:
    """The terminal UI with a server that behaves as it is told."""

    def __init__(self, settings: list[str]) -> None:
        server = shlex.join([sys.executable, "-m", "tests.e2e.fake_server", *settings])
        self.home = tempfile.TemporaryDirectory(prefix="cm-bench-")
        self.stats = Path(self.home.name) / "stats.json"
        environment = {
            **os.environ,
            "TERM": "xterm-256color",
            "XDG_STATE_HOME": self.home.name,
            "XDG_CONFIG_HOME": self.home.name,
            "CRYSTALMATH_TUI_STATS": str(self.stats),
        }
        self.began = time.perf_counter()
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
            os.execve(TUI, [str(TUI), "--server", server], environment)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()
        self.home.cleanup()

    def read(self, wait_s: float) -> bytes:
        ready, _, _ = select.select([self.terminal], [], [], max(0.0, wait_s))
        return os.read(self.terminal, 1 << 20) if ready else b""

    def until(self, mark: bytes, timeout_s: float = 60) -> tuple[float, int]:
        """Read until a mark comes; return the milliseconds that took and the bytes read."""
        began, seen = time.perf_counter(), b""
        while mark not in seen:
            left = began + timeout_s - time.perf_counter()
            if left <= 0:
                raise TimeoutError(f"{mark!r} was not written in {timeout_s} s; the last was {seen[-200:]!r}")
            seen += self.read(left)
        return 1000 * (time.perf_counter() - began), len(seen)

    def during(self, wait_s: float) -> bytes:
        """Read for a time."""
        until, seen = time.monotonic() + wait_s, b""
        while (left := until - time.monotonic()) > 0:
            seen += self.read(left)
        return seen

    def quiet(self, silence_s: float, at_most_s: float = 30) -> None:
        """Read until nothing has come for a time."""
        until = time.monotonic() + at_most_s
        while self.read(silence_s) and time.monotonic() < until:
            pass

    def press(self, keys: bytes) -> None:
        os.write(self.terminal, keys)

    def memory_mib(self) -> float:
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def end(self) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGTERM)
            try:
                while self.read(5):
                    pass
            except OSError:
                pass  # the other end is closed
            os.waitpid(self.pid, 0)
            os.close(self.terminal)
            self.pid = 0


def _first_frame_ms() -> float:
    with Program(["jobs=0"]) as program:
        program.until(b"CrystalMath")
        return 1000 * (time.perf_counter() - program.began)


def _keys(program: Program) -> tuple[list[float], int]:
    taken, n_bytes = [], 0
    for number in range(N_KEYS):
        program.during(0.02)  # the next key comes after the frame, and not right behind it
        program.press(b"j" if number < 40 or number % 2 else b"k")
        milliseconds, count = program.until(MARK)
        taken.append(milliseconds)
        n_bytes += count
    return sorted(taken), n_bytes // N_KEYS


def _scroll(program: Program) -> None:
    """Paint the most expensive frames: other rows everywhere."""
    for _ in range(20):
        for keys in (b"\x04", b"\x04", b"G", b"g"):
            program.press(keys)
            program.during(0.02)


def _measure(scenario: str, settings: list[str]) -> Row:
    has_jobs = settings[0] != "jobs=0"
    keys: list[float] = []
    bytes_per_key = idle = None
    with Program(settings) as program:
        program.until(MARK if has_jobs else b"0.fake")
        if scenario in QUIET:
            program.quiet(2.0)  # every page that comes changes the number of jobs above the list
            idle = len(program.during(IDLE_S))
        if has_jobs:
            keys, bytes_per_key = _keys(program)
            _scroll(program)
        memory_mib = program.memory_mib()
        program.end()
        stats: dict[str, Any] = json.loads(program.stats.read_text())
    return Row(
        scenario,
        statistics.median(keys) if keys else None,
        keys[int(0.99 * (len(keys) - 1))] if keys else None,
        bytes_per_key,
        stats["frame_cpu_p50_ms"],
        stats["frame_cpu_p99_ms"],
        idle,
        memory_mib,
    )


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value)


def main() -> None:
    """Measure, print and write JSON."""
    chosen = sys.argv[1:] or list(SCENARIOS)
    first_frame = sorted(_first_frame_ms() for _ in range(7))
    binary_mib = TUI.stat().st_size / 2**20
    print(f"first frame {statistics.median(first_frame):.1f} ms (least {first_frame[0]:.1f})   budget 50")
    print(f"binary {binary_mib:.2f} MiB   budget 8\n")
    columns = ("key p50", "key p99", "B/key", "frame p50", "frame p99", "idle B", "MiB")
    print(f"{'':26}" + "".join(f"{column:>11}" for column in columns))
    rows = []
    for scenario in chosen:
        row = _measure(scenario, SCENARIOS[scenario])
        rows.append({name: getattr(row, name) for name in row.__slots__})
        print(f"{scenario:26}" + "".join(f"{_cell(value):>11}" for value in list(rows[-1].values())[1:]))
    print(
        "budget                           2   16.7/33                                2          0         45"
    )
    print("\nkeys: milliseconds to paint; frames: milliseconds of CPU, of all frames of the scenario")
    result = {
        "first_frame_ms": statistics.median(first_frame),
        "binary_mib": binary_mib,
        "scenarios": rows,
        "budgets": BUDGETS,
    }
    (ROOT / "build").mkdir(exist_ok=True)
    (ROOT / "build/bench-tui.json").write_text(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
