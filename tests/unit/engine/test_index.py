"""Our file of jobs: one row per key, seen by all processes, nothing lost when it is damaged."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from crystalmath.engine.index import Entry, Index
from crystalmath.errors import StorageError

if TYPE_CHECKING:
    from pathlib import Path

ENTRY = Entry(
    key="k",
    digest="d",
    pk=None,
    uuid=None,
    template="relax",
    formula="Si2",
    n_atoms=2,
    label="my silicon",
    created_at="2026-01-01T00:00:00+00:00",
)


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index.at(tmp_path / "index.sqlite")


def test_a_reserved_key_is_found_with_everything_that_was_written(index: Index) -> None:
    index.reserve(ENTRY)
    assert index.find("k") == ENTRY
    assert index.find("other") is None


def test_a_key_is_unique(index: Index) -> None:
    index.reserve(ENTRY)
    with pytest.raises(StorageError, match="UNIQUE"):
        index.reserve(replace(ENTRY, label="another"))


def test_another_process_sees_what_was_written(index: Index) -> None:
    other = Index.at(index.path)
    index.reserve(ENTRY)
    index.stored("k", 7, "u-7")
    found = other.find("k")
    assert found is not None
    assert (found.pk, found.uuid) == (7, "u-7")


def test_a_key_with_a_process_is_not_given_free(index: Index) -> None:
    index.reserve(ENTRY)
    index.stored("k", 7, "u-7")
    index.free("k")
    assert index.find("k") is not None


def test_a_key_without_a_process_is_given_free(index: Index) -> None:
    index.reserve(ENTRY)
    index.free("k")
    assert index.find("k") is None


def test_what_has_ended_is_no_longer_looked_after(index: Index) -> None:
    index.add_missing(replace(ENTRY, key=str(pk), pk=pk, uuid=str(pk)) for pk in range(3))
    index.ended([0, 2])
    assert [entry.pk for entry in index.unended()] == [1]


def test_rows_that_are_there_are_not_overwritten(index: Index) -> None:
    index.reserve(ENTRY)
    added = index.add_missing([replace(ENTRY, label="other"), replace(ENTRY, key="new")])
    kept = index.find("k")
    assert added == 1
    assert kept == ENTRY


def test_more_jobs_than_sqlite_takes_in_one_question_are_found(index: Index) -> None:
    index.add_missing(replace(ENTRY, key=str(pk), pk=pk, uuid=str(pk)) for pk in range(1200))
    assert len(index.of_keys(map(str, range(1200)))) == 1200


def test_a_damaged_file_is_not_sound(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    index = Index.at(path)
    index.add_missing(replace(ENTRY, key=str(pk), pk=pk, uuid=str(pk)) for pk in range(500))
    index.close()
    content = bytearray(path.read_bytes())
    content[4096:12288] = b"\xff" * 8192
    path.write_bytes(content)
    assert not Index.at(path).is_sound()
