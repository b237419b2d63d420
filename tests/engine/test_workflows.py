"""Whole workflows of atomate2 on a real daemon: the very documents and inputs of jobflow itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from scripts import maker_documents, maker_runs, makers
from scripts.maker_cases import build

from crystalmath.engine import codes, jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crystalmath.engine.session import Session

    from .conftest import Ground

pytestmark = pytest.mark.timeout(900)
WAIT_S = 850.0
ROOT = Path(__file__).parents[2]
NAMES = (
    "flows.core:OpticsMaker",
    "flows.mp:MP24DoubleRelaxStaticMaker",  # with a Python step that deletes files
    "flows.eos:EosMaker",
    "flows.phonons:PhononMaker",
    "jobs.neb:NebFromEndpointsMaker",  # a run with folders of images, read again by a Python step
)


@pytest.fixture(scope="module")
def under_jobflow(ground: Ground) -> Iterator[Callable[[str], tuple[maker_documents.Record, ...]]]:
    """Run the Makers by jobflow in a process of its own, beside the daemon."""
    scratch = ground.base / "jobflow"
    scratch.mkdir()
    subprocess.run([makers.BIN / "crystalmath-standin", "--potcars", scratch / "potcars"], check=True)
    command = [sys.executable, "-m", "scripts.makers", "--batch", ",".join(NAMES), "--engine", "jobflow"]
    with subprocess.Popen(
        [*command, "--scratch", scratch],
        cwd=ROOT,
        env=makers.environment(scratch),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as running:

        def left(name: str) -> tuple[maker_documents.Record, ...]:
            running.wait(WAIT_S)
            folder = maker_runs.folder_of(scratch / "jobflow", name)
            return maker_documents.load(folder / "records.json.gz")

        yield left


@pytest.fixture(scope="module")
def submitted(session: Session) -> dict[str, int]:
    """Submit all workflows at once."""
    codes.ensure_standin(session)
    return {name: maker_runs.submit(session, build(maker_runs.maker_of(name)), name) for name in NAMES}


@pytest.fixture
def on_aiida(submitted: dict[str, int], daemon: Session) -> Callable[[str], Any]:
    """Return a function that waits for a workflow and returns what it left."""

    def left(name: str) -> Any:
        job = jobs.wait(daemon, submitted[name], timeout=WAIT_S)
        assert (job.state, job.exit_message) == ("finished", None)
        return maker_runs.recorded(daemon, job.id)

    return left


@pytest.mark.parametrize("name", NAMES)
def test_documents_and_inputs_are_those_of_jobflow(
    name: str,
    under_jobflow: Callable[[str], Any],
    on_aiida: Callable[[str], Any],
) -> None:
    ours, theirs = on_aiida(name), under_jobflow(name)
    assert maker_documents.n_inputs(ours) > 0
    assert maker_documents.differences(ours, theirs) == ()
    assert maker_documents.input_differences(ours, theirs) == ()


def test_the_volume_of_the_equation_of_state_is_that_of_the_relaxed_cell(
    on_aiida: Callable[[str], Any],
) -> None:
    records = {one.name: one.output for one in on_aiida("flows.eos:EosMaker")}
    relaxed = records["EOS GGA relax 2 EOS equilibrium relaxation"]["structure"]["lattice"]["volume"]
    fitted = records["EOS Maker postprocessing"]["relax"]["EOS"]["birch_murnaghan"]["v0"]
    assert fitted == pytest.approx(relaxed, rel=1e-3)


def test_files_of_a_recorded_run_are_not_deleted_and_the_report_says_so(
    submitted: dict[str, int], on_aiida: Callable[[str], Any], daemon: Session
) -> None:
    from aiida import orm
    from aiida.cmdline.utils.common import get_workchain_report

    name = "flows.mp:MP24DoubleRelaxStaticMaker"
    on_aiida(name)
    job = jobs.get(daemon, submitted[name])
    assert all((Path(step.directory or "") / "WAVECAR").exists() for step in job.steps)
    report = get_workchain_report(orm.load_node(job.id), "REPORT")
    assert "Step 'remove_workflow_files': it wanted to delete" in report
    assert "which are kept" in report


def test_the_environment_of_the_comparison_is_not_left_behind() -> None:
    assert "ATOMATE2_VASP_CMD" not in os.environ
