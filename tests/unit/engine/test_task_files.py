"""The broker's tasks are read from its files, and nothing is moved by it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from crystalmath.engine import task_files

if TYPE_CHECKING:
    from pathlib import Path

BODY = "!!python/tuple\nintent: continue\nargs:\n  pid: {}\n  nowait: false\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("pending", "processing"):
        (tmp_path / name).mkdir()
    return tmp_path


def write(folder: Path, place: str, name: str, pk: int) -> None:
    (folder / place / f"{name}.json").write_text(json.dumps({"id": name, "body": BODY.format(pk)}))


def test_a_task_says_whose_it_is_and_whether_it_is_handed_out(folder: Path) -> None:
    write(folder, "pending", "1_a", 41)
    write(folder, "processing", "2_b", 42)
    found = {task.pk: task.is_handed_out for task in task_files.read(folder)}
    assert found == {41: False, 42: True}
    assert len(list(folder.glob("*/*.json"))) == 2


def test_a_task_counts_from_when_it_came_to_its_place(folder: Path) -> None:
    write(folder, "pending", "1_a", 41)
    file = (folder / "pending" / "1_a.json").rename(folder / "processing" / "1_a.json")
    (task,) = task_files.read(folder)
    assert task.since_s == file.stat().st_ctime


def test_a_process_may_have_two_tasks(folder: Path) -> None:
    write(folder, "pending", "1_a", 41)
    write(folder, "processing", "2_b", 41)
    assert [task.pk for task in task_files.read(folder)] == [41, 41]


def test_a_file_that_is_no_task_is_left_out(folder: Path) -> None:
    (folder / "pending" / "1_a.json").write_text("{")
    (folder / "pending" / "2_b.json").write_text('{"body": "something else"}')
    assert task_files.read(folder) == ()


def test_a_broker_that_never_ran_has_no_tasks(tmp_path: Path) -> None:
    assert task_files.read(tmp_path / "storage") == ()
