"""`crystalmath check`: exit codes, formats and fixes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from crystalmath.cli.check import check
from crystalmath.errors import InputError


def write(folder: Path, text: str) -> Path:
    path = folder / "INCAR"
    path.write_text(text, encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize(
    ("text", "code"), [("ENCUT = 500\n", 0), ("IALGO = 38\n", 0), ("ENCUTT = 5\n", 1), ("ISPIN = 3\n", 1)]
)
def test_the_exit_code_is_one_when_errors_or_warnings_remain(tmp_path: Path, text: str, code: int) -> None:
    assert CliRunner().invoke(check, [str(write(tmp_path, text))]).exit_code == code


def test_a_clean_file_gives_an_empty_list_in_json(tmp_path: Path) -> None:
    result = CliRunner().invoke(check, ["--format", "json", str(write(tmp_path, "ENCUT = 500\n"))])
    assert (result.exit_code, result.output) == (0, "[]\n")


def test_the_path_in_the_output_is_the_one_that_was_given(tmp_path: Path) -> None:
    path = write(tmp_path, "ENCUTT = 500\n")
    (row,) = json.loads(CliRunner().invoke(check, ["--json", str(path)]).output)
    assert row["path"] == str(path)


def test_fixes_are_written_when_asked_for_and_only_safe_ones_without_more(tmp_path: Path) -> None:
    path = write(tmp_path, "NSW = 0\r\nENCUTT = 500\r\n")
    assert CliRunner().invoke(check, ["--fix", str(path)]).exit_code == 1
    assert path.read_bytes() == b"NSW = 0\nENCUTT = 500\n"
    assert CliRunner().invoke(check, ["--unsafe-fixes", str(path)]).exit_code == 0
    assert path.read_bytes() == b"NSW = 0\nENCUT = 500\n"


def test_a_diff_is_shown_and_nothing_is_written(tmp_path: Path) -> None:
    path = write(tmp_path, "ENCUTT = 500\n")
    result = CliRunner().invoke(check, ["--diff", "--unsafe-fixes", str(path)])
    assert "-ENCUTT = 500\n+ENCUT = 500\n" in result.output
    assert path.read_text(encoding="utf-8") == "ENCUTT = 500\n"


def test_options_select_and_allow(tmp_path: Path) -> None:
    path = str(write(tmp_path, "MYTAG = 1\nNSW = x\n"))
    assert CliRunner().invoke(check, ["--ignore", "values,unknown-tag", path]).exit_code == 0
    assert CliRunner().invoke(check, ["--allow", "mytag", "--ignore", "wrong-type", path]).exit_code == 0
    old = str(write(tmp_path, "KSPACING_OPT = 0.3\n"))
    assert CliRunner().invoke(check, ["--target-version", "6.3.0", old]).exit_code == 1
    assert CliRunner().invoke(check, ["--target-version", "6.6.0", old]).exit_code == 0


@pytest.mark.parametrize(
    "arguments", [["nothing"], ["--ignore", "no-such-rule", "."], ["--target-version", "new", "."]]
)
def test_wrong_usage_is_an_input_error(arguments: list[str]) -> None:
    result = CliRunner().invoke(check, arguments)
    assert isinstance(result.exception, InputError)
    assert result.exception.exit_code == 2
