"""The recorded messages are read and written here exactly as recorded; tui-rs tests the other side."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from crystalmath_lsp import frames, messages
from crystalmath_lsp.frames import Frame, FrameDecoder
from crystalmath_lsp.messages import Fault, Malformed, Notification, Request, Response
from crystalmath_lsp.methods import METHODS


class Recorded(msgspec.Struct):
    name: str
    sender: str
    kind: str
    method: str
    frame: str


RECORDED = [
    msgspec.json.decode(line, type=Recorded)
    for line in (Path(__file__).parents[2] / "data/wire/messages.jsonl").read_bytes().splitlines()
]


def body_of(recorded: Recorded) -> bytes:
    (event,) = FrameDecoder().feed(recorded.frame.encode())
    assert isinstance(event, Frame)
    return event.body


def of(sender: str, kind: str) -> list[object]:
    rows = [r for r in RECORDED if (r.sender, r.kind) == (sender, kind)]
    return [pytest.param(row, id=row.name) for row in rows]


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda r: r.name)
def test_every_recorded_frame_is_written_as_it_was(recorded: Recorded) -> None:
    body = body_of(recorded)
    assert frames.encode(body) == recorded.frame.encode()
    kinds = {"request": Request, "notification": Notification, "result": Response, "error": Response}
    assert isinstance(messages.read(body), kinds[recorded.kind])


@pytest.mark.parametrize("recorded", of("client", "request"))
def test_a_recorded_request_fits_its_method(recorded: Recorded) -> None:
    request = messages.read(body_of(recorded))
    assert isinstance(request, Request)
    assert request.method == recorded.method
    if recorded.method in METHODS:
        params = msgspec.json.decode(request.params, type=METHODS[recorded.method].params)
        assert isinstance(params, METHODS[recorded.method].params)


@pytest.mark.parametrize("recorded", of("server", "result"))
def test_a_recorded_result_is_written_byte_for_byte(recorded: Recorded) -> None:
    response = messages.read(body_of(recorded))
    assert isinstance(response, Response)
    assert response.result is not None
    assert response.id is not None
    kind = METHODS[recorded.method].result if recorded.method in METHODS else object
    result = msgspec.json.decode(response.result, type=kind)
    assert messages.write_result(response.id, result) == body_of(recorded)


@pytest.mark.parametrize("recorded", of("server", "error"))
def test_a_recorded_error_is_written_byte_for_byte(recorded: Recorded) -> None:
    response = messages.read(body_of(recorded))
    assert not isinstance(response, Malformed)
    assert isinstance(response, Response)
    assert response.error is not None
    fault = msgspec.json.decode(response.error, type=Fault)
    assert messages.write_error(response.id, fault) == body_of(recorded)


def test_every_method_is_recorded_with_params_and_result() -> None:
    for kind in ("request", "result"):
        assert METHODS.keys() <= {row.method for row in RECORDED if row.kind == kind}
