"""Jobs and steps as rows, read from AiiDA.

A job is a top-level process; those of others in the profile are listed too, marked as foreign.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from crystalmath.engine import states
from crystalmath.engine.faults import storage_faults
from crystalmath.engine.states import Facts, State
from crystalmath.errors import JobNotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crystalmath.engine.index import Entry
    from crystalmath.engine.session import Session

__all__ = ["JobDetail", "JobRow", "Step", "get", "list_jobs", "resolve", "state", "state_of", "steps"]

_UUID_PREFIX = re.compile(r"[0-9a-f][0-9a-f-]*\Z")
_PAGE = 200
# Top-level processes, newest first: nobody called them. The same tables on SQLite and PostgreSQL.
_TOP_LEVEL = """
SELECT n.id FROM db_dbnode n
WHERE n.node_type LIKE 'process.%' AND n.id < :before AND NOT EXISTS (
  SELECT 1 FROM db_dblink l WHERE l.output_id = n.id AND l.type IN ('call_calc', 'call_work'))
ORDER BY n.id DESC LIMIT :limit
"""
_NODE = ["id", "uuid", "label", "description", "ctime", "mtime"]
_ATTRIBUTES = [
    "process_state",
    "state",
    "scheduler_state",
    "paused",
    "exit_status",
    "exit_message",
    "process_label",
]
_COLUMNS = [*_NODE, "node_type", *(f"attributes.{name}" for name in _ATTRIBUTES)]


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job as a list shows it; `formula`, `template` and `n_atoms` are None for foreign processes."""

    id: int
    uuid: str
    label: str
    formula: str | None
    template: str | None
    n_atoms: int | None
    state: State
    exit_status: int | None
    exit_message: str | None
    created_at: str
    modified_at: str
    foreign: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One step (VASP run) of a job, in the order in which they were submitted, counted from 1."""

    index: int
    name: str
    id: int
    uuid: str
    state: State
    exit_status: int | None
    exit_message: str | None
    created_at: str
    modified_at: str
    directory: str | None


@dataclass(frozen=True, slots=True)
class JobDetail(JobRow):
    """A job with its steps; `reason` says why it is paused, `code` which executable it was given."""

    steps: tuple[Step, ...]
    code: str | None
    reason: str | None

    @property
    def current(self) -> Step | None:
        """The first step that has not ended, else the last one."""
        active = [step for step in self.steps if step.state not in states.ENDED]
        return active[0] if active else (self.steps[-1] if self.steps else None)


@dataclass(frozen=True, slots=True)
class _Process:
    """What is read of a process node."""

    id: int
    uuid: str
    label: str
    description: str
    created_at: str
    modified_at: str
    facts: Facts
    exit_message: str | None
    process_label: str


def list_jobs(
    session: Session,
    *,
    state: State | None = None,
    template: str | None = None,
    text: str | None = None,
    limit: int = 50,
    before: int | None = None,
    foreign: bool = True,
) -> tuple[JobRow, ...]:
    """Return up to `limit` jobs, the newest first, with an id below `before` when that is given.

    `text` is searched in label, formula and template, whatever their case.
    """
    session.begin()
    found: list[JobRow] = []
    for row in _rows(session, before):
        wanted = (
            (state is None or row.state == state)
            and (template is None or row.template == template)
            and (text is None or _mentions(row, text))
            and (foreign or not row.foreign)
        )
        if wanted:
            found.append(row)
        if len(found) >= limit:
            break
    return tuple(found)


def get(session: Session, job_id: int | str) -> JobDetail:
    """Return the job of the id (pk, uuid or its unique prefix) with its steps. Raises JobNotFoundError."""
    from aiida import orm

    pk = resolve(session, job_id)
    process = next(iter(_processes([pk])))
    below = steps(session, pk)
    node = orm.load_node(pk)
    code = getattr(node.inputs, "code", None)
    own = _row(process, session.index.of_pks([pk]).get(pk), [step.state for step in below])
    return JobDetail(
        **asdict(own),
        steps=below,
        code=code.full_label if code is not None else None,
        reason=_reason(pk, below) if own.state == "paused" else None,
    )


def state(session: Session, job_id: int | str) -> State:
    """Return the state of the job."""
    pk = resolve(session, job_id)
    return _state(next(iter(_processes([pk]))))


def state_of(node: Any) -> State:
    """Return the state of the job or step that an AiiDA process node stands for."""
    attributes = node.base.attributes
    facts = _facts(node.node_type, *(attributes.get(name, None) for name in _ATTRIBUTES[:5]))
    below = (states.of_process(step.facts) for step in _steps_below(node.pk))
    return states.of_job(facts, below)


def steps(session: Session, job_id: int | str) -> tuple[Step, ...]:
    """Return the calculation jobs of a job; a job that is one itself is its only step."""
    from aiida import orm

    pk = resolve(session, job_id)
    below = _steps_below(pk)
    if not below and isinstance(orm.load_node(pk), orm.CalcJobNode):
        below = list(_processes([pk]))
    return tuple(_step(number, process) for number, process in enumerate(below, start=1))


def resolve(session: Session, job_id: int | str) -> int:
    """Return the pk of the process with that pk, uuid or unique uuid prefix. Raises JobNotFoundError."""
    from aiida import orm

    session.begin()
    text = str(job_id).strip().lower()
    with storage_faults("The job cannot be looked up"):
        if text.isascii() and text.isdigit() and len(text) < 19:
            known = orm.QueryBuilder().append(orm.ProcessNode, filters={"id": int(text)}, project="id")
            if (pk := known.first(flat=True)) is not None:
                return int(pk)
        matches = _matches(text) if len(text) >= 2 and _UUID_PREFIX.match(text) else []
    if len(matches) == 1:
        return int(matches[0])
    if matches:
        raise JobNotFoundError(
            f"'{job_id}' is the beginning of the uuids of several jobs: {', '.join(map(str, matches))}",
            hint="Give one of these ids, or more of the uuid.",
        )
    raise JobNotFoundError(
        f"There is no job '{job_id}' in the profile '{session.profile}'{_newest(session)}",
        hint="See them with: crystalmath jobs",
    )


def _matches(prefix: str) -> list[int]:
    from aiida import orm

    query = orm.QueryBuilder().append(orm.ProcessNode, filters={"uuid": {"like": prefix + "%"}}, project="id")
    return [int(pk) for pk in query.limit(10).all(flat=True)]


def _newest(session: Session) -> str:
    newest = list_jobs(session, limit=3)
    return (
        f"; the newest are {', '.join(str(row.id) for row in newest)}" if newest else ", which has no job yet"
    )


def _rows(session: Session, before: int | None) -> Iterator[JobRow]:
    """Yield the jobs, newest first, a page of queries at a time."""
    limit_pk = before if before is not None else 2**62
    while pks := _top_level(limit_pk):
        ours = session.index.of_pks(pks)
        for process in sorted(_processes(pks), key=lambda found: -found.id):
            yield _row(process, ours.get(process.id))
        limit_pk = min(pks)


def _top_level(before: int) -> list[int]:
    from aiida.manage import get_manager
    from sqlalchemy import text

    with storage_faults("The jobs cannot be listed"):
        database = get_manager().get_profile_storage().get_session()
        return [pk for (pk,) in database.execute(text(_TOP_LEVEL), {"before": before, "limit": _PAGE})]


def _processes(pks: Iterable[int]) -> Iterator[_Process]:
    from aiida import orm

    query = orm.QueryBuilder().append(orm.ProcessNode, filters={"id": {"in": list(pks)}}, project=_COLUMNS)
    yield from (_process(row) for row in query.order_by({orm.ProcessNode: "id"}).all())


def _steps_below(pk: int) -> list[_Process]:
    """Return the calculation jobs below a process, however deep, in the order of their making."""
    from aiida import orm

    found: list[_Process] = []
    level = [pk]
    while level:
        query = orm.QueryBuilder().append(orm.WorkflowNode, filters={"id": {"in": level}}, tag="caller")
        query.append((orm.CalcJobNode, orm.WorkChainNode), with_incoming="caller", project=_COLUMNS)
        below = [_process(row) for row in query.distinct().all()]
        found += [process for process in below if process.facts.is_calculation]
        level = [process.id for process in below if not process.facts.is_calculation]
    return sorted(found, key=lambda process: process.id)


def _process(row: list[Any]) -> _Process:
    pk, uuid, label, description, created, modified, node_type, *attributes = row
    return _Process(
        id=pk,
        uuid=uuid,
        label=label,
        description=description,
        created_at=_utc(created),
        modified_at=_utc(modified),
        facts=_facts(node_type, *attributes[:5]),
        exit_message=attributes[5],
        process_label=attributes[6] or "",
    )


def _facts(node_type: str, *attributes: Any) -> Facts:
    process_state, sub_state, scheduler_state, paused, exit_status = attributes
    return Facts(
        process_state=process_state,
        sub_state=sub_state,
        scheduler_state=str(getattr(scheduler_state, "value", scheduler_state)) if scheduler_state else None,
        paused=bool(paused),
        is_calculation="calcjob" in node_type,
        exit_status=exit_status,
    )


def _state(process: _Process, below: list[State] | None = None) -> State:
    own = states.of_process(process.facts)
    if own in states.ENDED or process.facts.is_calculation:
        return own
    if below is None:
        below = [states.of_process(step.facts) for step in _steps_below(process.id)]
    return states.of_job(process.facts, below)


def _row(process: _Process, entry: Entry | None, below: list[State] | None = None) -> JobRow:
    own = _state(process, below)
    success = own == "finished"
    return JobRow(
        id=process.id,
        uuid=process.uuid,
        label=entry.label if entry else (process.label or process.process_label),
        formula=entry.formula if entry else None,
        template=entry.template if entry else None,
        n_atoms=entry.n_atoms if entry else None,
        state=own,
        exit_status=process.facts.exit_status,
        exit_message=None if success else process.exit_message,
        created_at=process.created_at,
        modified_at=process.modified_at,
        foreign=entry is None,
    )


def _step(number: int, process: _Process) -> Step:
    from aiida import orm

    node = orm.load_node(process.id)
    own = states.of_process(process.facts)
    return Step(
        index=number,
        name=process.label or process.process_label,
        id=process.id,
        uuid=process.uuid,
        state=own,
        exit_status=process.facts.exit_status,
        exit_message=None if own == "finished" else process.exit_message,
        created_at=process.created_at,
        modified_at=process.modified_at,
        directory=node.get_remote_workdir(),
    )


def _reason(pk: int, below: Iterable[Step]) -> str | None:
    from aiida import orm

    for found in [*(step.id for step in below if step.state == "paused"), pk]:
        status = orm.load_node(found).process_status
        if status:
            return str(status)
    return None


def _mentions(row: JobRow, text: str) -> bool:
    return any(text.lower() in (value or "").lower() for value in (row.label, row.formula, row.template))


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
