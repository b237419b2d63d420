"""Kill −9 the daemon's worker at random moments of a branching flow that grows as it runs."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scripts import maker_documents, maker_runs
from tests.engine.kills import kill
from tests.unit.engine import python_functions

from crystalmath.engine import broker, daemon, jobs, processes, states

if TYPE_CHECKING:
    from tests.engine.conftest import Ground

    from crystalmath.engine.session import Session

STRAINS = [-0.02, 0.0, 0.02]
RUNS = ["static", *(f"static {strain}" for strain in STRAINS)]
FUNCTIONS = sorted([*RUNS, "gather", "scatter", "store_inputs"])  # each run has its inputs prepared
N_VASP = len(RUNS)


def branching(delay_s: float) -> Any:
    """Return a static run whose cell is strained into further runs, which are gathered."""
    from atomate2.vasp.jobs.core import StaticMaker
    from atomate2.vasp.powerups import update_user_incar_settings
    from jobflow import Flow
    from pymatgen.core import Structure

    incar = {"ENCUT": 200, "LAECHG": False, "LVTOT": False, "SYSTEM": f"standin:delay={delay_s}"}
    half = 2.73
    cell = [[0, half, half], [half, 0, half], [half, half, 0]]
    silicon = Structure(cell, ["Si", "Si"], [[0, 0, 0], [0.25, 0.25, 0.25]])
    first = update_user_incar_settings(StaticMaker(), incar).make(silicon)
    return Flow([first, python_functions.scatter(first.output.structure, STRAINS, incar)])


@dataclass(frozen=True, slots=True)
class Disturbed:
    """A flow that has ended although its worker was killed `n_kills` times."""

    pk: int
    n_kills: int


def disturbed(session: Session, n_kills: int, seed: int) -> Disturbed:
    """Run the flow to its end, killing the worker at random moments, at most so often."""
    chance = random.Random(seed)
    pk = maker_runs.submit(session, branching(delay_s=0.15), "killed")
    done = 0
    next_at = time.monotonic() + chance.uniform(0.5, 6.0)
    for _ in jobs.follow(session, pk, timeout=850, look_s=0.2, every_look=True):
        if done < n_kills and time.monotonic() > next_at and (targets := workers(session)):
            kill(targets)
            done += 1
            next_at = time.monotonic() + chance.uniform(4.0, 12.0)
    return Disturbed(pk, done)


def workers(session: Session) -> list[Any]:
    """Return the worker processes of the session's daemon."""
    circus = daemon.supervisor(session)
    return processes.children(circus, "worker", broker.owner(session)) if circus is not None else []


def check(session: Session, ground: Ground, ended: Disturbed, reference: Any) -> None:
    """Hold the flow to its documents, to one start of each step, and to no process left over."""
    from aiida import orm

    session.begin()
    job = jobs.get(session, ended.pk)
    assert (job.state, job.exit_message) == ("finished", None)
    assert maker_documents.differences(maker_runs.recorded(session, ended.pk), reference) == ()
    assert [step.state for step in job.steps] == ["finished"] * N_VASP
    assert [ground.n_starts(step.directory) for step in job.steps] == [1] * N_VASP
    called = orm.QueryBuilder().append(orm.WorkChainNode, filters={"id": ended.pk}, tag="flow")
    called.append(orm.CalcFunctionNode, with_incoming="flow", project="label")
    assert sorted(called.all(flat=True)) == FUNCTIONS
    left = orm.QueryBuilder().append(orm.ProcessNode, project=["id", "attributes.process_state"]).all()
    assert [pk for pk, state in left if pk > ended.pk and state not in states.ENDED] == []
    runs = orm.QueryBuilder().append(orm.CalcJobNode, filters={"id": {">": ended.pk}}).count()
    assert runs == N_VASP, "a calculation has no flow"
