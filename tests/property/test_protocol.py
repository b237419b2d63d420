"""Whatever bytes a client sends, the server lives, and no request that it could read stays unanswered."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.unit.crystalmath_lsp.conversation import MAX_BODY_BYTES, Conversation

from crystalmath_lsp import messages
from crystalmath_lsp.frames import Frame, FrameDecoder, encode
from crystalmath_lsp.messages import Request

LIST = b'{"jsonrpc":"2.0","id":7,"method":"jobs.list","params":{}}'
PIECES = [
    b"Content-Length: ",
    b"content-length:",
    b"\r\n",
    b"\n",
    b"\r\n\r\n",
    b"0",
    b"57",
    b"-1",
    b"99999999",
    b"{",
    b"}",
    b"[",
    b'"',
    b"\xff",
    LIST,
    encode(LIST),
    encode(b"{}"),
]
stream = st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=20)), max_size=30).map(b"".join)
json_value = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
METHODS = ["jobs.list", "jobs.get", "jobs.submit", "initialize", "no.such", "exit", "$/cancelRequest"]
method = st.sampled_from(METHODS)
identity = st.integers(-(2**53), 2**53) | st.text(max_size=5)
message = st.fixed_dictionaries(
    {"jsonrpc": st.sampled_from(["2.0", "2.0", "1.0"]), "id": identity | json_value},
    optional={"method": method | json_value, "params": json_value, "result": json_value},
)


def converse(*chunks: bytes) -> Conversation:
    async def main() -> Conversation:
        client = Conversation()
        await client.initialize()
        for chunk in chunks:
            await client.feed(chunk)
        return client

    return asyncio.run(main())


@settings(max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stream)
def test_after_any_bytes_the_decoder_finds_the_next_message_or_the_one_after(data: bytes) -> None:
    decoder = FrameDecoder(MAX_BODY_BYTES)
    events = [*decoder.feed(data), *decoder.feed(encode(LIST) * 2)]
    assert events[-1] == Frame(LIST)


@settings(max_examples=1_000, deadline=None)
@given(stream, st.lists(st.integers(1, 50), max_size=20))
def test_how_a_stream_is_cut_does_not_matter(data: bytes, cuts: list[int]) -> None:
    whole = [event for event in FrameDecoder(MAX_BODY_BYTES).feed(data) if isinstance(event, Frame)]
    decoder, pieces, position = FrameDecoder(MAX_BODY_BYTES), [], 0
    for cut in [*cuts, len(data)]:
        pieces += list(decoder.feed(data[position : position + cut]))
        position += cut
    assert [event for event in pieces if isinstance(event, Frame)] == whole


@settings(max_examples=500, deadline=None)
@given(stream)
def test_after_any_bytes_the_server_serves_or_has_ended(data: bytes) -> None:
    client = converse(data, encode(LIST) * 2)
    assert client.exit_codes or any(answer.get("result") for answer in client.written[1:])


@settings(max_examples=400, deadline=None)
@given(st.lists(message, min_size=1, max_size=8))
def test_every_request_is_answered_exactly_once(sent: list[dict[str, Any]]) -> None:
    bodies = [json.dumps(value).encode() for value in sent]
    expected = Counter(request.id for request in map(messages.read, bodies) if isinstance(request, Request))
    client = converse(*(encode(body) for body in bodies))
    answered = Counter(answer["id"] for answer in client.written[1:])
    assert not {name for name, count in expected.items() if answered[name] < count}


class LifeCycle(RuleBasedStateMachine):
    """The life of a conversation: what is asked when, and how each question must be answered."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.client = Conversation()
        self.state = "starting"

    def teardown(self) -> None:
        self.loop.close()

    def code(self, name: str, params: object = None) -> int:
        answer = self.loop.run_until_complete(self.client.request(name, params))
        return int(answer["error"]["code"]) if "error" in answer else 0

    def refusal(self) -> int:
        return {"starting": -32002, "shut down": -32600, "serving": 0}[self.state]

    @precondition(lambda self: self.state != "ended")
    @rule()
    def initialize(self) -> None:
        expected = 0 if self.state == "starting" else -32600
        assert self.code("initialize", {"capabilities": {}}) == expected
        self.state = "serving" if self.state == "starting" else self.state

    @precondition(lambda self: self.state != "ended")
    @rule()
    def wrong_initialize(self) -> None:
        expected = -32602 if self.state == "starting" else -32600
        assert self.code("initialize", []) == expected

    @precondition(lambda self: self.state != "ended")
    @rule()
    def list_jobs(self) -> None:
        assert self.code("jobs.list") == self.refusal()

    @precondition(lambda self: self.state != "ended")
    @rule()
    def unknown_method(self) -> None:
        assert self.code("no.such") == (self.refusal() or -32601)

    @precondition(lambda self: self.state != "ended")
    @rule()
    def shutdown(self) -> None:
        assert self.code("shutdown") == self.refusal()
        self.state = "shut down" if self.state == "serving" else self.state

    @rule(name=st.sampled_from(["initialized", "$/unheardOf", "jobs.list", "$/cancelRequest"]))
    def notify(self, name: str) -> None:
        told = self.client.send({"jsonrpc": "2.0", "method": name, "params": {}})
        assert self.loop.run_until_complete(told) == []

    @precondition(lambda self: self.state != "ended")
    @rule()
    def leave(self) -> None:
        self.loop.run_until_complete(self.client.send({"jsonrpc": "2.0", "method": "exit"}))
        assert self.client.exit_codes == [0 if self.state == "shut down" else 1]
        self.state = "ended"

    @invariant()
    def ends_once(self) -> None:
        assert len(self.client.exit_codes) == (self.state == "ended")


LifeCycle.TestCase.settings = settings(max_examples=100, stateful_step_count=20, deadline=None)
TestLifeCycle = LifeCycle.TestCase
