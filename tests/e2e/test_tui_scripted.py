"""The terminal UI against the real front process with a scripted worker: keys in, screen out."""

from __future__ import annotations

import os
import shlex
import signal
import sys
from pathlib import Path

import psutil
import pytest
from tests.e2e.rpc_client import ROOT, SCRIPTED_SERVER
from tests.e2e.screen import Terminal, all_of, needs_tui
from tests.e2e.waiting import another_child, children, has_ended, until

pytestmark = needs_tui
SERVER = ["--server", shlex.join(SCRIPTED_SERVER)]


@pytest.fixture(autouse=True)
def _from_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_jobs_are_listed_and_the_selection_moves() -> None:
    with Terminal(SERVER) as terminal:
        terminal.until("› 99999 ")
        terminal.press("down")
        terminal.type("j")
        terminal.until("› 99997 ")
        terminal.type("k")
        terminal.until("› 99998 ")


def test_all_of_a_hundred_thousand_jobs_can_be_reached() -> None:
    with Terminal(SERVER) as terminal:
        terminal.until("job 99999")

        def at_the_end(text: str) -> bool:
            terminal.press("end")
            return any(line.startswith("› 1 ") for line in text.splitlines())

        terminal.until(at_the_end)


def test_a_job_unfolds_to_its_steps_which_follow_its_changes() -> None:
    with Terminal(SERVER) as terminal:
        terminal.until("› 99999 ")
        terminal.type("jl")
        terminal.until("└ step 1 ")
        terminal.until("└ step 2 ")  # it was told that the job changed
        terminal.type("j")
        terminal.until("› 1000001 ")
        terminal.type("h")
        terminal.until("› 99998 ")
        terminal.type("h")
        terminal.until(lambda text: "step 1" not in text)
        terminal.type("j")
        terminal.until("› 99997 ")


def test_a_card_is_opened_and_left() -> None:
    with Terminal(SERVER) as terminal:
        terminal.until("job 99999")
        terminal.press("enter")
        terminal.until("CrystalMath · Job ")
        terminal.type("q")
        terminal.until("CrystalMath · Jobs")


def test_letters_that_are_commands_elsewhere_are_text_in_the_form(tmp_path: Path) -> None:
    with Terminal(SERVER) as terminal:
        terminal.until("job 99999")
        terminal.type("n")
        terminal.until("New calculation")
        path = tmp_path / "nqrjk G"
        terminal.type(str(path))
        terminal.until("nqrjk G")
        terminal.press("up")
        terminal.paste("pasted\nlabel q")
        terminal.until("pastedlabel q")
        terminal.press("enter")
        terminal.until("Job 7 is created.")
        assert path.with_suffix(".done").read_text() == "stored"


def test_a_form_without_a_structure_says_so() -> None:
    with Terminal(SERVER) as terminal:
        terminal.until("job 99999")
        terminal.type("n")
        terminal.until("New calculation")
        terminal.press("up", "enter")
        terminal.until("The structure is missing.")


def test_a_template_is_taken_from_the_catalogue_and_a_parameter_set_by_keys_alone(tmp_path: Path) -> None:
    with Terminal(SERVER) as terminal:
        terminal.until("job 99999")
        terminal.type("4")
        terminal.until("› static")
        terminal.type("/bands")
        terminal.until(all_of("› bands", "What it is about."))
        terminal.press("enter", "enter")
        terminal.until("New calculation")
        terminal.type(str(tmp_path / "Si"))
        terminal.press("enter", "enter")
        terminal.until("(all 2 as the template has them)")
        terminal.press("ctrl-o")
        terminal.type("dens\rmany\r")
        terminal.until('"many" is not a number')
        terminal.press("backspace", "backspace", "backspace", "backspace")
        terminal.type("40\r")
        terminal.until("= 40")
        terminal.press("esc")
        terminal.until("2 parameters of bands, 1 given")
        terminal.press("esc")
        terminal.until("input_set.line_density = 40")
        terminal.press("f9")
        terminal.until("Job 7 is created.")
        assert (tmp_path / "Si.parameters").read_text() == '{"input_set":{"line_density":40}}'


def test_a_job_that_is_made_while_one_types_elsewhere_is_told_and_takes_nothing_away(tmp_path: Path) -> None:
    slow = tmp_path / "slow"
    os.mkfifo(slow)
    with Terminal(SERVER) as terminal:
        terminal.until("› 99999 ")
        terminal.type("n")
        terminal.until("New calculation")
        terminal.type(str(slow))
        terminal.press("f9")
        terminal.until("Submitting.")
        terminal.press("alt-1")
        terminal.type("/")
        terminal.until("filter:")
        terminal.type("K")
        terminal.until("filter: K")
        slow.write_text("now")
        terminal.until("Job 7 is created; F7 shows it.")
        terminal.type("DyRy")
        terminal.until("filter: KDyRy")
        terminal.press("f7")
        terminal.until("› 7 ")
        assert "Sure?" not in terminal.text


def test_a_restart_is_asked_about_and_leaves_the_selection_where_it_is() -> None:
    with Terminal(SERVER) as terminal:
        terminal.until("› 99999 ")
        terminal.type("jR")
        terminal.until('Restart job 99998 "job 99998" as a new job?')
        terminal.type("n")
        terminal.until(lambda text: "Sure?" not in text)
        terminal.type("Ry")
        terminal.until("Job 8 restarts job 99998; F7 shows it.")
        assert "› 99998 " in terminal.text


def test_an_engine_that_starts_is_told_calmly_and_no_more_when_it_has_started() -> None:
    with Terminal(SERVER, env={**os.environ, "CRYSTALMATH_TEST_STARTING": "2"}) as terminal:
        shown = terminal.until("the worker is starting")
        assert "✗" not in shown
        terminal.until(lambda text: "finished" in text and "starting" not in text)


def test_a_command_is_found_by_what_people_call_it() -> None:
    with Terminal(SERVER) as terminal:
        terminal.until("› 99999 ")
        terminal.type(":kill")
        terminal.until("› cancel ")
        terminal.press("enter")
        terminal.until('Job 99999 "job 99999" has ended: it is finished.')


def end_by_q(terminal: Terminal) -> None:
    terminal.type("q")


def end_by_ctrl_c(terminal: Terminal) -> None:
    terminal.press("ctrl-c")


def end_by_sigterm(terminal: Terminal) -> None:
    terminal.child.kill(signal.SIGTERM)


def end_by_sighup(terminal: Terminal) -> None:
    terminal.child.kill(signal.SIGHUP)


def end_by_sigint(terminal: Terminal) -> None:
    terminal.child.kill(signal.SIGINT)


def end_by_sigquit(terminal: Terminal) -> None:
    terminal.child.kill(signal.SIGQUIT)


@pytest.mark.parametrize(
    ("end", "status"),
    [
        (end_by_q, 0),
        (end_by_ctrl_c, 0),
        (end_by_sigterm, 143),
        (end_by_sighup, 129),
        (end_by_sigint, 130),
        (end_by_sigquit, 131),
    ],
)
def test_every_ending_gives_the_terminal_back_and_takes_the_server_along(end: object, status: int) -> None:
    assert callable(end)
    with Terminal(SERVER) as terminal:
        terminal.until("job 99999")
        below = children(terminal.child.pid, recursive=True)
        assert len(below) == 2  # the server and its worker
        end(terminal)
        assert terminal.wait_exit() == status
        assert terminal.is_restored()
        until(lambda: all(map(has_ended, below)))


def test_a_panic_gives_the_terminal_back_and_says_what_happened() -> None:
    with Terminal(SERVER, env={**os.environ, "CRYSTALMATH_TUI_CRASH": "boom"}) as terminal:
        terminal.until("job 99999")
        terminal.paste("boom")
        assert terminal.wait_exit() == 101
        assert terminal.is_restored()
        after = terminal.raw.rpartition(b"\x1b[?1049l")[2]
        assert b"told to crash" in after


def test_a_terminal_that_vanishes_ends_everything() -> None:
    with Terminal(SERVER) as terminal:
        terminal.until("job 99999")
        below = children(terminal.child.pid, recursive=True)
        terminal.child.ptyproc.fileobj.close()
        until(lambda: not terminal.child.isalive() and all(map(has_ended, below)))


def test_the_server_ends_when_the_terminal_ui_is_killed() -> None:
    with Terminal(SERVER) as terminal:
        terminal.until("job 99999")
        below = children(terminal.child.pid, recursive=True)
        terminal.child.kill(signal.SIGKILL)
        until(lambda: all(map(has_ended, below)))


def test_a_server_that_dies_is_started_again_by_itself() -> None:
    with Terminal(SERVER) as terminal:
        terminal.until("job 99999")
        (server,) = children(terminal.child.pid)
        server.kill()
        terminal.until("The server ended")
        terminal.until("server 0.")
        assert another_child(terminal.child.pid, server).is_running()


def test_what_is_typed_while_the_server_dies_stays_and_is_checked(tmp_path: Path) -> None:
    (tmp_path / "INCAR").write_text("ENCUT = 520\n")
    with Terminal([*SERVER, str(tmp_path)]) as terminal:
        terminal.until("ENCUT = 520")
        terminal.until("server 0.")
        for number in range(3):
            (server,) = children(terminal.child.pid)
            terminal.type("# one")
            server.kill()
            terminal.type(f" two {number}\r")
            terminal.until(all_of("The server ended", f"# one two {number}"))
            terminal.until("server 0.")
        terminal.type("ISMAER = 0")
        terminal.until("ISMEAR")
        terminal.press("ctrl-s")
        terminal.until("is saved")
    lines = "".join(f"# one two {number}\n" for number in range(3))
    assert (tmp_path / "INCAR").read_text() == lines + "ISMAER = 0ENCUT = 520\n"


def test_ctrl_z_gives_the_terminal_to_the_shell_and_comes_back() -> None:
    with Terminal(SERVER) as terminal:
        terminal.until("job 99999")
        program = psutil.Process(terminal.child.pid)
        terminal.press("ctrl-z")
        until(lambda: program.status() == psutil.STATUS_STOPPED)
        terminal.wipe()
        terminal.child.kill(signal.SIGCONT)
        terminal.until("job 99999")


def test_a_server_that_cannot_start_is_told_with_its_last_words() -> None:
    with Terminal(["--server", "/no/such/server"]) as terminal:
        terminal.until("cannot be started")
    script = "import sys; sys.exit('the reason is here')"
    with Terminal(["--server", shlex.join([sys.executable, "-c", script])]) as terminal:
        terminal.until("the reason is here")


def test_a_server_of_another_version_is_told_in_words() -> None:
    body = (
        '{"jsonrpc":"2.0","id":1,"result":{"capabilities":{"experimental":{"crystalmath":'
        '{"protocol":99,"methods":[]}}}}}'
    )
    frame = f"Content-Length: {len(body)}\r\n\r\n{body}"
    script = f"import sys; sys.stdout.write({frame!r}); sys.stdout.flush(); sys.stdin.read()"
    with Terminal(["--server", shlex.join([sys.executable, "-c", script])]) as terminal:
        terminal.until("version 99")
        terminal.until("pip install")


def test_a_small_terminal_gets_a_sentence() -> None:
    with Terminal(SERVER, size=(30, 5)) as terminal:
        terminal.until("too small")
