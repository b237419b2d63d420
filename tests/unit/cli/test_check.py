"""`crystalmath check`: exit codes, formats and fixes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from crystalmath.cli.check import check
from crystalmath.errors import InputError

SAFE = "ENCUT = 500\nISMEAR = 0\nENCUT = 500\n"
FIXED = "ENCUT = 500\nISMEAR = 0\n"


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
    path = write(tmp_path, SAFE + "ISPINN = 1\n")
    assert CliRunner().invoke(check, ["--fix", str(path)]).exit_code == 1
    assert path.read_text(encoding="utf-8") == FIXED + "ISPINN = 1\n"
    assert CliRunner().invoke(check, ["--unsafe-fixes", str(path)]).exit_code == 0
    assert path.read_text(encoding="utf-8") == FIXED + "ISPIN = 1\n"


def test_fixes_keep_line_ends_permissions_and_links(tmp_path: Path) -> None:
    path = write(tmp_path, SAFE.replace("\n", "\r\n"))
    path.chmod(0o640)
    link = tmp_path / "INCAR.link"
    link.symlink_to(path)
    assert CliRunner().invoke(check, ["--fix", str(link)]).exit_code == 0
    assert path.read_bytes() == FIXED.replace("\n", "\r\n").encode()
    assert (path.stat().st_mode & 0o777, link.is_symlink()) == (0o640, True)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["INCAR", "INCAR.link"]


def test_a_fix_that_cannot_be_written_leaves_the_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, SAFE)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    result = CliRunner().invoke(check, ["--fix", str(path)])
    assert isinstance(result.exception, InputError)
    assert path.read_text(encoding="utf-8") == SAFE
    assert [entry.name for entry in tmp_path.iterdir()] == ["INCAR"]


def test_a_write_protected_file_is_left_alone(tmp_path: Path) -> None:
    path = write(tmp_path, SAFE)
    path.chmod(0o444)
    result = CliRunner().invoke(check, ["--fix", str(path)])
    assert isinstance(result.exception, InputError)
    assert "write-protected" in str(result.exception)
    assert path.read_text(encoding="utf-8") == SAFE


@pytest.mark.parametrize("unsafe", [[], ["--unsafe-fixes"]])
def test_a_diff_shows_what_the_fixes_would_do_and_writes_nothing(tmp_path: Path, unsafe: list[str]) -> None:
    path = write(tmp_path, SAFE + "ISPINN = 1\n")
    shown = CliRunner().invoke(check, ["--diff", *unsafe, str(path)])
    assert path.read_text(encoding="utf-8") == SAFE + "ISPINN = 1\n"
    assert shown.exit_code == 1, "nothing was mended, so errors remain"
    assert ("+ISPIN = 1\n" in shown.output) is bool(unsafe)
    CliRunner().invoke(check, ["--fix", *unsafe, str(path)])
    added = [row[1:] for row in shown.output.splitlines()[2:] if row.startswith("+")]
    assert set(added) <= set(path.read_text(encoding="utf-8").splitlines())


def test_a_diff_of_windows_lines_shows_only_the_line_that_changes(tmp_path: Path) -> None:
    path = write(tmp_path, "ENCUTT = 500\r\nISMEAR = 0\r\n")
    shown = CliRunner().invoke(
        check, ["--diff", "--unsafe-fixes", "--ignore", "windows-line-ends", str(path)]
    )
    assert b"-ENCUTT = 500\r\n+ENCUT = 500\r\n ISMEAR = 0\r\n" in shown.stdout_bytes


def test_what_is_named_twice_is_reported_once(tmp_path: Path) -> None:
    path = write(tmp_path, "ENCUTT = 500\n")
    rows = json.loads(CliRunner().invoke(check, ["--json", str(tmp_path), str(path)]).output)
    assert [row["code"] for row in rows] == ["unknown-tag"]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("INCAR", b"ENCUT = 500\0\n", "is a binary file"),
        ("notes.txt", b"ENCUT = 500\n", "is no VASP input file by its name"),
        ("INCAR.gz", b"ENCUT = 500\n", "cannot be unpacked"),
        ("folder/x", b"", "holds no VASP input file"),
        ("", b"", "holds no VASP input file"),
        ("gone", None, "does not exist"),
    ],
)
def test_targets_that_are_no_input_are_wrong_usage(
    tmp_path: Path, name: str, data: bytes | None, message: str
) -> None:
    path = tmp_path / name
    if data is not None and name:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    named = path.parent if name.startswith("folder") else path
    result = CliRunner().invoke(check, [str(named)])
    assert isinstance(result.exception, InputError)
    assert message in result.exception.message


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("INCAR.relax", "ENCUTT = 5\n"),
        ("relax.INCAR", "ENCUTT = 5\n"),
        ("POSCAR_bulk", "x\n1 1\n"),
        ("CONTCAR.old", "x\n1 1\n"),
        ("foo.vasp", "x\n1 1\n"),
        ("KPOINTS_OPT", "k\n0\nGamma\n4 4\n"),
        ("KPOINTS.fine", "k\n0\nGamma\n4 4\n"),
    ],
)
def test_files_are_told_by_their_names(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    (row,) = json.loads(CliRunner().invoke(check, ["--json", str(path)]).output)
    assert (row["path"], row["severity"]) == (str(path), "error")


def test_a_comment_on_the_line_suppresses_the_rule_that_it_names(tmp_path: Path) -> None:
    text = "ENCUTT = 5 # crystalmath: ignore[unknown-tag]\nISMEARR = 0 ! crystalmath: ignore[x]\n"
    path = write(tmp_path, text)
    (row,) = json.loads(CliRunner().invoke(check, ["--json", str(path)]).output)
    assert row["line"] == 2


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
