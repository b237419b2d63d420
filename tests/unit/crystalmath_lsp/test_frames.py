"""The frame decoder finds every whole message, whatever stands between them."""

from __future__ import annotations

import pytest

from crystalmath_lsp.frames import Frame, FrameDecoder, Noise, Oversize, encode


def decode(*chunks: bytes, limit: int = 1000) -> list[Frame | Noise | Oversize]:
    decoder = FrameDecoder(limit)
    return [event for chunk in chunks for event in decoder.feed(chunk)]


def bodies(*chunks: bytes) -> list[bytes]:
    return [event.body for event in decode(*chunks) if isinstance(event, Frame)]


def test_a_frame_cut_anywhere_decodes_to_the_same() -> None:
    stream = encode(b'{"a":1}') + encode(b"[2]")
    for cut in range(len(stream)):
        assert decode(stream[:cut], stream[cut:]) == [Frame(b'{"a":1}'), Frame(b"[2]")]


def test_a_stream_that_drips_byte_by_byte_decodes_to_the_same() -> None:
    stream = b"noise\n" + encode(b"{}") + encode(b"[2]")
    assert bodies(*(stream[i : i + 1] for i in range(len(stream)))) == [b"{}", b"[2]"]


@pytest.mark.parametrize(
    "head",
    [
        b"content-length: 2\r\n\r\n",
        b"CONTENT-LENGTH:2\r\n\r\n",
        b"Content-Length: 2\n\n",
        b"Content-Length:\t2 \r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n",
        b"Content-Type: x\r\nContent-Length: 2\r\n\r\n",
        b"Content-Length: 9\r\nContent-Length: 2\r\n\r\n",
    ],
)
def test_headers_are_read_in_any_case_order_and_line_end(head: bytes) -> None:
    assert bodies(head + b"{}" + encode(b"[1]")) == [b"{}", b"[1]"]


@pytest.mark.parametrize(
    "damage",
    [
        b"Warning: something was printed\n",
        b"Content-Length: -5\r\n\r\n{}",
        b"Content-Length: five\r\n\r\n{}",
        b"Content-Length: \r\n\r\n",
        b"Content-Length: 2\r\nnot a header line\r\n\r\n",
        b"\r\n\r\n\r\n",
        b"\x00\xff\xfe" * 100,
        b"Content-Length: " + b"9" * 30 + b"\r\n\r\n",
        b"Content-Length: Content-Length: ",
        b"content-length" * 50,
    ],
)
def test_the_message_after_any_damage_is_found(damage: bytes) -> None:
    assert bodies(damage + encode(b'{"id":1}'))[-1] == b'{"id":1}'


def test_a_length_that_is_too_short_costs_one_message() -> None:
    stream = b'Content-Length: 4\r\n\r\n{"a":1}' + encode(b"{}")
    assert decode(stream) == [Frame(b'{"a"'), Noise(3), Frame(b"{}")]


@pytest.mark.parametrize("excess", range(1, 60))
def test_a_length_that_is_too_long_costs_nothing(excess: int) -> None:
    stream = b'Content-Length: %d\r\n\r\n{"a":1}' % (7 + excess)
    stream += encode(b'{"b":2}') + encode(b'{"c":"long enough"}')
    assert bodies(stream)[:2] == [b'{"a":1}', b'{"b":2}']


def test_an_oversize_message_is_told_and_the_next_one_read() -> None:
    long = b'{"a":"' + b"x" * 2000 + b'"}'
    events = decode(encode(long) + encode(b"{}"))
    assert events[0] == Oversize(len(long))
    assert events[-1] == Frame(b"{}")


def test_an_absurd_length_does_not_silence_what_follows() -> None:
    assert bodies(b"Content-Length: 999999999999\r\n\r\n" + encode(b"{}")) == [b"{}"]


def test_an_endless_header_does_not_fill_the_memory() -> None:
    decoder = FrameDecoder()
    assert not [
        event for _ in range(100) for event in decoder.feed(b"Content-Length: 2\r\n" + b"a: b\r\n" * 2000)
    ]
    assert len(decoder._buffer) < 20_000
    assert [e for e in decoder.feed(b"\n" + encode(b"{}")) if isinstance(e, Frame)] == [Frame(b"{}")]
