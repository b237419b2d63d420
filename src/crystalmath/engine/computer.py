"""This machine as an AiiDA computer: core.local, core.direct, scratch below our home."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Any

from crystalmath import paths
from crystalmath.engine import locks
from crystalmath.engine.faults import storage_faults
from crystalmath.engine.polling import ADAPTIVE
from crystalmath.errors import EngineError

if TYPE_CHECKING:
    from pathlib import Path

    from crystalmath.engine.session import Session

__all__ = ["find", "localhost", "scratch"]

LABEL = "localhost"
OTHER_LABEL = "crystalmath-localhost"  # where a profile of the user's has a localhost already


def localhost(session: Session) -> Any:
    """Return the computer that stands for this machine, stored and configured if it was not."""
    session.begin()
    computer = find()
    if computer is not None and computer.is_configured:
        return computer
    with locks.held(session.directory / "setup.lock", what="Registering this machine"):
        session.begin()
        with storage_faults("This machine cannot be registered"):
            computer = find() or _create(session)
            if not computer.is_configured:
                # Modules and the like belong into a code's own lines: a login shell costs 0.1 s a call.
                computer.configure(safe_interval=0.0, use_login_shell=False)
    return computer


def find() -> Any | None:
    """Return the computer that we registered for this machine, or None.

    One that the user registered has a launcher of its own, which would come before that of a code.
    """
    from aiida import orm

    for label in (LABEL, OTHER_LABEL):
        for computer in orm.Computer.collection.find({"label": label}):
            if computer.get_property(ADAPTIVE, False):
                return computer
    return None


def scratch(computer: Any) -> Path:
    """Return the folder below which the computer's jobs run."""
    from pathlib import Path

    return Path(computer.get_workdir().format(username=getpass.getuser()))


def _create(session: Session) -> Any:
    from aiida import orm

    folder = paths.home() / "scratch"
    folder.mkdir(parents=True, exist_ok=True)
    if any(sign in str(folder) for sign in "{}"):
        raise EngineError(
            f"The scratch folder {folder} has a brace in its name, which AiiDA would replace",
            hint="Set CRYSTALMATH_HOME to a folder without braces.",
        )
    label = OTHER_LABEL if orm.Computer.collection.find({"label": LABEL}) else LABEL
    session.announce(f"Registering this machine as '{label}', jobs run below {folder}")
    computer = orm.Computer(
        label=label,
        hostname="localhost",
        description="This machine, no scheduler",
        transport_type="core.local",
        scheduler_type="core.direct",
        workdir=str(folder),
    )
    computer.set_minimum_job_poll_interval(1.0)
    computer.set_default_mpiprocs_per_machine(1)
    computer.set_mpirun_command([])  # each code brings its own launcher line
    computer.set_property(ADAPTIVE, True)
    return computer.store()
