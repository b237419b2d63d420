"""A server of the standard library alone, which misbehaves as its arguments say.

Arguments: `jobs=N` there are; `stall=SECONDS` before a list is answered, but for the first `stall_after=N`;
`burst=N` notifications before each list, `changes=N` that tell of jobs; `garbage` on stdout before each
answer; `huge=BYTES` sends such a message before each list; `stderr=N` lines before each list; `die_after=N`
messages it ends without a word. With `every=SECONDS` all that happens again and again; with `die` it then
ends instead.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from itertools import cycle
from typing import Any

SETTINGS = dict(argument.partition("=")[::2] for argument in sys.argv[1:])
GARBAGE = b"Content-Length: what? a stray print\nand \xff\x00 bytes\n"
TIME = "2026-11-22T10:00:00.000+00:00"
PAGE = 2000
LOCK = threading.Lock()


def number(name: str) -> float:
    return float(SETTINGS.get(name) or 0)


def frame(message: dict[str, Any]) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def write(message: dict[str, Any]) -> None:
    put(frame(message))


def put(data: bytes) -> None:
    with LOCK:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def read() -> dict[str, Any] | None:
    length = 0
    while line := sys.stdin.buffer.readline().strip():
        length = int(line.partition(b":")[2])
    return json.loads(sys.stdin.buffer.read(length)) if length else None


def row(identity: int) -> dict[str, Any]:
    return {
        "id": identity, "uuid": f"uuid-{identity}", "label": f"job {identity}", "formula": "Si2",
        "template": "relax", "n_atoms": 2, "code": None, "state": "finished", "exit_status": 0,
        "exit_message": None, "created_at": TIME, "modified_at": TIME, "foreign": False,
    }  # fmt: skip


def page(params: dict[str, Any]) -> dict[str, Any]:
    first = int(params.get("after") or number("jobs") + 1)
    rows = [row(identity) for identity in range(first - 1, max(0, first - 1 - PAGE), -1)]
    after = rows[-1]["id"] if rows else 1
    return {"jobs": rows, "next": None if after == 1 else str(after)}


def changes(state: str) -> bytes:
    jobs = (
        {**row(int(number("jobs")) - index % 1000), "state": state} for index in range(int(number("changes")))
    )
    told = ({"jobs": [job], "removed": [], "all": False} for job in jobs)
    return b"".join(frame({"method": "jobs.changed", "params": params}) for params in told)


def storm() -> None:
    for told in cycle([changes("queued"), changes("running")]):
        time.sleep(number("every"))
        if "die" in SETTINGS:
            os._exit(9)
        put(told)
        if "garbage" in SETTINGS:
            put(GARBAGE)
        misbehave()


def misbehave() -> None:
    for index in range(int(number("burst"))):
        write({"method": "$/noise", "params": {"index": index}})
    for index in range(int(number("stderr"))):
        print(f"line {index} on stderr", file=sys.stderr, flush=True)
    if size := int(number("huge")):
        write({"method": "$/huge", "params": "x" * size})


def answer(method: str, params: dict[str, Any]) -> object:
    if method == "initialize":
        ours = {"protocol": 1, "methods": ["jobs.get", "jobs.list", "jobs.submit"]}
        return {
            "capabilities": {"experimental": {"crystalmath": ours}},
            "serverInfo": {"name": "fake", "version": "0.fake"},
        }
    if method == "jobs.list":
        if number("stall_after") == 0:
            time.sleep(number("stall"))
        SETTINGS["stall_after"] = str(max(0, number("stall_after") - 1))
        misbehave()
        return page(params)
    return None


def main() -> None:
    n_left = number("die_after") or float("inf")
    if "every" in SETTINGS:
        threading.Thread(target=storm, daemon=True).start()
    while (message := read()) is not None:
        n_left -= 1
        if n_left < 0:
            os._exit(9)
        if "garbage" in SETTINGS:
            put(GARBAGE)
        if "id" in message:
            write({"id": message["id"], "result": answer(message["method"], message.get("params") or {})})


if __name__ == "__main__":
    main()
