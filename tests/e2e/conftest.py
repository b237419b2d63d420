"""An engine of its own for the programs that a user starts; nothing stays behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

BIN = Path(sys.executable).parent


def _processes(home: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("CRYSTALMATH_HOME") == str(home / "home"):
                found.append(process)
        except psutil.Error:
            continue
    return [process for process in found if process.status() != psutil.STATUS_ZOMBIE]


@pytest.fixture(scope="session")
def engine_environment() -> Iterator[dict[str, str]]:
    """Yield the environment of a user with nothing set up; afterwards no process of it may live."""
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
    subprocess.run([BIN / "crystalmath", "stop"], env=environment, check=False, capture_output=True)
    left = _processes(base)
    for process in left:
        process.kill()
    shutil.rmtree(base)
    assert not left, f"processes were left behind: {left}"
