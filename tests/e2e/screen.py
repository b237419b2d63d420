"""A program in a pseudo terminal, driven by keys and read from the screen as a person would."""

from __future__ import annotations

import contextlib
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
from tests.deadlines import SOON_S

TUI = Path(sys.executable).with_name("crystalmath-tui")
KEYS = {
    "enter": "\r",
    "esc": "\x1b",
    "down": "\x1b[B",
    "up": "\x1b[A",
    "tab": "\t",
    "ctrl-c": "\x03",
    "ctrl-o": "\x0f",
    "ctrl-q": "\x11",
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
        self.raw = b""  # what the screen was painted with
        self._ahead = b""  # what was read beyond the frame that is shown
        self._stream = pyte.ByteStream(self.screen)
        self.child = pexpect.spawn(
            str(program),
            list(arguments),
            env={**(env or os.environ), "TERM": "xterm-256color"},
            dimensions=(lines, columns),
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

    def until(self, condition: str | Callable[[str], bool], timeout_s: float = SOON_S) -> str:
        """Go on frame by frame until one shows a text, or meets a condition; return that screen.

        Only whole frames are looked at, and none is left out: what was shown for a moment counts. The frame
        that is shown already is the first, so the condition must tell the screen that is meant from it.
        """
        deadline = time.monotonic() + timeout_s
        while True:
            shown = self.text
            met = condition in shown if isinstance(condition, str) else condition(shown)
            if met and not self._is_amid_a_frame():
                return shown
            left = deadline - time.monotonic()
            assert left > 0, f"not on the screen in {timeout_s} s: {condition}\n{shown}"
            self._advance(min(left, 1.0))

    def wipe(self) -> None:
        """Take in what was painted so far and blank the screen: what is on it from now on is painted anew."""
        with contextlib.suppress(pexpect.TIMEOUT):
            while True:
                self._ahead += self.child.read_nonblocking(65536, timeout=0)
        self._feed(self._ahead)
        self._ahead = b""
        self.screen.reset()

    def _advance(self, timeout_s: float) -> None:
        """Take in what is painted, to the end of the next frame at most; wait when nothing was read yet."""
        if FRAME_ENDS not in self._ahead:
            try:
                self._ahead += self.child.read_nonblocking(65536, timeout=timeout_s)
            except pexpect.TIMEOUT:
                return
            except pexpect.EOF:
                raise AssertionError(f"the program ended; last screen:\n{self.text}") from None
        frame, end, behind = self._ahead.partition(FRAME_ENDS)
        if not end:  # a mark may have been read in part
            cut = next((n for n in range(len(FRAME_ENDS) - 1, 0, -1) if frame.endswith(FRAME_ENDS[:n])), 0)
            frame, behind = frame[: len(frame) - cut], frame[len(frame) - cut :]
        self._feed(frame + end)
        self._ahead = behind

    def _feed(self, data: bytes) -> None:
        self.raw += data
        self._stream.feed(data)

    def _is_amid_a_frame(self) -> bool:
        return self.raw.rfind(FRAME_BEGINS) > self.raw.rfind(FRAME_ENDS)

    def wait_exit(self, timeout_s: float = SOON_S) -> int:
        """Wait for the end, read what is still written, and return the exit code (negative: the signal)."""
        deadline = time.monotonic() + timeout_s
        while True:
            self.raw, self._ahead = self.raw + self._ahead, b""
            left = deadline - time.monotonic()
            assert left > 0, f"the program did not end in {timeout_s} s"
            try:
                self._ahead = self.child.read_nonblocking(65536, timeout=left)
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
