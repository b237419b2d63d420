"""The watchdog sees our unfinished processes in two SQLite files, and goes on whatever it cannot read."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from crystalmath.engine.watchdog import Watched, command, look

if TYPE_CHECKING:
    from pathlib import Path

FLOW, CALCULATION, FUNCTION = (
    "process.workflow.workchain.WorkChainNode.",
    "process.calculation.calcjob.CalcJobNode.",
    "process.calculation.calcfunction.CalcFunctionNode.",
)
MODIFIED = "2026-11-30 12:00:00.500000"
NODES = [
    (1, FLOW, "waiting"),
    (2, FUNCTION, "running"),  # runs inside of its caller
    (3, CALCULATION, "finished"),
    (4, CALCULATION, "created"),
    (5, CALCULATION, "running"),  # of a job that is not ours
]


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    index, database = tmp_path / "index.sqlite", tmp_path / "database.sqlite"
    with closing(sqlite3.connect(index)) as connection, connection:
        connection.execute("CREATE TABLE jobs (key TEXT, pk INTEGER, ended INTEGER)")
        rows = [("ours", 1, 0), ("half made", None, 0), ("over", 9, 1)]
        connection.executemany("INSERT INTO jobs VALUES (?, ?, ?)", rows)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE TABLE db_dbnode (id INTEGER, node_type TEXT, mtime TEXT, attributes TEXT)")
        connection.execute("CREATE TABLE db_dblink (input_id INTEGER, output_id INTEGER, type TEXT)")
        for pk, kind, state in NODES:
            values = (pk, kind, MODIFIED, f'{{"process_state": "{state}"}}')
            connection.execute("INSERT INTO db_dbnode VALUES (?, ?, ?, ?)", values)
        calls = [(1, pk, "call_calc") for pk in (2, 3, 4)]
        connection.executemany("INSERT INTO db_dblink VALUES (?, ?, ?)", calls)
    return Watched("mine", tmp_path, tmp_path / "broker", index, tmp_path / "watchdog.log", database)


def test_our_jobs_and_their_steps_that_have_not_ended_are_seen(watched: Watched) -> None:
    assert [active.pk for active in look(watched, None).active] == [1, 4]


def test_times_of_modification_are_seconds_since_the_epoch(watched: Watched) -> None:
    expected = datetime(2026, 11, 30, 12, 0, 0, 500_000, UTC).timestamp()
    assert look(watched, None).active[0].modified_at_s == pytest.approx(expected, abs=0.01)


def test_a_key_without_a_process_is_seen(watched: Watched) -> None:
    assert look(watched, None).reserved == ("half made",)


def test_a_file_that_cannot_be_read_shows_nothing(watched: Watched) -> None:
    watched.index.write_bytes(b"no database")
    sight = look(watched, None)
    assert (sight.active, sight.reserved, sight.tasks, sight.broker) == ((), (), (), None)


def test_what_is_watched_survives_the_command_line(watched: Watched) -> None:
    options = command(watched)
    assert Watched.parse(options[options.index("-p") :]) == watched
