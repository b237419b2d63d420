"""Content-Length frames: encode them, and decode a byte stream that may be damaged.

The decoder finds its way back after anything that a client may send: noise before a header, names in any
case, bare line feeds, lengths that are negative, too short, too long or absurd. It rests on one fact: no
JSON text contains a raw line break followed by a blank line inside a string, so a header found inside a
body is a header.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MAX_BODY_BYTES", "Frame", "FrameDecoder", "Noise", "Oversize", "encode"]

MAX_BODY_BYTES = 64 * 1024 * 1024

_MAX_HEADER_BYTES = 8192
_NAME = re.compile(rb"content-length[ \t]*:", re.IGNORECASE)
_FIELD_NAME = re.compile(rb"[!#-'*+.^_`|~0-9A-Za-z-]+[ \t]*")
_HEADER = re.compile(
    rb"content-length[ \t]*:[ \t]*\d+[ \t]*\r?\n(?:[!-9;-~]+[ \t]*:[^\r\n]*\r?\n)*\r?\n", re.IGNORECASE
)
_BEGUN_HEADER = re.compile(
    rb"content-length[ \t]*(?::[ \t]*[0-9 \t\r]*(?:\n.*)?)?\Z", re.IGNORECASE | re.DOTALL
)
_NAME_BEGINNINGS = tuple(b"content-length"[:count] for count in range(14, 0, -1))
_LONGEST_PARTIAL_NAME = len(b"content-length") + 16


@dataclass(frozen=True, slots=True)
class Frame:
    """Hold the body of one message, not yet read as JSON."""

    body: bytes


@dataclass(frozen=True, slots=True)
class Noise:
    """Tell that bytes outside any frame were skipped."""

    n_bytes: int


@dataclass(frozen=True, slots=True)
class Oversize:
    """Tell that a message was announced which is longer than the limit, and is skipped."""

    n_bytes: int


@dataclass(frozen=True, slots=True)
class _Header:
    end: int
    length: int


_INCOMPLETE = "incomplete"
_BROKEN = "broken"


def encode(body: bytes) -> bytes:
    """Return the frame of one message."""
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


class FrameDecoder:
    """Cut a byte stream into message bodies; never raises, keeps at most one message in memory."""

    def __init__(self, max_body_bytes: int = MAX_BODY_BYTES) -> None:
        self._max_body_bytes = max_body_bytes
        self._buffer = bytearray()
        self._length: int | None = None
        self._n_searched = 0
        self._n_noise = 0

    def feed(self, data: bytes) -> Iterator[Frame | Noise | Oversize]:
        """Take bytes in and yield what they complete."""
        self._buffer += data
        while True:
            if self._length is None:
                found = self._find_header()
                if self._n_noise and found is not None:
                    yield Noise(self._take_noise())
                if found is None:
                    return
                if found.length > self._max_body_bytes:
                    yield Oversize(found.length)
                    continue
                self._length, self._n_searched = found.length, 0
            end = self._end_of_body(self._length)
            if end is None:
                return
            body = bytes(self._buffer[:end])
            del self._buffer[:end]
            self._length = None
            yield Frame(body)

    def _take_noise(self) -> int:
        count, self._n_noise = self._n_noise, 0
        return count

    def _skip(self, n_bytes: int) -> None:
        self._n_noise += len(bytes(self._buffer[:n_bytes]).strip())
        del self._buffer[:n_bytes]

    def _find_header(self) -> _Header | None:
        while True:
            match = _NAME.search(self._buffer)
            if match is None:
                # The name may be cut in two by the end of what has arrived.
                self._skip(max(0, len(self._buffer) - _LONGEST_PARTIAL_NAME))
                return None
            header = self._read_header(match.start())
            if isinstance(header, _Header):
                self._skip(match.start())
                del self._buffer[: header.end - match.start()]
                return header
            if header == _INCOMPLETE:
                self._skip(match.start())
                return None
            self._skip(match.end())

    def _read_header(self, start: int) -> _Header | str:
        length: int | None = None
        position = start
        while True:
            newline = self._buffer.find(b"\n", position, start + _MAX_HEADER_BYTES)
            if newline < 0:
                return _BROKEN if len(self._buffer) - start >= _MAX_HEADER_BYTES else _INCOMPLETE
            line = bytes(self._buffer[position:newline]).rstrip(b"\r")
            position = newline + 1
            if not line:
                return _BROKEN if length is None else _Header(position, length)
            name, colon, value = line.partition(b":")
            if not colon or not _FIELD_NAME.fullmatch(name):
                return _BROKEN
            if name.strip().lower() == b"content-length":
                digits = value.strip()
                if not digits.isdigit() or len(digits) > 18:
                    return _BROKEN
                length = int(digits)

    def _end_of_body(self, length: int) -> int | None:
        """Return where the body ends, or nothing while it is incomplete.

        A length that is too long has swallowed some of the next message, which is given back as soon as its
        header is there: the client waits for an answer and may never send what the length promises.
        """
        available = min(length, len(self._buffer))
        if self._buffer.find(b"\n", self._n_searched, available) >= 0:
            swallowed = _HEADER.search(self._buffer, max(0, self._n_searched - _MAX_HEADER_BYTES), available)
            if swallowed is not None:
                return swallowed.start()
        self._n_searched = available
        if available < length:
            return None
        tail = bytes(self._buffer[max(0, length - _MAX_HEADER_BYTES) : length])
        if tail.rstrip().endswith((b"}", b"]")):
            return length
        return length - len(tail) + _begun_header(tail)


def _begun_header(tail: bytes) -> int:
    """Return where a header begins that the end of a body cuts off, else the end."""
    match = _BEGUN_HEADER.search(tail)
    if match is not None:
        return match.start()
    begun = next((name for name in _NAME_BEGINNINGS if tail.lower().endswith(name)), b"")
    return len(tail) - len(begun)
