"""The daemon is judged by what it answers and brought back whatever a crash left of it."""

from __future__ import annotations

import os
import signal
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from tests.deadlines import JOB_S
from tests.e2e.waiting import has_ended

from crystalmath.engine import broker, jobs, processes, reconcile, seam_aiida, states
from crystalmath.engine import daemon as daemons
from crystalmath.errors import DaemonError

from .conftest import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from crystalmath.engine.session import Session
    from crystalmath.engine.submit import Submitted

    from .conftest import Ground


def parts(session: Session) -> list[psutil.Process]:
    circus = daemons.supervisor(session)
    assert circus is not None
    return [circus, *circus.children()]


def test_nothing_is_done_to_a_daemon_that_works(daemon: Session) -> None:
    before = parts(daemon)
    assert daemons.ensure(daemon, listening=True).good
    assert parts(daemon) == before


def test_a_daemon_runs_its_broker_its_worker_its_watchdog_and_nothing_else(daemon: Session) -> None:
    owner = broker.owner(daemon)
    wait_until(lambda: len(parts(daemon)) == 4, "circus' statistics are stopped")
    kinds = [processes.belongs(part, owner) for part in parts(daemon)]
    assert sorted(map(str, kinds)) == ["broker", "circus", "watchdog", "worker"]


def test_a_broker_that_was_left_an_empty_file_of_sockets_removes_nothing(daemon: Session) -> None:
    # It removes what is in its own folder: never try this before that is known to be the empty one.
    circus = daemons.supervisor(daemon)
    assert circus is not None
    (running,) = processes.children(circus, "broker", broker.owner(daemon))
    folder = daemon.directory / "empty"
    assert [part.cwd() for part in parts(daemon)] == [str(folder)] * 4
    assert list(folder.iterdir()) == []
    seam_aiida.broker_files(daemon.aiida_profile()).sockets.write_text("")
    running.kill()
    assert daemons.ensure(daemon, listening=True).good
    assert folder.parent.is_dir()
    assert daemon.index.path.is_file()


def test_a_stopped_daemon_leaves_no_process_and_says_so(daemon: Session, ground: Ground) -> None:
    daemons.stop(daemon)
    assert processes.strays(broker.owner(daemon), None) == []
    wait_until(lambda: not ground.processes(), "the programs of jobs have ended, too")
    assert daemons.health(daemon) == daemons.Health(False, "dead", "dead", watchdog=False)


def test_a_stale_pid_file_of_another_process_is_no_daemon(daemon: Session) -> None:
    from aiida.manage import get_manager

    daemons.stop(daemon)
    client = get_manager().get_daemon_client()
    Path(client.circus_pid_file).write_text("1")
    seam_aiida.broker_files(daemon.aiida_profile()).pid.write_text("aiida-zeromq-broker 1")
    assert client.is_daemon_running
    assert daemons.health(daemon) == daemons.Health(False, "dead", "dead", watchdog=False)
    assert daemons.ensure(daemon, listening=True).good


def test_a_daemon_is_started_over_the_files_of_one_that_lost_its_power(
    daemon: Session, add: Callable[..., Submitted], ground: Ground
) -> None:
    for part in parts(daemon):
        part.send_signal(signal.SIGKILL)
    wait_until(lambda: not ground.processes(), "the daemon is gone")
    assert seam_aiida.broker_files(daemon.aiida_profile()).sockets.exists()
    assert jobs.wait(daemon, add().id, timeout=500).state == "finished"


@pytest.mark.usefixtures("unwatched")
def test_what_a_killed_circus_leaves_is_ended_before_a_new_one_starts(daemon: Session) -> None:
    circus, *orphans = parts(daemon)
    circus.send_signal(signal.SIGKILL)
    wait_until(lambda: has_ended(circus), "circus is gone")
    assert daemons.health(daemon).circus is False
    assert daemons.ensure(daemon, listening=True).good
    assert all(map(has_ended, orphans))
    assert processes.strays(broker.owner(daemon), daemons.supervisor(daemon)) == []


@pytest.mark.usefixtures("unwatched")
def test_a_worker_that_stayed_with_a_dead_broker_is_deaf_and_restarted(
    daemon: Session, add: Callable[..., Submitted]
) -> None:
    circus = daemons.supervisor(daemon)
    assert circus is not None
    [old] = processes.children(circus, "broker", broker.owner(daemon))
    old.send_signal(signal.SIGKILL)
    wait_until(lambda: has_ended(old), "the broker is gone")
    wait_until(lambda: daemons.health(daemon).broker == "answers", "circus restarts the broker")
    assert daemons.health(daemon).worker == "deaf"
    assert daemons.ensure(daemon, listening=True).good
    assert jobs.wait(daemon, add().id, timeout=500).state == "finished"


def test_a_watchdog_that_is_killed_comes_back(daemon: Session) -> None:
    circus = daemons.supervisor(daemon)
    assert circus is not None
    [old] = processes.children(circus, "watchdog", broker.owner(daemon))
    old.kill()
    psutil.wait_procs([old], timeout=60)
    wait_until(lambda: daemons.health(daemon).watchdog, "circus restarts the watchdog")


def test_a_process_that_is_alive_is_never_handed_over_again(
    daemon: Session, add: Callable[..., Submitted]
) -> None:
    submitted = add(sleep_s=2.0)
    for _ in jobs.follow(daemon, submitted.id, timeout=500, look_s=0.1):
        assert submitted.id not in reconcile.lost(daemon)


def test_a_daemon_that_cannot_start_is_a_sentence_with_the_next_step(
    daemon: Session, monkeypatch: pytest.MonkeyPatch, adder: str
) -> None:
    from crystalmath.engine import submit

    from .conftest import add_builder, addition

    daemons.stop(daemon)
    monkeypatch.setattr(daemons, "_programs", lambda _environment: Path("/nowhere"))
    entry = addition()
    with pytest.raises(DaemonError, match="does not start") as raised:
        submit.submit_builder(daemon, entry, lambda: add_builder(adder))
    assert "crystalmath doctor" in raised.value.hint
    assert daemon.index.find(entry.key) is None
    monkeypatch.undo()
    assert daemons.ensure(daemon, listening=True).good


def test_a_daemon_that_keeps_another_potcar_folder_is_restarted(
    daemon: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = parts(daemon)
    monkeypatch.setenv("PMG_VASP_PSP_DIR", str(tmp_path))
    daemons.ensure(daemon)
    assert not set(parts(daemon)) & set(before)
    assert parts(daemon)[0].environ()["PMG_VASP_PSP_DIR"] == str(tmp_path)


def test_an_old_job_is_looked_at_less_often_than_a_young_one(
    daemon: Session, static: Callable[..., Submitted]
) -> None:
    from aiida import orm

    submitted = static(delay_s=2.5)
    looks: set[datetime] = set()

    def ended() -> bool:
        for step in jobs.steps(daemon, submitted.id):
            if look := orm.load_node(step.id).get_scheduler_lastchecktime():
                looks.add(look)
        return jobs.state(daemon, submitted.id) in states.ENDED

    wait_until(ended, "the job ends", JOB_S)
    gaps_s = [(after - before).total_seconds() for before, after in pairwise(sorted(looks))]
    assert max(gaps_s) > 4.0 > min(gaps_s)


def test_aiida_keeps_the_private_names_that_we_use() -> None:
    assert seam_aiida.drifted() == ()


def test_the_daemon_does_not_import_from_the_folder_it_was_started_in(daemon: Session) -> None:
    circus = daemons.supervisor(daemon)
    assert circus is not None
    assert circus.cwd() == str(daemon.directory / "empty")
    assert circus.environ().get("PYTHONPATH") == os.environ.get("PYTHONPATH")
