"""A raw client over the server's standard streams: it can send anything and waits with a deadline."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.deadlines import SOON_S

from crystalmath_lsp.frames import Frame, FrameDecoder, encode

DEADLINE_S = SOON_S
ROOT = Path(__file__).parents[2]
REAL_SERVER = [sys.executable, "-m", "crystalmath_lsp", "--stdio"]
SCRIPTED_SERVER = [sys.executable, "-m", "tests.e2e.scripted_server"]
"""The real front process with a worker whose methods obey the test."""


class RpcClient:
    """Talk with a server process; leaves none behind."""

    def __init__(
        self, command: Sequence[str] = SCRIPTED_SERVER, env: Mapping[str, str] | None = None
    ) -> None:
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env=env,
        )
        self.last_id = 0
        self.messages: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self.kept: list[dict[str, Any]] = []
        self.log: list[str] = []
        self._readers = [
            threading.Thread(target=self._read, daemon=True),
            threading.Thread(target=self._drain, daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.close_input()
            try:
                self.process.wait(SOON_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()
        for reader in self._readers:
            reader.join(SOON_S)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        decoder = FrameDecoder()
        while data := os.read(self.process.stdout.fileno(), 65536):
            for event in decoder.feed(data):
                assert isinstance(event, Frame), f"the server wrote {event}"
                self.messages.put(json.loads(event.body))

    def _drain(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.log.append(line.decode(errors="replace").rstrip())

    def close_input(self) -> None:
        assert self.process.stdin is not None
        if not self.process.stdin.closed:
            self.process.stdin.close()

    def raw(self, data: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def notify(self, method: str, params: object = None) -> None:
        self.raw(encode(json.dumps({"jsonrpc": "2.0", "method": method, "params": params}).encode()))

    def request(self, method: str, params: object = None) -> int:
        self.last_id += 1
        message = {"jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params}
        self.raw(encode(json.dumps(message).encode()))
        return self.last_id

    def answer(self, identity: int | None, timeout_s: float = DEADLINE_S) -> dict[str, Any]:
        """Wait for the answer to a request; everything else is kept for `told`."""
        return self._find(lambda m: "method" not in m and m["id"] == identity, timeout_s)

    def told(self, method: str, timeout_s: float = DEADLINE_S) -> dict[str, Any]:
        """Wait for a notification and return its params."""
        params = self._find(lambda m: m.get("method") == method, timeout_s)["params"]
        assert isinstance(params, dict)
        return params

    def asked(self, method: str, result: object = None) -> Any:
        """Wait for a request of the server, answer it and return its params."""
        request = self._find(lambda m: m.get("method") == method and "id" in m, DEADLINE_S)
        answer = {"jsonrpc": "2.0", "id": request["id"], "result": result}
        self.raw(encode(json.dumps(answer).encode()))
        return request.get("params")

    def _find(self, wanted: Any, timeout_s: float) -> dict[str, Any]:
        for message in self.kept:
            if wanted(message):
                self.kept.remove(message)
                return message
        while True:
            try:
                message = self.messages.get(timeout=timeout_s)
            except queue.Empty:
                log = "\n".join(self.log[-30:])
                raise AssertionError(
                    f"no such message in {timeout_s} s; kept {self.kept}; log:\n{log}"
                ) from None
            if wanted(message):
                return message
            self.kept.append(message)

    def call(self, method: str, params: object = None) -> Any:
        """Return the result of a request, which must succeed."""
        answer = self.answer(self.request(method, params))
        assert "error" not in answer, answer
        return answer["result"]

    def failure(self, method: str, params: object = None) -> dict[str, Any]:
        """Return the error of a request, which must fail."""
        answer = self.answer(self.request(method, params))
        assert "error" in answer, answer
        error = answer["error"]
        assert isinstance(error, dict)
        return error

    def initialize(self, capabilities: object = None, pid: int | None = None, **more: object) -> Any:
        params = {"processId": pid, "rootUri": None, "capabilities": capabilities or {}, **more}
        result = self.call("initialize", params)
        self.notify("initialized", {})
        return result

    def shut_down(self) -> int:
        """End as a client should, and return the exit code."""
        self.call("shutdown")
        self.notify("exit")
        return self.process.wait(SOON_S)
