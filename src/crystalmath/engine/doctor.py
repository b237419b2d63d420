"""How every part of the engine is, and repair of what can be repaired."""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from crystalmath import paths
from crystalmath.engine import (
    broker,
    codes,
    computer,
    daemon,
    index,
    list_sweep,
    processes,
    profile,
    reconcile,
    rows,
    seam_aiida,
    session,
)
from crystalmath.engine.faults import storage_faults
from crystalmath.errors import CrystalMathError, EngineError, PotcarError, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crystalmath.engine.session import Session

__all__ = ["Part", "examine", "examine_profile"]

Verdict = Literal["good", "repaired", "warning", "bad"]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the engine: what was found, and what to do next where `hint` says so."""

    name: str
    verdict: Verdict
    finding: str
    hint: str | None = None


def examine_profile(
    name: str | None = None, *, repair: bool = True, announce: Callable[[str], None] | None = None
) -> tuple[Part, ...]:
    """Return how the engine is on a profile; one that cannot be loaded is a bad part, not an error.

    Without `repair` nothing is made, started or handed over.
    """
    wanted = name or paths.profile_name()
    try:
        with storage_faults("AiiDA's configuration cannot be used"):
            there = profile.exists(wanted)
        opened = session.open(name, create=None if repair else False, announce=announce, recover=False)
    except CrystalMathError as error:
        return (_bad("profile", error),)
    made: Verdict = "repaired" if not there else "good"
    first = Part("profile", made, f"'{wanted}' is {'made' if not there else 'loaded'}")
    return (first, *examine(opened, repair=repair))


def examine(session: Session, *, repair: bool = True) -> tuple[Part, ...]:
    """Return how each part of the engine is, repaired where `repair` allows it."""
    checks: tuple[Callable[[Session, bool], Iterator[Part]], ...] = (
        _storage,
        _home,
        _index,
        _computer,
        _codes,
        _potcars,
        _daemon,
        _strays,
        _jobs,
        _aiida,
    )
    found: list[Part] = []
    for check in checks:
        try:
            found += check(session, repair)
        except CrystalMathError as error:
            found.append(_bad(check.__name__.removeprefix("_"), error))
    return tuple(found)


def _bad(name: str, error: CrystalMathError) -> Part:
    return Part(name, "bad", error.message, error.hint)


def _storage(session: Session, _repair: bool) -> Iterator[Part]:
    from aiida import orm

    session.begin()
    with storage_faults(f"The storage of '{session.profile}' cannot be read"):
        count = orm.QueryBuilder().append(orm.ProcessNode).count()
    yield Part("storage", "good", f"{session.aiida_profile().storage_backend}, {count} processes")


def _home(_session: Session, _repair: bool) -> Iterator[Part]:
    home = paths.home()
    probe = home / f".probe-{uuid.uuid4().hex}"
    try:
        home.mkdir(parents=True, exist_ok=True)
        probe.write_text("x")
        probe.unlink()
        free_mb = os.statvfs(home).f_bavail * os.statvfs(home).f_frsize // 2**20
    except OSError as error:
        raise StorageError(
            f"The folder {home} cannot be written: {error.strerror}",
            hint="Make it writable or point CRYSTALMATH_HOME to another one.",
        ) from error
    if free_mb < 1024:
        yield Part("home", "warning", f"{home} has only {free_mb} MB left", "Free space before long runs.")
    else:
        yield Part("home", "good", f"{home}, {free_mb // 1024} GB free")


def _index(session: Session, repair: bool) -> Iterator[Part]:
    if not session.index.is_sound():
        if not repair:
            yield Part(
                "index", "bad", f"{session.index.path} is damaged", "Make it anew with: crystalmath doctor"
            )
            return
        session.remake_index()
        yield Part("index", "repaired", f"{session.index.path} was damaged and is made anew")
        return
    added = index.rebuild(session) if repair else 0
    list_sweep.refresh(session)
    lacking, gone = list_sweep.missing(session)
    if (lacking or gone) and not repair:
        found = f"the list lacks {len(lacking)} jobs and has {len(gone)} that are gone"
        yield Part("index", "warning", found, "Make it anew with: crystalmath doctor")
        return
    if lacking or gone:
        list_sweep.rebuild(session)
    amended = max(added, len(lacking)) + len(gone)
    found = f"{amended} jobs were missing or gone and are put right" if amended else "every job has its row"
    yield Part("index", "repaired" if amended else "good", found)


def _computer(session: Session, repair: bool) -> Iterator[Part]:
    machine = computer.find()
    if machine is not None and machine.is_configured:
        folder = computer.scratch(machine)
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK)
        hint = None if writable else "Make it writable, jobs run below it."
        yield Part(
            "computer", "good" if writable else "bad", f"'{machine.label}', jobs run below {folder}", hint
        )
    elif repair:
        yield Part("computer", "repaired", f"'{computer.localhost(session).label}' is registered")
    elif machine is None:
        yield Part("computer", "good", "this machine is not registered; the first job does that")
    else:
        yield Part("computer", "bad", "this machine is not registered", "Register it with: crystalmath init")


def _codes(session: Session, repair: bool) -> Iterator[Part]:
    if repair:
        codes.ensure_standin(session)
    for row in codes.list_codes(session, add_standin=repair):
        gone = [path for path in (row.std, row.gam, row.ncl) if path and not os.access(path, os.X_OK)]
        kind = "the stand-in, not VASP" if row.label == codes.STANDIN_LABEL else "VASP"
        default = ", used when none is named" if row.is_default else ""
        if gone:
            hint = f"Register it anew: crystalmath codes delete {row.label}, then codes create"
            yield Part("code", "bad", f"'{row.label}': {gone[0]} cannot be run", hint)
        else:
            yield Part("code", "good", f"'{row.label}' ({kind}){default}: {row.std}")


def _potcars(session: Session, repair: bool) -> Iterator[Part]:
    from crystalmath import potcars

    if not repair and computer.find() is None:
        return  # the default code would be made
    code = codes.default(session)
    folder = codes.potcar_directory(code)
    try:
        potcars.library(folder).find("Si", "PBE_54")
    except PotcarError as error:
        yield Part("potcars", "warning", error.message, error.hint)
    else:
        yield Part("potcars", "good", f"{folder or 'the registered folder'}, for the code '{code.label}'")


def _daemon(session: Session, repair: bool) -> Iterator[Part]:
    before = daemon.health(session)
    if not repair and _is_at_rest(session, before):
        yield Part("daemon", "good", "is not running; the next job starts it")
        return
    found = before
    if repair and (not before.good or before.watchdog is False):
        found = daemon.ensure(session, listening=True)
    was_good = {name: good for name, good, _ in _daemon_parts(before)}
    for name, good, word in _daemon_parts(found):
        if not good and _is_rising(found):
            yield Part(name, "warning", "starting", "Wait a few seconds.")
            continue
        verdict: Verdict = "bad" if not good else "good" if was_good[name] else "repaired"
        yield Part(name, verdict, word, None if good else "Start it with: crystalmath doctor")


def _is_rising(found: daemon.Health) -> bool:
    """Return whether the daemon is on its way up; a worker hears nothing before its broker answers."""
    return found.circus and "starting" in {found.broker, found.worker}


def _is_at_rest(session: Session, found: daemon.Health) -> bool:
    """Return whether the daemon does not run because nobody needs it, and not because it crashed."""
    if found.circus or processes.strays(broker.owner(session), None):
        return False
    return not reconcile.unfinished(session)


def _daemon_parts(found: daemon.Health) -> tuple[tuple[str, bool, str], ...]:
    """Return name, whether it works, and the word for it, of each part of the daemon."""
    parts = (
        ("circus", found.circus, "runs" if found.circus else "is not running"),
        ("broker", found.broker == "answers", found.broker),
        ("worker", found.worker == "listening", found.worker),
    )
    if found.watchdog is None:
        return parts
    return (*parts, ("watchdog", found.watchdog, "runs" if found.watchdog else "is not running"))


def _strays(session: Session, repair: bool) -> Iterator[Part]:
    """Report what crashed daemons left: a killed circus leaves its broker and its worker."""
    if not session.embedded:
        return
    left = processes.strays(broker.owner(session), daemon.supervisor(session))
    if left and repair:
        processes.end(left, patience_s=5)
    if left:
        pids = ", ".join(str(process.pid) for process in left)
        hint = None if repair else "End them with: crystalmath doctor"
        verdict: Verdict = "repaired" if repair else "warning"
        yield Part("strays", verdict, f"processes {pids} were left by a daemon that crashed", hint)


def _jobs(session: Session, repair: bool) -> Iterator[Part]:
    reconcile.settle(session)
    open_jobs = reconcile.unfinished(session)
    if session.embedded and daemon.health(session).accepts and open_jobs:
        lost = reconcile.revive(session) if repair else reconcile.lost(session)
        if lost:
            verdict: Verdict = "repaired" if repair else "bad"
            found = f"{', '.join(map(str, lost))} never reached the daemon{' and do now' if repair else ''}"
            yield Part("jobs", verdict, found, None if repair else "Hand them over with: crystalmath doctor")
    yield Part("jobs", "good", f"{len(open_jobs)} unfinished")
    for pk in open_jobs:
        detail = rows.get(session, pk)
        if detail.state == "paused":
            hint = f"Once the reason is gone: crystalmath resume {pk}"
            yield Part("jobs", "warning", f"job {pk} is paused: {detail.reason or 'no reason given'}", hint)


def _aiida(_session: Session, _repair: bool) -> Iterator[Part]:
    drifted = seam_aiida.drifted()
    if drifted:
        raise EngineError(drifted[0], hint="Install an aiida-core that this CrystalMath was made for (2.9).")
    yield Part("aiida", "good", "its private names are what we rely on")
