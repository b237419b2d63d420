"""Pulled diagnostics, files that change on the disk and settings, over real standard streams."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.rpc_client import RpcClient
from tests.e2e.test_server_language import (
    FE2,
    INCAR,
    MOMENTS,
    POSCAR,
    edit,
    found,
    large,
    open_document,
)

PULLS = {
    "textDocument": {"diagnostic": {}},
    "workspace": {"diagnostics": {"refreshSupport": True}},
}
TWICE = "ENCUT = 400\nENCUT = 400\n"


@pytest.fixture
def client() -> Iterator[RpcClient]:
    with RpcClient() as raw:
        yield raw


def pull(client: RpcClient, uri: str, previous: str | None = None) -> Any:
    params = {"textDocument": {"uri": uri}, "previousResultId": previous}
    return client.call("textDocument/diagnostic", params)


def codes(report: Any) -> set[str]:
    return {each["code"] for each in report["items"]}


def test_what_a_client_pulls_is_named_refreshed_and_never_pushed(client: RpcClient) -> None:
    announced = client.initialize(PULLS)["capabilities"]["diagnosticProvider"]
    assert (announced["interFileDependencies"], announced["workspaceDiagnostics"]) == (True, True)
    open_document(client, INCAR, MOMENTS)
    first = pull(client, INCAR)
    assert (first["kind"], codes(first) & {"moments-count"}) == ("full", set())
    assert pull(client, INCAR, first["resultId"]) == {"kind": "unchanged", "resultId": first["resultId"]}
    open_document(client, POSCAR, FE2)
    client.asked("workspace/diagnostic/refresh")
    second = pull(client, INCAR, first["resultId"])
    assert "moments-count" in codes(second)
    edit(client, INCAR, 2, [1, 12, 1, 14], "")
    assert "moments-count" not in codes(pull(client, INCAR, second["resultId"]))
    edit(client, INCAR, 3, [1, 12, 1, 12], " 1")
    assert pull(client, INCAR, second["resultId"])["kind"] == "unchanged", "the same findings have one name"
    assert not [m for m in client.kept if m.get("method") == "textDocument/publishDiagnostics"]


def test_a_pull_of_a_large_file_waits_for_its_newest_version(client: RpcClient) -> None:
    client.initialize(PULLS)
    open_document(client, POSCAR, large(2000))
    edit(client, POSCAR, 2, [5, 0, 5, 2], "Qq")
    assert codes(pull(client, POSCAR)) == {"unknown-element"}


def test_a_client_that_pulls_but_cannot_be_told_to_gets_pushed_findings(client: RpcClient) -> None:
    announced = client.initialize({"textDocument": {"diagnostic": {}}})["capabilities"]
    assert "diagnosticProvider" not in announced
    open_document(client, INCAR, TWICE)
    assert "duplicate-tag" in found(client, INCAR)[1]


def test_the_workspace_is_checked_with_what_is_open_and_answered_again_when_it_changes(
    client: RpcClient, tmp_path: Path
) -> None:
    for name in ("one", "two", ".hidden"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "INCAR").write_text(MOMENTS)
        (tmp_path / name / "POSCAR").write_text(FE2)
    incar = {name: (tmp_path / name / "INCAR").as_uri() for name in ("one", "two")}
    poscar = (tmp_path / "one" / "POSCAR").as_uri()
    client.initialize(PULLS, workspaceFolders=[{"uri": tmp_path.as_uri(), "name": "work"}])
    first = client.call("workspace/diagnostic", {"previousResultIds": []})["items"]
    assert {item["uri"]: "moments-count" in codes(item) for item in first} == dict.fromkeys(
        incar.values(), True
    )
    known = [{"uri": item["uri"], "value": item["resultId"]} for item in first]
    waiting = client.request("workspace/diagnostic", {"previousResultIds": known})
    open_document(client, poscar, FE2.replace("\n2\n", "\n3\n") + "0.2 0.2 0.2\n")
    (item,) = client.answer(waiting)["result"]["items"]
    assert (item["uri"], "moments-count" in codes(item)) == (incar["one"], False)
    waiting = client.request("workspace/diagnostic", {"previousResultIds": known})
    client.notify("$/cancelRequest", {"id": waiting})
    assert client.answer(waiting)["error"]["code"] == -32800
    assert client.shut_down() == 0


WATCHES = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}


@pytest.mark.parametrize("capabilities", [{}, WATCHES])
def test_a_change_on_the_disk_checks_the_open_files_of_the_folder(
    client: RpcClient, tmp_path: Path, capabilities: dict[str, Any]
) -> None:
    client.initialize(capabilities)
    incar = (tmp_path / "INCAR").as_uri()
    open_document(client, incar, MOMENTS)
    assert "moments-count" not in found(client, incar)[1]
    (tmp_path / "POSCAR").write_text(FE2)
    if capabilities:
        (registration,) = client.asked("client/registerCapability")["registrations"]
        assert registration["method"] == "workspace/didChangeWatchedFiles"
        change = {"uri": (tmp_path / "POSCAR").as_uri(), "type": 1}
        client.notify("workspace/didChangeWatchedFiles", {"changes": [change]})
    assert "moments-count" in found(client, incar)[1]
    open_document(client, (tmp_path / "POSCAR").as_uri(), FE2.replace("\n2\n", "\n3\n") + "0.2 0.2 0.2\n")
    assert "moments-count" not in found(client, incar)[1]


def test_settings_of_the_editor_decide_what_is_checked_and_wrong_ones_are_said_once(
    client: RpcClient,
) -> None:
    client.initialize({}, initializationOptions={"ignore": ["duplicate-tag"], "colour": "red"})
    open_document(client, INCAR, TWICE + "NONSENSETAG = 1\n")
    warning = client.told("window/showMessage")
    assert warning["type"] == 2
    assert "colour" in warning["message"]
    assert found(client, INCAR)[1] == {"unknown-tag"}
    settings = {"crystalmath": {"allow": ["nonsensetag"], "ignore": [], "colour": "red"}}
    client.notify("workspace/didChangeConfiguration", {"settings": settings})
    assert found(client, INCAR)[1] == {"duplicate-tag"}
    assert not [m for m in client.kept if m.get("method") == "window/showMessage"]


def test_a_client_that_has_settings_is_asked_for_them(client: RpcClient) -> None:
    client.initialize({"workspace": {"configuration": True}, "textDocument": {}})
    assert client.asked("workspace/configuration", [{"select": ["duplicate-tag"]}]) == {
        "items": [{"section": "crystalmath"}]
    }
    open_document(client, INCAR, TWICE + "NONSENSETAG = 1\n")
    while found(client, INCAR)[1] != {"duplicate-tag"}:
        pass
    client.notify("workspace/didChangeConfiguration", {"settings": None})
    client.asked("workspace/configuration", [None])
    while "unknown-tag" not in found(client, INCAR)[1]:
        pass
