"""Files that others change while the terminal UI has them open, and files of jobs, which stay as they are."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

import pytest
from tests.e2e.rpc_client import ROOT, SCRIPTED_SERVER
from tests.e2e.screen import Terminal, all_of, needs_tui
from tests.e2e.waiting import until

pytestmark = needs_tui
SERVER = ["--server", shlex.join([sys.executable, "-m", "tests.e2e.fake_server"])]


@pytest.fixture(autouse=True)
def _from_the_root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def incar(tmp_path: Path) -> Path:
    path = tmp_path / "calc" / "INCAR"
    path.parent.mkdir()
    path.write_text("ENCUT = 520\n")
    return path


def editing(path: Path) -> Terminal:
    return Terminal([*SERVER, str(path.parent)])


def test_an_unchanged_text_follows_its_file(incar: Path) -> None:
    with editing(incar) as terminal:
        terminal.until("ENCUT = 520")
        incar.write_text("ENCUT = 600\n")
        terminal.until(all_of("ENCUT = 600", "INCAR was changed on disk and is read again."))
        terminal.type("# mine ")
        terminal.press("ctrl-s")
        terminal.until("is saved")
        assert incar.read_text() == "# mine ENCUT = 600\n"


def test_what_others_wrote_is_written_over_only_after_an_answer(incar: Path) -> None:
    with editing(incar) as terminal:
        terminal.until("ENCUT = 520")
        terminal.type("# mine ")
        terminal.until("# mine ENCUT = 520")
        incar.write_text("ENCUT = 600\n")
        terminal.press("ctrl-s")
        terminal.until(all_of("INCAR was changed on disk by another program", "Keep my text"))
        assert incar.read_text() == "ENCUT = 600\n"
        terminal.press("enter")
        terminal.until(all_of("- ENCUT = 600", "+ # mine ENCUT = 520"))
        terminal.press("esc")
        terminal.until("(changed on disk)")
        terminal.press("ctrl-s")
        terminal.until("Keep my text")
        terminal.press("down", "enter")
        terminal.until("Your text of INCAR stays")
        assert incar.read_text() == "ENCUT = 600\n"
        terminal.press("ctrl-s")
        terminal.until("is saved")
    assert incar.read_text() == "# mine ENCUT = 520\n"


def test_what_others_wrote_is_taken_and_undo_brings_the_own_text_back(incar: Path) -> None:
    with editing(incar) as terminal:
        terminal.until("ENCUT = 520")
        terminal.type("# mine ")
        terminal.until("# mine ENCUT = 520")
        incar.write_text("ENCUT = 600\n")
        terminal.until("(changed on disk)")
        terminal.press("ctrl-s")
        terminal.until("Take the text on disk")
        terminal.press("up", "down", "down", "enter")
        terminal.until(all_of("INCAR is as on disk", "ENCUT = 600"))
        terminal.press("ctrl-z")
        terminal.until("# mine ENCUT = 520")


def test_a_removed_file_is_told_and_not_made_again_unasked(incar: Path) -> None:
    with editing(incar) as terminal:
        terminal.until("ENCUT = 520")
        incar.unlink()
        terminal.until("INCAR (removed from the disk)")
        terminal.press("ctrl-s")
        terminal.until("the next save makes the file again")
        assert not incar.exists()
        terminal.press("enter")
        terminal.until("Your text of INCAR stays")
        terminal.press("ctrl-s")
        terminal.until("is saved")
    assert incar.read_text() == "ENCUT = 520\n"


def test_escape_does_not_leave_the_editor(incar: Path) -> None:
    with editing(incar) as terminal:
        terminal.until("ENCUT = 520")
        terminal.press("esc")
        terminal.type("ij")
        terminal.until("ijENCUT = 520")
        assert "CrystalMath · Editor" in terminal.text
        terminal.press("ctrl-q")
        terminal.until("CrystalMath · Jobs")


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    found = []
    for number in (1, 2):
        folder = tmp_path / f"run{number}"
        folder.mkdir()
        (folder / "INCAR").write_text(f"ENCUT = {number}00\n")
        (folder / "_aiidasubmit.sh").touch()
        found.append(folder)
    return found


def test_the_inputs_of_a_job_are_read_only_and_can_be_copied(folders: list[Path], tmp_path: Path) -> None:
    env = {**os.environ, "SCRIPTED_FOLDERS": ":".join(map(str, folders))}
    with Terminal(["--server", shlex.join(SCRIPTED_SERVER)], env=env) as terminal:
        terminal.until("› 99999 ")
        terminal.type("e")
        terminal.until("The inputs of which step of job 99999?")
        terminal.press("down", "enter")
        terminal.until(all_of("job 99999, step 2 of 2, read only", "ENCUT = 200"))
        terminal.type("q")
        terminal.until("Read only.")
        terminal.press("ctrl-s")
        terminal.type("\x1bw")
        terminal.until("Save copies of INCAR into the folder")
        for _ in "job-99999-step-2-of-2":
            terminal.press("backspace")
        terminal.type(f"{tmp_path}/mine\r")
        terminal.until("are open now, to be edited")
        terminal.type("# mine ")
        terminal.press("ctrl-s")
        terminal.until("is saved")
    assert (tmp_path / "mine" / "INCAR").read_text() == "# mine ENCUT = 200\n"
    assert (folders[1] / "INCAR").read_text() == "ENCUT = 200\n"


def test_the_folder_of_a_job_is_read_only_also_by_its_path(folders: list[Path]) -> None:
    with editing(folders[0] / "INCAR") as terminal:
        terminal.until(all_of("the folder of a job, read only", "ENCUT = 100"))
        terminal.type("x")
        terminal.until("Read only.")
        (folders[0] / "INCAR").write_text("ENCUT = 150\n")
        terminal.until("ENCUT = 150")
        until(lambda: "x" not in (folders[0] / "INCAR").read_text())
