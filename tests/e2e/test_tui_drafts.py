"""Text that was not saved outlives every end of the terminal UI, and is offered again."""

from __future__ import annotations

import os
import shlex
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.e2e.rpc_client import ROOT
from tests.e2e.screen import Terminal, needs_tui
from tests.e2e.waiting import until

pytestmark = needs_tui
SERVER = ["--server", shlex.join([sys.executable, "-m", "tests.e2e.fake_server"])]
OFFER = "Take the unsaved text over?"


@pytest.fixture(autouse=True)
def state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "crystalmath" / "drafts"


@pytest.fixture
def incar(tmp_path: Path) -> Path:
    path = tmp_path / "calc" / "INCAR"
    path.parent.mkdir()
    path.write_text("ENCUT = 520\n")
    return path


def editing(path: Path) -> Terminal:
    return Terminal([*SERVER, str(path.parent)], env={**os.environ, "CRYSTALMATH_TUI_CRASH": "boom"})


def is_kept(state: Path, text: str) -> bool:
    """Say whether a draft holds the text; while one is written, names come and go."""
    try:
        return any(text in draft.read_text() for draft in state.iterdir())
    except FileNotFoundError:
        return False


def by_signal(number: int) -> Callable[[Terminal], None]:
    return lambda terminal: terminal.child.kill(number)


def by_panic(terminal: Terminal) -> None:
    terminal.paste("boom")


def by_vanishing(terminal: Terminal) -> None:
    terminal.child.ptyproc.fileobj.close()


@pytest.mark.parametrize(
    "end",
    [by_signal(signal.SIGTERM), by_signal(signal.SIGHUP), by_panic, by_vanishing],
    ids=["SIGTERM", "SIGHUP", "panic", "terminal gone"],
)
def test_what_was_typed_is_offered_after_every_unwanted_end(
    end: Callable[[Terminal], None], incar: Path
) -> None:
    with editing(incar) as terminal:
        terminal.until("ENCUT = 520")
        terminal.type("ISMEAR = 0 # ")
        terminal.until("ISMEAR = 0 # ENCUT = 520")
        end(terminal)
        until(lambda: not terminal.child.isalive())
    with editing(incar) as terminal:
        terminal.until(OFFER)
        assert "ISMEAR" not in terminal.text  # never silently
        terminal.type("y")
        terminal.until("ISMEAR = 0 # ENCUT = 520")
        terminal.press("ctrl-z")
        terminal.until(lambda text: "ISMEAR" not in text and "ENCUT = 520" in text)
    assert incar.read_text() == "ENCUT = 520\n"


def test_what_was_typed_a_moment_ago_outlives_a_kill(incar: Path, state: Path) -> None:
    with editing(incar) as terminal:
        terminal.until("ENCUT = 520")
        terminal.type("# kept ")
        until(lambda: is_kept(state, "# kept "))
        terminal.child.kill(signal.SIGKILL)
        terminal.wait_exit()
    with editing(incar) as terminal:
        terminal.until(OFFER)


def test_a_draft_that_is_refused_is_offered_until_the_file_is_saved(incar: Path, state: Path) -> None:
    with editing(incar) as terminal:
        terminal.until("ENCUT = 520")
        terminal.type("# lost ")
        terminal.until("# lost ")
        terminal.child.kill(signal.SIGTERM)
        terminal.wait_exit()
    for _ in range(2):
        with editing(incar) as terminal:
            terminal.until(OFFER)
            terminal.type("n")
            terminal.until(lambda text: OFFER not in text)
            terminal.press("ctrl-c")
            assert terminal.wait_exit() == 0
    with editing(incar) as terminal:
        terminal.until(OFFER)
        terminal.type("n")
        terminal.until(lambda text: OFFER not in text)
        terminal.type("# new ")
        terminal.press("ctrl-s")
        terminal.until("is saved")
        terminal.press("ctrl-c")
        assert terminal.wait_exit() == 0
    assert not list(state.iterdir())
    assert incar.read_text() == "# new ENCUT = 520\n"


def test_text_that_the_user_gives_up_is_not_kept(incar: Path, state: Path) -> None:
    with editing(incar) as terminal:
        terminal.until("ENCUT = 520")
        terminal.type("# no ")
        until(lambda: is_kept(state, "# no "))
        terminal.press("ctrl-c")
        terminal.until("End the program?")
        terminal.type("y")
        assert terminal.wait_exit() == 0
    assert not list(state.iterdir())


def test_a_second_terminal_ui_says_that_it_keeps_no_drafts(incar: Path, state: Path) -> None:
    with editing(incar) as one:
        one.until("ENCUT = 520")
        one.type("# first ")
        until(lambda: is_kept(state, "# first "))  # so it is this one that keeps the drafts
        with editing(incar) as other:
            shown = other.until("Another terminal UI has INCAR open")
            assert "ENCUT = 520" in shown
