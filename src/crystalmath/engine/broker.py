"""The ZeroMQ broker of an embedded profile: does it answer, are we connected to it, what has it on disk.

It never reconnects anybody: after it restarts its sockets stand in another folder, and whoever was
connected hears nothing, gets no error, and loses what it sends. So each use of it begins with
`connect`, which compares the folder with that of the connection.
"""

from __future__ import annotations

import json
import time
import uuid
from concurrent.futures import CancelledError
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crystalmath.engine import processes, seam_aiida, task_files
from crystalmath.errors import DaemonError

if TYPE_CHECKING:
    import psutil

    from crystalmath.engine.session import Session
    from crystalmath.engine.task_files import Task

__all__ = [
    "BrokerState",
    "answers",
    "connect",
    "count_workers",
    "disconnect",
    "forget_files",
    "owner",
    "process",
    "state",
    "tasks",
]

_ECHO = "cm-echo-" + uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class BrokerState:
    """What the broker wrote about itself (every 5 s) and since when it runs (seconds since the epoch)."""

    pid: int
    started_at_s: float
    task_subscribers: int


def owner(session: Session) -> processes.Owner:
    """Return whose processes the session's daemon consists of."""
    from aiida.manage.configuration import get_config

    return processes.Owner(session.profile, str(get_config().dirpath))


def process(session: Session) -> psutil.Process | None:
    """Return the living broker process that its pid file names."""
    files = seam_aiida.broker_files(session.aiida_profile())
    try:
        pid = int(files.pid.read_text().split()[-1])
    except (OSError, ValueError, IndexError):
        return None
    return processes.alive(pid, "broker", owner(session))


def state(session: Session) -> BrokerState | None:
    """Return what the living broker last wrote about itself, None while there is nothing of this one."""
    running = process(session)
    if running is None:
        return None
    files = seam_aiida.broker_files(session.aiida_profile())
    try:
        written: dict[str, Any] = json.loads(files.status.read_text())
    except (OSError, ValueError):
        written = {}
    subscribers = int(written.get("task_subscribers", 0)) if written.get("pid") == running.pid else 0
    return BrokerState(pid=running.pid, started_at_s=running.create_time(), task_subscribers=subscribers)


def connect(session: Session, wait_s: float = 5.0) -> None:
    """Connect this process to the broker that runs now; to a new one when it was restarted.

    Raises DaemonError when there is none within `wait_s` seconds.
    """
    from aiida.manage import get_manager

    manager = get_manager()
    folder = _await_folder(session, wait_s)
    if session.broker_sockets == folder:
        return
    if session.broker_sockets is not None:
        manager.reset_broker()
        manager.reset_runner()  # it holds the old connection, and would refuse after storing a process
    try:
        communicator = manager.get_communicator()
    except ConnectionError as error:
        raise DaemonError(
            f"The broker of '{session.profile}' cannot be reached", hint="Run: crystalmath doctor"
        ) from error
    communicator.add_rpc_subscriber(lambda _communicator, message: message, _ECHO)
    session.broker_sockets = folder


def answers(session: Session, timeout_s: float = 5.0) -> bool:
    """Return whether the broker carries a message of ours to ourselves."""
    from aiida.manage import get_manager

    if process(session) is None:
        return False
    try:
        connect(session, wait_s=timeout_s)
        echo = get_manager().get_communicator().rpc_send(_ECHO, "?").result(timeout=timeout_s)
    except (DaemonError, TimeoutError, CancelledError):
        disconnect(session)
        return False
    return bool(echo == "?")


def disconnect(session: Session) -> None:
    """Drop the connection to a broker that is gone, so that the next use makes a new one."""
    from aiida.manage import get_manager

    if session.broker_sockets is not None:
        get_manager().reset_broker()
        get_manager().reset_runner()
        session.broker_sockets = None


def forget_files(session: Session) -> None:
    """Remove what a dead broker said about itself, or a worker joins its dead socket and stays deaf.

    Its queue of tasks is never touched: the next broker reads it.
    """
    files = seam_aiida.broker_files(session.aiida_profile())
    for file in (files.sockets, files.pid, files.status):
        file.unlink(missing_ok=True)


def tasks(session: Session) -> tuple[Task, ...]:
    """Return the tasks that the broker has on disk, waiting or handed out."""
    return task_files.read(seam_aiida.broker_files(session.aiida_profile()).tasks)


def count_workers(session: Session, timeout_s: float = 5.0) -> None:
    """Make the broker look which of its workers live, so that it takes back the tasks of the dead.

    It does so whenever somebody's connection ends, and once only: a worker whose connection is just being
    taken down still counts as alive, and keeps its tasks until the next connection ends.
    """
    connect(session)
    seam_aiida.knock(_ECHO, timeout_s)


def _await_folder(session: Session, wait_s: float) -> str:
    sockets = seam_aiida.broker_files(session.aiida_profile()).sockets
    deadline = time.monotonic() + wait_s
    while True:
        try:
            folder = sockets.read_text().strip()
        except OSError:
            folder = ""
        if folder:
            return folder
        if time.monotonic() > deadline:
            raise DaemonError(
                f"The broker of the profile '{session.profile}' is not running",
                hint="Start it with: crystalmath doctor",
            )
        time.sleep(0.05)
