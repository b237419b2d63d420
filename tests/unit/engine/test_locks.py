"""A lock is held by one process at a time and dies with it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.deadlines import SOON_S

from crystalmath.engine.locks import held
from crystalmath.errors import EngineError, StorageError

HOLD = """
import sys, time
from pathlib import Path
from crystalmath.engine.locks import held
with held(Path(sys.argv[1]), what="holding"):
    print("held", flush=True)
    time.sleep(60)
"""


def holder(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    with holder(tmp_path / "lock") as process:
        refused = pytest.raises(EngineError, match="another process has held")
        with refused, held(tmp_path / "lock", what="waiting", timeout_s=0.1):
            pass
        process.kill()
        process.wait()
    with held(tmp_path / "lock", what="waiting", timeout_s=SOON_S):
        assert (tmp_path / "lock").exists()


def test_a_lock_is_released_when_the_block_fails(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="x"), held(tmp_path / "lock", what="failing"):
        raise ValueError("x")
    with held(tmp_path / "lock", what="again", timeout_s=0.1):
        pass


def test_a_folder_that_cannot_be_made_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="locking"), held(tmp_path / "file" / "lock", what="locking"):
        pass
