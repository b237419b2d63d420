"""What a client has open, and what is left of it when the client has gone."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from crystalmath.errors import InputError
from crystalmath.vasp.settings import Settings
from crystalmath_lsp import shapes
from crystalmath_lsp.client import Client
from crystalmath_lsp.documents import HUGE_CHARACTERS, LARGE_CHARACTERS, Document
from crystalmath_lsp.workspace import Workspace

MOMENTS = "ISPIN = 2\nMAGMOM = 1 1 1\n"
FE2 = "Fe\n1.0\n4 0 0\n0 4 0\n0 0 4\nFe\n2\nDirect\n0 0 0\n0.5 0.5 0.5\n"


def workspace(written: list[Any]) -> Workspace:
    client = Client(lambda body: written.append(json.loads(body)), {"capabilities": {}})
    return Workspace(client)


def opened(uri: str, text: str) -> shapes.DidOpen:
    return shapes.DidOpen(shapes.OpenedDocument(uri, text, 1))


def codes(message: Any) -> set[str]:
    return {each["code"] for each in message["params"]["diagnostics"]}


def test_other_settings_check_everything_again_once() -> None:
    written: list[Any] = []
    files = workspace(written)
    files.open(opened("file:///a/INCAR", MOMENTS))
    files.open(opened("file:///a/POSCAR", FE2))
    assert "moments-count" in codes(written[-2]) | codes(written[-1])
    written.clear()
    files.use(Settings(ignore=frozenset({"moments-count"})))
    (message,) = written
    assert "moments-count" not in codes(message)
    files.use(Settings(ignore=frozenset({"moments-count"})))
    assert len(written) == 1


def test_when_the_client_has_gone_nothing_watches_or_waits(tmp_path: Path) -> None:
    written: list[Any] = []

    async def main() -> set[str]:
        files = workspace(written)
        files.begin()
        files.open(opened((tmp_path / "INCAR").as_uri(), MOMENTS))
        files.client.begin(_waits(files.client))
        await asyncio.sleep(0)
        files.end()
        await asyncio.sleep(0)
        timers = [each for each in asyncio.get_running_loop()._scheduled if not each.cancelled()]  # type: ignore[attr-defined]  # what the loop keeps
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        return {repr(each) for each in [*timers, *tasks]}

    assert asyncio.run(main()) == set()


async def _waits(client: Client) -> None:
    await client.ask("window/never")


def test_a_file_that_is_not_open_is_checked_from_the_disk_with_what_is_open(tmp_path: Path) -> None:
    files = workspace([])
    (tmp_path / "INCAR").write_text(MOMENTS)
    files.open(opened((tmp_path / "POSCAR").as_uri(), FE2))
    checked = files.check_closed((tmp_path / "INCAR").as_uri())
    assert checked is not None
    assert "moments-count" in {each.code for each in checked.diagnostics}
    assert files.check_closed((tmp_path / "notes.txt").as_uri()) is None
    with pytest.raises(InputError, match="KPOINTS"):
        files.check_closed((tmp_path / "KPOINTS").as_uri())
    (tmp_path / "POTCAR").write_text("x")
    (tmp_path / "KPOINTS").write_text("k\n" * LARGE_CHARACTERS)
    with pytest.raises(InputError, match="large"):
        files.check_closed((tmp_path / "KPOINTS").as_uri())


def test_a_file_too_large_to_check_at_once_can_still_be_looked_at_and_a_huge_one_not() -> None:
    async def main() -> list[bool]:
        files = workspace([])
        files.open(opened("file:///a/INCAR", MOMENTS))
        seen = []
        for n_atoms in (2, LARGE_CHARACTERS // 10, HUGE_CHARACTERS // 5):
            text = FE2.replace("\n2\n", f"\n{n_atoms}\n") + "0 0 0.1\n" * (n_atoms - 2)
            poscar_file = shapes.OpenedDocument("file:///a/POSCAR", text, 1)
            files.documents.by_uri[poscar_file.uri] = Document(poscar_file, "utf-8")
            poscar, incar = files.looked_at("file:///a/POSCAR"), files.looked_at("file:///a/INCAR")
            assert incar is not None
            seen += [poscar is not None, incar[1].poscar is not None]
        return seen

    assert asyncio.run(main()) == [True, True, True, True, False, False]
