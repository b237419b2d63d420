"""The heart of the front process: what becomes of every message, and what state the conversation is in."""

from __future__ import annotations

import asyncio
import sys
import traceback
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

import msgspec

from crystalmath.errors import CrystalMathError
from crystalmath_lsp import capabilities, messages
from crystalmath_lsp.frames import MAX_BODY_BYTES, Frame, FrameDecoder, Oversize
from crystalmath_lsp.language_loader import LanguageLoader
from crystalmath_lsp.messages import Fault, Hint, Malformed, Notification, Request
from crystalmath_lsp.methods import METHODS, Method
from crystalmath_lsp.worker_link import WorkerFaultError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


__all__ = ["Dispatcher", "Link"]

_State = Literal["starting", "serving", "shut down", "ended"]
_MAY_HAPPEN: Final = "It may still happen: repeat it with the same key, or look at the list of jobs first."


class Link(Protocol):
    """What calls the engine worker."""

    async def call(
        self, method: str, params: msgspec.Raw, progress: Callable[[str], None] | None = None
    ) -> msgspec.Raw:
        """Return the result as JSON text, or raise WorkerFaultError or a CrystalMathError.

        `progress` is told what is being done meanwhile.
        """
        ...


class Dispatcher:
    """Answer every request once; lives on the event loop and never blocks it."""

    def __init__(
        self,
        write: Callable[[bytes], None],
        link: Link,
        *,
        on_exit: Callable[[int], None],
        on_client: Callable[[int], None],
        version: str,
        methods: Mapping[str, Method] = METHODS,
        max_body_bytes: int = MAX_BODY_BYTES,
    ) -> None:
        self._write = write
        self._link = link
        self._on_exit = on_exit
        self._on_client = on_client
        self._version = version
        self._methods = methods
        self._state: _State = "starting"
        self._decoder = FrameDecoder(max_body_bytes)
        self._calls: dict[messages.MessageId, asyncio.Task[None]] = {}
        self._language = LanguageLoader(write, link)
        self._is_ours = False

    def feed(self, data: bytes) -> None:
        """Take the bytes that came from the client, however they are cut; nothing after its `exit`."""
        for event in self._decoder.feed(data):
            if self._state == "ended":
                return
            if isinstance(event, Frame):
                self._receive(event.body)
            elif isinstance(event, Oversize):
                fault = Fault(messages.INVALID_REQUEST, f"A message of {event.n_bytes} bytes is too long.")
                self._write(messages.write_error(None, fault))
            else:
                print(f"crystalmath-server: skipped {event.n_bytes} bytes of noise", file=sys.stderr)

    def end(self) -> None:
        """The client is gone: exit cleanly only if it had said so."""
        if self._state != "ended":
            code = 0 if self._state == "shut down" else 1
            self._state = "ended"
            self._language.close()
            self._on_exit(code)

    def _receive(self, body: bytes) -> None:
        message = messages.read(body)
        try:
            if isinstance(message, Malformed):
                self._write(messages.write_error(message.id, message.fault))
            elif isinstance(message, Request):
                self._request(message, body)
            elif isinstance(message, Notification):
                self._notification(message, body)
            elif not self._language.answered(message) and message.error is not None:
                print(f"crystalmath-server: the client answered {bytes(message.error)!r}", file=sys.stderr)
        except Exception as error:  # noqa: BLE001 - the dispatcher: one bad message must not end the server
            traceback.print_exc()
            if isinstance(message, Request):
                self._refuse(message, _defect(message.method, error))

    def _request(self, request: Request, body: bytes) -> None:
        refusal = self._refusal(request)
        if refusal is not None:
            self._refuse(request, refusal)
        elif request.method == "initialize":
            self._initialize(request)
        elif request.method == "shutdown":
            self._state = "shut down"
            self._write(messages.write_result(request.id, None))
        elif (method := self._methods.get(request.method)) is not None:
            self._call(request, method)
        else:
            self._language.receive(request, body)

    def _refusal(self, request: Request) -> Fault | None:
        if self._state == "shut down":
            return Fault(messages.INVALID_REQUEST, f"{request.method}: the server has been shut down.")
        if self._state == "starting" and request.method != "initialize":
            return Fault(
                messages.SERVER_NOT_INITIALIZED, f"{request.method}: the server is not initialized yet."
            )
        if self._state == "serving" and request.method == "initialize":
            return Fault(messages.INVALID_REQUEST, "initialize: the server is initialized already.")
        if request.id in self._calls:
            return Fault(messages.INVALID_REQUEST, f"The id {request.id!r} belongs to a pending request.")
        asked = capabilities.LANGUAGE_METHODS - capabilities.LANGUAGE_NOTIFICATIONS
        if request.method not in {"initialize", "shutdown"} | self._methods.keys() | asked:
            return Fault(messages.METHOD_NOT_FOUND, f"There is no method {request.method!r}.")
        return None

    def _refuse(self, request: Request, fault: Fault) -> None:
        self._write(messages.write_error(request.id, fault))

    def _notification(self, notification: Notification, body: bytes) -> None:
        if notification.method == "exit":
            self.end()
        elif self._state != "serving":
            return
        elif notification.method == "initialized" and "textDocument" in self._language.client["capabilities"]:
            self._language.load()  # an editor: it has its answer and will open a document soon
        elif notification.method == "$/cancelRequest":
            self._cancel(notification.params)
        elif notification.method in capabilities.LANGUAGE_NOTIFICATIONS:
            self._language.receive(notification, body)

    def _initialize(self, request: Request) -> None:
        params = _read(request.params)
        if not isinstance(params, dict) or not isinstance(params.setdefault("capabilities", {}), dict):
            self._refuse(request, Fault(messages.INVALID_PARAMS, "initialize: params must be an object."))
            return
        client: dict[str, Any] = params["capabilities"]
        mismatch = capabilities.protocol_mismatch(client)
        if mismatch is not None:
            self._refuse(request, mismatch)
            return
        result = {
            "capabilities": capabilities.capabilities(client, self._methods),
            "serverInfo": {"name": "crystalmath-server", "version": self._version},
        }
        self._write(messages.write_result(request.id, result))
        self._state = "serving"
        self._is_ours = capabilities.is_ours(client)
        self._language.client = params
        if isinstance(pid := params.get("processId"), int):
            self._on_client(pid)

    def _cancel(self, params: msgspec.Raw) -> None:
        value = _read(params)
        identity = value.get("id") if isinstance(value, dict) else None
        if isinstance(identity, bool) or not isinstance(identity, int | str):
            return
        call = self._calls.get(identity)
        if call is not None:
            call.cancel()
        else:
            self._language.cancel(identity)

    def _call(self, request: Request, method: Method) -> None:
        try:
            params = request.params if bytes(request.params) != b"null" else msgspec.Raw(b"{}")
            msgspec.json.decode(params, type=method.params)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            self._refuse(request, Fault(messages.INVALID_PARAMS, f"{method.name}: {error}."))
            return
        task = asyncio.get_running_loop().create_task(self._answer(request.id, method, params))
        self._calls[request.id] = task
        task.add_done_callback(lambda task: self._settle(request.id, method, task))

    def _settle(self, identity: messages.MessageId, method: Method, task: asyncio.Task[None]) -> None:
        self._calls.pop(identity, None)
        if task.cancelled():  # perhaps before its first step, so that it could not answer itself
            hint = Hint(_MAY_HAPPEN) if method.stores else None
            fault = Fault(messages.REQUEST_CANCELLED, f"{method.name} was cancelled.", hint)
            self._write(messages.write_error(identity, fault))
        elif (error := task.exception()) is not None:
            traceback.print_exception(error)
            self._write(messages.write_error(identity, _defect(method.name, error)))

    async def _answer(self, identity: messages.MessageId, method: Method, params: msgspec.Raw) -> None:
        try:
            async with asyncio.timeout(method.deadline_s):
                progress = partial(self._progress, identity) if self._is_ours else None
                result = await self._link.call(method.name, params, progress)
                body = messages.write_result(identity, result)
        except WorkerFaultError as error:
            body = messages.write_error(identity, error.fault)
        except CrystalMathError as error:
            body = messages.write_error(identity, messages.fault_of(error))
        except TimeoutError:
            body = messages.write_error(identity, _too_late(method))
        self._write(body)

    def _progress(self, identity: messages.MessageId, sentence: str) -> None:
        """Tell a client of ours what its call is doing; its token is the id of the request."""
        if identity in self._calls:
            value = {"kind": "report", "message": sentence}
            self._write(messages.write_notification("$/progress", {"token": identity, "value": value}))


def _read(params: msgspec.Raw) -> object:
    """Return the value, or nothing for what JSON's grammar lets pass and its readers do not."""
    try:
        return msgspec.json.decode(params)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _defect(method: str, error: BaseException) -> Fault:
    hint = "This is a defect of CrystalMath; the server's log (stderr) has the details."
    return Fault(messages.INTERNAL_ERROR, f"{method} failed: {type(error).__name__}: {error}", Hint(hint))


def _too_late(method: Method) -> Fault:
    hint = "Ask again, or look at the engine with: crystalmath doctor"
    if method.stores:
        hint = _MAY_HAPPEN
    message = f"{method.name} was not answered within {method.deadline_s:g} s."
    return Fault(messages.REQUEST_FAILED, message, Hint(hint))
