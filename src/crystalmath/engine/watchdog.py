"""The part of the daemon that notices what was lost, with no client there: a process of its own below circus.

It must cost next to nothing, so it imports nothing heavy and asks nobody: it looks at processes, at the
broker's files and at two SQLite files. What it suspects for long enough it leaves to `recovery`, a process
that does what the start of a client does and ends.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TextIO

from crystalmath.engine import processes, task_files
from crystalmath.engine.suspicion import Active, BrokerSign, Sight, Vigil, suspicions

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psutil

__all__ = ["Watched", "command", "look"]

LOOK_S = 5.0
_RECOVERY_S = 300.0  # longer than any remedy takes on a busy machine
_LOG_BYTES = 200_000
_ACTIVE = "json_extract(n.attributes, '$.process_state') IN ('created', 'waiting', 'running')"
_FIELDS = "n.id, (julianday(n.mtime) - 2440587.5) * 86400.0"
_UNENDED = "SELECT key, pk FROM jobs WHERE ended = 0"
# As `reconcile` looks for them; functions run inside of their caller and have no task.
_JOBS = f"SELECT {_FIELDS} FROM db_dbnode n WHERE n.id IN (SELECT value FROM json_each(?)) AND {_ACTIVE}"  # noqa: S608 - constants
_STEPS = f"""SELECT DISTINCT {_FIELDS} FROM db_dblink l JOIN db_dbnode n ON n.id = l.output_id
  WHERE l.input_id IN (SELECT value FROM json_each(?)) AND l.type IN ('call_calc', 'call_work')
  AND (n.node_type LIKE 'process.calculation.calcjob%' OR n.node_type LIKE 'process.workflow.workchain%')
  AND {_ACTIVE}"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Watched:
    """What the watchdog of a profile looks at; without `database` only tasks and processes.

    `config` is AiiDA's configuration folder, in which the profile stands.
    """

    profile: str
    config: Path
    broker: Path
    index: Path
    log: Path
    database: Path | None = None

    @classmethod
    def parse(cls, arguments: Sequence[str]) -> Self:
        """Return what a command line names."""
        parser = argparse.ArgumentParser(description=__doc__)
        parser.add_argument("-p", dest="profile", required=True)
        for name in ("config", "broker", "index", "log"):
            parser.add_argument(f"--{name}", type=Path, required=True)
        parser.add_argument("--database", type=Path)
        return cls(**vars(parser.parse_args(arguments)))

    @property
    def owner(self) -> processes.Owner:
        """Whose processes the daemon consists of."""
        return processes.Owner(self.profile, str(self.config))


def command(watched: Watched) -> list[str]:
    """Return the arguments of Python with which the watchdog is started."""
    found = ["-P", "-m", __name__, "-p", watched.profile]
    for name in ("config", "broker", "index", "log", "database"):
        if (path := getattr(watched, name)) is not None:
            found += [f"--{name}", str(path)]
    return found


def look(watched: Watched, circus: psutil.Process | None) -> Sight:
    """Return how things are; the tasks are read before the database, which changes first."""
    workers = [] if circus is None else processes.children(circus, "worker", watched.owner)
    unended = _ask(watched.index, _UNENDED)
    return Sight(
        now_s=time.time(),
        has_supervisor=circus is not None,
        broker=_broker(watched),
        workers=tuple(worker.create_time() for worker in workers),
        tasks=task_files.read(watched.broker / "storage" / "tasks"),
        active=_active(watched, [pk for _, pk in unended if pk is not None]),
        reserved=tuple(key for key, pk in unended if pk is None),
    )


def _broker(watched: Watched) -> BrokerSign | None:
    try:
        pid = int((watched.broker / "broker.pid").read_text().split()[-1])
        written: dict[str, Any] = json.loads((watched.broker / "broker.status").read_text())
    except (OSError, ValueError, IndexError):
        return None
    running = processes.alive(pid, "broker", watched.owner)
    if running is None:
        return None
    is_its_own = written.get("pid") == pid
    return BrokerSign(
        started_at_s=running.create_time(),
        wrote_at_s=float(written.get("timestamp", 0.0)) if is_its_own else 0.0,
        task_subscribers=int(written.get("task_subscribers", 0)) if is_its_own else 0,
    )


def _active(watched: Watched, jobs: list[int]) -> tuple[Active, ...]:
    """Return those of the jobs that have not ended, with their steps."""
    if watched.database is None or not jobs:
        return ()
    found: dict[int, float] = dict(_ask(watched.database, _JOBS, jobs))
    level = list(found)
    while level:
        below = {pk: at for pk, at in _ask(watched.database, _STEPS, level) if pk not in found}
        found |= below
        level = list(below)
    return tuple(Active(pk, modified_at_s) for pk, modified_at_s in found.items())


def _ask(file: Path, question: str, *values: object) -> list[Any]:
    """Return the answer; nothing while the file cannot be read, for the next look is soon."""
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=5.0)) as connection:
            return connection.execute(question, [json.dumps(value) for value in values]).fetchall()
    except sqlite3.Error:
        return []


class _Watchdog:
    """The looks of one process, one recovery at a time."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self._vigil = Vigil()
        self._recovery: subprocess.Popen[bytes] | None = None
        self._recovery_ends_s = 0.0

    def look(self) -> None:
        """Look, and begin a recovery when something has been suspicious for long enough."""
        now_s = time.monotonic()
        circus = processes.alive(os.getppid(), "circus", self._watched.owner)
        sight = look(self._watched, circus)
        due = self._vigil.due(suspicions(sight), now_s)
        if self._is_recovering(now_s) or not due:
            return
        self._vigil.acted(due, now_s)
        self._recover(now_s)
        for one in due:
            _say(self._watched.log, f"{one}, for {max(0.0, sight.now_s - one.since_s):.0f} s")

    def _is_recovering(self, now_s: float) -> bool:
        if self._recovery is None or self._recovery.poll() is not None:
            return False
        if now_s > self._recovery_ends_s:
            self._recovery.kill()
        return True

    def _recover(self, now_s: float) -> None:
        """Begin a recovery that outlives this process: it may have to restart the whole daemon."""
        arguments = [sys.executable, "-P", "-m", "crystalmath.engine.recovery", "-p", self._watched.profile]
        self._recovery_ends_s = now_s + _RECOVERY_S
        with _opened(self._watched.log) as log:
            self._recovery = subprocess.Popen(
                arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )


def _opened(log: Path) -> TextIO:
    """Return the log, begun anew when it is long; one that cannot be written must not hinder a recovery."""
    try:
        if log.exists() and log.stat().st_size > _LOG_BYTES:
            log.replace(log.with_suffix(".old.log"))
        return log.open("a")
    except OSError:
        return Path(os.devnull).open("a")


def _say(log: Path, sentence: str) -> None:
    with suppress(OSError), _opened(log) as opened:  # a full disk
        print(f"{datetime.now(UTC).isoformat(timespec='milliseconds')} {sentence}", file=opened)


def _main() -> None:
    watched = Watched.parse(sys.argv[1:])
    watchdog = _Watchdog(watched)
    while True:
        try:
            watchdog.look()
        except Exception as error:  # noqa: BLE001 - a supervisor goes on whatever one look meets
            _say(watched.log, f"A look failed: {type(error).__name__}: {error}")
        time.sleep(LOOK_S)


if __name__ == "__main__":
    _main()
