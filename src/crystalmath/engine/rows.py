"""Jobs and steps as rows, read from AiiDA.

A job is a top-level process; those of others in the profile are listed too, marked as foreign.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from crystalmath.engine import job_list, states
from crystalmath.engine.faults import storage_faults
from crystalmath.engine.job_list import Filter, JobRow
from crystalmath.engine.list_sweep import facts_of, rows_of
from crystalmath.engine.list_table import utc
from crystalmath.errors import JobNotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crystalmath.engine.session import Session
    from crystalmath.engine.states import Facts, State

__all__ = ["JobDetail", "JobRow", "Step", "get", "list_jobs", "resolve", "state", "state_of", "steps"]

_UUID_PREFIX = re.compile(r"[0-9a-f][0-9a-f-]*\Z")
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
    """A job with its steps; `reason` says why it is paused."""

    steps: tuple[Step, ...]
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
    foreign: bool = True,
) -> tuple[JobRow, ...]:
    """Return up to `limit` jobs, the newest first; `text` is searched in label, formula and template."""
    wanted = Filter(
        states=(state,) if state else (), template=template or None, text=text or None, foreign=foreign
    )
    return job_list.page(session, wanted, limit=limit).rows


def get(session: Session, job_id: int | str) -> JobDetail:
    """Return the job of the id (pk, uuid or its unique prefix) with its steps. Raises JobNotFoundError."""
    pk = resolve(session, job_id)
    (own,) = rows_of(session, [pk])
    below = steps(session, pk)
    return JobDetail(**asdict(own), steps=below, reason=_reason(pk, below) if own.state == "paused" else None)


def state(session: Session, job_id: int | str) -> State:
    """Return the state of the job."""
    pk = resolve(session, job_id)
    return _state(next(iter(_processes([pk]))))


def state_of(node: Any) -> State:
    """Return the state of the job or step that an AiiDA process node stands for."""
    attributes = node.base.attributes
    facts = facts_of(node.node_type, *(attributes.get(name, None) for name in _ATTRIBUTES[:5]))
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
        created_at=utc(created),
        modified_at=utc(modified),
        facts=facts_of(node_type, *attributes[:5]),
        exit_message=attributes[5],
        process_label=attributes[6] or "",
    )


def _state(process: _Process) -> State:
    own = states.of_process(process.facts)
    if own in states.ENDED or process.facts.is_calculation:
        return own
    return states.of_job(process.facts, [states.of_process(step.facts) for step in _steps_below(process.id)])


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
