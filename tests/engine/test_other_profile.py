"""A profile that the user made with AiiDA's own command is worked on, and left as it was."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

BIN = Path(sys.executable).parent
POSCAR = "Si2\n1.0\n0.0 2.73 2.73\n2.73 0.0 2.73\n2.73 2.73 0.0\nSi\n2\nDirect\n0 0 0\n0.25 0.25 0.25\n"
RUN = """
import json, sys
from crystalmath import engine
from crystalmath.engine import codes, jobs, requests, submit
session = engine.open("mine")
request = requests.build("static", sys.argv[1], overrides={"ENCUT": "200"}, code="standin")
done = jobs.wait(session, submit.submit(session, request).id, timeout=500)
code = codes.load(session, done.code).full_label
print(json.dumps({"state": done.state, "code": code, "directory": done.steps[0].directory}))
"""
STOP = """
from crystalmath import engine
from crystalmath.engine import daemon
daemon.stop(engine.open("mine", recover=False))
"""


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    """The environment of a user with a profile `mine`, whose daemon is stopped at the end."""
    with tempfile.TemporaryDirectory(prefix="cm-", dir="/tmp") as base:
        for folder in ("aiida", "run"):
            (Path(base) / folder).mkdir(mode=0o700)
        own = {
            "AIIDA_PATH": f"{base}/aiida",
            "CRYSTALMATH_HOME": f"{base}/home",
            "XDG_RUNTIME_DIR": f"{base}/run",
        }
        made = {**os.environ, **own}
        made.pop("CRYSTALMATH_PROFILE", None)
        presto = [str(BIN / "verdi"), "presto", "--profile-name", "mine", "--use-zeromq"]
        subprocess.run(presto, env=made, check=True, capture_output=True)
        yield made
        subprocess.run([sys.executable, "-c", STOP], env=made, check=True, capture_output=True)


def test_a_job_runs_on_the_profile_of_the_user(environment: dict[str, str]) -> None:
    base = Path(environment["CRYSTALMATH_HOME"]).parent
    (base / "POSCAR").write_text(POSCAR)
    config = base / "aiida" / ".aiida" / "config.json"
    before = config.read_text()
    command = [sys.executable, "-c", RUN, str(base / "POSCAR")]
    ran = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    done: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    assert done["state"] == "finished"
    assert done["code"] == "standin@crystalmath-localhost"  # `localhost` is the user's
    assert Path(done["directory"]).is_relative_to(base / "home" / "scratch")
    assert config.read_text() == before
