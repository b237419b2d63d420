"""Our SQLite file of a profile: one row per job that we submitted, its client key unique; and the job list.

AiiDA stays the only truth: this file can be deleted at any time and is rebuilt from the nodes' labels
(`cm:<key>`) and extras. It exists because AiiDA's labels are not unique, and because JSON attributes
and extras are not indexed.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from crystalmath.engine.faults import storage_faults
from crystalmath.engine.list_table import INDEXES, TABLES, ListTable, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from crystalmath.engine.session import Session

__all__ = ["EXTRA", "LABEL_PREFIX", "Entry", "Index", "rebuild"]

LABEL_PREFIX = "cm:"
EXTRA = "crystalmath"  # extra of a job's node: template, formula, n_atoms, digest
BUSY_MS = 20_000

_SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
  key TEXT PRIMARY KEY,
  digest TEXT NOT NULL,
  pk INTEGER UNIQUE,
  uuid TEXT,
  template TEXT NOT NULL,
  formula TEXT NOT NULL,
  n_atoms INTEGER NOT NULL,
  label TEXT NOT NULL,
  created_at TEXT NOT NULL,
  acknowledged INTEGER NOT NULL DEFAULT 0,
  ended INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS jobs_unended ON jobs(pk) WHERE ended = 0;
PRAGMA user_version = 1;
"""
_INSERT = "INSERT INTO jobs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_SELECT = "SELECT * FROM jobs WHERE "


@dataclass(frozen=True, slots=True)
class Entry:
    """One job: `pk` is None between the reservation of its key and the storing of its process.

    `digest` identifies the request, empty when it is not known; `acknowledged` says that the broker
    had its task on disk.
    """

    key: str
    digest: str
    pk: int | None
    uuid: str | None
    template: str
    formula: str
    n_atoms: int
    label: str
    created_at: str
    acknowledged: bool = False
    ended: bool = False


class Index:
    """The open file; every method is one committed transaction, also seen by other processes."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.path = path
        self.table = ListTable(connection)

    @classmethod
    def of(cls, session: Session) -> Self:
        """Open the session's index; a missing or damaged file is made anew from AiiDA."""
        path = session.directory / "index.sqlite"
        with storage_faults(f"The job index {path} cannot be opened"):
            fresh = not path.is_file()
            try:
                index = cls.at(path)
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise  # a full disk or a lock is no damage
                session.announce(f"The job index {path} is damaged: making it anew")
                put_aside(path)
                index, fresh = cls.at(path), True
        if fresh:
            index.add_missing(_entries_in_aiida(session))
        return index

    @classmethod
    def at(cls, path: Path) -> Self:
        """Open the file, with its table."""
        connection = sqlite3.connect(path, timeout=BUSY_MS / 1000, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_SCHEMA + TABLES + INDEXES)
        except sqlite3.Error:
            connection.close()
            raise
        return cls(connection, path)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def put_aside(self) -> None:
        """Close the file and put it aside."""
        self.close()
        put_aside(self.path)

    def is_sound(self) -> bool:
        """Return whether SQLite finds no damage in the file."""
        try:
            return bool(self._connection.execute("PRAGMA quick_check").fetchone() == ("ok",))
        except sqlite3.DatabaseError:
            return False

    def find(self, key: str) -> Entry | None:
        """Return the job of the key."""
        return next(iter(self._select("key = ?", key)), None)

    def of_keys(self, keys: Iterable[str]) -> dict[str, Entry]:
        """Return the jobs of these keys by key; those of others are left out."""
        found: dict[str, Entry] = {}
        for part in parts_of(keys):
            found |= {
                entry.key: entry for entry in self._select(f"key IN ({', '.join('?' * len(part))})", *part)
            }
        return found

    def unended(self) -> tuple[Entry, ...]:
        """Return the jobs that were not seen to have ended, in the order of submission."""
        return self._select("ended = 0 ORDER BY created_at")

    def reserve(self, entry: Entry) -> None:
        """Write a new job; the key must be free (it is looked up under the submit lock)."""
        with self._faults():
            self._connection.execute(_INSERT, _values(entry))

    def stored(self, key: str, pk: int, uuid: str) -> None:
        """Note the process of the key."""
        self._write("UPDATE jobs SET pk = ?, uuid = ? WHERE key = ?", pk, uuid, key)

    def acknowledged(self, key: str) -> None:
        """Note that the broker has the task of the key."""
        self._write("UPDATE jobs SET acknowledged = 1 WHERE key = ?", key)

    def ended(self, pks: Iterable[int]) -> None:
        """Note that these jobs have ended."""
        with self._faults():
            self._connection.executemany("UPDATE jobs SET ended = 1 WHERE pk = ?", [(pk,) for pk in pks])

    def label(self, key: str, text: str) -> None:
        """Note another title of the job."""
        self._write("UPDATE jobs SET label = ? WHERE key = ?", text, key)

    def forget(self, pks: Iterable[int]) -> None:
        """Remove jobs that no longer exist; their keys are free again."""
        with self._faults():
            self._connection.executemany("DELETE FROM jobs WHERE pk = ?", [(pk,) for pk in pks])

    def free(self, key: str) -> None:
        """Give the key free; only for one that has no process."""
        self._write("DELETE FROM jobs WHERE key = ? AND pk IS NULL", key)

    def add_missing(self, entries: Iterable[Entry]) -> int:
        """Write the jobs whose key is not there and return how many."""
        with self._faults():
            rows = [_values(entry) for entry in entries]
            return self._connection.executemany(_INSERT.replace("INSERT", "INSERT OR IGNORE"), rows).rowcount

    def _select(self, where: str, *values: object) -> tuple[Entry, ...]:
        with self._faults():
            rows = self._connection.execute(_SELECT + where, values).fetchall()
        return tuple(_entry(row) for row in rows)

    def _write(self, statement: str, *values: object) -> None:
        with self._faults():
            self._connection.execute(statement, values)

    @contextmanager
    def _faults(self) -> Iterator[None]:
        with storage_faults(f"The job index {self.path} refuses"):
            yield


def rebuild(session: Session) -> int:
    """Add to the session's index every job of AiiDA's that it lacks and return how many."""
    return session.index.add_missing(_entries_in_aiida(session))


def _entry(row: tuple[Any, ...]) -> Entry:
    return replace(Entry(*row), acknowledged=bool(row[9]), ended=bool(row[10]))


def _values(entry: Entry) -> tuple[object, ...]:
    return (
        entry.key,
        entry.digest,
        entry.pk,
        entry.uuid,
        entry.template,
        entry.formula,
        entry.n_atoms,
        entry.label,
        entry.created_at,
        int(entry.acknowledged),
        int(entry.ended),
    )


def put_aside(path: Path) -> None:
    """Rename the file and forget what SQLite wrote beside it."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    path.rename(path.with_name(f"{path.name}.damaged-{stamp}"))
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _entries_in_aiida(session: Session) -> Iterator[Entry]:
    """Yield the jobs that AiiDA knows, from their labels; of twins with one key the first."""
    from aiida import orm

    session.begin()
    query = orm.QueryBuilder().append(
        orm.ProcessNode,
        filters={"label": {"like": LABEL_PREFIX + "%"}},
        project=["id", "uuid", "label", "description", "ctime", f"extras.{EXTRA}", "attributes.sealed"],
    )
    for pk, uuid, label, description, created, extra, sealed in query.order_by(
        {orm.ProcessNode: "id"}
    ).iterall():
        known = extra or {}
        yield Entry(
            key=label.removeprefix(LABEL_PREFIX),
            digest=known.get("digest", ""),
            pk=pk,
            uuid=uuid,
            template=known.get("template", ""),
            formula=known.get("formula", ""),
            n_atoms=known.get("n_atoms", 0),
            label=description,
            created_at=created.astimezone(UTC).isoformat(),
            acknowledged=True,
            ended=bool(sealed),
        )
