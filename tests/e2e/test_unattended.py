"""Every client is closed, the worker is killed, and nobody looks until the job has ended."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import psutil
from tests.deadlines import JOB_S, SOON_S

BIN = Path(sys.executable).parent
SILICON = Path(__file__).parents[2] / "examples" / "Si.vasp"
STATE = "SELECT json_extract(attributes, '$.process_state') FROM db_dbnode WHERE id = ?"


def crystalmath(environment: dict[str, str], *arguments: str) -> str:
    command = [str(BIN / "crystalmath"), *arguments]
    return subprocess.run(
        command, env=environment, text=True, capture_output=True, timeout=JOB_S, check=True
    ).stdout


def workers(environment: dict[str, str]) -> list[psutil.Process]:
    """Return the workers of the daemon that works in the environment's folder."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            is_ours = process.environ().get("AIIDA_PATH", "").startswith(environment["AIIDA_PATH"])
            if is_ours and process.cmdline()[-2:] == ["daemon", "worker"]:
                found.append(process)
    return found


def state(environment: dict[str, str], pk: int) -> str | None:
    """Return the state of a process from AiiDA's file, which helps nobody."""
    (file,) = Path(environment["AIIDA_PATH"]).glob(".aiida/repository/*/storage-*/database.sqlite")
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=60)) as connection:
        row = connection.execute(STATE, (pk,)).fetchone()
    return row[0] if row else None


def test_a_job_whose_worker_was_killed_ends_with_nobody_there(engine_environment: dict[str, str]) -> None:
    slow = ["--set", "SYSTEM=Si standin:delay=0.5", "--set", "ENCUT=200"]
    pk = json.loads(crystalmath(engine_environment, "run", "static", str(SILICON), *slow, "--json"))["id"]
    deadline = time.monotonic() + SOON_S
    while not (found := workers(engine_environment)):
        assert time.monotonic() < deadline, "no worker comes up"
        time.sleep(0.1)
    for worker in found:
        worker.kill()
    deadline = time.monotonic() + JOB_S
    while state(engine_environment, pk) != "finished":
        assert time.monotonic() < deadline, f"job {pk} is still {state(engine_environment, pk)}"
        time.sleep(0.2)
    card = json.loads(crystalmath(engine_environment, "show", str(pk), "--json"))
    assert (card["state"], card["exit_status"]) == ("finished", 0)
