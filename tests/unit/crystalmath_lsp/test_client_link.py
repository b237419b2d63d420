"""What a client is told: the latest of each job, in order, and nothing more than it can take."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, cast

import msgspec
import pytest

from crystalmath.errors import ProfileError
from crystalmath_lsp.client_link import ClientLink
from crystalmath_lsp.workers import Workers

PROFILES = {
    "profiles": [
        {"name": name, "storage": "core.sqlite_dos", "broker": None, "current": name == "one"}
        for name in ("one", "two")
    ]
}


class FakeWorkers:
    """Answer at once; the test tells what the worker tells."""

    profile: str | None = None

    def __init__(self) -> None:
        self.asked: list[tuple[str | None, str]] = []
        self.listeners: list[tuple[str | None, Callable[[str, msgspec.Raw], None]]] = []

    async def call(
        self, profile: str | None, method: str, params: msgspec.Raw, progress: object = None
    ) -> msgspec.Raw:
        self.asked.append((profile, method))
        result = PROFILES if method == "profiles.list" else {"mode": "broadcasts", "reason": None}
        return msgspec.Raw(msgspec.json.encode(result))

    def listen(self, profile: str | None, listener: Callable[[str, msgspec.Raw], None]) -> None:
        self.listeners.append((profile, listener))

    def leave(self, profile: str | None, listener: Callable[[str, msgspec.Raw], None]) -> None:
        if (profile, listener) in self.listeners:
            self.listeners.remove((profile, listener))

    def tell(self, method: str, params: object) -> None:
        for _, listener in tuple(self.listeners):
            listener(method, msgspec.Raw(msgspec.json.encode(params)))

    def change(self, *jobs: tuple[int, str], removed: tuple[int, ...] = ()) -> None:
        rows = [{"id": pk, "state": state} for pk, state in jobs]
        self.tell("jobs.changed", {"jobs": rows, "removed": removed, "all": False})


class Client:
    """A link with what it wrote, and a backlog that the test sets."""

    def __init__(self) -> None:
        self.workers = FakeWorkers()
        self.written: list[dict[str, Any]] = []
        self.backlog = 0
        self.link = ClientLink(
            cast("Workers", self.workers),
            lambda body: self.written.append(json.loads(body)),
            lambda: self.backlog,
        )

    async def call(self, method: str, params: object) -> Any:
        return json.loads(bytes(await self.link.call(method, msgspec.Raw(msgspec.json.encode(params)))))

    def jobs(self) -> list[list[tuple[int, str]]]:
        told = [message["params"] for message in self.written if message["method"] == "jobs.changed"]
        return [[(job["id"], job["state"]) for job in one["jobs"]] for one in told]


def run(test: Callable[[Client], Awaitable[None]]) -> None:
    async def main() -> None:
        await test(Client())

    asyncio.run(main())


def test_a_burst_becomes_one_message_with_the_latest_of_each_job_in_order() -> None:
    async def test(client: Client) -> None:
        await client.call("jobs.watch", {})
        client.workers.change((1, "queued"), (2, "queued"))
        client.workers.change((1, "running"))
        await asyncio.sleep(0)
        assert client.jobs() == [[(2, "queued"), (1, "running")]]

    run(test)


def test_who_does_not_read_is_told_once_it_does() -> None:
    async def test(client: Client) -> None:
        await client.call("jobs.watch", {})
        client.backlog = 10**7
        for state in ("queued", "running", "finished"):
            client.workers.change((1, state))
            await asyncio.sleep(0)
        assert client.jobs() == []
        client.backlog = 0
        while not client.jobs():
            await asyncio.sleep(0.01)
        assert client.jobs() == [[(1, "finished")]]

    run(test)


def test_a_removed_job_is_not_told_as_changed() -> None:
    async def test(client: Client) -> None:
        await client.call("jobs.watch", {})
        client.workers.change((1, "killed"))
        client.workers.change(removed=(1,))
        await asyncio.sleep(0)
        (told,) = client.written
        assert (told["params"]["jobs"], told["params"]["removed"]) == ([], [1])

    run(test)


def test_news_of_the_system_do_not_overtake_those_of_jobs() -> None:
    async def test(client: Client) -> None:
        await client.call("jobs.watch", {})
        client.workers.change((1, "running"))
        client.workers.tell("system.changed", {"mode": "queries", "reason": "x"})
        assert [message["method"] for message in client.written] == ["jobs.changed", "system.changed"]

    run(test)


def test_another_profile_is_used_by_this_client_from_then_on() -> None:
    async def test(client: Client) -> None:
        await client.call("jobs.watch", {})
        assert (await client.call("profiles.use", {"name": "two"}))["current"] is True
        await client.call("jobs.list", {})
        assert client.workers.asked[-1] == ("two", "jobs.list")
        assert [profile for profile, _ in client.workers.listeners] == ["two"]
        await asyncio.sleep(0)
        assert client.written[-1]["params"]["all"] is True
        with pytest.raises(ProfileError, match="no AiiDA profile 'three'; there are: one, two"):
            await client.call("profiles.use", {"name": "three"})
        await client.call("jobs.list", {})
        assert client.workers.asked[-1] == ("two", "jobs.list")

    run(test)


def test_who_leaves_is_told_nothing_more() -> None:
    async def test(client: Client) -> None:
        await client.call("jobs.watch", {})
        client.workers.change((1, "running"))
        client.link.leave()
        await asyncio.sleep(0)
        assert client.written == []
        assert client.workers.listeners == []

    run(test)
