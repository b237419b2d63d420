"""The stand-in executable as a code, with the synthetic POTCARs that go with it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crystalmath import paths
from crystalmath.engine import codes, locks
from crystalmath.engine import computer as computers
from crystalmath.engine.faults import storage_faults
from crystalmath.errors import CodeError, StorageError

if TYPE_CHECKING:
    from crystalmath.engine.session import Session

__all__ = ["code", "synthetic_potcars"]


def code(session: Session) -> Any:
    """Return the stand-in's code, registered (with its synthetic POTCARs) if it was not.

    Raises CodeError when the executable is not there and StorageError.
    """
    executable = Path(sys.executable).parent / "crystalmath-standin"
    session.begin()
    if (found := _registered(executable)) is not None:
        return found
    if not executable.is_file():
        raise CodeError(
            f"The stand-in executable {executable} is not there",
            hint="Install crystalmath again into this Python environment.",
        )
    machine = computers.localhost(session)
    with locks.held(session.directory / "setup.lock", what="Registering the stand-in"):
        session.begin()
        if (found := _registered(executable)) is not None:  # another process was quicker
            return found
        folder = synthetic_potcars(session, executable)
        with storage_faults("The stand-in cannot be registered"):
            return _register(session, machine, executable, folder)


def _registered(executable: Path) -> Any | None:
    """Return the code if it runs the executable, knows its POTCARs and they are there."""
    found = codes.find(codes.STANDIN_LABEL)
    if found is None or Path(found.filepath_executable) != executable:
        return None
    potcars = codes.potcar_directory(found)
    return found if potcars is not None and (potcars / ".complete").is_file() else None


def _register(session: Session, machine: Any, executable: Path, folder: Path) -> Any:
    """Store the code, or complete one that was left without its extra."""
    found = codes.find(codes.STANDIN_LABEL)
    if found is not None and Path(found.filepath_executable) != executable:
        found.label = f"{codes.STANDIN_LABEL}-{found.pk}"  # the environment moved, stored codes cannot change
        found.is_hidden = True
        found = None
    if found is None:
        session.announce(f"Registering the stand-in executable {executable} (it is not VASP)")
        found = codes.store(machine, codes.STANDIN_LABEL, executable, description="The stand-in: not VASP")
    kept = found.base.extras.get(codes.EXTRA, {})
    found.base.extras.set(codes.EXTRA, codes.details("", 1, 1) | kept | {"potcars": str(folder)})
    return found


def synthetic_potcars(session: Session, executable: Path) -> Path:
    """Return the folder of synthetic POTCARs below our home, written once by the stand-in."""
    folder = paths.home() / "standin-potcars"
    done = folder / ".complete"
    if done.is_file():
        return folder
    session.announce(f"Writing synthetic POTCARs for the stand-in to {folder}")
    with storage_faults("The synthetic POTCARs cannot be written"):
        folder.mkdir(parents=True, exist_ok=True)
        command = [str(executable), "--potcars", str(folder)]
        written = subprocess.run(command, capture_output=True, text=True, check=False)
        if written.returncode != 0:
            said = (written.stderr or written.stdout).strip().splitlines() or ["it says nothing"]
            raise StorageError(
                f"The stand-in writes no POTCARs to {folder}: {said[-1]}", hint="Free space on that disk."
            )
        done.touch()
    return folder
