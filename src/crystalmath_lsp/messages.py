"""JSON-RPC 2.0 messages: read them from bytes, write them to bytes, and say what is wrong with one."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    from crystalmath.errors import CrystalMathError


__all__ = [
    "INTERNAL_ERROR",
    "INVALID_PARAMS",
    "INVALID_REQUEST",
    "METHOD_NOT_FOUND",
    "PARSE_ERROR",
    "REQUEST_CANCELLED",
    "REQUEST_FAILED",
    "SERVER_NOT_INITIALIZED",
    "Fault",
    "Malformed",
    "MessageId",
    "Notification",
    "Request",
    "Response",
    "fault_of",
    "read",
    "write_error",
    "write_notification",
    "write_request",
    "write_result",
]

PARSE_ERROR: Final = -32700
INVALID_REQUEST: Final = -32600
METHOD_NOT_FOUND: Final = -32601
INVALID_PARAMS: Final = -32602
INTERNAL_ERROR: Final = -32603
SERVER_NOT_INITIALIZED: Final = -32002
REQUEST_FAILED: Final = -32803
REQUEST_CANCELLED: Final = -32800

MessageId = int | str

_NULL = msgspec.Raw(b"null")


class Hint(msgspec.Struct, frozen=True):
    """Tell the next thing to do about an error."""

    hint: str


class Fault(msgspec.Struct, frozen=True, omit_defaults=True):
    """Say what failed: a JSON-RPC error object."""

    code: int
    message: str
    data: Hint | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """Ask for an answer under an id; `params` is JSON text, `null` when there were none."""

    id: MessageId
    method: str
    params: msgspec.Raw


@dataclass(frozen=True, slots=True)
class Notification:
    """Tell something that needs no answer."""

    method: str
    params: msgspec.Raw


@dataclass(frozen=True, slots=True)
class Response:
    """Answer a request; exactly one of `result` and `error` is set, both are JSON text."""

    id: MessageId | None
    result: msgspec.Raw | None
    error: msgspec.Raw | None


@dataclass(frozen=True, slots=True)
class Malformed:
    """Hold what must be answered to bytes that are no message."""

    id: MessageId | None
    fault: Fault


class _Envelope(msgspec.Struct):
    jsonrpc: str
    id: int | str | msgspec.UnsetType = msgspec.UNSET
    method: str | msgspec.UnsetType = msgspec.UNSET
    params: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    result: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    error: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class _ResultMessage(msgspec.Struct, frozen=True):
    jsonrpc: str
    id: MessageId | None
    result: Any


class _ErrorMessage(msgspec.Struct, frozen=True):
    jsonrpc: str
    id: MessageId | None
    error: Fault


class _CallMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    jsonrpc: str
    id: MessageId | msgspec.UnsetType
    method: str
    params: Any = None


_decoder = msgspec.json.Decoder(_Envelope)
_encoder = msgspec.json.Encoder()
_ID_AT_THE_HEAD = re.compile(
    rb'\s*\{\s*"jsonrpc"\s*:\s*"2\.0"\s*,\s*"id"\s*:\s*(\d{1,15}|"[ -!#-\[\]-~]*")\s*,'
)
"""How clients begin a request: enough to tell whom to answer when the rest is cut off or absurd."""

_NOT_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def read(body: bytes) -> Request | Notification | Response | Malformed:
    """Read one message body; whatever is no message comes back as what to answer."""
    try:
        envelope = _decoder.decode(body)
    except msgspec.ValidationError as error:
        return _explain(body, str(error))
    except _NOT_JSON as error:
        return _not_json(body, error)
    return _classify(envelope)


def _classify(envelope: _Envelope) -> Request | Notification | Response | Malformed:
    identity = None if envelope.id is msgspec.UNSET else envelope.id
    if envelope.jsonrpc != "2.0":
        return _invalid(identity, f"jsonrpc must be '2.0', not {envelope.jsonrpc!r}")
    if envelope.method is msgspec.UNSET:
        return _response(envelope, identity)
    params = _NULL if envelope.params is msgspec.UNSET else envelope.params
    first = bytes(params)[:1]
    if first not in {b"{", b"[", b"n"}:
        return _invalid(identity, "params must be an object or an array")
    if identity is None:
        return Notification(envelope.method, params)
    return Request(identity, envelope.method, params)


def _response(envelope: _Envelope, identity: MessageId | None) -> Response | Malformed:
    result = None if envelope.result is msgspec.UNSET else envelope.result
    error = None if envelope.error is msgspec.UNSET else envelope.error
    if (result is None) == (error is None):
        return _invalid(identity, "the message has no method, and not exactly one of result and error")
    return Response(identity, result, error)


def _invalid(identity: MessageId | None, reason: str) -> Malformed:
    return Malformed(identity, Fault(INVALID_REQUEST, f"Not a JSON-RPC 2.0 message: {reason}."))


def _explain(body: bytes, reason: str) -> Malformed | Response:
    """Tell JSON that is no message (its id answered when it has one) from text that is not JSON at all."""
    try:
        value = msgspec.json.decode(body)
    except _NOT_JSON as error:
        return _not_json(body, error)
    if isinstance(value, list):
        return _invalid(None, "batches are not part of the language server protocol")
    if isinstance(value, dict) and "error" in value and value.get("id", 0) is None:
        return Response(None, None, msgspec.Raw(msgspec.json.encode(value["error"])))
    return _invalid(_id_in(value), reason)


def _not_json(body: bytes, error: Exception) -> Malformed:
    try:
        # The standard reader accepts NaN and lone surrogates: good enough to find whom to answer.
        identity = _id_in(json.loads(body))
    except (ValueError, RecursionError):
        head = _ID_AT_THE_HEAD.match(body)
        identity = json.loads(head[1]) if head else None
    return Malformed(identity, Fault(PARSE_ERROR, f"The message cannot be read as JSON: {error}."))


def _id_in(value: object) -> MessageId | None:
    identity = value.get("id") if isinstance(value, dict) else None
    if isinstance(identity, bool) or not isinstance(identity, int | str):
        return None
    return identity


def fault_of(error: CrystalMathError) -> Fault:
    """Return the JSON-RPC error object of one of our errors."""
    return Fault(error.code, error.message, Hint(error.hint))


def write_result(identity: MessageId, result: object) -> bytes:
    """Return the body of an answer; NaN and infinities become null, a `msgspec.Raw` is copied as it is."""
    return _encoder.encode(_ResultMessage("2.0", identity, result))


def write_error(identity: MessageId | None, fault: Fault) -> bytes:
    """Return the body of a refusal."""
    return _encoder.encode(_ErrorMessage("2.0", identity, fault))


def write_request(identity: MessageId, method: str, params: object = None) -> bytes:
    """Return the body of a request."""
    return _encoder.encode(_CallMessage("2.0", identity, method, params))


def write_notification(method: str, params: object = None) -> bytes:
    """Return the body of a notification."""
    return _encoder.encode(_CallMessage("2.0", msgspec.UNSET, method, params))
