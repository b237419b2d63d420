"""The jobs as plain text: `crystalmath-tui --plain`."""

from __future__ import annotations

import shlex
import subprocess
import sys

import pytest
from tests.deadlines import JOB_S
from tests.e2e.rpc_client import ROOT, SCRIPTED_SERVER
from tests.e2e.screen import TUI, needs_tui

pytestmark = needs_tui


def fake(*settings: str) -> str:
    return shlex.join([sys.executable, "-m", "tests.e2e.fake_server", *settings])


def plain(server: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(TUI), "--server", server, "--plain", *arguments]
    return subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=JOB_S,
    )


def test_all_jobs_of_all_pages_are_printed_newest_first() -> None:
    printed = plain(fake("jobs=4500"))
    assert (printed.returncode, printed.stderr) == (0, "")
    head, *lines = printed.stdout.splitlines()
    assert head.split() == ["id", "state", "formula", "template", "created", "label"]
    assert [int(line.split()[0]) for line in lines] == list(range(4500, 0, -1))
    assert lines[0].split() == ["4500", "finished", "Si2", "relax", "2026-11-22T10:00", "job", "4500"]
    assert "\x1b" not in printed.stdout


@pytest.mark.parametrize(
    ("words", "ids"),
    [(["label:job", "40"], [40]), (["state:failed"], []), (["-label:1", "!label:2", "id:30"], [30])],
)
def test_the_filter_is_that_of_the_list(words: list[str], ids: list[int]) -> None:
    printed = plain(fake("jobs=40"), *words)
    assert printed.returncode == 0
    assert [int(line.split()[0]) for line in printed.stdout.splitlines()[1:]] == ids


def test_the_real_front_process_is_asked_in_the_same_way() -> None:
    printed = plain(shlex.join(SCRIPTED_SERVER), "id:99999")
    assert printed.returncode == 0
    assert printed.stdout.splitlines()[1].startswith("99999 ")


def test_a_reader_that_has_seen_enough_is_no_failure() -> None:
    printing = shlex.join([str(TUI), "--server", fake("jobs=20000"), "--plain"])
    command = f"set -o pipefail; {printing} | head -1"
    ended = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize(
    ("server", "reason"),
    [
        ("/no/such/server", "cannot be started"),
        (
            shlex.join([sys.executable, "-c", "import sys; sys.exit('the reason is here')"]),
            "the reason is here",
        ),
        (fake("jobs=5", "die_after=2"), "The server ended"),
    ],
)
def test_a_server_that_cannot_answer_is_a_failure_with_a_hint_on_stderr(server: str, reason: str) -> None:
    ended = plain(server)
    assert ended.returncode == 3
    first, hint = ended.stderr.splitlines()
    assert reason in first
    assert hint


def test_a_wrong_call_ends_with_2() -> None:
    ended = plain(fake(), "--what")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "--what" in ended.stderr
