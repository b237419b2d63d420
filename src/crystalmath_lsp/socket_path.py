"""Where the shared server of a user listens, and which process that is."""

from __future__ import annotations

import fcntl
import json
import os
import stat
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Final

from crystalmath.errors import EngineError

__all__ = ["Running", "SocketLock", "default_path", "running"]

_LONGEST: Final = 100  # bytes of a Unix socket's path, a little below what every system takes
_PAUSES_S: Final = (0.001, 0.01, 0.1, 0.3, 0.5)


@dataclass(frozen=True, slots=True)
class Running:
    """The server that holds a socket: its process, version and since when it runs."""

    pid: int
    version: str
    started_at: str
    path: str


def default_path() -> Path:
    """Return `$XDG_RUNTIME_DIR/crystalmath/server.sock`, or one below the temporary folder of this user."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    wanted = Path(runtime) / "crystalmath" / "server.sock"
    if runtime and Path(runtime).is_dir() and len(os.fsencode(wanted)) <= _LONGEST:
        return wanted
    return Path(tempfile.gettempdir()) / f"crystalmath-{os.getuid()}" / "server.sock"


class SocketLock:
    """The lock beside a socket: whoever holds it is its only server, and dies with it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[str] | None = None

    def take(self) -> bool:
        """Make the folder and take the lock; False when a server holds it.

        Raises EngineError when the folder cannot be made or others may enter it.
        """
        try:
            _make_private(self.path.parent)
            file = _lock_file(self.path).open("a+", encoding="utf-8")
        except OSError as error:
            raise EngineError(
                f"The socket {self.path} cannot be made: {error}",
                hint="Name one in a folder of your own with mode 700: --socket PATH",
            ) from error
        if not _locked(file):
            file.close()
            return False
        file.truncate(0)  # what a server that was killed had noted
        self._file = file
        return True

    def note(self, who: Running) -> None:
        """Write who holds the lock."""
        assert self._file is not None
        self._file.seek(0)
        self._file.truncate()
        self._file.write(json.dumps(asdict(who)))
        self._file.flush()

    def release(self) -> None:
        """Remove the socket and give the lock back."""
        self.path.unlink(missing_ok=True)
        if self._file is not None:
            self._file.truncate(0)
            self._file.close()


def running(path: Path) -> Running | None:
    """Return the server that listens on the socket, None when there is none."""
    try:
        with _lock_file(path).open("r+", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                found = Running(**json.loads(file.read()))
                return found if _is_alive(found.pid) else None
    except (OSError, ValueError):
        return None
    return None


def _is_alive(pid: int) -> bool:
    """Return whether the process is there: the note may be that of a killed server, not the next one's."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _locked(file: IO[str]) -> bool:
    """Take the lock; who merely asks whether a server runs holds it for an instant, and is waited for."""
    for pause_s in _PAUSES_S:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(pause_s)
        else:
            return True
    return False


def _make_private(folder: Path) -> None:
    """Make the folder for this user alone; one that is there must be so already, as it may hold more."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = folder.stat()
    if found.st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to another user")
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise PermissionError(f"other users may enter {folder}")


def _lock_file(path: Path) -> Path:
    return path.with_name(path.name + ".lock")
