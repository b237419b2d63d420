"""Every request is answered once, as JSON-RPC and the language server protocol say, in every state."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.unit.crystalmath_lsp.conversation import MAX_BODY_BYTES, Conversation

from crystalmath.errors import StructureError, WorkerError
from crystalmath_lsp.frames import encode
from crystalmath_lsp.messages import Fault, Hint
from crystalmath_lsp.methods import METHODS
from crystalmath_lsp.worker_link import WorkerFaultError

LIST = b'{"jsonrpc":"2.0","id":77,"method":"jobs.list"}'


def like_list(*, method: bytes = b"jobs.list", params: bytes | None = None) -> bytes:
    tail = b"" if params is None else b',"params":' + params
    return encode(LIST.replace(b"jobs.list", method)[:-1] + tail + b"}")


DEEP = b"[" * 1900 + b"]" * 1900
DID_OPEN = b'{"jsonrpc":"2.0","method":"textDocument/didOpen","params":%b}'

# What a client does wrong, and the ids and codes that answer it. Every row of the comparison of servers in
# which one went silent, or wedged, or served what it should have refused.
ABUSES: list[tuple[str, bytes, list[tuple[int | None, int]]]] = [
    ("noise before a header", b"DEBUG: hello\n", []),
    ("a line of header alone", b"Content-Length: 10\r\n", []),
    ("malformed JSON", encode(b'{"jsonrpc":"2.0",'), [(None, -32700)]),
    ("no JSON at all", encode(b"hello"), [(None, -32700)]),
    ("an empty body", encode(b""), [(None, -32700)]),
    ("bytes that are no UTF-8", encode(b'{"a":"\xff\xfe"}'), [(None, -32700)]),
    ("a byte order mark", encode(b"\xef\xbb\xbf" + LIST), [(77, -32700)]),
    ("deep nesting", encode(DEEP), [(None, -32700)]),
    ("deep nesting in params", like_list(params=DEEP), [(77, -32700)]),
    ("not a number", like_list(params=b'{"after":NaN}'), [(77, -32700)]),
    ("a lone surrogate", like_list(params=b'{"after":"\\ud800"}'), [(77, -32700)]),
    ("a batch", encode(b"[" + LIST + b"]"), [(None, -32600)]),
    ("a scalar", encode(b"7"), [(None, -32600)]),
    ("null", encode(b"null"), [(None, -32600)]),
    ("no version", encode(b'{"id":77,"method":"jobs.list"}'), [(77, -32600)]),
    ("another version", encode(b'{"jsonrpc":"1.0","id":77,"method":"jobs.list"}'), [(77, -32600)]),
    ("a method that is a number", encode(b'{"jsonrpc":"2.0","id":77,"method":7}'), [(77, -32600)]),
    ("no method and no result", encode(b'{"jsonrpc":"2.0","id":77}'), [(77, -32600)]),
    ("an id that is null", encode(b'{"jsonrpc":"2.0","id":null,"method":"jobs.list"}'), [(None, -32600)]),
    ("an id that is a list", encode(b'{"jsonrpc":"2.0","id":[1],"method":"jobs.list"}'), [(None, -32600)]),
    ("params that are a number", like_list(params=b"7"), [(77, -32600)]),
    ("params that are a list", like_list(params=b"[]"), [(77, -32602)]),
    ("params of the wrong type", like_list(params=b'{"limit":"all"}'), [(77, -32602)]),
    ("params out of range", like_list(params=b'{"limit":0}'), [(77, -32602)]),
    ("params too many", like_list(params=b'{"colour":1}'), [(77, -32602)]),
    ("required params missing", like_list(method=b"jobs.get"), [(77, -32602)]),
    ("an unknown method without params", like_list(method=b"no.such"), [(77, -32601)]),
    ("an unknown method with params", like_list(method=b"no.such", params=b"{}"), [(77, -32601)]),
    ("a notification's method as a request", like_list(method=b"exit"), [(77, -32601)]),
    ("the trace setting as a request", like_list(method=b"$/setTrace"), [(77, -32601)]),
    ("an opened document as a request", like_list(method=b"textDocument/didOpen"), [(77, -32601)]),
    ("a feature as a notification", encode(b'{"jsonrpc":"2.0","method":"textDocument/diagnostic"}'), []),
    ("initialize again", like_list(method=b"initialize"), [(77, -32600)]),
    ("an unknown notification", encode(b'{"jsonrpc":"2.0","method":"$/unheardOf","params":{}}'), []),
    ("a request as a notification", encode(b'{"jsonrpc":"2.0","method":"jobs.list"}'), []),
    ("cancelling nothing", encode(b'{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":5}}'), []),
    ("cancelling nonsense", encode(b'{"jsonrpc":"2.0","method":"$/cancelRequest","params":[[]]}'), []),
    ("an answer to nothing", encode(b'{"jsonrpc":"2.0","id":9,"result":{}}'), []),
    ("an error about nothing", encode(b'{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":""}}'), []),
    ("a length in lower case", LIST.join([b"content-length: 46\r\n\r\n", b""]), [(77, 0)]),
    ("bare line feeds", LIST.join([b"Content-Length: 46\n\n", b""]), [(77, 0)]),
    ("a negative length", b"Content-Length: -46\r\n\r\n" + LIST, []),
    ("a length that is no number", b"Content-Length: many\r\n\r\n" + LIST, []),
    ("a length that is too short", b"Content-Length: 30\r\n\r\n" + LIST, [(77, -32700)]),
    ("a length that is far too short", b"Content-Length: 20\r\n\r\n" + LIST, [(None, -32700)]),
    ("a length that is too long", b"Content-Length: 60\r\n\r\n" + LIST, [(77, 0)]),
    ("a message over the limit", encode(b'"' + b"x" * MAX_BODY_BYTES + b'"'), [(None, -32600)]),
    ("an absurd length", b"Content-Length: 99999999999\r\n\r\n", [(None, -32600)]),
    ("documents of the wrong shape", encode(DID_OPEN % b"7"), [(None, -32600)]),
]  # fmt: skip


def run(test: Callable[[Conversation], Awaitable[None]], **options: Any) -> None:
    async def main() -> None:
        await test(Conversation(**options))

    asyncio.run(main())


@pytest.mark.parametrize(("abuse", "expected"), [row[1:] for row in ABUSES], ids=[row[0] for row in ABUSES])
def test_abuse_is_answered_as_specified_and_the_next_request_is_served(
    abuse: bytes, expected: list[tuple[int | None, int]]
) -> None:
    async def test(client: Conversation) -> None:
        await client.initialize()
        before = len(client.written)
        await client.feed(abuse)
        alive = await client.send({"jsonrpc": "2.0", "id": "alive", "method": "jobs.list"})
        assert alive[-1]["id"] == "alive"
        assert "result" in alive[-1]
        answers = client.written[before:-1]
        assert [(a["id"], a.get("error", {"code": 0})["code"]) for a in answers] == expected
        assert all("method" not in a for a in answers), "protocol errors are no pop-ups"

    run(test)


def test_nothing_but_initialize_is_served_before_it() -> None:
    async def test(client: Conversation) -> None:
        for method in ("jobs.list", "shutdown", "no.such"):
            assert (await client.request(method))["error"]["code"] == -32002
        assert await client.send({"jsonrpc": "2.0", "method": "initialized", "params": {}}) == []
        assert "result" in await client.initialize()
        assert "result" in await client.request("jobs.list")

    run(test)


def test_nothing_is_served_after_shutdown_and_exit_is_clean() -> None:
    async def test(client: Conversation) -> None:
        await client.initialize()
        assert (await client.request("shutdown"))["result"] is None
        for method in ("jobs.list", "shutdown", "initialize", "no.such"):
            assert (await client.request(method))["error"]["code"] == -32600
        assert await client.send({"jsonrpc": "2.0", "method": "exit"}) == []
        assert client.exit_codes == [0]
        assert await client.send({"jsonrpc": "2.0", "id": 1, "method": "jobs.list"}) == []

    run(test)


@pytest.mark.parametrize("before", [[], ["initialize"]])
def test_exit_without_shutdown_is_an_error_in_every_state(before: list[str]) -> None:
    async def test(client: Conversation) -> None:
        for method in before:
            await client.request(method, {"capabilities": {}})
        await client.send({"jsonrpc": "2.0", "method": "exit"})
        client.dispatcher.end()
        assert client.exit_codes == [1]

    run(test)


@pytest.mark.parametrize("params", [7, [], "x", None, {"capabilities": 7}])
def test_a_wrong_initialize_is_refused_and_may_be_repeated(params: object) -> None:
    async def test(client: Conversation) -> None:
        assert (await client.request("initialize", params))["error"]["code"] in {-32600, -32602}
        assert "result" in await client.initialize()

    run(test)


def test_the_clients_process_is_watched_when_it_is_named() -> None:
    async def test(client: Conversation) -> None:
        await client.request("initialize", {"processId": 4711, "capabilities": {}})
        assert client.clients == [4711]

    run(test)


def test_a_pending_id_cannot_be_used_twice() -> None:
    async def test(client: Conversation) -> None:
        await client.initialize()
        assert await client.feed(encode(LIST)) == []
        (answer,) = await client.feed(encode(LIST))
        assert answer["error"]["code"] == -32600
        (cancelled,) = await client.send(
            {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": 77}}
        )
        assert (cancelled["id"], cancelled["error"]["code"]) == (77, -32800)

    run(test, answer=None)


def test_a_call_that_is_cancelled_before_it_began_is_answered() -> None:
    async def test(client: Conversation) -> None:
        await client.initialize()
        cancel = json.dumps({"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": 77}}).encode()
        (answer,) = await client.feed(encode(LIST) + encode(cancel))
        assert (answer["id"], answer["error"]["code"]) == (77, -32800)

    run(test)


def test_a_call_that_takes_too_long_is_answered_at_its_deadline() -> None:
    async def test(client: Conversation) -> None:
        await client.initialize()
        for method in ("jobs.list", "jobs.submit"):
            params = {} if method == "jobs.list" else {"template": "relax", "structure": {"path": "x"}}
            await client.send({"jsonrpc": "2.0", "id": method, "method": method, "params": params})
        while len(client.written) < 3:
            await asyncio.sleep(0.001)
        for answer in client.written[1:]:
            assert answer["error"]["code"] == -32803
            assert "not answered within" in answer["error"]["message"]
        assert "same key" in client.written[-1]["error"]["data"]["hint"]

    quick = {name: replace(method, deadline_s=0.01) for name, method in METHODS.items()}
    run(test, answer=None, methods=quick)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (StructureError("no crystal", hint="look"), -32011),
        (WorkerError("it died", hint="again"), -32024),
        (WorkerFaultError(Fault(-32016, "no job", Hint("look"))), -32016),
        (RuntimeError("a defect"), -32603),
    ],
)
def test_an_error_of_a_call_is_its_answer(error: Exception, code: int) -> None:
    def answer(method: str, params: object) -> object:
        raise error

    async def test(client: Conversation) -> None:
        await client.initialize()
        refused = (await client.request("jobs.list"))["error"]
        assert refused["code"] == code
        assert refused["data"]["hint"]

    run(test, answer=answer)


def test_a_defect_of_the_dispatcher_is_answered_and_the_server_lives_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def test(client: Conversation) -> None:
        await client.initialize()
        with monkeypatch.context() as broken:
            broken.setattr(client.dispatcher, "_call", lambda *_: 1 / 0)
            assert (await client.request("jobs.list"))["error"]["code"] == -32603
        assert "result" in await client.request("jobs.list")

    run(test)
