"""Flows that change while they run, on a real daemon: the same documents as under jobflow itself."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crystalmath.engine import codes, jobs
from crystalmath.engine.documents import documents
from crystalmath.engine.submit import SubmitRequest, submit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crystalmath.engine.jobs import JobDetail
    from crystalmath.engine.session import Session

ROOT = Path(__file__).parents[2]

FLOWS = {
    "replace": lambda f: [
        (first := f.replace_by_sum([1, 2, 3, 4])),
        f.add(first.output["sum"], first.output["first"]),
    ],
    "detour": lambda f: [(first := f.detour(1)), f.add(first.output, 5)],
    "addition": lambda f: [(first := f.add_job(1)), f.add(first.output, 5)],
    "stop_children": lambda f: [(first := f.stop_children()), f.add(first.output, 1), f.add(1, 1)],
    "stop_flow": lambda f: [(first := f.stop_flow()), f.add(first.output, 1)],
    "missing": lambda f: [(first := f.fail("on purpose")), tolerant(f.count(first.output)), f.add(1, 1)],
}


def tolerant(job: Any) -> Any:
    from jobflow import OnMissing

    job.config.on_missing_references = OnMissing.NONE
    return job


def made(name: str) -> Any:
    """Return the flow of that name."""
    from jobflow import Flow
    from tests.unit.engine import python_functions

    return Flow(FLOWS[name](python_functions))


@pytest.fixture(scope="module")
def importing(session: Session) -> Iterator[Session]:
    """Let the daemon import this repository's tests, where the functions of the flows are."""
    from crystalmath.engine import daemon as daemons

    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), before]))
    daemons.stop(session)
    yield session
    os.environ.pop("PYTHONPATH") if before is None else os.environ.update(PYTHONPATH=before)
    daemons.stop(session)


@pytest.fixture
def run(importing: Session, daemon: Session) -> Callable[[Any], JobDetail]:
    """Return a function that runs a Flow to its end."""
    codes.ensure_standin(daemon)

    def wait(flow: Any) -> JobDetail:
        from monty.json import MontyEncoder

        text = json.dumps(flow, cls=MontyEncoder)
        wanted = SubmitRequest(flow_json=text, template="test", formula="", n_atoms=0, code="standin")
        return jobs.wait(daemon, submit(daemon, wanted).id, timeout=280)

    return wait


def under_jobflow(flow: Any, folder: Path) -> list[tuple[str, int, Any]]:
    """Run the Flow by jobflow itself and return (name, index, output) of what its store holds, sorted."""
    from jobflow import JobStore, run_locally
    from maggma.stores import MemoryStore

    store = JobStore(MemoryStore())
    run_locally(flow, store=store, create_folders=True, root_dir=folder, log=False)
    return sorted(
        ((row["name"], row["index"], plain(row["output"])) for row in store.query()),
        key=repr,
    )


def plain(output: Any) -> Any:
    """Return an output without the uuids of references, which differ from run to run."""
    text = json.dumps(output, default=str)
    return json.loads(text, object_hook=lambda found: {k: v for k, v in found.items() if k != "uuid"})


def on_aiida(session: Session, job: JobDetail) -> list[tuple[str, int, Any]]:
    return sorted(
        ((row.name, row.index, plain(row.output)) for row in documents(session, job.id)),
        key=repr,
    )


@pytest.mark.parametrize("name", FLOWS)
def test_every_wish_of_a_job_gives_the_documents_that_jobflow_gives(
    name: str, run: Callable[[Any], JobDetail], daemon: Session, tmp_path: Path
) -> None:
    job = run(made(name))
    assert job.state in ("finished", "failed")
    assert on_aiida(daemon, job) == under_jobflow(made(name), tmp_path)


def test_a_python_step_that_raises_ends_the_flow_with_a_sentence(run: Callable[[Any], JobDetail]) -> None:
    job = run(made("missing"))
    assert (job.state, job.exit_status) == ("failed", 404)
    assert job.exit_message == "Step 'fail': ValueError: on purpose"


def test_a_flow_that_is_stopped_says_by_whom(run: Callable[[Any], JobDetail]) -> None:
    job = run(made("stop_flow"))
    assert (job.state, job.exit_status) == ("failed", 402)
    assert job.exit_message == "1 steps were not run: the flow was stopped by 'stop_flow'"


def test_elastic_constants_of_a_pair_potential_obey_the_cauchy_relation(
    run: Callable[[Any], JobDetail], daemon: Session
) -> None:
    from atomate2.vasp.flows.elastic import ElasticMaker
    from atomate2.vasp.powerups import update_user_incar_settings
    from pymatgen.core import Lattice, Structure

    rock_salt = Structure.from_spacegroup(
        "Fm-3m", Lattice.cubic(4.2), ["Mg", "O"], [[0, 0, 0], [0.5, 0.5, 0.5]]
    )
    cheap = {"ENCUT": 250, "LAECHG": False, "LVTOT": False}
    flow = update_user_incar_settings(ElasticMaker().make(rock_salt.get_primitive_structure()), cheap)
    job = run(flow)
    assert (job.state, job.exit_message) == ("finished", None)
    assert len(job.steps) == 8
    fitted = next(row for row in documents(daemon, job.id) if row.name == "fit_elastic_tensor")
    tensor = fitted.output["elastic_tensor"]["raw"]
    assert tensor[0][1] == pytest.approx(tensor[3][3], rel=1e-3)
