"""Kill −9 what submits and runs jobs, at random moments, and see that each job ends well and ran once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import psutil

from crystalmath.engine import broker, daemon, jobs, processes, reconcile, states

if TYPE_CHECKING:
    from collections.abc import Callable

    from crystalmath.engine.session import Session
    from crystalmath.engine.states import State
    from crystalmath.engine.submit import Submitted

Victim = Literal["client", "submitter", "worker", "broker", "daemon"]
VICTIMS: tuple[Victim, ...] = get_args(Victim)

# Each of some ten electronic steps takes so long: most kills hit the program while it runs.
DELAY_S = 0.25
# When to kill: at once, or when the job is seen in this state, each time a random moment later.
MOMENTS: tuple[State | None, ...] = (None, "queued", "running", "running", "transferring")


def cases(count: int, first_seed: int = 0) -> list[Any]:
    """Return `count` pytest parameters: the victims in turn, each with a seed of its own."""
    import pytest

    victims = [VICTIMS[number % len(VICTIMS)] for number in range(count)]
    return [
        pytest.param(victim, seed, id=f"{victim}-{seed}") for seed, victim in enumerate(victims, first_seed)
    ]


@dataclass(frozen=True, slots=True)
class Range:
    """Where killing happens: a session, how to submit with a key, and the command of a submitting program."""

    session: Session
    submit: Callable[[str], Submitted]
    client: Callable[[Victim, str], list[str]]

    def survive(self, victim: Victim, seed: int) -> int:
        """Kill the victim amid a job, do what the next command does, and return the job, ended well."""
        chance = random.Random(seed)
        key = uuid.uuid4().hex
        if victim in {"client", "submitter"}:
            _killed_submit(self.client(victim, key), victim, chance)
        else:
            key = self._submit_and_wait(chance)
            kill(_targets(self.session, victim))
        reconcile.recover(self.session)  # what opening a session does
        again = self.submit(key)
        done = jobs.wait(self.session, again.id, timeout=500)
        assert (done.state, done.exit_status) == ("finished", 0), done
        assert len(processes_of(key)) == 1, "the key has two jobs"
        return again.id

    def _submit_and_wait(self, chance: random.Random) -> str:
        """Submit a job and return its key at a random moment before it has ended."""
        while True:
            key = uuid.uuid4().hex
            submitted = self.submit(key)
            moment = chance.choice(MOMENTS)
            for progress in jobs.follow(self.session, submitted.id, timeout=500, look_s=0.1):
                if moment is None or progress.state == moment:
                    time.sleep(chance.uniform(0.0, 0.4))  # the random moment is the test
                    break
            if jobs.state(self.session, submitted.id) not in states.ENDED:
                return key


def kill(targets: list[psutil.Process]) -> None:
    """End the processes as a power cut would, and wait until they are gone."""
    assert targets, "nothing to kill"
    for target in targets:
        target.send_signal(signal.SIGKILL)
    psutil.wait_procs(targets, timeout=60)


def processes_of(key: str) -> list[int]:
    """Return the pks of the processes with the key's label."""
    from aiida import orm

    query = orm.QueryBuilder().append(orm.ProcessNode, filters={"label": f"cm:{key}"}, project="id")
    return [int(pk) for pk in query.all(flat=True)]


def _targets(session: Session, victim: Victim) -> list[psutil.Process]:
    circus = daemon.supervisor(session)
    owner = broker.owner(session)
    assert circus is not None
    if victim == "daemon":
        parts = [circus, *circus.children()]
        return [part for part in parts if processes.belongs(part, owner) is not None]
    return processes.children(circus, victim, owner)


def _killed_submit(command: list[str], victim: Victim, chance: random.Random) -> None:
    """Submit in a process of its own that is killed right after, or while it submits."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as client:
        assert client.stdout is not None
        if victim == "submitter":
            assert client.stdout.readline() == "submitting\n"
            time.sleep(chance.uniform(0.0, 0.4))  # the random moment is the test
            client.kill()
        assert client.wait(timeout=500) == -signal.SIGKILL
