"""Bring back what a crash left behind: keys without a process, processes without a task.

A process that is stored but has no task is never run and nobody notices. One that has its task, or
is loaded in a worker, must not get a second: with two workers it would be run twice.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from crystalmath.engine import births, broker, daemon, locks, seam_aiida
from crystalmath.engine.index import LABEL_PREFIX
from crystalmath.engine.submit import hand_over, lock_path
from crystalmath.engine.suspicion import DEAD_WORKER, Active, Sight, doubts
from crystalmath.errors import EngineError

if TYPE_CHECKING:
    from crystalmath.engine.index import Entry
    from crystalmath.engine.session import Session

__all__ = ["lost", "recover", "revive", "settle", "settle_key", "unfinished"]

# A worker stores a child and hands it over a moment later; our own submits hold the lock meanwhile.
_CHILD_AGE_S = 10.0
_TAKEN_BACK_S = 3.0  # the broker does it at once, when it gets to run
_ACTIVE = ("created", "waiting", "running")  # as AiiDA names them
_ENDED = frozenset({"finished", "excepted", "killed"})


def recover(session: Session) -> None:
    """Settle half-made submits and, when a job is unfinished, bring the daemon up and revive lost ones.

    A daemon that cannot be brought up is announced, not raised: the caller may only want to read.
    Raises StorageError when the index cannot be used.
    """
    session.begin()
    settle(session)
    if not unfinished(session):
        return
    try:
        daemon.ensure(session)
        revive(session)
    except EngineError as error:
        session.announce(f"{error.message}. {error.hint}")


def settle_key(session: Session, entry: Entry) -> None:
    """Note the process of a key that was reserved, or give the key free when there is none.

    The caller holds the submit lock.
    """
    from aiida import orm

    query = orm.QueryBuilder().append(
        orm.ProcessNode, filters={"label": LABEL_PREFIX + entry.key}, project=["id", "uuid"]
    )
    found = dict(query.order_by({orm.ProcessNode: "id"}).all())
    unborn = births.half_born(found)
    births.remove(unborn)
    whole = [pk for pk in found if pk not in unborn]
    if whole:
        session.index.stored(entry.key, whole[0], found[whole[0]])
    else:
        session.index.free(entry.key)


def unfinished(session: Session) -> tuple[int, ...]:
    """Return the pks of our jobs that have not ended; those that have are noted in the index."""
    from aiida import orm

    known = [entry.pk for entry in session.index.unended() if entry.pk is not None]
    if not known:
        return ()
    query = orm.QueryBuilder().append(
        orm.ProcessNode, filters={"id": {"in": known}}, project=["id", "attributes.process_state"]
    )
    active = [pk for pk, state in query.all() if state not in _ENDED]
    session.index.ended(set(known) - set(active))
    return tuple(active)


def lost(session: Session) -> tuple[int, ...]:
    """Return the pks of our unfinished processes, steps included, that no worker has nor will be given."""
    sight = _sight(session)
    doubtful = {one.pk for one in doubts(sight)}
    broker.connect(session)
    return tuple(one.pk for one in sight.active if one.pk in doubtful and not seam_aiida.is_loaded(one.pk))


def revive(session: Session) -> tuple[int, ...]:
    """Hand lost processes over to the daemon again and return their pks.

    Only for embedded profiles: what RabbitMQ holds cannot be seen without taking it away.
    """
    if not session.embedded:
        return ()
    with locks.held(lock_path(session), what="Reviving lost jobs"):
        _take_back(session)
        revived = tuple(pk for pk in lost(session) if hand_over(session, pk))
    for pk in revived:
        session.announce(f"Process {pk} was stored but no worker had it: handed over again")
    return revived


def _take_back(session: Session) -> None:
    """Have the broker take back the tasks of dead workers, where it has missed their deaths."""

    def is_wanting() -> bool:
        return any(one.kind == DEAD_WORKER for one in doubts(_sight(session)))

    if is_wanting():
        broker.count_workers(session)
        deadline = time.monotonic() + _TAKEN_BACK_S
        while is_wanting() and time.monotonic() < deadline:
            time.sleep(0.05)


def _sight(session: Session) -> Sight:
    """Return the workers, the tasks, and then our unfinished processes: a task outlives its process."""
    tasks = broker.tasks(session)
    session.begin()
    now_s = time.time()
    return Sight(
        now_s=now_s,
        has_supervisor=True,
        broker=None,
        workers=daemon.workers_since(session),
        tasks=tasks,
        active=_active(unfinished(session), now_s),
    )


def settle(session: Session) -> None:
    """Note or free every key whose submit was cut short."""
    if any(entry.pk is None for entry in session.index.unended()):
        with locks.held(lock_path(session), what="Settling half-made submits"):
            for entry in session.index.unended():
                if entry.pk is None:
                    settle_key(session, entry)


def _active(roots: tuple[int, ...], now_s: float) -> tuple[Active, ...]:
    """Return the jobs, and the active work chains and calculation jobs below them that are not just made."""
    from aiida import orm

    times = {"project": ["id", "ctime", "mtime"]}
    if not roots:  # AiiDA refuses to look for nothing
        return ()
    found = orm.QueryBuilder().append(orm.ProcessNode, filters={"id": {"in": roots}}, **times).all()
    level = list(roots)
    while level:
        query = orm.QueryBuilder().append(orm.WorkflowNode, filters={"id": {"in": level}}, tag="caller")
        query.append(
            (orm.CalcJobNode, orm.WorkChainNode),
            with_incoming="caller",
            filters={"attributes.process_state": {"in": list(_ACTIVE)}},
            **times,
        )
        below = query.distinct().all()
        found += [row for row in below if now_s - row[1].timestamp() > _CHILD_AGE_S]
        level = [row[0] for row in below]
    return tuple(Active(pk, modified.timestamp()) for pk, _, modified in found)
