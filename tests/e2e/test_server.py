"""The server over real standard streams, its worker scripted: what it answers, survives and leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import psutil
import pytest
from tests.deadlines import SOON_S
from tests.e2e.rpc_client import REAL_SERVER, ROOT, SCRIPTED_SERVER, RpcClient
from tests.e2e.waiting import has_ended, until

from crystalmath.errors import JobNotFoundError, WorkerError
from crystalmath_lsp.frames import Frame, FrameDecoder, encode
from crystalmath_lsp.methods import METHODS
from crystalmath_lsp.models import PROTOCOL

HEAVY = {"aiida", "pymatgen", "atomate2", "ase", "scipy", "jobflow", "emmet", "custodian"}
INCAR_TWICE = "ISMEAR = 0\nencut = 400 ! é\nENCUT = 500\n"


@pytest.fixture
def client() -> Iterator[RpcClient]:
    with RpcClient() as raw:
        raw.initialize()
        yield raw


def worker_pid(client: RpcClient) -> int:
    return int(client.call("jobs.get", {"id": "pid"})["card"]["label"])


def open_document(client: RpcClient, text: str, name: str = "INCAR", version: int = 1) -> None:
    document = {"uri": f"file:///work/{name}", "languageId": "plaintext", "version": version, "text": text}
    client.notify("textDocument/didOpen", {"textDocument": document})


def test_initialize_names_protocol_and_methods() -> None:
    with RpcClient() as client:
        result = client.initialize({"experimental": {"crystalmath": {"protocol": PROTOCOL}}})
        ours = result["capabilities"]["experimental"]["crystalmath"]
        assert ours == {"protocol": PROTOCOL, "methods": sorted(METHODS)}
        assert result["serverInfo"]["name"] == "crystalmath-server"


def test_another_protocol_version_is_refused_in_words_and_may_try_again() -> None:
    with RpcClient() as client:
        asked = {"capabilities": {"experimental": {"crystalmath": {"protocol": 99}}}}
        error = client.failure("initialize", asked)
        assert "99" in error["message"]
        assert "pip install" in error["data"]["hint"]
        client.initialize()


def test_a_tag_set_twice_is_reported_where_it_stands(client: RpcClient) -> None:
    open_document(client, INCAR_TWICE)
    told = client.told("textDocument/publishDiagnostics")
    assert told["version"] == 1
    (finding,) = told["diagnostics"]
    assert finding["range"] == {"start": {"line": 2, "character": 0}, "end": {"line": 2, "character": 5}}
    assert (finding["code"], finding["severity"]) == ("duplicate-tag", 1)
    assert finding["codeDescription"]["href"].endswith("/ENCUT")
    assert "line 2" in finding["message"]
    (related,) = finding["relatedInformation"]
    assert (related["location"]["uri"], related["location"]["range"]["start"]["line"]) == (told["uri"], 1)
    assert "400" in related["message"]


def test_an_edit_is_checked_and_a_closed_document_is_clean(client: RpcClient) -> None:
    open_document(client, INCAR_TWICE)
    assert client.told("textDocument/publishDiagnostics")["diagnostics"]
    first_line = {"start": {"line": 0, "character": 0}, "end": {"line": 2, "character": 0}}
    change = {"textDocument": {"uri": "file:///work/INCAR", "version": 2}}
    client.notify("textDocument/didChange", {**change, "contentChanges": [{"range": first_line, "text": ""}]})
    told = client.told("textDocument/publishDiagnostics")
    assert (told["version"], told["diagnostics"]) == (2, [])
    client.notify("textDocument/didClose", {"textDocument": {"uri": "file:///work/INCAR"}})
    assert client.told("textDocument/publishDiagnostics")["diagnostics"] == []


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 22), ("utf-16", 20), ("utf-32", 19)])
def test_columns_count_in_the_clients_units(encoding: str, column: int) -> None:
    with RpcClient() as client:
        capabilities = {"general": {"positionEncodings": [encoding]}}
        assert client.initialize(capabilities)["capabilities"]["positionEncoding"] == encoding
        open_document(client, 'ISPIN = 1\nNELM=50;SYSTEM="🙂";ISPIN=1\n')
        (finding,) = client.told("textDocument/publishDiagnostics")["diagnostics"]
        assert finding["range"]["start"] == {"line": 1, "character": column}


def test_another_file_is_left_alone(client: RpcClient) -> None:
    open_document(client, INCAR_TWICE, name="notes.txt")
    open_document(client, INCAR_TWICE)
    assert client.told("textDocument/publishDiagnostics")["uri"] == "file:///work/INCAR"


def test_jobs_are_listed_by_the_worker_a_page_at_a_time(client: RpcClient) -> None:
    page = client.call("jobs.list")
    assert len(page["jobs"]) == 2000
    next_page = client.call("jobs.list", {"after": page["next"], "limit": 10})
    assert next_page["jobs"][0]["id"] == int(page["next"]) - 1
    assert client.call("jobs.list", {"after": "3"})["next"] is None


def test_an_error_of_the_library_arrives_with_code_and_hint(client: RpcClient) -> None:
    error = client.failure("jobs.get", {"id": "refuse"})
    assert error["code"] == JobNotFoundError.code
    assert error["data"]["hint"] == "Look at the list."


def test_a_defect_is_an_internal_error_and_the_worker_lives_on(client: RpcClient) -> None:
    before = worker_pid(client)
    error = client.failure("jobs.get", {"id": "defect"})
    assert error["code"] == -32603
    assert "a defect" in error["message"]
    assert worker_pid(client) == before


def test_stray_prints_of_the_worker_harm_nobody(client: RpcClient) -> None:
    client.call("jobs.get", {"id": "print"})
    assert client.call("jobs.list", {"limit": 1})["jobs"]
    until(lambda: "a stray print" in client.log and "a stray write" in client.log)


@pytest.mark.parametrize("order", ["crash", "kill"])
def test_a_worker_that_dies_fails_every_pending_call_and_is_replaced(client: RpcClient, order: str) -> None:
    before = worker_pid(client)
    deadly, *others = [
        client.request("jobs.get", {"id": order}),
        *(client.request("jobs.list") for _ in range(5)),
    ]
    error = client.answer(deadly)["error"]
    assert error["code"] == WorkerError.code
    assert error["data"]["hint"]
    for identity in others:  # one that the server read after the death is for the next worker
        answer = client.answer(identity)
        assert "result" in answer or answer["error"]["code"] == WorkerError.code
    assert worker_pid(client) != before


def test_ten_kills_of_the_worker_under_load_leave_no_call_unanswered(tmp_path: Path) -> None:
    with RpcClient() as client:
        client.initialize()
        for number in range(10):
            worker = psutil.Process(worker_pid(client))
            lists = [client.request("jobs.list") for _ in range(10)]
            target = {"template": "relax", "structure": {"path": str(tmp_path / f"job-{number}")}}
            submit = client.request("jobs.submit", target)
            worker.kill()
            for identity in [*lists, submit]:
                answer = client.answer(identity)
                assert "result" in answer or answer["error"]["code"] == WorkerError.code
            assert client.call("jobs.submit", target)["id"] == 7
        assert client.shut_down() == 0


def test_a_worker_that_cannot_start_is_reported_as_that(tmp_path: Path) -> None:
    script = "import sys; from crystalmath_lsp.server import serve; sys.exit(serve(['/no/such/program']))"
    with RpcClient([sys.executable, "-c", script]) as client:
        client.initialize()
        error = client.failure("jobs.list")
        assert error["code"] == WorkerError.code
        assert "cannot be started" in error["message"]


def fifo(tmp_path: Path) -> Path:
    path = tmp_path / "gate"
    os.mkfifo(path)
    return path


def test_a_request_is_answered_while_the_worker_is_busy(client: RpcClient, tmp_path: Path) -> None:
    gate = fifo(tmp_path)
    slow = client.request("jobs.get", {"id": f"wait:{gate}"})
    assert client.failure("no.such")["code"] == -32601
    open_document(client, INCAR_TWICE)
    assert client.told("textDocument/publishDiagnostics")["diagnostics"]
    gate.write_text("opened")
    assert client.answer(slow)["result"]["card"]["label"] == "opened"


def test_a_cancelled_call_is_answered_and_what_waits_behind_it_runs(
    client: RpcClient, tmp_path: Path
) -> None:
    def submit(path: Path) -> int:
        return client.request("jobs.submit", {"template": "relax", "structure": {"path": str(path)}})

    gate = fifo(tmp_path)
    running = submit(gate)
    writer = os.open(gate, os.O_WRONLY)  # returns once the call runs
    queued, behind = submit(tmp_path / "never"), submit(tmp_path / "behind")
    for identity in (running, queued):
        client.notify("$/cancelRequest", {"id": identity})
        assert client.answer(identity)["error"]["code"] == -32800
    # What only reads is served meanwhile; that it was says that the worker has taken the cancels before it.
    assert client.call("jobs.list", {"limit": 1})["jobs"]
    os.close(writer)
    assert client.answer(behind)["result"]["id"] == 7
    assert not (tmp_path / "never.done").exists()


def test_the_front_process_never_loads_the_heavy_libraries() -> None:
    with RpcClient([sys.executable, "-X", "importtime", *SCRIPTED_SERVER[1:]]) as client:
        client.initialize()
        client.call("jobs.list")
        open_document(client, INCAR_TWICE)
        client.told("textDocument/publishDiagnostics")
        assert client.failure("textDocument/formatting")["code"] == -32602  # answered by pygls
        assert client.shut_down() == 0
    imported = {line.rpartition("|")[2].strip() for line in client.log if line.startswith("import time:")}
    assert {"pygls", "crystalmath_lsp.language"} <= imported
    assert not {name for name in imported if name.partition(".")[0] in HEAVY}


def test_initialize_is_answered_before_pygls_is_loaded() -> None:
    with RpcClient([sys.executable, "-X", "importtime", *SCRIPTED_SERVER[1:]]) as client:
        client.initialize()
        client.call("jobs.list")
        assert client.shut_down() == 0
    assert not [line for line in client.log if "pygls" in line or "lsprotocol" in line]


def test_an_editors_features_are_loaded_before_it_opens_a_document() -> None:
    with RpcClient([sys.executable, "-X", "importtime", *SCRIPTED_SERVER[1:]]) as client:
        client.initialize({"textDocument": {}})
        until(lambda: any("crystalmath_lsp.language" in line for line in list(client.log)))
        assert client.shut_down() == 0


def test_the_console_script_serves() -> None:
    with RpcClient([str(Path(sys.executable).with_name("crystalmath-server")), "--stdio"]) as client:
        client.initialize()
        assert client.shut_down() == 0


def test_an_unknown_argument_is_refused() -> None:
    done = subprocess.run([*REAL_SERVER, "--sidio"], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 2
    assert "--sidio" in done.stderr


def test_exit_without_shutdown_is_an_error() -> None:
    with RpcClient() as client:
        client.initialize()
        client.notify("exit")
        assert client.process.wait(SOON_S) == 1


def end_by_eof(client: RpcClient) -> None:
    client.close_input()


def end_by_exit(client: RpcClient) -> None:
    client.call("shutdown")
    client.notify("exit")


def end_by_sigterm(client: RpcClient) -> None:
    client.process.send_signal(signal.SIGTERM)


def end_by_kill(client: RpcClient) -> None:
    client.process.kill()


ENDINGS = [end_by_eof, end_by_exit, end_by_sigterm, end_by_kill]


def ending_s(end: Callable[[RpcClient], None]) -> float:
    """Return how long server and idle worker take to end."""
    with RpcClient() as client:
        client.initialize()
        worker = psutil.Process(worker_pid(client))
        end(client)
        began = time.monotonic()
        client.process.wait(SOON_S)
        until(lambda: has_ended(worker))
        return time.monotonic() - began


@pytest.mark.parametrize("end", ENDINGS)
def test_server_and_idle_worker_end_within_a_second(end: Callable[[RpcClient], None]) -> None:
    # A machine that does much else may stretch many an ending; one that takes its time stretches all.
    assert any(ending_s(end) < 1.0 for _ in range(30))


@pytest.mark.parametrize("end", ENDINGS)
def test_a_submit_in_flight_is_finished_before_the_worker_ends(
    end: Callable[[RpcClient], None], tmp_path: Path
) -> None:
    gate = fifo(tmp_path)
    with RpcClient() as client:
        client.initialize()
        worker = psutil.Process(worker_pid(client))
        client.request("jobs.submit", {"template": "relax", "structure": {"path": str(gate)}})
        writer = os.open(gate, os.O_WRONLY)  # returns once the submit reads
        end(client)
        client.process.wait(SOON_S)
        assert not has_ended(worker)
        os.close(writer)
        until(lambda: has_ended(worker))
        assert (tmp_path / "gate.done").read_text() == "stored"


def test_the_server_ends_when_its_client_is_dead_though_the_pipe_is_held_open() -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with RpcClient() as client:
        client.initialize(pid=stranger.pid)
        stranger.kill()
        stranger.communicate()
        assert client.process.wait(SOON_S) == 1


def test_a_client_that_does_not_read_loses_nothing_and_blocks_nothing(tmp_path: Path) -> None:
    process = subprocess.Popen(SCRIPTED_SERVER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdin is not None
    assert process.stdout is not None
    greeting = {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"capabilities": {}}}
    process.stdin.write(encode(msgspec.json.encode(greeting)))
    for number in range(1, 11):  # far more than a pipe holds, and nobody reads
        process.stdin.write(
            encode(msgspec.json.encode({"jsonrpc": "2.0", "id": number, "method": "jobs.list"}))
        )
    done = tmp_path / "last.done"
    params = {"template": "relax", "structure": {"path": str(tmp_path / "last")}}
    process.stdin.write(
        encode(msgspec.json.encode({"jsonrpc": "2.0", "id": 11, "method": "jobs.submit", "params": params}))
    )
    process.stdin.flush()
    until(done.exists)
    decoder = FrameDecoder()
    answers: list[Any] = []
    while len(answers) < 12:
        answers += [e for e in decoder.feed(os.read(process.stdout.fileno(), 65536)) if isinstance(e, Frame)]
    process.stdin.close()
    assert process.wait(SOON_S) == 1
    process.stdout.close()
