"""Foreign exceptions of storage and profile turned into ours, at the engine's boundary."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crystalmath.errors import EngineError, ProfileError, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["storage_fault", "storage_faults"]

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EROFS, errno.EACCES, errno.EPERM}
_DATABASE = (
    ("disk is full", "the disk is full", "Free space on that disk and give the command again."),
    ("readonly database", "it cannot be written", "Make the folder writable and give the command again."),
    ("unable to open database", "it cannot be opened", "Check that its folder exists and is writable."),
    ("database is locked", "another program holds it locked", "Give the command again in a moment."),
    ("disk i/o error", "the disk reports an input/output error", "Check the disk and its free space."),
    ("malformed", "the file is damaged", "Restore it from a backup, then: crystalmath doctor"),
    ("not a database", "the file is damaged", "Restore it from a backup, then: crystalmath doctor"),
)

_AIIDA: tuple[tuple[set[str], type[EngineError], str], ...] = (
    (
        {"IncompatibleStorageSchema", "StorageMigrationError", "CorruptStorage"},
        ProfileError,
        "Bring its storage up to date with: verdi storage migrate",
    ),
    (
        {"UnreachableStorage", "ClosedStorage"},
        StorageError,
        "Check that its storage is there and running: verdi status",
    ),
    (
        {"LockedProfileError", "LockingProfileError"},
        ProfileError,
        "Wait until the maintenance of the profile has ended.",
    ),
    (
        {"ConfigurationError", "MissingConfigurationError", "ProfileConfigurationError"},
        ProfileError,
        "See the profiles there are with: verdi profile list",
    ),
)


def storage_fault(what: str, error: BaseException) -> EngineError | None:
    """Return our error for one that a disk, a folder or a database raised; None for any other."""
    if type(error).__module__.startswith("aiida.common.exceptions"):
        return _aiida_fault(what, error)
    if isinstance(error, OSError):
        return _file_fault(what, error)
    if isinstance(error, sqlite3.Error) or type(error).__module__.startswith("sqlalchemy"):
        return _database_fault(what, error)
    # Some say themselves what the disk said: a log file that cannot be opened is a ValueError of logging.
    return storage_fault(what, error.__cause__) if isinstance(error.__cause__, OSError) else None


def _file_fault(what: str, error: OSError) -> EngineError:
    where = f" {error.filename}" if error.filename else ""
    if error.errno in _FULL:
        return StorageError(
            f"{what}: no space is left for{where or ' the file'}",
            hint="Free space on that disk and try again.",
        )
    if error.errno in _FORBIDDEN:
        return StorageError(
            f"{what}:{where or ' a folder'} cannot be written",
            hint="Make it writable, or point CRYSTALMATH_HOME and AIIDA_PATH to folders of your own.",
        )
    return StorageError(
        f"{what}: {error.strerror or error}{':' + where if where else ''}", hint="Run: crystalmath doctor"
    )


def _database_fault(what: str, error: BaseException) -> EngineError:
    text = str(getattr(error, "orig", None) or error)
    for sign, sentence, hint in _DATABASE:
        if sign in text.lower():
            return StorageError(f"{what}: the database refuses, {sentence}", hint=hint)
    return StorageError(
        f"{what}: the database refuses: {text.splitlines()[0]}", hint="Run: crystalmath doctor"
    )


def _aiida_fault(what: str, error: BaseException) -> EngineError | None:
    # AiiDA wraps what the disk said; the disk's own word is the better one.
    below = error.__cause__ or error.__context__
    if below is not None and (fault := storage_fault(what, below)) is not None:
        return fault
    name, text = type(error).__name__, " ".join(str(error).split())
    if "could not create" in text:
        return StorageError(f"{what}: {text}", hint="Point AIIDA_PATH to a folder of your own.")
    for names, kind, hint in _AIIDA:
        if name in names:
            return kind(f"{what}: {text}", hint=hint)
    return None


@contextmanager
def storage_faults(what: str) -> Iterator[None]:
    """Turn what disks, databases and AiiDA's storage raise into an EngineError beginning with `what`."""
    try:
        yield
    except EngineError:
        raise
    except Exception as error:
        if (ours := storage_fault(what, error)) is None:
            raise
        raise ours from error
