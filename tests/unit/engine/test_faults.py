"""What disks and databases say becomes one sentence with the object and the next step."""

from __future__ import annotations

import errno
import os
import sqlite3

import pytest

from crystalmath.engine.faults import storage_fault, storage_faults
from crystalmath.errors import DaemonError, ProfileError, StorageError


def aiida_error(name: str, text: str, below: Exception | None = None) -> Exception:
    kind = type(name, (Exception,), {"__module__": "aiida.common.exceptions"})
    error: Exception = kind(text)
    error.__context__ = below
    return error


def test_a_full_disk_names_the_file() -> None:
    fault = storage_fault(
        "The job cannot be stored", OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/h/x")
    )
    assert isinstance(fault, StorageError)
    assert fault.message == "The job cannot be stored: no space is left for /h/x"
    assert "Free space" in fault.hint


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.EPERM])
def test_a_folder_that_cannot_be_written_says_which_variables_point_to_it(number: int) -> None:
    fault = storage_fault("Saving", OSError(number, os.strerror(number), "/h"))
    assert isinstance(fault, StorageError)
    assert fault.message == "Saving: /h cannot be written"
    assert "CRYSTALMATH_HOME" in fault.hint


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("database or disk is full", "the disk is full"),
        ("attempt to write a readonly database", "it cannot be written"),
        ("unable to open database file", "it cannot be opened"),
        ("database is locked", "another program holds it locked"),
        ("database disk image is malformed", "the file is damaged"),
        ("no such table: x", "no such table: x"),
    ],
)
def test_a_database_that_refuses_is_quoted_in_plain_words(said: str, sentence: str) -> None:
    fault = storage_fault("Saving", sqlite3.OperationalError(said))
    assert isinstance(fault, StorageError)
    assert sentence in fault.message


def test_the_word_of_the_disk_is_found_below_that_of_aiida() -> None:
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/h/db")
    fault = storage_fault("Making", aiida_error("StorageMigrationError", "initialisation failed", full))
    assert isinstance(fault, StorageError)
    assert "no space is left for /h/db" in fault.message


def test_a_storage_of_another_version_is_to_be_migrated() -> None:
    fault = storage_fault("Loading", aiida_error("IncompatibleStorageSchema", "version 1, wants 2"))
    assert isinstance(fault, ProfileError)
    assert "verdi storage migrate" in fault.hint


def test_an_error_of_another_kind_is_left_alone() -> None:
    assert storage_fault("Saving", ValueError("x")) is None
    with pytest.raises(ValueError, match="x"), storage_faults("Saving"):
        raise ValueError("x")


def test_an_error_of_ours_passes_unchanged() -> None:
    ours = DaemonError("it is dead", hint="wake it")
    with pytest.raises(DaemonError) as raised, storage_faults("Saving"):
        raise ours
    assert raised.value is ours
