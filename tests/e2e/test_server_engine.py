"""The server with its real worker and a real engine below."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from tests.e2e.rpc_client import REAL_SERVER, RpcClient
from tests.e2e.waiting import children

from crystalmath_lsp.models import PROTOCOL

N_KILLS = 10
SILICON = Path(__file__).parents[2] / "examples" / "Si.vasp"


@pytest.fixture(scope="module")
def client(engine_environment: dict[str, str]) -> Iterator[RpcClient]:
    with RpcClient(REAL_SERVER, engine_environment) as raw:
        raw.initialize({"experimental": {"crystalmath": {"protocol": PROTOCOL}}})
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
        ({"overrides": {"ICHARG": 11}}, -32010),
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
    joined: list[int] = []
    after: str | None = None
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


ORDER = ["created", "queued", "running", "transferring", "finished"]


@pytest.fixture(scope="module")
def finished(client: RpcClient) -> dict[str, Any]:
    """Watch a job from its submit to its end and return it; what was told on the way is in `told`."""
    assert client.call("jobs.watch")["mode"] == "broadcasts"
    submitted = client.call("jobs.submit", submission(label="watched", overrides={"ENCUT": 300}))
    told: list[dict[str, Any]] = []
    while not told or told[-1]["state"] != "finished":
        changed = client.told("jobs.changed")
        told += [row for row in changed["jobs"] if row["id"] == submitted["id"]]
    return {**submitted, "told": told}


def test_who_watches_is_told_every_state_forwards_only(finished: dict[str, Any]) -> None:
    states = [row["state"] for row in finished["told"]]
    # A flow whose last step has ended is running until it has taken in what came of it.
    steps = [state for state in states if state != "running"]
    assert steps == sorted(steps, key=ORDER.index)
    assert "running" not in states or "queued" not in states[states.index("running") :]
    assert states[-1] == "finished"
    assert {row["label"] for row in finished["told"]} == {"watched"}


def test_what_was_asked_for_can_be_sent_again_with_changes(
    client: RpcClient, finished: dict[str, Any]
) -> None:
    request = client.call("jobs.get", {"id": finished["id"]})["request"]
    assert (request["template"], request["overrides"], request["label"]) == (
        "static",
        {"ENCUT": 300.0},
        "watched",
    )
    again = client.call("jobs.submit", {**request, "overrides": {"ENCUT": 320}})
    assert settled(client, again["id"])["job"]["state"] == "finished"
    found = client.call("jobs.diff", {"left": finished["id"], "right": again["id"]})["differences"]
    assert [(one["file"], one["name"]) for one in found] == [("INCAR", "ENCUT")]
    own = client.call("jobs.diff", {"left": again["id"]})["differences"]
    assert [one["right"] for one in own if one["name"] == "ENCUT"] == ["320.0"]
    restarted = client.call("jobs.restart", {"id": again["id"], "label": "again"})
    detail = settled(client, restarted["id"])
    assert (detail["restart_of"], detail["job"]["label"]) == (again["uuid"], "again")


def test_a_job_is_looked_into(client: RpcClient, finished: dict[str, Any]) -> None:
    one = {"id": finished["id"]}
    tree = client.call("jobs.tree", one)
    assert (tree["kind"], "VaspCalcJob" in {child["kind"] for child in tree["children"]}) == (
        "FlowWorkChain",
        True,
    )
    assert "not VASP" in client.call("jobs.log", {**one, "n_lines": 500})["output"]
    names = [file["name"] for file in client.call("jobs.files", one)["files"]]
    assert {"INCAR", "OSZICAR", "vasp.out"} <= set(names)
    assert "POTCAR" not in names
    convergence = client.call("results.convergence", one)
    assert convergence["state"] == "finished"
    assert convergence["convergence"]["ionic"][0]["energy_ev"] < 0
    assert client.call("results.bands", one) == {"bands": None}
    assert client.call("results.get", one)["standin"] is True


def test_a_file_is_read_in_parts_that_join_to_the_whole(client: RpcClient, finished: dict[str, Any]) -> None:
    asked = {"id": finished["id"], "name": "OUTCAR"}
    whole = client.call("jobs.read", asked)
    assert (whole["offset"], whole["next"]) == (0, None)
    joined = ""
    offset: int | None = 0
    while offset is not None:
        part = client.call("jobs.read", {**asked, "offset": offset, "limit": 10_007})
        joined, offset = joined + part["text"], part["next"]
    assert joined == whole["text"]
    assert client.call("jobs.read", {**asked, "offset": -100})["text"] == whole["text"][-100:]
    assert client.failure("jobs.read", {**asked, "name": "POTCAR"})["code"] == -32017
    assert client.failure("jobs.read", {**asked, "limit": 10**9})["code"] == -32602


def test_jobs_are_found_by_what_is_known_of_them(client: RpcClient, finished: dict[str, Any]) -> None:
    found = client.call(
        "jobs.list", {"label": "watch", "elements": ["Si"], "states": ["finished"], "counts": True}
    )
    assert finished["id"] in [row["id"] for row in found["jobs"]]
    assert found["counts"]["finished"] >= 1
    assert client.call("jobs.list", {"text": "perovskite"})["jobs"] == []
    assert client.failure("jobs.list", {"after": "nowhere"})["code"] == -32010
    assert client.failure("jobs.list", {"created_after": "yesterday"})["code"] == -32010


def test_a_label_is_changed_and_told(client: RpcClient, finished: dict[str, Any]) -> None:
    row = client.call("jobs.label", {"id": finished["id"], "label": "renamed"})
    assert row["label"] == "renamed"
    told = client.told("jobs.changed")
    while [job["label"] for job in told["jobs"] if job["id"] == finished["id"]] != ["renamed"]:
        told = client.told("jobs.changed")
    client.call("jobs.label", {"id": finished["id"], "label": "watched"})


def test_a_paused_job_is_resumed_and_a_cancelled_one_removed(client: RpcClient) -> None:
    slow = submission(overrides={"ENCUT": 300, "SYSTEM": "Si standin:delay=10"})
    one = {"id": client.call("jobs.submit", slow)["id"]}
    assert client.call("jobs.pause", one)["state"] == "paused"
    assert client.call("jobs.get", one)["reason"]
    assert client.call("jobs.resume", one)["changed"] is True
    assert client.failure("jobs.delete", one)["code"] == -32010
    assert client.call("jobs.cancel", one)["state"] == "killed"
    assert client.call("jobs.delete", one)["n_nodes"] > 0
    assert client.failure("jobs.get", one)["code"] == -32016
    removed: list[int] = []
    while one["id"] not in removed:
        removed += client.told("jobs.changed")["removed"]


def test_the_engine_tells_how_it_is(client: RpcClient) -> None:
    status = client.call("system.status")
    parts = {part["name"]: part["verdict"] for part in status["parts"]}
    assert (parts["storage"], parts["broker"], parts["worker"]) == ("good", "good", "good")
    assert status["versions"]["aiida-core"].startswith("2.")
    assert status["jobs"]["finished"] >= 1
    assert client.call("system.repair")["profile"] == status["profile"]


def test_profiles_and_codes_are_listed(client: RpcClient) -> None:
    (profile,) = client.call("profiles.list")["profiles"]
    assert profile["current"] is True
    assert client.call("profiles.use", {"name": profile["name"]})["name"] == profile["name"]
    error = client.failure("profiles.use", {"name": "nobody"})
    assert (error["code"], "nobody" in error["message"]) == (-32021, True)
    (code,) = client.call("codes.list")["codes"]
    assert (code["label"], code["is_default"]) == ("standin", True)
    assert client.call("codes.use", {"label": "standin"})["codes"][0]["is_default"] is True
    wrong = {"label": "mine", "std": "/no/such/vasp"}
    assert client.failure("codes.create", wrong)["code"] == -32015
    assert client.failure("codes.delete", {"label": "nobody"})["code"] == -32015


def test_inputs_are_shown_checked_and_written(client: RpcClient, tmp_path: Path) -> None:
    wanted = {"template": "static", "structure": {"path": str(SILICON)}}
    assert "static" in [one["name"] for one in client.call("templates.list")["templates"]]
    details = client.call("templates.get", {"name": "static"})
    assert (details["curated"], details["schema"]["type"]) == (True, "object")
    assert client.failure("templates.get", {"name": "statik"})["code"] == -32012
    shown = client.call("inputs.preview", {**wanted, "overrides": {"ENCUT": 333}})
    assert {"tag": "ENCUT", "value": "333.0", "source": "user"} in shown["incar"]
    assert (
        set(shown["files"]) == {"INCAR", "KPOINTS", "POSCAR", "POTCAR.spec"}
        or "KSPACING" in shown["files"]["INCAR"]
    )
    remarks = client.call("inputs.check", {**wanted, "overrides": {"ICHARG": 11}})["remarks"]
    assert [one["code"] for one in remarks if one["severity"] == "error"] == ["no-charge-density"]
    assert not [one for one in client.call("inputs.check", wanted)["remarks"] if one["severity"] == "error"]
    written = client.call("inputs.write", {**wanted, "directory": str(tmp_path / "out")})["paths"]
    assert (tmp_path / "out" / "INCAR").read_text() == Path(written[0]).read_text()
    again = {**wanted, "directory": str(tmp_path / "out")}
    assert client.call("inputs.write", again)["paths"] == written  # the same once more loses nothing
    (tmp_path / "out" / "INCAR").write_text("mine")
    error = client.failure("inputs.write", again)
    assert (error["code"], "INCAR" in error["message"]) == (-32010, True)
    assert (tmp_path / "out" / "INCAR").read_text() == "mine"
    assert client.call("inputs.write", {**again, "overwrite": True})["paths"] == written
    structure = client.call("structures.read", {"path": str(SILICON)})
    assert (structure["formula"], structure["n_atoms"], structure["elements"]) == ("Si", 2, ["Si", "Si"])
    (need,) = client.call("potcars.status", wanted)["needs"]
    assert (need["missing"], [one["element"] for one in need["found"]]) == ([], ["Si"])
    assert client.failure("potcars.index", {"directory": str(tmp_path)})["code"] == -32014


@pytest.mark.timeout(900)  # ten new workers and ten jobs, on a machine that may do much else
def test_a_killed_worker_loses_and_doubles_no_job(client: RpcClient, finished: dict[str, Any]) -> None:
    kill_and_count(client, N_KILLS)
    while client.told("system.changed")["mode"] != "off":
        continue


WORKER_DIED = -32024


def submitted_at_last(client: RpcClient, key: str) -> int:
    """Submit, and again if the worker died of the last kill only when the call was on its way."""
    while True:
        answer = client.answer(client.request("jobs.submit", submission(key=key)))
        if "result" in answer:
            return int(answer["result"]["id"])
        assert answer["error"]["code"] == WORKER_DIED, answer


def kill_and_count(client: RpcClient, n_kills: int) -> None:
    """Kill the worker at some moment of each submit; every call is answered, each key has one job."""
    dice = random.Random(5)
    keys = [f"killed-{number}" for number in range(n_kills)]
    for key in keys:
        calls = [client.request("jobs.submit", submission(key=key))]
        calls += [client.request("jobs.list") for _ in range(5)]
        time.sleep(dice.uniform(0, 8))  # the random moment is the test; a new worker needs half of that
        client.failure("no.such.method")
        for worker in children(client.process.pid):
            with contextlib.suppress(psutil.NoSuchProcess):
                worker.kill()
        for identity in calls:
            answer = client.answer(identity)
            assert "result" in answer or answer["error"]["code"] == WORKER_DIED, answer
    ids = [submitted_at_last(client, key) for key in keys]
    assert len(set(ids)) == n_kills
    assert [client.call("jobs.submit", submission(key=key))["id"] for key in keys] == ids
    for pk in ids:
        assert settled(client, pk)["job"]["state"] == "finished"
