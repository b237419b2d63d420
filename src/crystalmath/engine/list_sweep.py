"""Keep the job list up to date with AiiDA: what was modified since the last look, or everything anew.

AiiDA stays the only truth. A look asks for the processes modified since the last one (3 ms), finds the jobs
they belong to and writes the rows that differ. Times of modification are taken before they are committed, so
each look begins a little before the end of the last one. Who writes holds the file's lock while it reads
AiiDA: no process can write what it read before another one's newer row.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from crystalmath.engine import states
from crystalmath.engine.faults import storage_faults
from crystalmath.engine.index import LABEL_PREFIX
from crystalmath.engine.list_table import JobRow, parts_of
from crystalmath.engine.states import Facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crystalmath.engine.list_table import ListTable
    from crystalmath.engine.session import Session

__all__ = ["prune", "rebuild", "refresh", "rows_of"]

_OVERLAP: Final = timedelta(seconds=30)  # longer than a commit waits for a database that others write
_PART: Final = 10_000
_SWEPT: Final = "swept_to"

_IS_PROCESS: Final = "n.node_type LIKE 'process.%'"
_IS_CALL: Final = "l.type IN ('call_calc', 'call_work')"
_IS_TOP: Final = f"NOT EXISTS (SELECT 1 FROM db_dblink l WHERE l.output_id = n.id AND {_IS_CALL})"  # noqa: S608 - constants
# The empty text keeps SQLite from walking all processes by the index of their type.
_MODIFIED: Final = """SELECT n.id, n.mtime FROM db_dbnode n
  WHERE n.mtime > :since AND n.node_type || '' LIKE 'process.%'"""
_TOP_LEVEL: Final = f"FROM db_dbnode n WHERE {_IS_PROCESS} AND {_IS_TOP}"
_PAGE: Final = "SELECT {} " + _TOP_LEVEL + " AND n.id > :last ORDER BY n.id LIMIT :part"
_OF_IDS: Final = "SELECT {} FROM db_dbnode n WHERE n.id IN :ids ORDER BY n.id"
_CALLERS: Final = """SELECT l.output_id, l.input_id FROM db_dblink l
  WHERE l.output_id IN :ids AND l.type IN ('call_calc', 'call_work')"""
_BELOW: Final = """SELECT l.input_id, n.id, {} FROM db_dblink l JOIN db_dbnode n ON n.id = l.output_id
  WHERE l.input_id IN :ids AND l.type IN ('call_calc', 'call_work')"""
_CODES: Final = """SELECT l.output_id, c.id, c.label FROM db_dblink l JOIN db_dbnode c ON c.id = l.input_id
  WHERE l.output_id IN :ids AND l.label = 'code' AND l.type IN ('input_calc', 'input_work')"""
_FACTS: Final = ("process_state", "state", "scheduler_state", "paused", "exit_status")
_ATTRIBUTES: Final = (*_FACTS, "exit_message", "process_label")
_EXTRAS: Final = ("template", "formula", "n_atoms")


class _Nodes:
    """AiiDA's tables of this thread's connection; the same questions on SQLite and PostgreSQL."""

    def __init__(self, session: Session) -> None:
        from aiida.manage import get_manager

        session.begin()
        self._database = get_manager().get_profile_storage().get_session()
        self._is_sqlite = self._database.get_bind().dialect.name == "sqlite"
        facts = ", ".join(self._attribute(name) for name in _FACTS)
        self.facts = f"n.node_type, {facts}"
        rest = ", ".join([*map(self._attribute, _ATTRIBUTES[len(_FACTS) :]), *map(self._extra, _EXTRAS)])
        self.columns = f"n.id, n.uuid, n.label, n.description, n.ctime, n.mtime, {self.facts}, {rest}"

    def ask(self, statement: str, **values: object) -> list[Any]:
        """Return the rows that a statement gives."""
        from sqlalchemy import bindparam, text

        asked = text(statement)
        many: list[Any] = [
            bindparam(name, expanding=True) for name, value in values.items() if isinstance(value, list)
        ]
        return list(self._database.execute(asked.bindparams(*many), values))

    def bound(self, moment: datetime) -> object:
        """Return a time as the database compares it."""
        return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if self._is_sqlite else moment

    def _attribute(self, name: str) -> str:
        return f"json_extract(n.attributes, '$.{name}')" if self._is_sqlite else f"n.attributes ->> '{name}'"

    def _extra(self, name: str) -> str:
        if self._is_sqlite:
            return f"json_extract(n.extras, '$.crystalmath.{name}')"
        return f"n.extras #>> '{{crystalmath,{name}}}'"


def refresh(session: Session) -> tuple[JobRow, ...]:
    """Bring the list up to date and return the rows that are not as they were."""
    table = session.index.table
    with storage_faults("The job list cannot be brought up to date"):
        swept_to = table.note(_SWEPT)
        if swept_to is None:
            rebuild(session)
            return tuple(table.of_ids(table.unended()).values())
        since = datetime.fromisoformat(swept_to) - _OVERLAP
        if not _news(session, since):
            return ()
        with table.locked():
            return _take_in(session, table, since)


def rebuild(session: Session) -> int:
    """Make the list anew from AiiDA and return how many jobs it holds."""
    table, count, swept_to = session.index.table, 0, ""

    def parts() -> Iterator[list[JobRow]]:
        nonlocal count, swept_to
        nodes, last = _Nodes(session), 0
        while found := nodes.ask(_PAGE.format(nodes.columns), last=last, part=_PART):
            swept_to = max(swept_to, *(_instant(node[5]) for node in found))
            last, count = found[-1][0], count + len(found)
            yield list(_rows(session, nodes, found))

    with storage_faults("The job list cannot be made anew"), table.locked():
        table.make_anew(parts(), lambda: {_SWEPT: swept_to or "1970-01-01T00:00:00+00:00"})
    return count


def prune(session: Session, ids: Iterable[int]) -> tuple[int, ...]:
    """Remove those of the jobs from the list that AiiDA no longer has, and return their ids."""
    table, asked = session.index.table, list(ids)
    with storage_faults("The jobs cannot be looked up"):
        nodes = _Nodes(session)
        there: set[int] = set()
        for part in parts_of(asked):
            there |= {pk for (pk,) in nodes.ask("SELECT id FROM db_dbnode WHERE id IN :ids", ids=part)}
        gone = tuple(pk for pk in asked if pk not in there)
        if gone:
            table.remove(gone)
    return gone


def missing(session: Session) -> tuple[frozenset[int], frozenset[int]]:
    """Return the ids of jobs that the list lacks, and of those it has and AiiDA has not."""
    with storage_faults("The job list cannot be compared"):
        nodes = _Nodes(session)
        there = frozenset(pk for (pk,) in nodes.ask("SELECT n.id " + _TOP_LEVEL))
        listed = session.index.table.ids()
    return there - listed, listed - there


def rows_of(session: Session, pks: Iterable[int]) -> tuple[JobRow, ...]:
    """Return the rows of these top-level processes as AiiDA has them now, in the order of their ids."""
    nodes = _Nodes(session)
    found: list[JobRow] = []
    for part in parts_of(sorted(pks)):
        found += _rows(session, nodes, nodes.ask(_OF_IDS.format(nodes.columns), ids=part))
    return tuple(found)


def _news(session: Session, since: datetime) -> bool:
    """Return whether any process was modified that this session has not seen so."""
    return any(session.seen.get(pk) != str(mtime) for pk, mtime in _modified(_Nodes(session), since))


def _modified(nodes: _Nodes, since: datetime) -> list[Any]:
    return nodes.ask(_MODIFIED, since=nodes.bound(since))


def _take_in(session: Session, table: ListTable, since: datetime) -> tuple[JobRow, ...]:
    nodes = _Nodes(session)
    found = [(pk, mtime) for pk, mtime in _modified(nodes, since)]
    news = [pk for pk, mtime in found if session.seen.get(pk) != str(mtime)]
    rows = rows_of(session, _roots(nodes, news))
    before = table.of_ids(row.id for row in rows)
    changed = tuple(row for row in rows if row != before.get(row.id))
    swept_to = max((_instant(mtime) for _, mtime in found), default=(since + _OVERLAP).isoformat())
    table.write(changed, {_SWEPT: swept_to})
    session.seen = {pk: str(mtime) for pk, mtime in found}
    return tuple(row for row in changed if _differs(row, before.get(row.id)))


def _differs(row: JobRow, before: JobRow | None) -> bool:
    """Return whether there is more to a change than the time at which the scheduler was asked."""
    return before is None or replace(row, modified_at="") != replace(before, modified_at="")


def _roots(nodes: _Nodes, pks: Iterable[int]) -> frozenset[int]:
    """Return the top-level processes that the processes belong to."""
    roots, level = set(), set(pks)
    while level:
        callers: dict[int, int] = {}
        for part in parts_of(level):
            callers |= dict(nodes.ask(_CALLERS, ids=part))
        roots |= level - callers.keys()
        level = set(callers.values())
    return frozenset(roots)


def _rows(session: Session, nodes: _Nodes, found: list[Any]) -> Iterator[JobRow]:
    if not found:
        return
    pks = [node[0] for node in found]
    # By key, which is written before the process: its number is noted a moment after.
    ours = session.index.of_keys(_key(node[2]) for node in found if _key(node[2]))
    codes = _codes(nodes, pks)
    facts = {node[0]: facts_of(*node[6:12]) for node in found}
    open_flows = [
        pk for pk in pks if not facts[pk].is_calculation and states.of_process(facts[pk]) not in states.ENDED
    ]
    below = _steps_below(nodes, open_flows)
    for pk, uuid, label, description, created, modified, *rest in found:
        *_, exit_message, process_label, template, formula, n_atoms = rest
        entry = ours.get(_key(label))
        foreign = not label.startswith(LABEL_PREFIX)
        own = states.of_job(facts[pk], below.get(pk, ()))
        yield JobRow(
            id=pk,
            uuid=str(uuid),
            label=(label or process_label or "") if foreign else description,
            formula=None if foreign else (entry.formula if entry else formula or ""),
            template=None if foreign else (entry.template if entry else template or ""),
            n_atoms=None if foreign else (entry.n_atoms if entry else int(n_atoms or 0)),
            code=codes.get(pk),
            state=own,
            exit_status=facts[pk].exit_status,
            exit_message=None if own == "finished" else exit_message or None,
            created_at=_time(created),
            modified_at=_time(modified),
            foreign=foreign,
        )


def _key(label: str) -> str:
    return label.removeprefix(LABEL_PREFIX) if label.startswith(LABEL_PREFIX) else ""


def _codes(nodes: _Nodes, pks: list[int]) -> dict[int, str]:
    """Return the label of the code that each process was given; a deleted one's number is left out."""
    found: dict[int, str] = {}
    for part in parts_of(pks):
        found |= {pk: label.removesuffix(f"-{code}") for pk, code, label in nodes.ask(_CODES, ids=part)}
    return found


def _steps_below(nodes: _Nodes, pks: list[int]) -> dict[int, list[states.State]]:
    """Return the states of all calculation jobs below each process, however deep."""
    steps: dict[int, list[states.State]] = {}
    root_of = {pk: pk for pk in pks}
    level = pks
    while level:
        under: dict[int, int] = {}
        for part in parts_of(level):
            for caller, pk, *facts in nodes.ask(_BELOW.format(nodes.facts), ids=part):
                known = facts_of(*facts)
                if known.is_calculation:
                    steps.setdefault(root_of[caller], []).append(states.of_process(known))
                elif "workchain" in facts[0]:
                    under[pk] = root_of[caller]
        root_of |= under
        level = list(under)
    return steps


def facts_of(node_type: str, *attributes: Any) -> Facts:
    """Return what a process node's type and its attributes say, in the order of `_FACTS`."""
    process_state, sub_state, scheduler_state, paused, exit_status = attributes
    return Facts(
        process_state=process_state,
        sub_state=sub_state,
        scheduler_state=str(getattr(scheduler_state, "value", scheduler_state)) if scheduler_state else None,
        paused=paused not in {None, False, "false"},
        is_calculation="calcjob" in node_type,
        exit_status=None if exit_status is None else int(exit_status),
    )


def _instant(value: object) -> str:
    """Return a time of the database (naive UTC text on SQLite) in ISO 8601 with all its digits."""
    if isinstance(value, str):
        return f"{value[:10]}T{value[11:]}+00:00"
    assert isinstance(value, datetime)
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def _time(value: object) -> str:
    """Return a time of the database as rows write it."""
    return f"{_instant(value)[:23]}+00:00"
