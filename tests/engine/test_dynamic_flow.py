"""Flows that change while they run, on a real daemon: the same jobs and documents as under jobflow itself."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crystalmath.engine import codes, jobs, tree
from crystalmath.engine.documents import documents
from crystalmath.engine.submit import SubmitRequest, submit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crystalmath.engine.jobs import JobDetail
    from crystalmath.engine.session import Session

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.timeout(900)  # the first test waits for all flows at once


def _linear(f: Any) -> Any:
    from jobflow import Flow, JobOrder

    names = ["third", "first", "second"]
    made = [f.add(number, 1) for number in range(3)]
    for job, name in zip(made, names, strict=True):
        job.name = name
    return Flow(made, order=JobOrder.LINEAR)


def _described(f: Any) -> Any:
    from jobflow import Flow

    inner = Flow([f.replace_by_sum([1, 2, 3])])
    outer = Flow([inner, f.add(1, 1)])
    outer.update_metadata({"project": "bridge", "tags": ["a", "b"]})
    return outer


FLOWS = {
    "replace": lambda f: [
        (first := f.replace_by_sum([1, 2, 3, 4])),
        f.add(first.output["sum"], first.output["first"]),
    ],
    "replace_again": lambda f: [(first := f.shrink(3)), f.add(first.output, 5)],
    "branch": lambda f: [(first := f.branch(4)), f.add(first.output, 5)],
    "detour": lambda f: [(first := f.detour(1)), f.add(first.output, 5)],
    "detour_again": lambda f: [(first := f.detour_twice(1)), f.add(first.output, 5)],
    "addition": lambda f: [(first := f.add_job(1)), f.add(first.output, 5)],
    "stop_children": lambda f: [
        (first := f.stop_children()),
        (second := f.add(first.output, 1)),
        f.add(second.output, 1),
        f.add(1, 1),
    ],
    "stop_flow": lambda f: [(first := f.stop_flow()), f.add(first.output, 1)],
    "stop_flow_before_others": lambda f: [f.stop_flow(), f.add(1, 1)],
    "missing": lambda f: [(first := f.fail("on purpose")), tolerant(f.count(first.output)), f.add(1, 1)],
    "additional_store": lambda f: [(first := f.many(50)), f.total(first.output["numbers"])],
    "linear_order": _linear,
    "hosts_and_metadata": _described,
}
FAULTS = {
    "raises": lambda f: [(first := f.fail("on purpose")), f.add(first.output, 1), f.add(1, 1)],
    "cannot_be_stored": lambda f: [f.opaque(), f.add(1, 1)],
    "circle": lambda f: [f.grow_in_a_circle(), f.add(1, 1)],
    "sand": lambda f: [f.grow_on_sand(), f.add(1, 1)],
}


def tolerant(job: Any) -> Any:
    from jobflow import OnMissing

    job.config.on_missing_references = OnMissing.NONE
    return job


def made(name: str) -> Any:
    """Return the flow of that name."""
    from jobflow import Flow
    from tests.unit.engine import python_functions

    make: Callable[[Any], Any] = {**FLOWS, **FAULTS}[name]
    built = make(python_functions)
    return built if isinstance(built, Flow) else Flow(built)


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


@pytest.fixture(scope="module")
def submitted(importing: Session) -> dict[str, int]:
    """Submit all flows at once: the daemon works while the tests compare."""
    codes.ensure_standin(importing)
    return {name: hand_in(importing, made(name)) for name in (*FLOWS, *FAULTS)}


def hand_in(session: Session, flow: Any) -> int:
    from monty.json import MontyEncoder

    text = json.dumps(flow, cls=MontyEncoder)
    wanted = SubmitRequest(flow_json=text, template="test", formula="", n_atoms=0, code="standin")
    return submit(session, wanted).id


@pytest.fixture
def ended(submitted: dict[str, int], daemon: Session) -> Callable[[str], JobDetail]:
    """Return a function that waits for the flow of that name."""
    return lambda name: jobs.wait(daemon, submitted[name], timeout=850)


Row = tuple[str, int, Any, Any, int]


def under_jobflow(flow: Any, folder: Path) -> list[Row]:
    """Run the Flow by jobflow itself and return what its store holds, sorted."""
    from jobflow import JobStore, run_locally
    from maggma.stores import MemoryStore

    store = JobStore(MemoryStore(), additional_stores={"data": MemoryStore(), "numbers": MemoryStore()})
    run_locally(flow, store=store, create_folders=True, root_dir=folder, log=False)
    return sorted((row_of(document) for document in store.query(load=True)), key=repr)


def row_of(document: dict[str, Any]) -> Row:
    """Return name, index, output, metadata and number of hosts of a document."""
    about = (plain(document["output"]), plain(document["metadata"]), len(document["hosts"]))
    return (document["name"], document["index"], *about)


def plain(output: Any) -> Any:
    """Return an output without the uuids of references, which differ from run to run."""
    text = json.dumps(output, default=str)
    return json.loads(text, object_hook=lambda found: {k: v for k, v in found.items() if k != "uuid"})


def on_aiida(session: Session, job: JobDetail) -> list[Row]:
    """Return what the nodes of the job's steps hold, in the order of their beginning."""
    from aiida import orm

    from crystalmath.engine import nodes
    from crystalmath.engine.children import children_of

    children = sorted(children_of(job.id).values(), key=lambda child: child.pk)
    kept = [orm.load_node(child.pk).outputs for child in children if child.is_accepted]
    return [row_of(nodes.load(outputs.document)) for outputs in kept if "document" in outputs]


@pytest.mark.parametrize("name", FLOWS)
def test_every_wish_of_a_job_gives_the_jobs_and_documents_that_jobflow_gives(
    name: str, ended: Callable[[str], JobDetail], daemon: Session, tmp_path: Path
) -> None:
    job = ended(name)
    assert job.state in ("finished", "failed")
    assert sorted(on_aiida(daemon, job), key=repr) == under_jobflow(made(name), tmp_path)


def test_a_linear_flow_runs_in_its_order(ended: Callable[[str], JobDetail], daemon: Session) -> None:
    rows = on_aiida(daemon, ended("linear_order"))
    assert [name for name, *_ in rows] == ["third", "first", "second"]


def test_what_a_job_hands_over_beside_its_output_is_kept(
    ended: Callable[[str], JobDetail], daemon: Session
) -> None:
    from crystalmath.engine.children import children_of

    kept = [child.response for child in children_of(ended("detour").id).values() if child.response]
    assert [wishes.get("stored_data") for wishes in kept] == [{"why": "to see"}]


def test_steps_are_those_of_the_flow_with_those_that_they_added(
    ended: Callable[[str], JobDetail], daemon: Session
) -> None:
    first, second = tree.steps(daemon, ended("replace").id)
    assert (first.name, first.index, first.kind, first.state) == ("replace_by_sum", 1, "python", "finished")
    assert [(child.name, child.index, child.children) for child in first.children] == [
        *[("add", 1, ())] * 3,
        ("store_inputs", 2, ()),
    ]
    assert second.children == ()
    rows = {(row.uuid, row.index): row.output for row in documents(daemon, ended("replace").id)}
    assert rows[second.uuid, second.index] == 13


def test_steps_that_were_left_out_say_why(ended: Callable[[str], JobDetail], daemon: Session) -> None:
    states = {step.name: (step.state, step.reason) for step in tree.steps(daemon, ended("stop_flow").id)}
    assert states == {
        "stop_flow": ("finished", None),
        "add": ("skipped", "the flow was stopped by 'stop_flow'"),
    }


def test_a_python_step_that_raises_ends_the_flow_with_a_sentence(ended: Callable[[str], JobDetail]) -> None:
    job = ended("missing")
    assert (job.state, job.exit_status) == ("failed", 404)
    assert job.exit_message == "Step 'fail': ValueError: on purpose"


def test_a_flow_that_is_stopped_says_by_whom(ended: Callable[[str], JobDetail]) -> None:
    job = ended("stop_flow")
    assert (job.state, job.exit_status) == ("failed", 402)
    assert job.exit_message == "1 step was not run: the flow was stopped by 'stop_flow'"


@pytest.mark.parametrize(
    ("name", "step", "words"),
    [
        ("raises", "fail", "ValueError: on purpose"),
        ("cannot_be_stored", "opaque", "object"),
        ("circle", "grow_in_a_circle", "cycle"),
        ("sand", "grow_on_sand", "which is not in the flow"),
    ],
)
def test_a_fault_names_its_step_and_leaves_the_others_alone(
    name: str, step: str, words: str, ended: Callable[[str], JobDetail], daemon: Session
) -> None:
    job = ended(name)
    assert job.state == "failed"
    assert job.exit_message is not None
    assert job.exit_message.startswith(f"Step '{step}': ")
    assert words in job.exit_message
    states = {(one.name, one.state) for one in tree.steps(daemon, job.id)}
    assert (("add", "finished")) in states
    assert not {state for _, state in states} & {"waiting", "running", "created"}


def test_elastic_constants_of_a_pair_potential_obey_the_cauchy_relation(
    importing: Session, daemon: Session
) -> None:
    from atomate2.vasp.flows.elastic import ElasticMaker
    from atomate2.vasp.powerups import update_user_incar_settings
    from pymatgen.core import Lattice, Structure

    rock_salt = Structure.from_spacegroup(
        "Fm-3m", Lattice.cubic(4.2), ["Mg", "O"], [[0, 0, 0], [0.5, 0.5, 0.5]]
    )
    cheap = {"ENCUT": 250, "LAECHG": False, "LVTOT": False}
    flow = update_user_incar_settings(ElasticMaker().make(rock_salt.get_primitive_structure()), cheap)
    job = jobs.wait(daemon, hand_in(daemon, flow), timeout=850)
    assert (job.state, job.exit_message) == ("finished", None)
    assert len(job.steps) == 8
    fitted = next(row for row in documents(daemon, job.id) if row.name == "fit_elastic_tensor")
    tensor = fitted.output["elastic_tensor"]["raw"]
    assert tensor[0][1] == pytest.approx(tensor[3][3], rel=1e-3)
