"""The server with its real worker and a real engine below."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.rpc_client import REAL_SERVER, RpcClient

SILICON = Path(__file__).parents[2] / "examples" / "Si.vasp"


@pytest.fixture(scope="module")
def client(engine_environment: dict[str, str]) -> Iterator[RpcClient]:
    with RpcClient(REAL_SERVER, engine_environment) as raw:
        raw.initialize()
        raw.call("jobs.list")
        yield raw


def submission(**more: object) -> dict[str, object]:
    return {"template": "static", "structure": {"path": str(SILICON)}, **more}


def settled(client: RpcClient, job_id: int) -> dict[str, Any]:
    """Ask until the job has ended; each question takes the worker a while, so this does not spin."""
    while True:
        detail: dict[str, Any] = client.call("jobs.get", {"id": job_id})
        if detail["job"]["state"] in {"finished", "failed", "excepted", "killed"}:
            return detail


def test_a_submitted_job_is_listed_and_ends_with_a_card(client: RpcClient) -> None:
    submitted = client.call("jobs.submit", submission(label="over the wire", overrides={"ENCUT": "300"}))
    (row,) = [row for row in client.call("jobs.list")["jobs"] if row["id"] == submitted["id"]]
    assert (row["uuid"], row["label"], row["template"]) == (submitted["uuid"], "over the wire", "static")
    detail = settled(client, submitted["id"])
    assert detail["job"]["state"] == "finished"
    assert detail["card"]["energy_ev"] < 0
    assert detail["card"]["standin"] is True
    assert [step["state"] for step in detail["steps"]] == ["finished"]
    assert client.call("jobs.get", {"id": submitted["uuid"][:13]})["job"]["id"] == submitted["id"]


def test_the_same_key_gives_the_same_job(client: RpcClient) -> None:
    first = client.call("jobs.submit", submission(key="wire-once"))
    assert client.call("jobs.submit", submission(key="wire-once"))["id"] == first["id"]
    assert settled(client, first["id"])["job"]["state"] == "finished"


def test_a_structure_may_come_as_text(client: RpcClient) -> None:
    text = {"text": SILICON.read_text()}
    submitted = client.call("jobs.submit", submission(structure=text))
    assert settled(client, submitted["id"])["job"]["formula"] == "Si"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"structure": {"path": "/no/such/POSCAR"}}, -32011),
        ({"structure": {"text": "not a structure"}}, -32011),
        ({"template": "relaxx"}, -32012),
        ({"overrides": {"ENCUTT": 500}}, -32013),
        ({"code": "vasp@nowhere"}, -32015),
        ({"parameters": {"speed": 1}}, -32010),
        ({"waive": ["everything"]}, -32010),
        ({"structure": {}}, -32602),
        ({"structure": {"path": "a", "text": "b"}}, -32602),
        ({"unknown": 1}, -32602),
        ({"resources": {"ranks": 0}}, -32602),
    ],
)
def test_a_wrong_submit_is_refused_with_reason_and_leaves_no_job(
    client: RpcClient, wrong: dict[str, object], code: int
) -> None:
    before = [row["id"] for row in client.call("jobs.list")["jobs"]]
    error = client.failure("jobs.submit", submission(**wrong))
    assert error["code"] == code, error
    assert error["message"]
    assert code == -32602 or error["data"]["hint"]
    assert [row["id"] for row in client.call("jobs.list")["jobs"]] == before


def test_an_unknown_job_is_told_as_that(client: RpcClient) -> None:
    assert client.failure("jobs.get", {"id": 99_999_999})["code"] == -32016


def test_pages_join_to_the_whole_list(client: RpcClient) -> None:
    whole = [row["id"] for row in client.call("jobs.list")["jobs"]]
    assert len(whole) >= 3
    joined, after = [], None
    while True:
        page = client.call("jobs.list", {"limit": 1, **({"after": after} if after else {})})
        joined += [row["id"] for row in page["jobs"]]
        if (after := page["next"]) is None:
            break
    assert joined == whole


def test_an_unknown_profile_is_reported_as_itself(engine_environment: dict[str, str]) -> None:
    with RpcClient([*REAL_SERVER, "--profile", "nobody"], engine_environment) as client:
        client.initialize()
        error = client.failure("jobs.list")
        assert error["code"] == -32021
        assert "nobody" in error["message"]
