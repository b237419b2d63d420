"""The command line as a user types it, against a real engine with its daemon."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.deadlines import JOB_S

BIN = Path(sys.executable).parent
EXAMPLES = Path(__file__).parents[2] / "examples"
SILICON, ALUMINIUM = EXAMPLES / "Si.vasp", EXAMPLES / "Al.cif"

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def crystalmath(engine_environment: dict[str, str]) -> Run:
    def run(*arguments: object, status: int = 0, **more: str) -> subprocess.CompletedProcess[str]:
        command = [str(BIN / "crystalmath"), *map(str, arguments)]
        done = subprocess.run(
            command, env=engine_environment | more, text=True, capture_output=True, timeout=JOB_S, check=False
        )
        assert done.returncode == status, done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr
        return done

    return run


@pytest.fixture(scope="session")
def finished(engine_environment: dict[str, str]) -> dict[str, Any]:
    """Run one relaxation of silicon to its end; the card."""
    command = [
        str(BIN / "crystalmath"),
        "run",
        "relax",
        str(SILICON),
        "--follow",
        "--json",
        "--label",
        "first",
    ]
    done = subprocess.run(
        command, env=engine_environment, text=True, capture_output=True, timeout=JOB_S, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    card: dict[str, Any] = json.loads(done.stdout)
    return card


def test_run_follow_json_prints_one_card(finished: dict[str, Any]) -> None:
    assert finished["state"] == "finished"
    assert finished["exit_status"] == 0
    assert finished["exit_message"] is None
    assert finished["formula"] == "Si"
    assert finished["n_atoms"] == 2
    assert finished["standin"] is True
    assert finished["energy_ev"] == pytest.approx(2 * finished["energy_per_atom_ev"])
    assert finished["max_force_ev_per_angstrom"] < 0.02
    assert finished["volume_angstrom3"] == pytest.approx(40.0, rel=0.05)
    assert abs(finished["pressure_kbar"]) < 5


def test_jobs_lists_the_job_under_its_label(crystalmath: Run, finished: dict[str, Any]) -> None:
    rows = json.loads(crystalmath("jobs", "--json").stdout)
    row = next(row for row in rows if row["id"] == finished["id"])
    expected = {"label": "first", "template": "relax", "formula": "Si", "state": "finished"}
    assert {name: row[name] for name in expected} == expected
    assert row["uuid"] == finished["uuid"]
    assert row["created_at"].endswith("+00:00")
    assert json.loads(crystalmath("jobs", "no such label", "--json").stdout) == []


def test_show_gives_the_same_card_by_a_prefix_of_the_uuid(crystalmath: Run, finished: dict[str, Any]) -> None:
    assert json.loads(crystalmath("show", finished["uuid"][:13], "--json").stdout) == finished
    text = crystalmath("show", finished["id"]).stdout
    assert "NOT VASP" in text
    assert "eV/Å" in text


def test_files_are_listed_and_printed(crystalmath: Run, finished: dict[str, Any]) -> None:
    listed = crystalmath("files", finished["id"]).stdout
    assert "OUTCAR" in listed
    assert "POTCAR" not in listed.replace("POTCAR.spec", "")
    assert crystalmath("files", finished["id"], "CONTCAR").stdout.splitlines()[5].split() == ["Si"]
    error = crystalmath("files", finished["id"], "NONSENSE", status=2).stderr
    assert "NONSENSE" in error


def test_the_key_of_a_submit_makes_it_one_job(crystalmath: Run) -> None:
    submit = ("run", "static", ALUMINIUM, "--key", "once", "--json")
    first = json.loads(crystalmath(*submit).stdout)
    again = json.loads(crystalmath(*submit).stdout)
    assert (first["id"], first["uuid"]) == (again["id"], again["uuid"])
    error = crystalmath("run", "static", SILICON, "--key", "once", status=2).stderr
    assert str(first["id"]) in error


def test_a_failed_job_ends_with_1_and_says_why(crystalmath: Run) -> None:
    setting = "SYSTEM=test standin:fail=posmap"
    done = crystalmath("run", "relax", SILICON, "--set", setting, "--follow", "--json", status=1)
    card = json.loads(done.stdout)
    assert card["state"] == "failed"
    assert card["exit_status"] > 0
    assert "POSMAP" in card["exit_message"]


def test_a_running_job_is_cancelled(crystalmath: Run) -> None:
    setting = "SYSTEM=test standin:delay=5"
    job = json.loads(crystalmath("run", "static", SILICON, "--set", setting, "--json").stdout)
    assert job["state"] == "created"
    assert json.loads(crystalmath("cancel", job["id"], "--json").stdout)["state"] == "killed"
    assert json.loads(crystalmath("show", job["id"], "--json").stdout)["state"] == "killed"


def test_a_folder_is_run_as_it_is(crystalmath: Run, tmp_path: Path) -> None:
    crystalmath("preview", "static", ALUMINIUM, "--write", tmp_path)
    incar = (tmp_path / "INCAR").read_text() + "# a remark of the user\n"
    (tmp_path / "INCAR").write_text(incar)
    card = json.loads(crystalmath("run", "folder", tmp_path, "--follow", "--json").stdout)
    assert card["template"] == "folder"
    assert crystalmath("files", card["id"], "INCAR").stdout == incar


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [(["run", "static", ALUMINIUM, "--code", "nope"], "nope"), (["show", "999999"], "999999")],
)
def test_a_name_that_the_engine_does_not_know_is_said(
    crystalmath: Run, arguments: list[object], reason: str
) -> None:
    done = crystalmath(*arguments, status=2)
    assert reason in done.stderr
    assert "Hint:" in done.stderr
    assert done.stdout == ""


def test_a_read_only_home_is_said_and_nothing_is_made(crystalmath: Run, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    done = crystalmath("jobs", status=3, CRYSTALMATH_HOME=str(blocked / "home"))
    assert str(blocked) in done.stderr
    assert "Hint:" in done.stderr


def test_python_runs_the_same_job(engine_environment: dict[str, str]) -> None:
    script = f"""
import crystalmath as cm
job = cm.submit("static", {str(ALUMINIUM)!r}, overrides={{"ENCUT": 300}}, label="from Python", key="python")
assert cm.submit("static", {str(ALUMINIUM)!r}, overrides={{"ENCUT": 300}}, key="python").id == job.id
try:
    job.wait(timeout=0.0)
except TimeoutError:
    pass
assert job.wait(timeout=500).state == "finished"
assert "ENCUT = 300" in job.files["INCAR"]
assert "not VASP" in job.files["OUTCAR"] and "OUTCAR" in set(job.files) and "POTCAR" not in job.files
assert job.card.energy_per_atom_ev == cm.job(job.uuid[:13]).card.energy_per_atom_ev
assert job.id in [row.id for row in cm.jobs(template="static")]
assert [step.name for step in job.steps] == ["static"]
print("done")
"""
    done = subprocess.run(
        [sys.executable, "-c", script], env=engine_environment, text=True, capture_output=True, check=False
    )
    assert done.stdout.strip() == "done", done.stderr
