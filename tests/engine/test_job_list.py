"""The job list follows AiiDA: what was modified, by whomever, is there at the next look; damage is mended."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from tests.deadlines import SOON_S

from crystalmath.engine import doctor, job_list, jobs, list_sweep
from crystalmath.engine.job_list import Filter

from .conftest import wait_for_rest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crystalmath.engine.session import Session
    from crystalmath.engine.submit import Submitted


@pytest.fixture
def finished(daemon: Session, add: Callable[..., Submitted]) -> Submitted:
    submitted = add(label="listed", template="relax", formula="MgO", n_atoms=8)
    jobs.wait(daemon, submitted.id, timeout=500)
    wait_for_rest()  # rows that are compared hold when a process was modified, also those of other tests
    return submitted


def row_of(session: Session, pk: int) -> Any:
    return next((row for row in job_list.page(session).rows if row.id == pk), None)


def amend(pk: int, **columns: object) -> None:
    """Change a node as another program would, behind our back."""
    from aiida import orm

    node = orm.load_node(pk)
    for name, value in columns.items():
        setattr(node, name, value)


def test_a_job_is_listed_with_everything_that_was_submitted(daemon: Session, finished: Submitted) -> None:
    row = row_of(daemon, finished.id)
    assert (row.label, row.template, row.formula, row.n_atoms) == ("listed", "relax", "MgO", 8)
    assert (row.state, row.exit_status, row.exit_message, row.code) == ("finished", 0, None, "adder")
    assert not row.foreign


def test_the_list_that_is_kept_is_the_one_that_is_made_anew(daemon: Session, finished: Submitted) -> None:
    kept = job_list.page(daemon).rows
    assert finished.id in {row.id for row in kept}
    assert list_sweep.rebuild(daemon) == len(kept)
    assert job_list.page(daemon).rows == kept
    assert list_sweep.missing(daemon) == (frozenset(), frozenset())


def test_a_job_is_listed_at_each_of_its_states(
    daemon: Session, add: Callable[..., Submitted], tmp_path: Path
) -> None:
    submitted = add(gate=tmp_path / "gate")
    for progress in jobs.follow(daemon, submitted.id, timeout=500, look_s=0.05):
        if progress.state == "running":
            (tmp_path / "gate").touch()
        (found,) = [row for row in job_list.page(daemon, limit=5).rows if row.id == submitted.id]
        states = ["created", "queued", "running", "transferring", "finished"]
        assert states.index(found.state) >= states.index(progress.state)


def test_only_what_has_changed_is_reported(daemon: Session, finished: Submitted) -> None:
    list_sweep.refresh(daemon)
    assert list_sweep.refresh(daemon) == ()
    amend(finished.id, label="theirs now")
    assert [row.id for row in list_sweep.refresh(daemon)] == [finished.id]
    assert list_sweep.refresh(daemon) == ()
    assert row_of(daemon, finished.id).foreign


def test_a_step_that_changes_changes_its_job(daemon: Session, static: Callable[..., Submitted]) -> None:
    submitted = static(delay_s=1.0)
    seen = set()
    for _ in jobs.follow(daemon, submitted.id, timeout=500, look_s=0.1, every_look=True):
        seen.add(row_of(daemon, submitted.id).state)
    assert {"running", "finished"} <= seen


def test_a_deleted_job_leaves_the_list(daemon: Session, finished: Submitted) -> None:
    from aiida.tools import delete_nodes

    assert row_of(daemon, finished.id) is not None
    delete_nodes([finished.id], dry_run=False)
    assert row_of(daemon, finished.id) is None


def test_a_stale_list_is_put_right_by_the_doctor(daemon: Session, finished: Submitted) -> None:
    job_list.page(daemon)
    daemon.index.table.remove([finished.id])
    assert list_sweep.missing(daemon)[0] == {finished.id}
    (before,) = [part for part in doctor.examine(daemon, repair=False) if part.name == "index"]
    assert before.verdict == "warning"
    (after,) = [part for part in doctor.examine(daemon) if part.name == "index"]
    assert after.verdict == "repaired"
    assert row_of(daemon, finished.id) is not None


def test_a_damaged_file_is_made_anew_with_the_list(daemon: Session, finished: Submitted) -> None:
    ids = [row.id for row in job_list.page(daemon).rows]
    kept = row_of(daemon, finished.id)
    daemon.index.close()
    content = bytearray(daemon.index.path.read_bytes())
    content[100:] = b"\xff" * (len(content) - 100)
    # A new file: SQLite remembers the old one's journal as long as anyone in this process has it open.
    damaged = daemon.index.path.with_name("damaged")
    damaged.write_bytes(content)
    for suffix in ("-wal", "-shm"):
        daemon.index.path.with_name(daemon.index.path.name + suffix).unlink(missing_ok=True)
    damaged.replace(daemon.index.path)
    daemon.forget_index()
    assert [row.id for row in job_list.page(daemon).rows] == ids
    assert row_of(daemon, finished.id) == kept


def test_another_thread_reads_the_list_while_this_one_writes(
    daemon: Session, add: Callable[..., Submitted]
) -> None:
    failures: list[BaseException] = []
    stop = threading.Event()

    def read() -> None:
        reader = daemon.reader()
        try:
            while not stop.is_set():
                job_list.page(reader, Filter(states=("running", "queued")))
        except BaseException as error:  # noqa: BLE001 - the test reports whatever it is
            failures.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        submitted = [add() for _ in range(3)]
        for one in submitted:
            jobs.wait(daemon, one.id, timeout=500)
    finally:
        stop.set()
        thread.join(SOON_S)
    assert not failures
    assert not thread.is_alive()
    assert {one.id for one in submitted} <= {row.id for row in job_list.page(daemon).rows}
