"""The shared server: several clients, one process, one user; nothing stale stands in the way."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import msgspec
import pytest
from tests.deadlines import SOON_S
from tests.e2e.rpc_client import ROOT
from tests.e2e.waiting import until

from crystalmath_lsp import socket_path
from crystalmath_lsp.frames import Frame, FrameDecoder, encode
from crystalmath_lsp.socket_path import Running, SocketLock, default_path, running

SCRIPT = """
import sys
from pathlib import Path
from crystalmath_lsp.socket_server import serve_socket
worker = [sys.executable, "-m", "tests.e2e.scripted_worker"]
sys.exit(serve_socket(Path(sys.argv[1]), worker, idle_s=float(sys.argv[2])))
"""


class SocketClient:
    """Ask the shared server and wait for the answers; what it tells unasked is kept."""

    def __init__(self, path: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(SOON_S)
        self.socket.connect(str(path))
        self.decoder = FrameDecoder()
        self.told: list[dict[str, Any]] = []
        self.last_id = 0
        self.call("initialize", {"capabilities": {}})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.socket.close()

    def call(self, method: str, params: object = None) -> Any:
        self.last_id += 1
        message = {"jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params}
        self.socket.sendall(encode(msgspec.json.encode(message)))
        while True:
            data = self.socket.recv(65536)
            assert data, "the server closed the connection"
            for event in self.decoder.feed(data):
                assert isinstance(event, Frame)
                answer = msgspec.json.decode(event.body)
                if answer.get("id") == self.last_id:
                    return answer["result"]
                self.told.append(answer)


@pytest.fixture
def path() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="cm-", dir="/tmp") as folder:
        yield Path(folder) / "run" / "server.sock"


def start(path: Path, idle_s: float = 600) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, str(path), str(idle_s)], cwd=ROOT)
    until(lambda: running(path) is not None or process.poll() is not None)
    return process


@pytest.fixture
def server(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = start(path)
    yield process
    process.terminate()
    assert process.wait(SOON_S) == 0
    assert not path.exists()


def command(verb: str, path: Path) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-m", "crystalmath_lsp", verb, "--socket", str(path)]
    return subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False)


def test_clients_share_a_worker_and_end_without_each_other(
    path: Path, server: subprocess.Popen[bytes]
) -> None:
    with SocketClient(path) as one, SocketClient(path) as other:
        pid = one.call("jobs.get", {"id": "pid"})["card"]["label"]
        assert other.call("jobs.get", {"id": "pid"})["card"]["label"] == pid
        one.call("shutdown")
        one.socket.close()
        assert other.call("jobs.list", {"limit": 1})["jobs"]
    with SocketClient(path) as third:
        assert third.call("jobs.get", {"id": "pid"})["card"]["label"] == pid


def test_only_who_watches_is_told(path: Path, server: subprocess.Popen[bytes]) -> None:
    with SocketClient(path) as one, SocketClient(path) as other:
        one.call("jobs.watch")
        other.call("jobs.get", {"id": "burst:1000:0.05"})

        def told() -> bool:
            one.call("jobs.list", {"limit": 1})
            return any(message["method"] == "system.changed" for message in one.told)

        until(told)
        other.call("jobs.list", {"limit": 1})
        assert not other.told


def test_the_socket_is_the_users_alone(path: Path, server: subprocess.Popen[bytes]) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.stat().st_uid == os.getuid()


def test_a_folder_that_others_may_enter_is_refused_and_left_as_it_is(path: Path) -> None:
    path.parent.mkdir(mode=0o755)
    refused = subprocess.run(
        [sys.executable, "-m", "crystalmath_lsp", "--socket", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode != 0
    assert "other users may enter" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o755


def test_a_second_server_leaves_the_first_alone(path: Path, server: subprocess.Popen[bytes]) -> None:
    second = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(path), "1"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert second.returncode == 0
    assert "listens on" in second.stderr
    with SocketClient(path) as client:
        assert client.call("jobs.list", {"limit": 1})["jobs"]


def test_of_servers_that_start_at_once_one_remains(path: Path) -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(path), "600"], cwd=ROOT, stderr=subprocess.DEVNULL
        )
        for _ in range(4)
    ]
    until(lambda: sum(process.poll() == 0 for process in started) == 3 and running(path) is not None)
    found = running(path)
    assert found is not None
    (left,) = [process for process in started if process.poll() is None]
    assert left.pid == found.pid
    assert command("stop", path).returncode == 0
    assert left.wait(SOON_S) == 0


def test_the_socket_of_a_killed_server_is_taken_over(path: Path) -> None:
    first = start(path)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert path.exists()
    assert running(path) is None
    second = start(path)
    with SocketClient(path) as client:
        assert client.call("jobs.list", {"limit": 1})["jobs"]
    second.terminate()
    assert second.wait(SOON_S) == 0


def test_the_note_of_a_killed_server_is_not_taken_for_the_next_ones(path: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    lock = SocketLock(path)
    assert lock.take()
    lock.note(Running(ended.pid, "0", "", str(path)))
    assert running(path) is None
    lock.release()
    again = SocketLock(path)
    assert again.take()
    assert running(path) is None
    again.release()


def test_who_asks_does_not_keep_a_server_from_starting(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.parent.mkdir(mode=0o700)
    lock = path.with_name(path.name + ".lock")
    with lock.open("w") as asking:
        fcntl.flock(asking, fcntl.LOCK_SH)
        waits = SimpleNamespace(sleep=lambda _seconds: fcntl.flock(asking, fcntl.LOCK_UN))
        monkeypatch.setattr(socket_path, "time", waits)
        taken = SocketLock(path)
        assert taken.take()
        taken.release()


def test_status_and_stop_tell_what_they_found(path: Path) -> None:
    assert command("status", path).returncode == 1
    assert command("stop", path).returncode == 0
    process = start(path)
    told = command("status", path)
    assert (told.returncode, str(process.pid) in told.stdout) == (0, True)
    assert command("stop", path).returncode == 0
    assert process.wait(SOON_S) == 0
    assert command("status", path).returncode == 1


def test_a_server_without_clients_ends_by_itself(path: Path) -> None:
    process = start(path, idle_s=5)  # long enough to be reached before it ends
    with SocketClient(path) as client:
        thread = threading.Thread(target=process.wait)
        thread.start()
        thread.join(8)
        assert thread.is_alive()  # it does not end while somebody is there
        assert client.call("jobs.list", {"limit": 1})["jobs"]
    thread.join(SOON_S)
    assert process.returncode == 0


def test_the_path_follows_the_runtime_folder_and_is_never_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        assert default_path() == Path(folder) / "crystalmath" / "server.sock"
        deep = Path(folder) / ("x" * 100)
        deep.mkdir()
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
        assert default_path() == Path(tempfile.gettempdir()) / f"crystalmath-{os.getuid()}" / "server.sock"
