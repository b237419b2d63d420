"""The terminal UI against a server that stalls, floods, talks nonsense, or dies."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from tests.e2e.rpc_client import ROOT
from tests.e2e.screen import TUI, Terminal, all_of, needs_tui
from tests.e2e.waiting import children, until

pytestmark = needs_tui
CLI = TUI.with_name("crystalmath")
COLOUR = rb"\x1b\[(?:[0-9]+;)*(?:3[0-7]|9[0-7]|38;[0-9;]+)m"


def server(*settings: str) -> list[str]:
    return ["--server", shlex.join([sys.executable, "-m", "tests.e2e.fake_server", *settings])]


@pytest.fixture(autouse=True)
def _from_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_keys_are_obeyed_while_an_answer_is_awaited() -> None:
    with Terminal(server("jobs=5", "stall=3600")) as terminal:
        terminal.until("server 0.fake")
        terminal.type("n/tmp/typed")
        terminal.until("/tmp/typed")
        terminal.press("ctrl-c")
        terminal.until("The new calculation is not submitted.")  # a form that is begun is asked about
        terminal.type("y")
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
        terminal.until("› 5 ")
        terminal.press("f12")
        terminal.until("too long")


def test_a_server_that_fills_its_stderr_is_not_stopped_by_it() -> None:
    with Terminal(server("jobs=5", "stderr=20000")) as terminal:
        terminal.until("› 5 ")
        terminal.press("f12")
        terminal.until("line 19999 on stderr")


def test_a_server_that_always_dies_is_given_up_until_the_user_wants_it() -> None:
    with Terminal(server("jobs=5", "die_after=1")) as terminal:
        terminal.until("Press Ctrl-R")
        assert not children(terminal.child.pid)
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
            (child,) = children(terminal.child.pid)
            child.kill()
            terminal.until(all_of("The server ended", typed))
            terminal.press("ctrl-r")
            terminal.until(all_of("server 0.fake", typed))
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


@pytest.mark.parametrize("words", [[], ["tui"], ["tui", "--config", "/dev/null"]])
def test_crystalmath_on_a_terminal_opens_it(words: list[str]) -> None:
    _, server_line = server("jobs=5")
    env = {**os.environ, "CRYSTALMATH_SERVER": server_line}
    with Terminal(words, env=env, program=CLI) as terminal:
        terminal.until("› 5 ")
        terminal.type("q")
        assert terminal.wait_exit() == 0
        assert terminal.is_restored()


def test_without_a_terminal_crystalmath_says_what_it_can_do() -> None:
    told = subprocess.run([CLI], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
    assert "Usage:" in told.stdout


def test_without_a_terminal_the_tui_ends_with_3_and_names_the_plain_way() -> None:
    command = [str(TUI), *server("jobs=5")]
    ended = subprocess.run(
        command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, start_new_session=True
    )
    assert ended.returncode == 3
    assert "--plain" in ended.stderr


def test_a_terminal_that_was_resized_while_the_program_was_stopped_is_filled() -> None:
    with Terminal(server("jobs=60")) as terminal:
        terminal.until("› 60 ")
        program = psutil.Process(terminal.child.pid)
        terminal.press("ctrl-z")
        until(lambda: program.status() == psutil.STATUS_STOPPED)
        terminal.child.setwinsize(60, 140)
        terminal.screen.resize(60, 140)
        terminal.child.kill(signal.SIGCONT)
        terminal.until(lambda text: "job 10" in text and "job 60" in text)


def test_a_mistake_in_the_configuration_is_named(tmp_path: Path) -> None:
    config = tmp_path / "tui.toml"
    config.write_text('[theme]\nalarm = "blod"\n')
    with Terminal([*server("jobs=5"), "--config", str(config)]) as terminal:
        terminal.until("blod")


def test_no_colour_and_ascii_are_obeyed(tmp_path: Path) -> None:
    config = tmp_path / "tui.toml"
    config.write_text("ascii = true\n")
    arguments = [*server("jobs=5"), "--config", str(config)]
    with Terminal(arguments, env={**os.environ, "NO_COLOR": "1"}) as terminal:
        terminal.until("> 5 ")
        assert "+ finished" in terminal.text
        assert terminal.text.isascii()
        assert not re.search(COLOUR, terminal.raw)
    with Terminal(server("jobs=5")) as terminal:
        terminal.until("✓ finished")
        assert re.search(COLOUR, terminal.raw)
