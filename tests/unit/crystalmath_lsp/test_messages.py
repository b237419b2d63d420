"""Whatever bytes come are read as a message, or as what to answer to them."""

from __future__ import annotations

import json
import math

import pytest

from crystalmath.errors import StructureError
from crystalmath_lsp import messages
from crystalmath_lsp.messages import INVALID_REQUEST, PARSE_ERROR, Malformed, Notification, Request, Response


def test_a_request_keeps_its_params_as_json_text() -> None:
    read = messages.read(b'{"jsonrpc":"2.0","id":"a","method":"jobs.get","params":{"id": 7}}')
    assert isinstance(read, Request)
    assert (read.id, read.method, bytes(read.params)) == ("a", "jobs.get", b'{"id": 7}')


def test_missing_params_are_null() -> None:
    request = messages.read(b'{"jsonrpc":"2.0","id":1,"method":"shutdown"}')
    notification = messages.read(b'{"jsonrpc":"2.0","method":"exit"}')
    assert isinstance(request, Request)
    assert isinstance(notification, Notification)
    assert bytes(request.params) == bytes(notification.params) == b"null"


@pytest.mark.parametrize(
    ("body", "identity", "code"),
    [
        (b"", None, PARSE_ERROR),
        (b"{", None, PARSE_ERROR),
        (b'{"a":1}{', None, PARSE_ERROR),
        (b"hello", None, PARSE_ERROR),
        (b'"\xff"', None, PARSE_ERROR),
        (b"[" * 20_000 + b"]" * 20_000, None, PARSE_ERROR),
        (b'{"jsonrpc":"2.0","id":3,"method":"x","params":{"a":NaN}}', 3, PARSE_ERROR),
        (
            b'{"jsonrpc":"2.0","id":3,"method":"x","params":' + b"[" * 20_000 + b"]" * 20_000 + b"}",
            3,
            PARSE_ERROR,
        ),
        (b"[]", None, INVALID_REQUEST),
        (b'[{"jsonrpc":"2.0","id":1,"method":"x"}]', None, INVALID_REQUEST),
        (b"7", None, INVALID_REQUEST),
        (b"null", None, INVALID_REQUEST),
        (b"{}", None, INVALID_REQUEST),
        (b'{"id":4,"method":"x"}', 4, INVALID_REQUEST),
        (b'{"jsonrpc":"1.0","id":4,"method":"x"}', 4, INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":4}', 4, INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":4,"method":7}', 4, INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":4,"method":"x","params":7}', 4, INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":4,"method":"x","params":"y"}', 4, INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":null,"method":"x"}', None, INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":true,"method":"x"}', None, INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":1.5,"method":"x"}', None, INVALID_REQUEST),
        (b'{"jsonrpc":"2.0","id":4,"result":1,"error":{"code":1,"message":""}}', 4, INVALID_REQUEST),
    ],
)
def test_what_is_no_message_is_answered_as_the_specification_says(
    body: bytes, identity: int | None, code: int
) -> None:
    read = messages.read(body)
    assert isinstance(read, Malformed)
    assert (read.id, read.fault.code) == (identity, code)


def test_an_answer_of_the_client_is_a_response() -> None:
    answered = messages.read(b'{"jsonrpc":"2.0","id":1,"result":null}')
    refused = messages.read(b'{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"what?"}}')
    assert isinstance(answered, Response)
    assert answered.result is not None
    assert isinstance(refused, Response)
    assert refused.error is not None


def test_not_a_number_is_written_as_null() -> None:
    body = messages.write_result(1, {"energy_ev": math.nan, "pressure_kbar": math.inf})
    assert json.loads(body)["result"] == {"energy_ev": None, "pressure_kbar": None}


def test_our_errors_carry_code_message_and_hint() -> None:
    fault = messages.fault_of(StructureError("no crystal", hint="look"))
    assert json.loads(messages.write_error(5, fault)) == {
        "jsonrpc": "2.0",
        "id": 5,
        "error": {"code": -32011, "message": "no crystal", "data": {"hint": "look"}},
    }
