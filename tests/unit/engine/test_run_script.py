from __future__ import annotations

import gzip
import subprocess
import time
from typing import TYPE_CHECKING

from tests.deadlines import SOON_S

from crystalmath.engine import run_script
from crystalmath.results.ending import GUARD_LINE

if TYPE_CHECKING:
    from pathlib import Path

VASP = "echo run >> runs; printf '<modeling>' > vasprun.xml; : > OUTCAR"


def script(
    folder: Path, body: str = VASP, *, parent: Path | None = None, files: tuple[str, ...] = ()
) -> Path:
    path = folder / "job.sh"
    before = run_script.before(str(parent) if parent else None, files)
    path.write_text(f"#!/bin/bash\n{before}\n{body}\n{run_script.after()}\n")
    return path


def bash(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/bash", path], cwd=path.parent, capture_output=True, text=True, check=False, timeout=SOON_S
    )


def n_runs(folder: Path) -> int:
    return len((folder / "runs").read_text().splitlines())


def test_large_outputs_are_compressed_and_empty_ones_left(tmp_path: Path) -> None:
    done = bash(script(tmp_path))
    assert done.returncode == 0, done.stderr
    assert gzip.decompress((tmp_path / "vasprun.xml.gz").read_bytes()) == b"<modeling>"
    assert (tmp_path / "OUTCAR").stat().st_size == 0
    assert (tmp_path / run_script.MARK_FILE).read_text().count("\n") == 1


def test_a_second_start_does_not_run_vasp_again(tmp_path: Path) -> None:
    job = script(tmp_path)
    bash(job)
    again = bash(job)
    assert again.returncode == 0
    assert n_runs(tmp_path) == 1


def test_a_second_start_waits_for_the_first(tmp_path: Path) -> None:
    job = script(
        tmp_path, f"echo run >> runs; while [ ! -e go ]; do sleep 0.1; done; {VASP.partition(';')[2]}"
    )
    first = subprocess.Popen(["/bin/bash", job], cwd=tmp_path)
    deadline = time.monotonic() + SOON_S
    while not (tmp_path / "runs").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    second = subprocess.Popen(["/bin/bash", job], cwd=tmp_path)
    assert second.poll() is None
    (tmp_path / "go").touch()
    assert second.wait(SOON_S) == 0
    assert (tmp_path / "vasprun.xml.gz").exists()  # whole when the second start ends
    assert first.wait(SOON_S) == 0
    assert n_runs(tmp_path) == 1


def test_a_start_in_the_folder_of_a_run_that_died_says_so(tmp_path: Path) -> None:
    guard = tmp_path / run_script.GUARD_DIRECTORY
    guard.mkdir()
    (guard / "by").write_text("1 another-machine 2026-01-01T00:00:00Z\n")
    done = bash(script(tmp_path))
    assert done.returncode == 97
    assert GUARD_LINE in done.stderr
    assert not (tmp_path / "runs").exists()


def test_files_of_the_previous_run_are_brought_along_where_they_are_not_empty(tmp_path: Path) -> None:
    parent, here = tmp_path / "it's the parent", tmp_path / "here"
    parent.mkdir()
    here.mkdir()
    (parent / "CHGCAR").write_text("density")
    (parent / "WAVECAR").write_text("")
    (parent / "WAVEDER.gz").write_bytes(gzip.compress(b"derivatives"))
    job = script(here, parent=parent, files=("CHGCAR", "WAVECAR", "WAVEDER", "LOCPOT"))
    done = bash(job)
    assert done.returncode == 0
    assert (here / "CHGCAR").read_text() == "density"
    assert (here / "WAVEDER").read_text() == "derivatives"
    assert not (here / "WAVECAR").exists()
    assert not (here / "LOCPOT").exists()
    assert done.stderr.count("missing or empty") == 2
