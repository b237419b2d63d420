"""The terminal UI on the shared server: started when absent, left alone at the end, found again."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from tests.deadlines import SOON_S
from tests.e2e.rpc_client import ROOT, SCRIPTED_SERVER
from tests.e2e.screen import Terminal, needs_tui
from tests.e2e.waiting import children, until

from crystalmath_lsp.socket_path import Running, default_path, running

pytestmark = needs_tui
SERVER = ["--server", shlex.join(SCRIPTED_SERVER)]


@pytest.fixture
def path(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the shared server of a user with an empty runtime folder listens; ends the one that is left."""
    monkeypatch.chdir(ROOT)
    with tempfile.TemporaryDirectory(prefix="cm-", dir="/tmp") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield default_path()
        if (left := running(default_path())) is not None:
            process = psutil.Process(left.pid)
            process.terminate()
            process.wait(SOON_S)


def shared(path: Path) -> Running:
    found = running(path)
    assert found is not None
    return found


def attached(*arguments: str) -> Terminal:
    return Terminal(["--attach", *SERVER, *arguments])


def test_a_shared_server_is_started_when_there_is_none_and_outlives_who_started_it(path: Path) -> None:
    with attached() as terminal:
        terminal.until("job 99999")
        server = shared(path)
        terminal.type("q")
        assert terminal.wait_exit() == 0
    assert shared(path) == server
    with attached() as terminal:
        terminal.until("job 99999")
        assert shared(path) == server
        assert not children(terminal.child.pid)


def test_a_vanishing_terminal_takes_no_shared_server_along(path: Path) -> None:
    with attached() as terminal:
        terminal.until("job 99999")
        terminal.child.ptyproc.fileobj.close()
        until(lambda: not terminal.child.isalive())
    server = psutil.Process(shared(path).pid)
    assert os.getpgid(server.pid) == server.pid  # so that no signal of a terminal reaches it


def test_a_shared_server_that_dies_is_started_again_and_what_is_typed_stays(
    path: Path, tmp_path: Path
) -> None:
    (tmp_path / "INCAR").write_text("ENCUT = 520\n")
    with attached(str(tmp_path)) as terminal:
        terminal.until("server 0.")
        terminal.until("ENCUT = 520")
        first = shared(path)
        terminal.type("# one")
        os.kill(first.pid, signal.SIGKILL)
        terminal.type(" two\r")
        terminal.until("# one two")
        until(lambda: (found := running(path)) is not None and found.pid != first.pid)
        terminal.type("ISMAER = 0")
        terminal.until("ISMEAR")  # the new server was told of the text
        assert "# one two" in terminal.text


def test_the_first_frame_does_not_wait_for_the_server(path: Path) -> None:
    never = shlex.join([sys.executable, "-c", "import time; time.sleep(600)"])
    with Terminal(["--attach", "--server", never]) as terminal:
        terminal.until("server: starting")
        until(lambda: len(children(terminal.child.pid)) == 1)
        (never_ready,) = children(terminal.child.pid)
        try:
            terminal.press("ctrl-c")
            assert terminal.wait_exit() == 0
        finally:
            never_ready.kill()  # what was to be the shared server is nobody's child now


def test_a_shared_server_that_cannot_start_is_told_with_its_last_words(path: Path) -> None:
    script = shlex.join([sys.executable, "-c", "import sys; sys.exit('the reason is here')"])
    with Terminal(["--attach", "--server", script]) as terminal:
        terminal.until("the reason is here")


def test_a_folder_that_others_may_enter_is_refused_in_words(path: Path) -> None:
    path.parent.mkdir(mode=0o755)
    with attached() as terminal:
        terminal.until("other users may enter")
        terminal.until("--attach=PATH")
    assert running(path) is None


@pytest.mark.skipif(os.getuid() != 0, reason="only root can act as another user")
def test_a_server_of_another_user_is_refused_in_words(path: Path) -> None:
    path.parent.mkdir(mode=0o700)
    script = (
        "import os, socket, sys; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]);"
        " os.setuid(65534); s.listen(); print('listens', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"listens\n"
        with attached() as terminal:
            terminal.until("runs as another user (65534)")
        assert other.stdin is not None
        other.stdin.close()
