"""A program in a pseudo terminal, driven by keys and read from the screen as a person would."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pexpect
import pyte
import pytest

_PIECE_BYTES = 512  # about a frame in which a line has changed
TUI = Path(sys.executable).with_name("crystalmath-tui")
KEYS = {
    "enter": "\r",
    "esc": "\x1b",
    "down": "\x1b[B",
    "up": "\x1b[A",
    "tab": "\t",
    "ctrl-c": "\x03",
    "ctrl-o": "\x0f",
    "ctrl-r": "\x12",
    "ctrl-s": "\x13",
    "ctrl-z": "\x1a",
    "end": "\x1b[F",
    "alt-1": "\x1b1",
    "f7": "\x1b[18~",
    "f9": "\x1b[20~",
    "f12": "\x1b[24~",
    "backspace": "\x7f",
}

FRAME_BEGINS, FRAME_ENDS = b"\x1b[?2026h", b"\x1b[?2026l"  # of the synchronised update of a frame

needs_tui = pytest.mark.skipif(
    not TUI.exists() and os.environ.get("CI") != "true", reason="crystalmath-tui is not built: run make setup"
)


def all_of(*parts: str) -> Callable[[str], bool]:
    """Return the condition that a screen shows all of these."""
    return lambda text: all(part in text for part in parts)


class Terminal:
    """A pseudo terminal of 120 by 40 with a program in it; leaves no process behind."""

    def __init__(
        self,
        arguments: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        size: tuple[int, int] = (120, 40),
        program: Path = TUI,
    ) -> None:
        columns, lines = size
        self.screen = pyte.Screen(columns, lines)
        self.raw = b""
        self._stream = pyte.ByteStream(self.screen)
        self.child = pexpect.spawn(
            str(program),
            list(arguments),
            env={**(env or os.environ), "TERM": "xterm-256color"},
            dimensions=(lines, columns),
            timeout=10,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.child.isalive():
            self.child.kill(signal.SIGTERM)
            self.wait_exit()
        self.child.close(force=True)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.child.send(KEYS[key])

    def type(self, text: str) -> None:
        self.child.send(text)

    def paste(self, text: str) -> None:
        self.child.send(f"\x1b[200~{text}\x1b[201~")

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    def until(self, condition: str | Callable[[str], bool], timeout_s: float = 60.0) -> str:
        """Read until the screen shows a text, or what it shows meets a condition; return the screen.

        What was shown for a moment counts, though more may have been painted over it since. A frame that has
        begun is read to its end.
        """
        deadline = time.monotonic() + timeout_s

        def met() -> bool:
            shown = self.text
            return condition in shown if isinstance(condition, str) else condition(shown)

        found = met()
        while not found:
            left = deadline - time.monotonic()
            assert left > 0, f"not on the screen in {timeout_s} s: {condition}\n{self.text}"
            found = self._read(left, met)
        while self.raw.rfind(FRAME_BEGINS) > self.raw.rfind(FRAME_ENDS):
            left = deadline - time.monotonic()
            assert left > 0, f"a frame did not end in {timeout_s} s\n{self.text}"
            self._read(left, met)
        return self.text

    def _read(self, timeout_s: float, met: Callable[[], bool]) -> bool:
        """Take in what was painted, and say whether the condition was met on the way."""
        try:
            data = self.child.read_nonblocking(65536, timeout=min(timeout_s, 1.0))
        except pexpect.TIMEOUT:
            return False
        except pexpect.EOF:
            raise AssertionError(f"the program ended; last screen:\n{self.text}") from None
        self.raw += data
        found = False
        for start in range(0, len(data), _PIECE_BYTES):
            self._stream.feed(data[start : start + _PIECE_BYTES])
            found = found or met()
        return found

    def wait_exit(self, timeout_s: float = 60.0) -> int:
        """Wait for the end, read what is still written, and return the exit code (negative: the signal)."""
        deadline = time.monotonic() + timeout_s
        while True:
            left = deadline - time.monotonic()
            assert left > 0, f"the program did not end in {timeout_s} s"
            try:
                self.raw += self.child.read_nonblocking(65536, timeout=left)
            except pexpect.TIMEOUT:
                continue
            except pexpect.EOF:
                break
        self.child.wait()
        status = self.child.exitstatus if self.child.signalstatus is None else -self.child.signalstatus
        assert status is not None
        return int(status)

    def is_restored(self) -> bool:
        """Tell whether the last thing written gives the screen, the cursor and pasting back."""
        left = self.raw.rpartition(b"\x1b[?1049h")[2]
        return b"\x1b[?1049l" in left and b"\x1b[?25h" in left and b"\x1b[?2004l" in left
