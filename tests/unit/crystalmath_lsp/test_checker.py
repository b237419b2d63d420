"""The child checks what lies below a folder, and again only what has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from crystalmath.vasp.settings import Settings
from crystalmath_lsp import checking
from crystalmath_lsp.checker import Copies, SweepParams, Update
from crystalmath_lsp.shapes import OpenedDocument

TWICE = "ENCUT = 400\nENCUT = 500\n"


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the folders that are checked, one after the other."""
    seen: list[str] = []
    real = checking.Checking.check_disk

    def counting(self: checking.Checking, around: object, encoding: str) -> object:
        seen.append(Path(around.key).name)  # type: ignore[attr-defined]  # any surroundings have a key
        return real(self, around, encoding)  # type: ignore[arg-type]  # handed through

    monkeypatch.setattr(checking.Checking, "check_disk", counting)
    return seen


def swept(
    copies: Copies, root: Path, *updates: Update, options: Settings | None = None
) -> dict[str, list[str]]:
    params = SweepParams([str(root)], "utf-16", list(updates), [], options or Settings())
    return {
        "@".join(reversed(checked.uri.split("/")[-2:])): [each.code for each in checked.diagnostics]
        for checked in copies.sweep(params).checked
    }


def test_files_are_checked_again_when_they_or_the_settings_change(tmp_path: Path, counted: list[str]) -> None:
    for name in ("a", "b", ".git"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "INCAR").write_text(TWICE)
    copies = Copies()
    assert swept(copies, tmp_path) == {"INCAR@a": ["duplicate-tag"], "INCAR@b": ["duplicate-tag"]}
    assert swept(copies, tmp_path)["INCAR@a"] == ["duplicate-tag"]
    assert counted == ["a", "b"]
    (tmp_path / "b" / "INCAR").write_text("ENCUT = 400\n")
    assert swept(copies, tmp_path)["INCAR@b"] == []
    assert counted == ["a", "b", "b"]
    ignoring = Settings(ignore=frozenset({"duplicate-tag"}))
    assert swept(copies, tmp_path, options=ignoring)["INCAR@a"] == []


def test_what_is_open_is_left_to_the_front_and_beats_the_disk(tmp_path: Path) -> None:
    (tmp_path / "INCAR").write_text("ISPIN = 2\nMAGMOM = 1 1 1\n")
    poscar = (tmp_path / "POSCAR").as_uri()
    text = "Fe\n1.0\n4 0 0\n0 4 0\n0 0 4\nFe\n2\nDirect\n0 0 0\n0.5 0.5 0.5\n"
    found = swept(Copies(), tmp_path, Update(poscar, 1, OpenedDocument(poscar, text, 1)))
    assert list(found) == [f"INCAR@{tmp_path.name}"]
    assert "moments-count" in found[f"INCAR@{tmp_path.name}"]
