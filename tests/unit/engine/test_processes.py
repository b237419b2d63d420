"""The parts of a daemon are known by what they run, for which profile and for which AiiDA."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from crystalmath.engine.processes import Owner, alive, belongs, end, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

PYTHON = "/venv/bin/python"
VERDI = "/venv/bin/verdi"
SLEEP = "import time; time.sleep(60)"


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        ([PYTHON, VERDI, "-p", "mine", "daemon", "start-circus", "1"], "circus"),
        ([PYTHON, "-P", "-m", "crystalmath.engine.seam_circus", "-p", "mine"], "circus"),
        ([PYTHON, "-P", "-m", "crystalmath.engine.broker_process", "-p", "mine", "/x", "/y"], "broker"),
        ([PYTHON, "-P", "-m", "crystalmath.engine.watchdog", "-p", "mine", "--index", "/x"], "watchdog"),
        ([PYTHON, "-P", "-m", "crystalmath.engine.watchdog", "-p", "yours", "--index", "/x"], None),
        ([PYTHON, "-P", "-m", "crystalmath.engine.recovery", "-p", "mine"], "recovery"),
        ([PYTHON, VERDI, "-p", "mine", "daemon", "worker"], "worker"),
        ([PYTHON, VERDI, "-p", "mine", "daemon", "broker", "--service-dir", "/x"], "broker"),
        ([PYTHON, "-c", "from circus import stats; stats.main()", "--endpoint", "ipc://x"], "stats"),
        ([PYTHON, VERDI, "-p", "yours", "daemon", "worker"], None),
        ([PYTHON, VERDI, "-p", "mine", "process", "list"], None),
        (["bash", "_aiidasubmit.sh"], None),
        (["mpirun", "-np", "4", "vasp_std"], None),
        ([], None),
    ],
)
def test_a_command_line_says_which_part_of_the_daemon_it_is(command: list[str], kind: str | None) -> None:
    assert kind_of(command, "mine") == kind


@pytest.fixture
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """A process that looks like a worker of the profile `mine` below /config."""
    command = [sys.executable, "-c", SLEEP, "-p", "mine", "daemon", "worker"]
    process = subprocess.Popen(command, env=os.environ | {"AIIDA_PATH": "/config"})
    yield process
    process.kill()
    process.wait()


def test_a_process_belongs_to_the_aiida_that_it_works_for(worker: subprocess.Popen[bytes]) -> None:
    process = psutil.Process(worker.pid)
    assert belongs(process, Owner("mine", "/config")) == "worker"
    assert belongs(process, Owner("mine", "/elsewhere")) is None
    assert belongs(process, Owner("yours", "/config")) is None


def test_a_number_that_another_process_has_by_now_is_not_alive(worker: subprocess.Popen[bytes]) -> None:
    owner = Owner("mine", "/config")
    assert alive(worker.pid, "worker", owner) is not None
    assert alive(worker.pid, "broker", owner) is None
    assert alive(os.getpid(), "worker", owner) is None
    assert alive(None, "worker", owner) is None


def test_a_dead_process_is_not_alive_before_it_is_reaped(worker: subprocess.Popen[bytes]) -> None:
    worker.kill()
    os.waitid(os.P_PID, worker.pid, os.WEXITED | os.WNOWAIT)
    assert alive(worker.pid, "worker", Owner("mine", "/config")) is None


def test_ending_is_by_force_when_politeness_does_not_help() -> None:
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", stubborn], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        stubborn_one = psutil.Process(process.pid)
        end([stubborn_one], patience_s=0.1)
        assert not stubborn_one.is_running()
