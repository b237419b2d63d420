"""The daemon of a profile: started over whatever a crash left, judged by what it answers.

An embedded profile's daemon is circus with a broker, a worker and our watchdog below it. Pid files prove
nothing (they stay after a crash, and a number may be another process's), so a part counts as alive when the
process runs the right command, the broker when it carries a message, the worker when the broker has
its subscription. `ensure` does the least that brings all of them back:

    circus gone                   end what it left, remove the broker's stale files, start everything
    broker gone or silent         circus restarts a dead one; then the worker must be restarted too
    worker dead or deaf           restart the worker: its tasks are still on the broker's disk
    no watchdog                   have circus run it
"""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import psutil

from crystalmath import paths
from crystalmath.engine import broker, daemon_external, locks, processes, seam_aiida, watchdog
from crystalmath.engine.faults import storage_faults
from crystalmath.errors import DaemonError

if TYPE_CHECKING:
    from crystalmath.engine.session import Session

__all__ = ["Health", "ensure", "health", "stop", "supervisor", "watched", "workers_since"]

Broker = Literal["answers", "starting", "silent", "dead"]
Worker = Literal["listening", "starting", "deaf", "dead"]

_YOUNG_S = 45.0  # a part that is younger may still be on its way up, on a busy machine
_START_S = 60.0
_RESPAWN_S = 3.0  # circus restarts a dead broker well within
_FINGERPRINT = "CRYSTALMATH_DAEMON"
_WATCHDOG = "crystalmath-watchdog"  # what circus calls it


@dataclass(frozen=True, slots=True)
class Health:
    """The parts of the daemon: `circus` supervises, `broker` carries tasks, `worker` runs them.

    `watchdog` notices what is lost while no client is there; None where the daemon is not ours.
    """

    circus: bool
    broker: Broker
    worker: Worker
    watchdog: bool | None = None

    @property
    def good(self) -> bool:
        """Whether every part works."""
        return self.circus and self.broker == "answers" and self.worker == "listening"

    @property
    def accepts(self) -> bool:
        """Whether a task that is handed over now will be run: the worker may still be on its way up."""
        return self.circus and self.broker == "answers" and self.worker in {"listening", "starting"}


def health(session: Session) -> Health:
    """Return how each part of the daemon is, by asking it (a few ms; up to 2 s for one that is dead)."""
    if not session.embedded:
        return Health(*daemon_external.parts(session))
    circus = supervisor(session)
    state = broker.state(session)
    is_watched = _is_watched(session, circus)
    if state is None:
        return Health(circus is not None, _absent(circus), "dead" if circus is None else "deaf", is_watched)
    if not broker.answers(session):
        silent: Broker = "starting" if time.time() - state.started_at_s < _YOUNG_S else "silent"
        return Health(circus is not None, silent, "deaf", is_watched)
    return Health(circus is not None, "answers", _worker(session, circus, state), is_watched)


def watched(session: Session) -> watchdog.Watched:
    """Return what the watchdog of the session's daemon looks at."""
    profile = session.aiida_profile()
    return watchdog.Watched(
        profile=session.profile,
        config=Path(broker.owner(session).config),
        broker=seam_aiida.broker_files(profile).directory,
        index=session.index.path,
        log=session.directory / "watchdog.log",
        database=seam_aiida.database_file(profile),
    )


def workers_since(session: Session) -> tuple[float, ...]:
    """Return when each living worker of the session's daemon started (seconds since the epoch)."""
    circus = supervisor(session)
    if circus is None:
        return ()
    workers = processes.children(circus, "worker", broker.owner(session))
    return tuple(worker.create_time() for worker in workers)


def ensure(session: Session, *, listening: bool = False) -> Health:
    """Bring the daemon up, or back, and return how it is then; nothing is done to one that works.

    Returns when a task can be handed over; with `listening` when a worker has subscribed. Raises
    DaemonError when that cannot be had.
    """
    if not session.embedded:
        return Health(*daemon_external.ensure(session))
    found = health(session)
    outdated = _is_outdated(session)
    accepted = found.good or (found.accepts and not listening)
    if accepted and found.watchdog and not outdated:
        return found
    with locks.held(session.directory / "daemon.lock", what="Starting the daemon", timeout_s=120):
        if outdated and _is_outdated(session):  # nobody else has restarted it meanwhile
            session.announce("The daemon runs another version or with another POTCAR folder: restarting it")
            _stop(session)
        return _repair(session, listening=listening)


def stop(session: Session) -> None:
    """Stop the daemon with all its parts; jobs stay where they are and go on at the next start."""
    if not session.embedded:
        daemon_external.stop(session)
        return
    with locks.held(session.directory / "daemon.lock", what="Stopping the daemon", timeout_s=120):
        _stop(session)


def _repair(session: Session, *, listening: bool) -> Health:
    """Do what the table at the top says, worst part first; each remedy is tried once."""
    remedies = [_start, _restart_worker, _start_over]
    deadline = time.monotonic() + _START_S
    while True:
        found = _settled(session, listening=listening, deadline=deadline)
        if found.good or (found.accepts and not listening):
            return found if found.watchdog else _watch(session, found)
        remedy = _remedy(found)
        if remedy not in remedies:
            remedy = _start_over
        if remedy not in remedies:
            raise _failure(session, found)
        remedies.remove(remedy)
        remedy(session)
        deadline = time.monotonic() + _START_S


def _remedy(found: Health) -> Any:
    if not found.circus:
        return _start
    return _restart_worker if found.broker == "answers" else _start_over


def _settled(session: Session, *, listening: bool, deadline: float) -> Health:
    """Return the health once no part is on its way up any more, or at the deadline (monotonic seconds)."""
    respawned = time.monotonic() + _RESPAWN_S
    while True:
        found = health(session)
        done = found.good or (found.accepts and not listening)
        returning = found.broker == "dead" and time.monotonic() < respawned
        rising = found.circus and (returning or "starting" in {found.broker, found.worker})
        if done or not rising or time.monotonic() > deadline:
            return found
        time.sleep(0.1)


def _start(session: Session) -> None:
    """Start circus over whatever is there: strays are ended, stale files removed, queued tasks kept."""
    session.announce(f"Starting the daemon of the profile '{session.profile}'")
    client = _client()
    broker.disconnect(session)
    processes.end(processes.strays(broker.owner(session), None), patience_s=5)
    with storage_faults("The daemon cannot be started"):
        broker.forget_files(session)
        for file in (client.circus_pid_file, client.circus_socket_file):
            Path(file).unlink(missing_ok=True)
        environment = _environment(session)
        folder = _own_folder(session)
    python = _programs(environment) / Path(sys.executable).name
    command = [str(python), "-P", "-m", "crystalmath.engine.seam_circus", "-p", session.profile]
    try:
        subprocess.run(
            command,
            env=environment,
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
            timeout=_START_S,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.CalledProcessError as error:
        raise DaemonError(
            f"The daemon of '{session.profile}' does not start: {_last_line(error.stdout, error.stderr)}",
            hint=f"Read {client.circus_log_file}, then: crystalmath doctor",
        ) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DaemonError(
            f"The daemon of '{session.profile}' does not start: {error}", hint="Run: crystalmath doctor"
        ) from error
    _await_circus(session)


def _own_folder(session: Session) -> Path:
    """Return the empty folder that the daemon runs in.

    AiiDA's broker removes the folder that its file of sockets names before it makes another. That file is
    empty after a full disk or a lost power, which then means the folder that the broker runs in: with its
    contents, so there must be none.
    """
    folder = session.directory / "empty"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _await_circus(session: Session) -> None:
    """Wait until circus has written its pid file; it forks before it does."""
    deadline = time.monotonic() + _START_S
    while supervisor(session) is None:
        if time.monotonic() > deadline:
            raise _failure(session, health(session))
        time.sleep(0.05)


def _watch(session: Session, found: Health) -> Health:
    """Have circus run the watchdog beside the others; a daemon without it works, so this never fails.

    Circus has started all that AiiDA asked it for by now, and can be told to stop its statistics.
    """
    from aiida.engine.daemon.client import DaemonException

    command = [Path(sys.executable).name, *watchdog.command(watched(session))]
    try:
        seam_aiida.add_watcher(_client(), _WATCHDOG, command, _own_folder(session))
        seam_aiida.stop_statistics(_client())
    except DaemonException as error:
        session.announce(f"The daemon runs without its watchdog: {error}")
        return found
    deadline = time.monotonic() + _RESPAWN_S
    while not (runs := _is_watched(session, supervisor(session))) and time.monotonic() < deadline:
        time.sleep(0.02)
    return replace(found, watchdog=runs)


def _is_watched(session: Session, circus: psutil.Process | None) -> bool:
    return circus is not None and bool(processes.children(circus, "watchdog", broker.owner(session)))


def _restart_worker(session: Session) -> None:
    from aiida.engine.daemon.client import DaemonException

    session.announce("The daemon's worker does not listen: restarting it")
    try:
        _client().restart_daemon(wait=True, timeout=20)
    except DaemonException:
        _start_over(session)


def _start_over(session: Session) -> None:
    session.announce("The daemon does not answer: restarting all of it")
    _stop(session)
    _start(session)


def _stop(session: Session) -> None:
    from aiida.engine.daemon.client import DaemonException

    circus = supervisor(session)
    broker.disconnect(session)
    if circus is not None:
        try:
            _client().stop_daemon(wait=True, timeout=20)
        except DaemonException:
            processes.end([circus], patience_s=5)
    processes.end(processes.strays(broker.owner(session), None), patience_s=5)
    with storage_faults("The daemon's files cannot be removed"):
        broker.forget_files(session)
        for file in (_client().circus_pid_file, _client().circus_socket_file):
            Path(file).unlink(missing_ok=True)


def supervisor(session: Session) -> psutil.Process | None:
    """Return the living circus process of the session's daemon."""
    return processes.alive(_client().get_daemon_pid(), "circus", broker.owner(session))


def _absent(circus: psutil.Process | None) -> Broker:
    if circus is None:
        return "dead"
    return "starting" if time.time() - circus.create_time() < _YOUNG_S else "dead"


def _worker(session: Session, circus: psutil.Process | None, state: broker.BrokerState) -> Worker:
    workers = processes.children(circus, "worker", broker.owner(session)) if circus is not None else []
    if not workers:
        young = circus is not None and time.time() - circus.create_time() < _YOUNG_S
        return "starting" if young else "dead"
    if state.task_subscribers >= len(workers):
        return "listening"
    youngest_s = max(worker.create_time() for worker in workers)
    # One that is older than the broker is connected to the broker before.
    rising = time.time() - youngest_s < _YOUNG_S and youngest_s >= state.started_at_s - 0.5
    return "starting" if rising else "deaf"


def _fingerprint() -> str:
    """Return what a daemon keeps from its start and a job depends on: versions and the POTCAR folder.

    A worker that was started before an upgrade makes jobs of the new version fail for good.
    """
    versions = [importlib.metadata.version(name) for name in ("crystalmath", "aiida-core", "atomate2")]
    return " ".join([*versions, sys.executable, os.environ.get("PMG_VASP_PSP_DIR", "")])


def _is_outdated(session: Session) -> bool:
    """Return whether a daemon that we started was started as something else than would be started now."""
    circus = supervisor(session)
    try:
        started_as = circus.environ().get(_FINGERPRINT) if circus is not None else None
    except psutil.Error:
        return False
    return started_as is not None and started_as != _fingerprint()


def _client() -> Any:
    from aiida.manage import get_manager

    return get_manager().get_daemon_client()


def _environment(session: Session) -> dict[str, str]:
    """Return the environment of the daemon: short private TMPDIR for its sockets, our folders by name.

    AiiDA would hand this process's `sys.path` on; a file `ase.py` in the user's folder is then imported.
    """
    from aiida.manage.configuration import get_config

    runtime = paths.runtime_directory(f"daemon {session.uuid}")
    here = str(Path(sys.executable).parent)
    if " " in here:  # circus splits its command lines at blanks
        link = runtime / "bin"
        link.unlink(missing_ok=True)
        link.symlink_to(here)
        here = str(link)
    return os.environ | {
        "PATH": here + os.pathsep + os.environ.get("PATH", os.defpath),
        "AIIDA_PATH": str(get_config().dirpath),
        "CRYSTALMATH_HOME": str(paths.home()),
        "TMPDIR": str(runtime),
        _FINGERPRINT: _fingerprint(),
        "PYTHONUNBUFFERED": "True",
    }


def _programs(environment: dict[str, str]) -> Path:
    """Return the folder with Python and AiiDA's command, which circus starts the worker with."""
    folder = Path(environment["PATH"].split(os.pathsep)[0])
    if not (folder / "verdi").is_file():
        raise DaemonError(
            f"AiiDA's command {folder / 'verdi'} is not there",
            hint="Install crystalmath again in this environment.",
        )
    return folder


def _last_line(*texts: str | None) -> str:
    lines = [line.strip() for text in texts for line in (text or "").splitlines() if line.strip()]
    return lines[-1] if lines else "it says nothing"


def _failure(session: Session, found: Health) -> DaemonError:
    said = f"circus {'runs' if found.circus else 'is dead'}, broker {found.broker}, worker {found.worker}"
    return DaemonError(
        f"The daemon of the profile '{session.profile}' does not come up ({said})",
        hint=f"Read {_client().daemon_log_file} for the reason, then: crystalmath doctor",
    )
