"""The state of a job follows from what AiiDA stores about it and its steps."""

from __future__ import annotations

import pytest

from crystalmath.engine.states import ENDED, STATES, Facts, State, of_job, of_process


def calculation(process_state: str | None, **known: object) -> Facts:
    return Facts(process_state, is_calculation=True, **known)  # type: ignore[arg-type]  # test tables


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (calculation(None), "created"),
        (calculation("created"), "created"),
        (calculation("running"), "queued"),
        (calculation("waiting"), "queued"),
        (calculation("waiting", sub_state="uploading"), "queued"),
        (calculation("waiting", sub_state="unstashing"), "queued"),
        (calculation("waiting", sub_state="submitting"), "queued"),
        (calculation("waiting", sub_state="withscheduler"), "queued"),
        (calculation("waiting", sub_state="withscheduler", scheduler_state="queued"), "queued"),
        (calculation("waiting", sub_state="withscheduler", scheduler_state="queued held"), "queued"),
        (calculation("waiting", sub_state="withscheduler", scheduler_state="running"), "running"),
        (calculation("waiting", sub_state="withscheduler", scheduler_state="suspended"), "running"),
        (calculation("waiting", sub_state="withscheduler", scheduler_state="done"), "transferring"),
        (calculation("waiting", sub_state="stashing", scheduler_state="done"), "transferring"),
        (calculation("waiting", sub_state="retrieving", scheduler_state="done"), "transferring"),
        (calculation("running", sub_state="parsing", scheduler_state="done"), "transferring"),
        (calculation("waiting", sub_state="uploading", paused=True), "paused"),
        (calculation("finished", exit_status=0, paused=True), "finished"),
        (calculation("finished", exit_status=310), "failed"),
        (calculation("excepted"), "excepted"),
        (calculation("killed", sub_state="withscheduler"), "killed"),
    ],
)
def test_the_state_of_a_calculation_tells_queue_run_and_transfer_apart(facts: Facts, state: State) -> None:
    assert of_process(facts) == state


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ([], "queued"),
        (["created"], "queued"),
        (["finished"], "running"),
        (["finished", "queued"], "queued"),
        (["queued", "running", "transferring"], "running"),
        (["queued", "transferring"], "transferring"),
        (["running", "paused"], "paused"),
        (["running", "paused", "asking"], "asking"),
        (["failed", "created"], "queued"),
    ],
)
def test_an_active_job_is_what_its_furthest_active_step_is(steps: list[State], state: State) -> None:
    assert of_job(Facts("waiting"), steps) == state


@pytest.mark.parametrize("own", ["finished", "excepted", "killed"])
def test_a_job_that_has_ended_stays_so_whatever_its_steps_are(own: str) -> None:
    assert of_job(Facts(own, exit_status=0), ["running"]) == own


def test_a_job_that_was_never_started_is_created() -> None:
    assert of_job(Facts("created"), []) == "created"


def test_a_paused_work_chain_is_a_paused_job() -> None:
    assert of_job(Facts("waiting", paused=True), ["running"]) == "paused"


def test_every_ended_state_is_a_state() -> None:
    assert set(STATES) >= ENDED
