"""The daemon of a profile whose broker is not ours (RabbitMQ): AiiDA's own start and status, nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from crystalmath.errors import DaemonError

if TYPE_CHECKING:
    from crystalmath.engine.session import Session

__all__ = ["ensure", "parts", "stop"]

Parts = tuple[bool, Literal["answers", "silent"], Literal["listening", "dead"]]


def parts(session: Session) -> Parts:
    """Return (circus runs, broker, worker) of the profile's daemon."""
    from aiida.engine.daemon.client import DaemonException
    from aiida.manage import get_manager

    client = get_manager().get_daemon_client()
    try:
        workers = len(client.get_worker_info(timeout=5).get("info", {})) if client.is_daemon_running else 0
        circus = client.is_daemon_running
    except DaemonException:
        workers, circus = 0, False
    return circus, "answers" if _broker_answers(session) else "silent", "listening" if workers else "dead"


def ensure(session: Session) -> Parts:
    """Start the daemon with AiiDA's own command if it does not run.

    Raises DaemonError when the profile has no broker, the broker does not answer (it is not ours to
    start) or the daemon does not start.
    """
    circus, broker, worker = parts(session)
    if broker == "silent":
        raise DaemonError(
            f"The broker of the profile '{session.profile}' does not answer",
            hint="Start its RabbitMQ server, then look with: verdi status",
        )
    if not circus or worker == "dead":
        session.announce(f"Starting the daemon of the profile '{session.profile}'")
        _verdi(session, "daemon", "start", "1")
        circus, broker, worker = parts(session)
    return circus, broker, worker


def stop(session: Session) -> None:
    """Stop the daemon with AiiDA's own command."""
    _verdi(session, "daemon", "stop")


def _broker_answers(session: Session) -> bool:
    from aiida.common.exceptions import ConfigurationError
    from aiida.manage import get_manager

    try:
        communicator: Any = get_manager().get_communicator()
    except ConfigurationError as error:
        raise DaemonError(
            f"The profile '{session.profile}' has no broker, so it has no daemon",
            hint="Give it one with: verdi profile configure-broker",
        ) from error
    except (ConnectionError, OSError):
        return False
    return not communicator.is_closed()


def _verdi(session: Session, *arguments: str) -> None:
    verdi = Path(sys.executable).parent / "verdi"
    command = [str(verdi), "-p", session.profile, *arguments]
    try:
        subprocess.run(
            command, check=True, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        said = (
            (getattr(error, "stdout", None) or getattr(error, "stderr", None) or str(error))
            .strip()
            .splitlines()
        )
        raise DaemonError(
            f"'{' '.join(command[1:])}' failed: {said[-1] if said else error}", hint="Look with: verdi status"
        ) from error
