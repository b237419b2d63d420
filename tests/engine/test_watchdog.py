"""Whatever is lost, the daemon itself brings it back: nobody else looks at it in the meantime."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from tests.deadlines import JOB_S

from crystalmath.engine import broker, jobs, processes, seam_aiida, task_files
from crystalmath.engine import daemon as daemons

from .conftest import add_builder, addition, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import psutil

    from crystalmath.engine.session import Session
    from crystalmath.engine.submit import Submitted

STATE = "SELECT json_extract(attributes, '$.process_state') FROM db_dbnode WHERE id = ?"


def child(session: Session, kind: str) -> psutil.Process:
    circus = daemons.supervisor(session)
    assert circus is not None
    [found] = processes.children(circus, kind, broker.owner(session))
    return found


def database(session: Session) -> Path:
    file = seam_aiida.database_file(session.aiida_profile())
    assert file is not None
    return file


def wait_unseen(file: Path, pk: int) -> None:
    """Wait for the end of a process without going through anything that would help it."""

    def has_finished() -> bool:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=60)) as connection:
            found = connection.execute(STATE, (pk,)).fetchone()
        return bool(found == ("finished",))

    wait_until(has_finished, f"process {pk} ends", JOB_S)


def stored(session: Session, adder: str) -> int:
    """Return a job that was stored and noted, and whose submitting process was then killed."""
    from crystalmath.engine.index import LABEL_PREFIX

    entry, builder = addition(), add_builder(adder)
    builder.metadata.label = LABEL_PREFIX + entry.key
    session.index.reserve(entry)
    pk, uuid = seam_aiida.store_process(builder)
    session.index.stored(entry.key, pk, uuid)
    return pk


def test_a_job_that_never_got_a_task_and_the_log_says_so(daemon: Session, adder: str) -> None:
    log = daemons.watched(daemon).log
    pk = stored(daemon, adder)
    wait_unseen(database(daemon), pk)
    assert f"process {pk}: it has no task" in log.read_text()
    assert f"Process {pk} was stored but no worker had it: handed over again" in log.read_text()


def test_a_job_whose_key_was_only_reserved_with_its_process(daemon: Session, adder: str) -> None:
    from crystalmath.engine.index import LABEL_PREFIX

    entry, builder = addition(), add_builder(adder)
    builder.metadata.label = LABEL_PREFIX + entry.key
    daemon.index.reserve(entry)
    pk, _ = seam_aiida.store_process(builder)
    wait_unseen(database(daemon), pk)


def test_a_task_that_stayed_with_a_dead_worker(daemon: Session, adder: str) -> None:
    # As when the broker looks at a worker's connection while it is being taken down: it counts as alive.
    folder = seam_aiida.broker_files(daemon.aiida_profile()).tasks
    pk = stored(daemon, adder)
    child(daemon, "broker").suspend()
    (folder / "processing").mkdir(exist_ok=True)
    name = "1_0123456789abcdef.json"
    (folder / "processing" / name).write_text(f'{{"id": "x", "body": "args: {{pid: {pk}}}"}}')
    child(daemon, "worker").kill()
    child(daemon, "broker").resume()
    wait_unseen(database(daemon), pk)
    (folder / "processing" / name).unlink(missing_ok=True)


def test_a_job_of_a_worker_that_was_killed(daemon: Session, add: Callable[..., Submitted]) -> None:
    submitted = add(sleep_s=2.0)
    child(daemon, "worker").kill()
    wait_unseen(database(daemon), submitted.id)


def test_a_job_of_a_worker_that_went_deaf_with_its_broker(
    daemon: Session, add: Callable[..., Submitted]
) -> None:
    submitted = add(sleep_s=2.0)
    child(daemon, "broker").kill()
    wait_unseen(database(daemon), submitted.id)


def test_a_job_whose_circus_was_killed(daemon: Session, add: Callable[..., Submitted]) -> None:
    submitted = add(sleep_s=2.0)
    circus = daemons.supervisor(daemon)
    assert circus is not None
    circus.kill()
    wait_unseen(database(daemon), submitted.id)
    wait_until(lambda: daemons.health(daemon).good, "the daemon is whole again")


def test_a_job_that_gets_the_number_of_a_deleted_one_is_not_lost_at_all(
    daemon: Session, static: Callable[..., Submitted], add: Callable[..., Submitted]
) -> None:
    from aiida.tools import delete_nodes

    jobs.wait(daemon, static().id, timeout=JOB_S)  # from its first process of ours on, the worker is hooked
    gone = add()
    jobs.wait(daemon, gone.id, timeout=JOB_S)
    nodes, _ = delete_nodes([gone.id], dry_run=False)
    again = add()
    assert again.id in nodes
    jobs.wait(daemon, again.id, timeout=JOB_S)
    assert f"process {again.id}:" not in daemons.watched(daemon).log.read_text()


def test_a_daemon_that_was_stopped_on_purpose_stays_stopped(daemon: Session, ground: Any) -> None:
    watchdog = child(daemon, "watchdog")
    daemons.stop(daemon)
    assert not watchdog.is_running()
    assert ground.processes() == []


def test_tasks_are_written_as_they_are_read(daemon: Session, add: Callable[..., Submitted]) -> None:
    submitted = add(sleep_s=1.0)
    folder = seam_aiida.broker_files(daemon.aiida_profile()).tasks
    wait_until(
        lambda: any(task.pk == submitted.id and task.is_handed_out for task in task_files.read(folder)),
        "the task is handed out",
    )
    jobs.wait(daemon, submitted.id, timeout=JOB_S)
    wait_until(lambda: all(task.pk != submitted.id for task in task_files.read(folder)), "it is taken away")
