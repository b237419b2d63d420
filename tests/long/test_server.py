"""The server for long: thousands of streams of nonsense, a hundred kills, ten seconds of events."""

from __future__ import annotations

import asyncio
import random
from contextlib import redirect_stderr
from io import StringIO

import pytest
from tests.e2e.conftest import engine_environment
from tests.e2e.rpc_client import RpcClient
from tests.e2e.test_server_engine import client, kill_and_count
from tests.e2e.test_server_push import states_told
from tests.e2e.test_torture import noise, serves
from tests.property.test_protocol import LIST
from tests.unit.crystalmath_lsp.conversation import Conversation

from crystalmath_lsp.frames import encode

__all__ = ["client", "engine_environment"]

SEED = 7


def test_a_thousand_random_streams_neither_end_nor_silence_the_server() -> None:
    dice = random.Random(SEED)
    with RpcClient() as server:
        server.initialize()
        for _ in range(1000):
            server.raw(noise(dice))
            server.raw(encode(b'{"jsonrpc":"2.0","method":"$/sacrifice"}'))
            assert serves(server)
            server.kept.clear()
        assert server.shut_down() == 0


@pytest.mark.parametrize("seed", range(10))
def test_ten_thousand_streams_in_process_leave_it_alive_or_ended(seed: int) -> None:
    dice = random.Random(seed)

    async def main() -> None:
        for _ in range(10_000):
            server = Conversation()
            await server.initialize()
            await server.feed(noise(dice))
            await server.feed(encode(LIST) * 2)
            assert server.exit_codes or any(answer.get("result") for answer in server.written[1:])

    with redirect_stderr(StringIO()):  # the server logs all noise that it skips
        asyncio.run(main())


def test_ten_seconds_of_a_thousand_events_keep_every_last_state_and_go_never_back() -> None:
    with RpcClient() as server:
        server.initialize()
        server.call("jobs.watch")
        server.call("jobs.get", {"id": "burst:1000:10"})
        told = states_told(server)
        assert set(told) == set(range(1, 51))
        for turns in told.values():
            assert turns == sorted(turns)
            assert turns[-1] == 199


def test_a_hundred_kills_of_the_worker_lose_and_double_no_job(client: RpcClient) -> None:
    client.call("jobs.watch")
    kill_and_count(client, 100)
