"""An engine of its own for the programs that a user starts; nothing stays behind."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from tests.deadlines import JOB_S, SOON_S
from tests.e2e.waiting import has_ended

BIN = Path(sys.executable).parent


def _processes(home: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("CRYSTALMATH_HOME") == str(home / "home"):
                found.append(process)
        except psutil.Error:
            continue
    return [process for process in found if not has_ended(process)]


def _kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, timeout=SOON_S)


@pytest.fixture(scope="session")
def engine_environment() -> Iterator[dict[str, str]]:
    """Yield the environment of a user with nothing set up; afterwards no process of it may stay."""
    base = Path(tempfile.mkdtemp(prefix="cm-e2e-"))
    (base / "aiida").mkdir()
    (base / "run").mkdir(mode=0o700)
    own = {
        "AIIDA_PATH": str(base / "aiida"),
        "CRYSTALMATH_HOME": str(base / "home"),
        "XDG_RUNTIME_DIR": str(base / "run"),
    }
    dropped = {"CRYSTALMATH_PROFILE", "PMG_VASP_PSP_DIR"}
    environment = {name: value for name, value in os.environ.items() if name not in dropped} | own
    yield environment
    stop = [str(BIN / "crystalmath"), "stop"]
    subprocess.run(stop, env=environment, check=False, capture_output=True, timeout=JOB_S)
    deadline = time.monotonic() + SOON_S  # what was told to end may be about to
    while (left := _processes(base)) and time.monotonic() < deadline:
        psutil.wait_procs(left, timeout=0.1)
    _kill(left)
    shutil.rmtree(base)
    assert not left, f"processes were left behind: {left}"
