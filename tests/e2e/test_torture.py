"""One server takes every abuse, one after the other, over real standard streams."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from tests.e2e.rpc_client import RpcClient
from tests.unit.crystalmath_lsp.test_dispatcher import ABUSES

from crystalmath_lsp.frames import encode

N_STREAMS = 50
SEED = 20_261_122


def serves(client: RpcClient) -> bool:
    return bool(client.call("jobs.list", {"limit": 1})["jobs"])


@pytest.fixture(scope="module")
def client() -> Iterator[RpcClient]:
    with RpcClient() as raw:
        raw.initialize()
        yield raw


# The limit of the real server is higher, so that what is over it in process is not here.
HERE = [row for row in ABUSES if row[0] not in {"a message over the limit", "a line of header alone"}]


@pytest.mark.parametrize(("abuse", "expected"), [row[1:] for row in HERE], ids=[row[0] for row in HERE])
def test_abuse_is_answered_and_the_next_request_is_served(
    client: RpcClient, abuse: bytes, expected: list[tuple[int | None, int]]
) -> None:
    client.last_id += 1000  # the abuses have ids of their own
    client.raw(abuse)
    assert serves(client)
    answers = [(answer["id"], answer.get("error", {"code": 0})["code"]) for answer in client.kept]
    client.kept.clear()
    assert answers == expected


def noise(dice: random.Random) -> bytes:
    """Return a stream of nonsense, headers, halves of messages and whole ones."""
    body = b'{"jsonrpc":"2.0","id":1000000,"method":"jobs.list","params":{"limit":1}}'
    pieces = [b"Content-Length: ", b"\r\n", b"\r\n\r\n", b"\n", b"{", b"}", b"40", b"72", body, encode(body)]
    return b"".join(dice.choice([*pieces, dice.randbytes(8)]) for _ in range(dice.randrange(1, 60)))


def test_random_streams_neither_end_nor_silence_the_server() -> None:
    dice = random.Random(SEED)
    with RpcClient() as client:
        client.initialize()
        for _ in range(N_STREAMS):
            client.raw(noise(dice))
            # A broken header may take the next message for its own body, but not the one after that.
            client.raw(encode(b'{"jsonrpc":"2.0","method":"$/sacrifice"}'))
            assert serves(client)
        assert client.shut_down() == 0
