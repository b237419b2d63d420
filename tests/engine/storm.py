"""Kill parts of the daemon at random moments while too many other programs want the processors.

Nobody helps: between the kills no client looks at the engine, except that the whole daemon is brought back
by a next command after all of it was killed. What is seen is read from files, as the watchdog reads them.
"""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Literal, get_args

import psutil
from tests.engine.kills import kill

from crystalmath.engine import broker, daemon, jobs, processes, reconcile, seam_aiida, watchdog
from crystalmath.engine.suspicion import suspicions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crystalmath.engine.session import Session
    from crystalmath.engine.submit import Submitted

Part = Literal["worker", "broker", "circus", "watchdog", "daemon"]
PARTS: tuple[Part, ...] = get_args(Part)

LOOPS_PER_CORE = 2
NICENESS = 3  # of the daemon: a fifth of a core is left for it
_AT_ONCE = 3  # jobs that run while something is killed
_LONGEST_S = 900.0
_ENDED = "SELECT count(*) FROM db_dbnode WHERE id IN ({}) AND json_extract(attributes, '$.sealed')"
_SPIN = "while True: pass"


@contextmanager
def starved() -> Iterator[None]:
    """Keep more programs busy than there are processors while the block runs."""
    loops = [
        subprocess.Popen([sys.executable, "-c", _SPIN]) for _ in range(LOOPS_PER_CORE * (os.cpu_count() or 1))
    ]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


@dataclass(slots=True)
class Witness:
    """Looks as the watchdog does, from a thread: how long was something wrong before anybody set to it?"""

    watched: watchdog.Watched
    circus: Callable[[], psutil.Process | None]
    calm: bool = True
    longest_s: float = 0.0
    longest: str = ""
    _wrong_since_s: float | None = None
    _end: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Look several times a second while the block runs."""
        thread = threading.Thread(target=self._run, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._end.set()
            thread.join()

    def _run(self) -> None:
        while not self._end.wait(0.3):
            self._look()

    def _look(self) -> None:
        sight = watchdog.look(self.watched, self.circus())
        found = list(suspicions(sight))
        held_s = {task.pk: task.since_s for task in sight.tasks}
        self.calm = not found and sight.broker is not None and all(one.pk in held_s for one in sight.active)
        if not found or self._is_recovering():
            self._wrong_since_s = None
            return
        self._wrong_since_s = self._wrong_since_s or time.monotonic()
        waited_s = time.monotonic() - self._wrong_since_s
        if waited_s > self.longest_s:
            self.longest_s, self.longest = waited_s, str(found[0])

    def _is_recovering(self) -> bool:
        owner = self.watched.owner
        return any(processes.belongs(process, owner) == "recovery" for process in psutil.process_iter())


@dataclass(slots=True)
class Storm:
    """One series of kills in a session; `submit` starts a job whose electronic steps take so many seconds."""

    session: Session
    submit: Callable[[float], Submitted]
    seed: int
    pks: list[int] = field(default_factory=list)

    def rage(self, n_kills: int) -> Witness:
        """Kill so many parts, each in a daemon that is whole again, and return when all jobs have ended."""
        chance = random.Random(self.seed)
        victims = [PARTS[(self.seed + number) % len(PARTS)] for number in range(n_kills)]
        chance.shuffle(victims)
        witness = Witness(daemon.watched(self.session), lambda: daemon.supervisor(self.session))
        with starved(), witness.watching():
            for victim in victims:
                self._keep_busy(chance)
                time.sleep(chance.uniform(0.0, 6.0))  # the random moment is the test
                self._await(partial(self._targets, victim), f"there is a {victim} to kill")
                kill(self._targets(victim))
                if victim == "daemon":
                    reconcile.recover(self.session)  # what the next command does
                self._await(lambda: witness.calm, f"the daemon is whole after the kill of its {victim}")
            self._await(lambda: self._n_ended() == len(self.pks), "all jobs end")
        return witness

    def _keep_busy(self, chance: random.Random) -> None:
        """See that some jobs run, and that the daemon gets no more of the processors than its share."""
        while len(self.pks) - self._n_ended() < _AT_ONCE:
            self.pks.append(self.submit(chance.choice([0.2, 1.0, 3.0])).id)
        circus = daemon.supervisor(self.session)
        for part in [] if circus is None else [circus, *circus.children()]:
            with suppress(psutil.NoSuchProcess):
                part.nice(NICENESS)  # those that circus starts inherit it

    def _targets(self, victim: Part) -> list[psutil.Process]:
        circus = daemon.supervisor(self.session)
        if circus is None:
            return []
        owner = broker.owner(self.session)
        if victim == "circus":
            return [circus]
        if victim == "daemon":
            return [circus, *processes.strays(owner, None)]
        return processes.children(circus, victim, owner)

    def _await(self, condition: Callable[[], object], what: str) -> None:
        deadline = time.monotonic() + _LONGEST_S
        while not condition():
            assert time.monotonic() < deadline, f"seed {self.seed}: {what}: not within {_LONGEST_S:.0f} s"
            time.sleep(0.3)

    def _n_ended(self) -> int:
        """Return how many jobs have ended, without the engine's knowing."""
        file = seam_aiida.database_file(self.session.aiida_profile())
        assert file is not None
        question = _ENDED.format(", ".join(map(str, self.pks)) or "NULL")
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=60)) as connection:
            return int(connection.execute(question).fetchone()[0])

    def summary(self, n_kills: int, witness: Witness) -> str:
        """Return what is to be reported of a series."""
        longest = f"{witness.longest_s:.1f} s ({witness.longest})" if witness.longest else "0 s"
        done = f"seed {self.seed}: {n_kills} kills, {len(self.pks)} jobs"
        return f"{done}, wrong and unnoticed for at most {longest}"

    def not_right(self, n_starts: Callable[[str], int]) -> list[str]:
        """Return a sentence for each job that did not end well or whose program did not start just once."""
        wrong = []
        self.session.begin()
        for pk in self.pks:
            job = jobs.get(self.session, pk)
            starts = [n_starts(step.directory or "") for step in job.steps]
            if (job.state, job.exit_status) != ("finished", 0) or starts != [1]:
                wrong.append(f"job {pk}: {job.state}, {job.exit_message}, starts {starts}")
        return wrong
