"""What clients are told unasked: every last state, nothing backwards, also over a restart of the worker."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.deadlines import SOON_S
from tests.e2e.rpc_client import ROOT, SCRIPTED_SERVER, RpcClient
from tests.e2e.waiting import until

from crystalmath_lsp.frames import Frame, FrameDecoder, encode


@pytest.fixture
def client() -> Iterator[RpcClient]:
    with RpcClient() as raw:
        raw.initialize()
        yield raw


def states_told(client: RpcClient) -> dict[int, list[int]]:
    """Return for each job the turns that were told, up to the end of the burst."""
    told: dict[int, list[int]] = {}
    client.told("system.changed")
    for message in [m for m in client.kept if m.get("method") == "jobs.changed"]:
        for job in message["params"]["jobs"]:
            told.setdefault(job["id"], []).append(int(job["label"]))
    return told


def test_of_a_thousand_events_a_second_every_last_state_arrives_and_none_goes_back(client: RpcClient) -> None:
    assert client.call("jobs.watch")["mode"] == "broadcasts"
    client.call("jobs.get", {"id": "burst:1000:2"})
    told = states_told(client)
    assert set(told) == set(range(1, 51))
    for turns in told.values():
        assert turns == sorted(turns)
        assert turns[-1] == 39


def test_who_does_not_watch_or_no_longer_is_told_nothing(client: RpcClient) -> None:
    client.call("jobs.get", {"id": "tell:before"})
    assert client.call("jobs.watch")["mode"] == "broadcasts"
    assert client.call("jobs.watch", {"on": False}) == {"mode": "off", "reason": None}
    client.call("jobs.get", {"id": "tell:between"})
    client.call("jobs.watch")
    client.call("jobs.get", {"id": "tell:now"})
    assert [job["label"] for job in client.told("jobs.changed")["jobs"]] == ["now"]


def test_who_watches_is_told_when_the_worker_died_and_listens_to_the_next_one(client: RpcClient) -> None:
    client.call("jobs.watch")
    assert client.failure("jobs.get", {"id": "kill"})["code"] == -32024
    assert client.told("system.changed")["mode"] == "off"
    assert client.told("jobs.changed")["all"] is True
    client.call("jobs.get", {"id": "burst:100:0.01"})
    assert client.told("jobs.changed")["jobs"][0]["id"] == 1


def test_who_does_not_read_gets_the_last_state_of_each_job_and_no_flood(tmp_path: Path) -> None:
    done = tmp_path / "done"
    process = subprocess.Popen(SCRIPTED_SERVER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdin is not None
    assert process.stdout is not None
    calls: list[tuple[str, Any]] = [
        ("initialize", {"capabilities": {}}), ("jobs.watch", {}), ("jobs.list", {}), ("jobs.list", {}),
        ("jobs.list", {}), ("jobs.get", {"id": f"burst:5000:2:{done}"}),
    ]  # fmt: skip
    for number, (method, params) in enumerate(calls):
        message = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        process.stdin.write(encode(msgspec.json.encode(message)))
    process.stdin.flush()
    until(done.exists)  # nobody reads while the burst lasts
    assert process.poll() is None
    decoder, last, n_rows = FrameDecoder(), dict[int, int](), 0
    while set(last.values()) != {199}:
        for event in decoder.feed(os.read(process.stdout.fileno(), 65536)):
            assert isinstance(event, Frame)
            message = msgspec.json.decode(event.body)
            if message.get("method") == "jobs.changed":
                n_rows += len(message["params"]["jobs"])
                last |= {job["id"]: int(job["label"]) for job in message["params"]["jobs"]}
    assert len(last) == 50
    assert n_rows < 8000  # of 10,000 that were told
    process.stdin.close()
    assert process.wait(SOON_S) == 1
    process.stdout.close()
