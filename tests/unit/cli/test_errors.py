"""Wrong input on the command line: one sentence that names the object, one hint, exit 2, no engine."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from crystalmath import cli

SILICON = "x\n5.5\n0 .5 .5\n.5 0 .5\n.5 .5 0\nSi\n2\nDirect\n0 0 0\n.25 .25 .25\n"
BROKEN = {
    "missing": (None, "does not exist"),
    "empty": ("", "empty"),
    "counts": ("x\n1\n3 0 0\n0 3 0\n0 0 3\nSi\n2\nDirect\n0 0 0\n", "line 7"),
    "numbers": ("x\n1\n3 0 0\n0 x 0\n0 0 3\nSi\n1\nDirect\n0 0 0\n", "line 4"),
    "flat": ("x\n1\n3 0 0\n0 3 0\n3 3 0\nSi\n1\nDirect\n0 0 0\n", "volume"),
    "element": ("x\n1\n3 0 0\n0 3 0\n0 0 3\nXx\n1\nDirect\n0 0 0\n", "Xx"),
}

Failing = Callable[..., tuple[str, str]]


@pytest.fixture
def failing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Failing:
    """Return a function that runs a command line that must end with 2 and make no engine."""
    home = tmp_path / "home"
    monkeypatch.setenv("CRYSTALMATH_HOME", str(home))
    monkeypatch.setenv("AIIDA_PATH", str(tmp_path))

    def run(*arguments: object) -> tuple[str, str]:
        monkeypatch.setattr(sys, "argv", ["crystalmath", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert ended.value.code == 2
        assert not (home / "profiles").exists()
        return capfd.readouterr()

    return run


@pytest.fixture
def silicon(tmp_path: Path) -> Path:
    path = tmp_path / "Si.vasp"
    path.write_text(SILICON)
    return path


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_structure_is_named_with_the_reason(failing: Failing, tmp_path: Path, name: str) -> None:
    content, reason = BROKEN[name]
    path = tmp_path / f"{name}.vasp"
    if content is not None:
        path.write_text(content)
    out, _ = failing("run", "static", path, "--json")
    error = json.loads(out)["error"]
    assert path.name in error["message"]
    assert reason in error["message"]
    assert error["hint"]
    assert error["code"] == -32011


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["run", "statc"], "statc"),
        (["preview", "statc"], "statc"),
        (["run", "static", "--set", "ENCTU=500"], "ENCUT"),
        (["run", "static", "--set", "ENCUT=much"], "much"),
        (["run", "static", "--set", "ENCUT"], "TAG=VALUE"),
        (["run", "static", "--set", "ENCUT=1", "--set", "encut=2"], "twice"),
        (["nonsense"], "nonsense"),
    ],
)
def test_wrong_input_is_one_sentence_and_one_hint(
    failing: Failing, silicon: Path, arguments: list[str], reason: str
) -> None:
    words = [*arguments[:2], silicon, *arguments[2:]] if len(arguments) > 1 else arguments
    out, err = failing(*words)
    assert out == ""
    assert [line.partition(":")[0] for line in err.splitlines()] == ["Error", "Hint"]
    assert reason in err
