"""The job list: one row per top-level process in our SQLite file, filtered, sorted and paged there.

AiiDA keeps states, formulas and templates in JSON, which no index finds; here each has a column. Nothing is
known here of AiiDA: `list_sweep` keeps the rows up to date.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar, get_args

from crystalmath.errors import InputError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from crystalmath.engine.states import State

__all__ = [
    "INDEXES",
    "MAX_PAGE",
    "SORT_KEYS",
    "Filter",
    "JobRow",
    "ListTable",
    "Page",
    "SortKey",
    "parts_of",
    "utc",
]

MAX_PAGE: Final = 2000
SortKey = Literal[
    "created", "modified", "state", "formula", "template", "label", "code", "n_atoms", "exit_status"
]
SORT_KEYS: Final[tuple[SortKey, ...]] = get_args(SortKey)
_COLUMN: Final[dict[SortKey, str]] = {"created": "id", "modified": "modified_at"}
_ELEMENT: Final = re.compile(r"[A-Z][a-z]?")
_IN_ONE_QUESTION: Final = 500

_T = TypeVar("_T")

TABLES: Final = """
CREATE TABLE IF NOT EXISTS list (
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL,
  label TEXT NOT NULL,
  formula TEXT NOT NULL,
  template TEXT NOT NULL,
  n_atoms INTEGER NOT NULL,
  code TEXT NOT NULL,
  state TEXT NOT NULL,
  exit_status INTEGER NOT NULL,
  exit_message TEXT NOT NULL,
  created_at TEXT NOT NULL,
  modified_at TEXT NOT NULL,
  is_foreign INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS list_elements (
  element TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (element, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS list_texts (
  id INTEGER PRIMARY KEY, label TEXT NOT NULL, rest TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS list_notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""
INDEXES: Final = """
CREATE INDEX IF NOT EXISTS list_state ON list(state, id);
CREATE INDEX IF NOT EXISTS list_template ON list(template, id, state);
CREATE INDEX IF NOT EXISTS list_code ON list(code, id, state);
CREATE INDEX IF NOT EXISTS list_formula ON list(formula, id, state);
CREATE INDEX IF NOT EXISTS list_label ON list(label, id, state);
CREATE INDEX IF NOT EXISTS list_exit_status ON list(exit_status, id, state);
CREATE INDEX IF NOT EXISTS list_n_atoms ON list(n_atoms, id);
CREATE INDEX IF NOT EXISTS list_modified ON list(modified_at, id, state);
CREATE INDEX IF NOT EXISTS list_created ON list(created_at, id, state);
"""
_COLUMNS: Final = (
    "id, uuid, label, formula, template, n_atoms, code, state, exit_status, exit_message, created_at, "
    "modified_at, is_foreign"
)
_SELECT: Final = f"SELECT {_COLUMNS} FROM list"  # noqa: S608 - a constant
_COUNT: Final = "SELECT state, COUNT(*) FROM list WHERE {} GROUP BY state"
_UNENDED: Final = """SELECT id FROM list
  WHERE state IN ('created', 'queued', 'running', 'transferring', 'paused', 'asking')"""
_INSERT: Final = "INSERT OR REPLACE INTO list VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_DELETE: Final = "DELETE FROM {} WHERE id = ?"
_TABLES: Final = ("list", "list_texts", "list_elements", "list_notes")
_WITH_ELEMENTS: Final = (
    "id IN (SELECT id FROM list_elements WHERE element IN ({}) GROUP BY id HAVING COUNT(*) = ?)"
)


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job as a list shows it; formula, template and n_atoms are None for foreign processes."""

    id: int
    uuid: str
    label: str
    formula: str | None
    template: str | None
    n_atoms: int | None
    code: str | None
    state: State
    exit_status: int | None
    exit_message: str | None
    created_at: str
    modified_at: str
    foreign: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which jobs are wanted: those that fulfil all that is given.

    `states` is any of them, `elements` all of them; `text` is searched in label, formula and template,
    `label` in the label, whatever their case; times are ISO 8601, the later end is excluded.
    """

    states: tuple[State, ...] = ()
    template: str | None = None
    code: str | None = None
    formula: str | None = None
    elements: tuple[str, ...] = ()
    label: str | None = None
    text: str | None = None
    exit_status: int | None = None
    created_after: str | None = None
    created_before: str | None = None
    modified_after: str | None = None
    modified_before: str | None = None
    foreign: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows; `next` is what brings the page behind them, None on the last one."""

    rows: tuple[JobRow, ...]
    next: str | None


class ListTable:
    """The rows in an open file; methods that write are one transaction each."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def page(
        self,
        wanted: Filter,
        *,
        sort: SortKey = "created",
        descending: bool = True,
        after: str | None = None,
        limit: int = MAX_PAGE,
    ) -> Page:
        """Return up to `limit` jobs behind the key `after`. Raises InputError for one that is no key."""
        column = _COLUMN.get(sort, sort)
        where, values = _conditions(wanted)
        if after is not None:
            beyond, key = _beyond(column, descending=descending, after=after)
            where, values = [*where, beyond], [*values, *key]
        way = "DESC" if descending else "ASC"
        # Few jobs are not finished: find them by the index of states, whose order SQLite does not see.
        hidden = "+" if len(wanted.states) > 1 and "finished" not in wanted.states else ""
        order = f"{hidden}id {way}" if column == "id" else f"{column} {way}, id {way}"
        statement = f"{_SELECT} WHERE {' AND '.join(where)} ORDER BY {order} LIMIT ?"
        found = self._connection.execute(statement, [*values, limit + 1]).fetchall()
        rows = tuple(_row(values) for values in found[:limit])
        if len(found) <= limit:
            return Page(rows, None)
        position = [*_COLUMNS.split(", ")].index(column)
        return Page(rows, json.dumps([found[limit - 1][position], found[limit - 1][0]], ensure_ascii=False))

    def counts(self, wanted: Filter) -> dict[str, int]:
        """Return how many of the wanted jobs are in each state that one is in."""
        where, values = _conditions(wanted)
        statement = _COUNT.format(" AND ".join(where))
        return dict(self._connection.execute(statement, values).fetchall())

    def of_ids(self, ids: Iterable[int]) -> dict[int, JobRow]:
        """Return the rows of these jobs by id; those that have none are left out."""
        found: dict[int, JobRow] = {}
        for part in parts_of(ids):
            marks = ", ".join("?" * len(part))
            statement = f"{_SELECT} WHERE id IN ({marks})"
            found |= {values[0]: _row(values) for values in self._connection.execute(statement, part)}
        return found

    def unended(self) -> tuple[int, ...]:
        """Return the ids of the jobs that have not ended."""
        return tuple(pk for (pk,) in self._connection.execute(_UNENDED))

    def newest(self, count: int) -> tuple[int, ...]:
        """Return the ids of the newest jobs."""
        found = self._connection.execute("SELECT id FROM list ORDER BY id DESC LIMIT ?", (count,))
        return tuple(pk for (pk,) in found)

    def ids(self) -> frozenset[int]:
        """Return the ids of all jobs."""
        return frozenset(pk for (pk,) in self._connection.execute("SELECT id FROM list"))

    def locked(self) -> AbstractContextManager[object]:
        """Let nobody else write until the block has ended; it is written all or not at all."""
        return _Transaction(self._connection)

    def write(self, rows: Iterable[JobRow], notes: Mapping[str, str] | None = None) -> None:
        """Write rows over those of the same ids, with the notes that go with them."""
        written = list(rows)
        with _Transaction(self._connection):
            self._forget_elements(row.id for row in written)
            self._insert(written, notes or {})

    def remove(self, ids: Iterable[int]) -> None:
        """Remove the rows of jobs that are no longer there."""
        gone = list(ids)
        with _Transaction(self._connection) as execute_many:
            self._forget_elements(gone)
            for table in ("list", "list_texts"):
                execute_many(_DELETE.format(table), [(pk,) for pk in gone])

    def make_anew(self, rows: Iterable[list[JobRow]], notes: Callable[[], dict[str, str]]) -> None:
        """Write all rows into new tables; `notes` is asked once they are written."""
        with _Transaction(self._connection):
            for table in _TABLES:
                self._connection.execute(f"DROP TABLE IF EXISTS {table}")
            self._script(TABLES)
            for part in rows:
                self._insert(part, {})
            self._insert((), notes())
            self._script(INDEXES)  # a third of the time that it takes with every row
            self._connection.execute("ANALYZE")  # SQLite chooses among the indexes by what they hold

    def _insert(self, rows: Sequence[JobRow], notes: Mapping[str, str]) -> None:
        execute_many = self._connection.executemany
        execute_many(_INSERT, map(_values, rows))
        execute_many("INSERT OR REPLACE INTO list_texts VALUES (?, ?, ?)", map(_texts, rows))
        execute_many(
            "INSERT OR IGNORE INTO list_elements VALUES (?, ?)", chain.from_iterable(map(_elements, rows))
        )
        execute_many("INSERT OR REPLACE INTO list_notes VALUES (?, ?)", notes.items())

    def _forget_elements(self, ids: Iterable[int]) -> None:
        pairs = chain.from_iterable(map(_elements, self.of_ids(ids).values()))
        self._connection.executemany("DELETE FROM list_elements WHERE element = ? AND id = ?", pairs)

    def _script(self, statements: str) -> None:
        for statement in statements.split(";"):
            self._connection.execute(statement)

    def note(self, name: str) -> str | None:
        """Return a note that was written with rows."""
        found = self._connection.execute("SELECT value FROM list_notes WHERE name = ?", (name,)).fetchone()
        return str(found[0]) if found else None


class _Transaction:
    """All or nothing; the writer's lock is taken at the start. Inside another one it is part of that."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._own = False

    def __enter__(self) -> Any:
        if not self._connection.in_transaction:
            self._connection.execute("BEGIN IMMEDIATE")
            self._own = True
        return self._connection.executemany

    def __exit__(self, kind: object, *_rest: object) -> None:
        if self._own:
            self._connection.execute("ROLLBACK" if kind else "COMMIT")


def parts_of(values: Iterable[_T]) -> Iterable[list[_T]]:
    """Return the values in parts that are small enough for one question."""
    every = list(values)
    return (every[start : start + _IN_ONE_QUESTION] for start in range(0, len(every), _IN_ONE_QUESTION))


def utc(moment: datetime) -> str:
    """Return the time as every row writes it, so that text compares as time does."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _conditions(wanted: Filter) -> tuple[list[str], list[Any]]:
    where, values = ["1"], list[Any]()
    if wanted.states:
        marks = ", ".join("?" * len(wanted.states))
        where.append("state = ?" if len(wanted.states) == 1 else f"state IN ({marks})")
        values += wanted.states
    for name in ("template", "code", "formula", "exit_status"):
        if (value := getattr(wanted, name)) is not None:
            where.append(f"{name} = ?")
            values.append(value)
    if wanted.elements:
        marks = ", ".join("?" * len(wanted.elements))
        where.append(_WITH_ELEMENTS.format(marks))
        values += [*wanted.elements, len(set(wanted.elements))]
    for name, sign in (("after", ">="), ("before", "<")):
        for column in ("created", "modified"):
            if (value := getattr(wanted, f"{column}_{name}")) is not None:
                where.append(f"{column}_at {sign} ?")
                values.append(_time(value))
    if wanted.label:
        where.append("id IN (SELECT id FROM list_texts WHERE instr(label, ?))")
        values.append(wanted.label.casefold())
    if wanted.text:
        where.append("id IN (SELECT id FROM list_texts WHERE instr(label, ?) OR instr(rest, ?))")
        values += [wanted.text.casefold()] * 2
    if not wanted.foreign:
        where.append("is_foreign = 0")
    return where, values


def _beyond(column: str, *, descending: bool, after: str) -> tuple[str, list[Any]]:
    sign = "<" if descending else ">"
    try:
        value, pk = json.loads(after)
    except (ValueError, TypeError):
        value, pk = None, None
    if not isinstance(value, str | int) or not isinstance(pk, int):
        raise InputError(
            f"'{after}' is not the place of a page in the list", hint="Give the `next` of the page before."
        )
    return (f"id {sign} ?", [pk]) if column == "id" else (f"({column}, id) {sign} (?, ?)", [value, pk])


def _time(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            f"'{text}' is not a time", hint="Write it as 2026-11-22 or 2026-11-22T10:00:00+00:00."
        ) from error
    return utc(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _elements(row: JobRow) -> list[tuple[str, int]]:
    return [(element, row.id) for element in sorted(set(_ELEMENT.findall(row.formula or "")))]


def _texts(row: JobRow) -> tuple[int, str, str]:
    return row.id, row.label.casefold(), f"{row.formula or ''}\n{row.template or ''}".casefold()


def _values(row: JobRow) -> Sequence[object]:
    """Return the row as it stands in the table, where nothing is NULL, so that every column can be a key."""
    return (
        row.id, row.uuid, row.label.replace("\n", " "), row.formula or "", row.template or "",
        row.n_atoms or 0, row.code or "", row.state, -1 if row.exit_status is None else row.exit_status,
        row.exit_message or "", row.created_at, row.modified_at, int(row.foreign),
    )  # fmt: skip


def _row(values: Sequence[Any]) -> JobRow:
    known = dict(zip((f.name for f in fields(JobRow)), values, strict=True))
    foreign = bool(known["foreign"])
    return JobRow(
        **known
        | {
            "foreign": foreign,
            "formula": None if foreign else known["formula"],
            "template": None if foreign else known["template"],
            "n_atoms": None if foreign else known["n_atoms"],
            "code": known["code"] or None,
            "exit_status": None if known["exit_status"] < 0 else known["exit_status"],
            "exit_message": known["exit_message"] or None,
        }
    )
