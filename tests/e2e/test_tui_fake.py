"""The terminal UI against a server that stalls, floods, talks nonsense, or dies."""

from __future__ import annotations

import shlex
import sys

import psutil
import pytest
from tests.e2e.rpc_client import ROOT
from tests.e2e.screen import Terminal, needs_tui

pytestmark = needs_tui


def server(*settings: str) -> list[str]:
    return ["--server", shlex.join([sys.executable, "-m", "tests.e2e.fake_server", *settings])]


@pytest.fixture(autouse=True)
def _from_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_keys_are_obeyed_while_an_answer_is_awaited() -> None:
    with Terminal(server("jobs=5", "stall=30")) as terminal:
        terminal.until("server 0.fake")
        terminal.type("n/tmp/typed")
        terminal.until("/tmp/typed")
        terminal.press("ctrl-c")
        assert terminal.wait_exit() == 0


def test_a_burst_of_notifications_hides_no_answer() -> None:
    with Terminal(server("jobs=5", "burst=10000")) as terminal:
        terminal.until("› 5 ")
        terminal.type("j")
        terminal.until("› 4 ")


def test_garbage_on_stdout_is_skipped_and_told_in_the_log() -> None:
    with Terminal(server("jobs=5", "garbage")) as terminal:
        terminal.until("› 5 ")
        terminal.press("f12")
        terminal.until("bytes that were no message")


def test_a_message_beyond_the_limit_is_skipped() -> None:
    with Terminal(server("jobs=5", "huge=40000000")) as terminal:
        terminal.until("› 5 ", 40)
        terminal.press("f12")
        terminal.until("too long", 40)


def test_a_server_that_fills_its_stderr_is_not_stopped_by_it() -> None:
    with Terminal(server("jobs=5", "stderr=20000")) as terminal:
        terminal.until("› 5 ", 40)
        terminal.press("f12")
        terminal.until("line 19999 on stderr", 40)


def test_a_server_that_always_dies_is_given_up_until_the_user_wants_it() -> None:
    with Terminal(server("jobs=5", "die_after=1")) as terminal:
        terminal.until("Press Ctrl-R", 40)
        assert not psutil.Process(terminal.child.pid).children()
        terminal.press("ctrl-r")
        terminal.until("is started again in a moment")


def test_many_kills_lose_no_letter_and_no_selection() -> None:
    with Terminal(server("jobs=5")) as terminal:
        terminal.until("› 5 ")
        terminal.type("jj")
        terminal.until("› 3 ")
        terminal.type("n")
        typed = ""
        for letter in "/tmp/qnrj":
            terminal.type(letter)
            typed += letter
            (child,) = psutil.Process(terminal.child.pid).children()
            child.kill()
            terminal.until("The server ended")
            assert typed in terminal.text
            terminal.press("ctrl-r")
            terminal.until("server 0.fake")
            assert typed in terminal.text
        terminal.press("esc")
        terminal.until("› 3 ")


@pytest.mark.parametrize("size", [(1, 1), (39, 9), (500, 200)])
def test_every_size_is_painted(size: tuple[int, int]) -> None:
    with Terminal(server("jobs=5"), size=size) as terminal:
        if size[0] > 100:
            terminal.until("› 5 ")
        terminal.child.setwinsize(40, 120)
        terminal.screen.resize(40, 120)
        terminal.until("› 5 ")
        terminal.press("ctrl-c")
        assert terminal.wait_exit() == 0
