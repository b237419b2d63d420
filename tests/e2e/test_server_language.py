"""The features of the input files over real standard streams."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.rpc_client import RpcClient
from tests.e2e.waiting import children, has_ended, until

from crystalmath_lsp.capabilities import LANGUAGE_METHODS

INCAR = "file:///nowhere/INCAR"
POSCAR = "file:///nowhere/POSCAR"
MOMENTS = "ISPIN = 2\nMAGMOM = 1 1 1\n"
FE2 = "Fe\n1.0\n4 0 0\n0 4 0\n0 0 4\nFe\n2\nDirect\n0 0 0\n0.5 0.5 0.5\n"


@pytest.fixture
def client() -> Iterator[RpcClient]:
    with RpcClient() as raw:
        raw.initialize()
        yield raw


def open_document(client: RpcClient, uri: str, text: str) -> None:
    document = {"uri": uri, "languageId": "", "version": 1, "text": text}
    client.notify("textDocument/didOpen", {"textDocument": document})


def edit(client: RpcClient, uri: str, version: int, where: list[int], text: str) -> None:
    change = {"range": between(*where), "text": text}
    target = {"uri": uri, "version": version}
    client.notify("textDocument/didChange", {"textDocument": target, "contentChanges": [change]})


def between(line: int, start: int, end_line: int, end: int) -> dict[str, Any]:
    return {"start": {"line": line, "character": start}, "end": {"line": end_line, "character": end}}


def found(client: RpcClient, uri: str) -> tuple[int | None, set[str]]:
    """Return version and codes of the next diagnostics of a document."""
    while (told := client.told("textDocument/publishDiagnostics"))["uri"] != uri:
        pass
    return told.get("version"), {each["code"] for each in told["diagnostics"]}


def large(n_atoms: int) -> str:
    edge = 4.0 * n_atoms
    head = f"Fe\n1.0\n{edge} 0 0\n0 4 0\n0 0 4\nFe\n{n_atoms}\nDirect\n"
    return head + "".join(f"{number / n_atoms:.8f} 0.0 0.0\n" for number in range(n_atoms))


def test_an_edit_of_one_open_file_checks_the_others_of_its_folder(client: RpcClient) -> None:
    open_document(client, INCAR, MOMENTS)
    assert "moments-count" not in found(client, INCAR)[1]
    open_document(client, POSCAR, FE2)
    assert "moments-count" in found(client, INCAR)[1]
    edit(client, POSCAR, 2, [6, 0, 6, 1], "3")
    assert "moments-count" not in found(client, INCAR)[1]
    assert "too-few-positions" in found(client, POSCAR)[1]
    client.notify("textDocument/didClose", {"textDocument": {"uri": POSCAR}})
    assert found(client, POSCAR) == (None, set())


def test_an_unsaved_buffer_beats_the_disk_until_it_is_closed(client: RpcClient, tmp_path: Path) -> None:
    (tmp_path / "POSCAR").write_text(FE2)
    incar, poscar = ((tmp_path / name).as_uri() for name in ("INCAR", "POSCAR"))
    open_document(client, incar, MOMENTS)
    assert "moments-count" in found(client, incar)[1]
    open_document(client, poscar, FE2.replace("\n2\n", "\n3\n") + "0.2 0.2 0.2\n")
    assert "moments-count" not in found(client, incar)[1]
    client.notify("textDocument/didClose", {"textDocument": {"uri": poscar}})
    assert "moments-count" in found(client, incar)[1]


def test_a_large_file_is_checked_in_a_child_that_follows_its_edits_and_dies_with_the_server(
    client: RpcClient,
) -> None:
    open_document(client, POSCAR, large(2000))
    assert found(client, POSCAR) == (1, set())
    (child,) = children(client.process.pid)
    assert "crystalmath_lsp.checker" in child.cmdline()
    edit(client, POSCAR, 2, [5, 0, 5, 2], "Qq")
    assert found(client, POSCAR) == (2, {"unknown-element"})
    child.kill()
    until(lambda: has_ended(child))
    edit(client, POSCAR, 3, [9, 0, 9, 10], "0.00000001")
    assert found(client, POSCAR) == (3, {"unknown-element", "ions-overlap"})
    open_document(client, INCAR, MOMENTS)
    assert "moments-count" in found(client, INCAR)[1]
    (child,) = children(client.process.pid)
    assert client.shut_down() == 0
    until(lambda: has_ended(child))


def test_repairs_of_a_large_file_are_offered_for_its_newest_version(client: RpcClient) -> None:
    open_document(client, POSCAR, large(2000))
    edit(client, POSCAR, 2, [5, 0, 5, 2], "fe")
    params = {
        "textDocument": {"uri": POSCAR},
        "range": between(5, 0, 5, 0),
        "context": {"diagnostics": []},
    }
    mend, ignore = client.call("textDocument/codeAction", params)
    assert mend["title"] == "Write Fe"
    assert ignore["title"].endswith("in this file")


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 17), ("utf-16", 15), ("utf-32", 14)])
def test_places_count_in_the_clients_units_in_every_feature(encoding: str, column: int) -> None:
    line = 'SYSTEM = "🙂" ;ismear=0\n'
    with RpcClient() as client:
        client.initialize({"general": {"positionEncodings": [encoding]}})
        open_document(client, INCAR, line)
        place = {"textDocument": {"uri": INCAR}, "position": {"line": 0, "character": column + 2}}
        start = column
        shown = client.call("textDocument/hover", place)
        assert shown["range"]["start"]["character"] == start
        assert shown["range"]["end"]["character"] == start + 6
        items = client.call("textDocument/completion", place)["items"]
        assert "ISMEAR" in {item["label"] for item in items}
        symbols = client.call("textDocument/documentSymbol", {"textDocument": {"uri": INCAR}})
        assert symbols[1]["selectionRange"] == shown["range"]
        options = {"tabSize": 2, "insertSpaces": True}
        (formatted,) = client.call(
            "textDocument/formatting", {"textDocument": {"uri": INCAR}, "options": options}
        )
        assert formatted["range"] == between(0, 0, 0, start + 8)
        edit(client, INCAR, 2, [0, start, 0, start + 8], "ENCUT = 1")
        outline = client.call("textDocument/documentSymbol", {"textDocument": {"uri": INCAR}})
        assert [symbol["name"] for symbol in outline] == ["SYSTEM", "ENCUT"]


def test_a_document_that_is_no_input_file_has_no_features(client: RpcClient) -> None:
    open_document(client, "file:///nowhere/notes.txt", MOMENTS)
    place = {
        "textDocument": {"uri": "file:///nowhere/notes.txt"},
        "position": {"line": 0, "character": 1},
    }
    assert client.call("textDocument/hover", place) is None
    assert client.call("textDocument/completion", place) is None


def test_a_blank_behind_an_equals_sign_offers_values_and_one_at_the_beginning_nothing(
    client: RpcClient,
) -> None:
    open_document(client, INCAR, "ISPIN = \n ")
    place = {"textDocument": {"uri": INCAR}, "context": {"triggerKind": 2, "triggerCharacter": " "}}
    offered = client.call("textDocument/completion", {**place, "position": {"line": 0, "character": 8}})
    assert [item["label"] for item in offered["items"]] == ["1", "2"]
    assert client.call("textDocument/completion", {**place, "position": {"line": 1, "character": 1}}) is None


def folder_with_inputs(client: RpcClient, tmp_path: Path) -> tuple[str, Path]:
    """Open the INCAR of a folder that can be submitted; the scripted worker writes `job.done` beside it."""
    folder = tmp_path / "job"
    folder.mkdir()
    (folder / "INCAR").write_text("ENCUT = 400\n")
    (folder / "POSCAR").write_text(FE2)
    uri = (folder / "INCAR").as_uri()
    open_document(client, uri, "ENCUT = 400\n")
    return uri, tmp_path / "job.done"


@pytest.mark.parametrize(
    ("chosen", "expected"), [({"title": "Submit"}, True), ({"title": "Cancel"}, False), (None, False)]
)
def test_a_folder_is_submitted_once_the_user_has_said_so(
    client: RpcClient, tmp_path: Path, chosen: object, expected: bool
) -> None:
    uri, done = folder_with_inputs(client, tmp_path)
    lens = client.call("textDocument/codeLens", {"textDocument": {"uri": uri}})[-1]["command"]
    assert lens["title"] == "Submit as a job"
    submit = client.request("workspace/executeCommand", lens)
    assert str(tmp_path / "job") in client.asked("window/showMessageRequest", chosen)["message"]
    told = client.answer(submit)["result"]
    assert (told is not None, done.exists()) == (expected, expected)
    if expected:
        assert "Job 7 is created" in client.told("window/showMessage")["message"]


def test_a_folder_with_unsaved_files_is_not_submitted(client: RpcClient, tmp_path: Path) -> None:
    uri, done = folder_with_inputs(client, tmp_path)
    edit(client, uri, 2, [0, 8, 0, 11], "500")
    command = {"command": "crystalmath.submitFolder", "arguments": [uri]}
    error = client.failure("workspace/executeCommand", command)
    assert (error["code"], "INCAR" in error["message"], "Save" in error["data"]["hint"]) == (
        -32010,
        True,
        True,
    )
    assert client.failure("workspace/executeCommand", {"command": "crystalmath.fly"})["code"] == -32010
    assert not done.exists()


def test_params_of_the_wrong_shape_are_answered_and_harm_nobody(client: RpcClient) -> None:
    client.notify("textDocument/didOpen", {"textDocument": 7})
    client.notify("textDocument/didChange", None)
    assert client.failure("textDocument/hover", {"textDocument": 7})["code"] == -32602
    open_document(client, INCAR, "ISPIN = 1\nISPIN = 2\n")
    assert found(client, INCAR) == (1, {"duplicate-tag"})


REQUESTS = sorted(
    method
    for method in LANGUAGE_METHODS
    if method != "$/setTrace" and not method.partition("/")[2].startswith("did")
)


@pytest.mark.parametrize("params", [None, {}, [], {"textDocument": 7}, {"textDocument": {"uri": None}}])
def test_every_request_with_wrong_params_is_answered_so(client: RpcClient, params: object) -> None:
    told = {method: client.answer(client.request(method, params)) for method in REQUESTS}
    # What takes any object is served.
    lenient = {"completionItem/resolve", "workspace/diagnostic"} if isinstance(params, dict) else set()
    assert {method for method, answer in told.items() if "result" in answer} == lenient
    codes = {method: answer["error"]["code"] for method, answer in told.items() if method not in lenient}
    assert codes == dict.fromkeys(codes, -32602)
    open_document(client, INCAR, "ISPIN = 1\nISPIN = 2\n")
    assert found(client, INCAR) == (1, {"duplicate-tag"})
