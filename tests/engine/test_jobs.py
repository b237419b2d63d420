"""Jobs are listed, looked up by any of their names, read, waited for and cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psutil
import pytest

from crystalmath.engine import cards, jobs
from crystalmath.errors import JobFileError, JobNotFoundError

from .conftest import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crystalmath.engine.session import Session
    from crystalmath.engine.submit import Submitted


@pytest.fixture
def finished(daemon: Session, add: Callable[..., Submitted]) -> Submitted:
    submitted = add(label="Möbius strip", template="relax", formula="MgO", n_atoms=8)
    jobs.wait(daemon, submitted.id, timeout=500)
    return submitted


def test_a_job_is_found_by_id_uuid_and_prefix(daemon: Session, finished: Submitted) -> None:
    for name in (
        finished.id,
        str(finished.id),
        finished.uuid,
        finished.uuid[:13],
        finished.uuid[:13].upper(),
    ):
        assert jobs.get(daemon, name).id == finished.id


@pytest.mark.parametrize("name", ["99999999", "ffffffff-ffff", "relax", "", "1.5", "9" * 30])
def test_a_job_that_is_not_there_is_answered_with_those_that_are(
    daemon: Session, finished: Submitted, name: str
) -> None:
    with pytest.raises(JobNotFoundError, match=rf"There is no job .*{finished.id}") as raised:
        jobs.get(daemon, name)
    assert "crystalmath jobs" in raised.value.hint


def test_a_prefix_of_several_jobs_is_refused_with_their_ids(
    daemon: Session, finished: Submitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crystalmath.engine import rows

    monkeypatch.setattr(rows, "_matches", lambda _prefix: [3, 5])
    with pytest.raises(JobNotFoundError, match="several jobs: 3, 5"):
        jobs.get(daemon, "abc")


def test_a_row_holds_what_was_submitted_and_how_it_ended(daemon: Session, finished: Submitted) -> None:
    row = jobs.list_jobs(daemon, limit=1)[0]
    assert (row.id, row.label, row.template, row.formula, row.n_atoms) == (
        finished.id,
        "Möbius strip",
        "relax",
        "MgO",
        8,
    )
    assert (row.state, row.exit_status, row.exit_message, row.foreign) == ("finished", 0, None, False)
    assert row.created_at.endswith("+00:00")


def test_a_list_is_filtered_by_state_template_and_text(daemon: Session, finished: Submitted) -> None:
    def ids(**filters: object) -> list[int]:
        return [row.id for row in jobs.list_jobs(daemon, limit=5, **filters)]  # type: ignore[arg-type]

    assert finished.id in ids(state="finished")
    assert finished.id in ids(text="möbius")
    assert finished.id in ids(template="relax", text="mgo")
    assert finished.id not in ids(state="failed")
    assert finished.id not in ids(template="static")
    assert finished.id not in ids(text="perovskite")


def test_processes_of_others_are_listed_as_foreign(daemon: Session, adder: str) -> None:
    from aiida.engine import submit

    from .conftest import add_builder

    node = submit(add_builder(adder))
    row = jobs.list_jobs(daemon, limit=1)[0]
    assert (row.id, row.foreign, row.formula, row.label) == (node.pk, True, None, "ArithmeticAddCalculation")
    assert jobs.list_jobs(daemon, limit=1, foreign=False)[0].id != node.pk
    assert jobs.wait(daemon, node.pk, timeout=500).state == "finished"


def test_files_of_a_job_are_listed_and_read(daemon: Session, finished: Submitted) -> None:
    listed = {row.name: row for row in jobs.list_files(daemon, finished.id)}
    assert listed["aiida.out"].source == "retrieved"
    assert listed["_aiidasubmit.sh"].source == "folder"
    assert jobs.read(daemon, finished.id, "aiida.out") == "3\n"
    assert listed["aiida.out"].size_bytes == 2


def test_a_file_that_is_not_there_is_answered_with_those_that_are(
    daemon: Session, finished: Submitted
) -> None:
    for name in ("OUTCAR", "../../etc/passwd", "POTCAR"):
        with pytest.raises(JobFileError, match=r"there are: .*aiida\.out"):
            jobs.read(daemon, finished.id, name)


def test_files_of_a_running_job_are_read_where_it_runs(
    daemon: Session, add: Callable[..., Submitted], tmp_path: Path
) -> None:
    submitted = add(gate=tmp_path / "gate")
    for progress in jobs.follow(daemon, submitted.id, timeout=500, look_s=0.1):
        if progress.state == "running":
            break
    assert "aiida.in" in {row.name for row in jobs.list_files(daemon, submitted.id)}
    assert "echo" in jobs.read(daemon, submitted.id, "aiida.in")
    (tmp_path / "gate").touch()
    jobs.wait(daemon, submitted.id, timeout=500)


def test_states_are_followed_forwards_only(
    daemon: Session, add: Callable[..., Submitted], tmp_path: Path
) -> None:
    order = ["created", "queued", "running", "transferring", "finished"]
    submitted = add(gate=tmp_path / "gate")
    seen = []
    for progress in jobs.follow(daemon, submitted.id, timeout=500, look_s=0.05):
        seen.append(progress.state)
        if progress.state == "running":
            (tmp_path / "gate").touch()
    assert seen[-1] == "finished"
    assert "running" in seen
    assert [order.index(state) for state in seen] == sorted(order.index(state) for state in seen)


def test_waiting_ends_with_the_time_that_was_given(
    daemon: Session, add: Callable[..., Submitted], tmp_path: Path
) -> None:
    submitted = add(gate=tmp_path / "gate")
    with pytest.raises(TimeoutError, match=f"Job {submitted.id} is still"):
        jobs.wait(daemon, submitted.id, timeout=0.2)
    (tmp_path / "gate").touch()
    assert jobs.wait(daemon, submitted.id, timeout=500).state == "finished"


def test_a_running_job_names_the_stand_in_and_a_cancelled_one_is_killed_with_its_program(
    daemon: Session, static: Callable[..., Submitted]
) -> None:
    submitted = static(delay_s=5.0)
    for progress in jobs.follow(daemon, submitted.id, timeout=500, look_s=0.1):
        if progress.state == "running":
            break
    directory = jobs.steps(daemon, submitted.id)[0].directory
    assert directory is not None
    wait_until(lambda: cards.get(daemon, submitted.id).standin is True, "the output names its program")
    cancelled = jobs.cancel(daemon, submitted.id)
    assert (cancelled.state, cancelled.already) == ("killed", False)
    assert {step.state for step in jobs.steps(daemon, submitted.id)} == {"killed"}
    wait_until(lambda: not programs_in(directory), "the program has ended")


def test_a_job_that_has_ended_is_not_cancelled(daemon: Session, finished: Submitted) -> None:
    cancelled = jobs.cancel(daemon, finished.id)
    assert (cancelled.state, cancelled.already) == ("finished", True)


def test_a_job_is_cancelled_when_the_daemon_was_down(
    daemon: Session, add: Callable[..., Submitted], tmp_path: Path
) -> None:
    from crystalmath.engine import daemon as daemons

    submitted = add(gate=tmp_path / "never")
    daemons.stop(daemon)
    assert jobs.cancel(daemon, submitted.id).state == "killed"


def test_a_flow_runs_on_the_stand_in_from_submit_to_the_end(
    daemon: Session, static: Callable[..., Submitted], silicon: Path
) -> None:
    done = jobs.wait(daemon, static().id, timeout=500)
    assert (done.state, done.exit_status, done.template, done.formula) == ("finished", 0, "static", "Si")
    assert [(step.index, step.state) for step in done.steps] == [(1, "finished")]
    assert "not VASP" in jobs.read(daemon, done.id, "vasp.out")
    assert "vasprun" in jobs.read(daemon, done.id, "vasprun.xml")[:2000] or "modeling" in jobs.read(
        daemon, done.id, "vasprun.xml"
    )


def programs_in(directory: str) -> list[psutil.Process]:
    """Return the processes that run in the folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.cwd() == directory and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found
