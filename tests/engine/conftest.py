"""A real profile and a real daemon for a whole test session, in a folder of its own; nothing stays behind."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from tests.deadlines import JOB_S, SOON_S
from tests.e2e.waiting import has_ended

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crystalmath.engine.session import Session
    from crystalmath.engine.submit import Submitted

# One line per start, with the folder: two lines for one folder, or two folders for one job, are a double run.
ADDER = """\
#!/bin/bash
echo "$PWD $$" >> {log}
sleep "${{ADDER_SLEEP_S:-0}}"
while [ -n "$ADDER_GATE" ] && [ ! -e "$ADDER_GATE" ]; do sleep 0.05; done
exec /bin/bash
"""

SILICON = """\
Si2
1.0
0.0 2.73 2.73
2.73 0.0 2.73
2.73 2.73 0.0
Si
2
Direct
0.0 0.0 0.0
0.25 0.25 0.25
"""


@dataclass(frozen=True, slots=True)
class Ground:
    """The folder of a test session: everything that AiiDA and CrystalMath write is below it."""

    base: Path
    starts: Path
    environment: dict[str, str]

    def processes(self) -> list[psutil.Process]:
        """Return the living processes, other than this one, that work in the folder."""
        found = []
        for process in psutil.process_iter():
            try:
                here = str(self.base) in process.environ().get("AIIDA_PATH", "")
                if here and process.pid != os.getpid() and not has_ended(process):
                    found.append(process)
            except psutil.Error:
                continue
        return found

    def n_starts(self, folder: str | None = None) -> int:
        """Return how often the executable was started, in a folder or in all."""
        lines = self.starts.read_text().splitlines() if self.starts.exists() else []
        return sum(folder is None or line.split()[0] == folder for line in lines)


def wait_until(condition: Callable[[], object], what: str, timeout_s: float = SOON_S) -> None:
    """Return once the condition is true; fail after `timeout_s` seconds."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, f"{what}: not within {timeout_s} s"
        time.sleep(0.05)


def wait_for_rest() -> None:
    """Return once no process of the profile changes any more: what has ended is sealed a moment later.

    One that has not ended for as long as a job may take has failed the test that it belongs to, and this one
    need not wait for it.
    """
    from aiida import orm

    changing = {
        "or": [{"attributes": {"!has_key": "sealed"}}, {"attributes.sealed": False}],
        "ctime": {">": datetime.now(UTC) - timedelta(seconds=JOB_S)},
    }
    query = orm.QueryBuilder().append(orm.ProcessNode, filters=changing, project="id")
    wait_until(lambda: query.count() == 0, "all processes are sealed")


@pytest.fixture(scope="session")
def ground() -> Iterator[Ground]:
    """Point AiiDA and CrystalMath to a new folder; afterwards no process and no file may be left."""
    base = Path(tempfile.mkdtemp(prefix="cm-", dir="/tmp")).resolve()
    (base / "run").mkdir(mode=0o700)
    environment = {
        "AIIDA_PATH": str(base / "aiida"),
        "CRYSTALMATH_HOME": str(base / "home"),
        "CRYSTALMATH_STANDIN_LOG": str(base / "starts.log"),
        "XDG_RUNTIME_DIR": str(base / "run"),
    }
    (base / "aiida").mkdir()
    before = {name: os.environ.get(name) for name in (*environment, "CRYSTALMATH_PROFILE")}
    os.environ.update(environment)
    os.environ.pop("CRYSTALMATH_PROFILE", None)
    _forget_aiida(base / "aiida")
    made = Ground(base, base / "starts.log", environment)
    yield made
    left = _end_what_stayed(made)
    shutil.rmtree(base)
    for name, value in before.items():
        os.environ.pop(name, None) if value is None else os.environ.update({name: value})
    assert not left, f"processes were left behind: {left}"


def _end_what_stayed(ground: Ground) -> list[str]:
    """End what does not end by itself, and return the command lines."""
    deadline = time.monotonic() + SOON_S
    while (left := ground.processes()) and time.monotonic() < deadline:
        psutil.wait_procs(left, timeout=0.1)
    described = []
    for process in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            described.append(f"{process.pid} {process.cmdline()}")
            process.kill()
    psutil.wait_procs(left, timeout=SOON_S)
    return described


def _forget_aiida(path: Path) -> None:
    """Make an AiiDA that another test has imported look at the new folder too."""
    if "aiida" in sys.modules:
        from aiida.manage.configuration import reset_config
        from aiida.manage.configuration.settings import AiiDAConfigDir

        AiiDAConfigDir.set(path / ".aiida")
        reset_config()


@pytest.fixture(scope="session")
def session(ground: Ground) -> Iterator[Session]:
    """Open a new embedded profile, whose daemon is stopped at the end."""
    from crystalmath import engine
    from crystalmath.engine import daemon as daemons

    opened = engine.open()
    yield opened
    daemons.stop(opened)


@pytest.fixture
def daemon(session: Session) -> Session:
    """Return the session once its daemon listens."""
    from crystalmath.engine import daemon as daemons

    assert daemons.ensure(session, listening=True).good
    return session


@pytest.fixture
def unwatched(daemon: Session) -> Iterator[None]:
    """Hold the watchdog: what the test breaks is for the engine's own functions to find."""
    from crystalmath.engine import broker, processes
    from crystalmath.engine import daemon as daemons

    circus = daemons.supervisor(daemon)
    assert circus is not None
    held = processes.children(circus, "watchdog", broker.owner(daemon))
    for process in held:
        process.suspend()
    yield
    for process in held:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.resume()


@pytest.fixture(scope="session")
def adder(ground: Ground, session: Session) -> str:
    """Register an executable that notes its starts and then adds: a job without VASP."""
    from aiida import orm

    from crystalmath.engine import computer

    script = ground.base / "adder"
    script.write_text(ADDER.format(log=ground.starts))
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    machine = computer.localhost(session)
    orm.InstalledCode(
        label="adder",
        computer=machine,
        filepath_executable=str(script),
        default_calc_job_plugin="core.arithmetic.add",
    ).store()
    return "adder@localhost"


@pytest.fixture(scope="session")
def silicon(ground: Ground) -> Path:
    """Write two silicon atoms to a POSCAR."""
    path = ground.base / "POSCAR"
    path.write_text(SILICON)
    return path


@pytest.fixture
def static(daemon: Session, silicon: Path) -> Callable[..., Submitted]:
    """Return a function that submits a static run of silicon whose electronic steps take `delay_s` each."""
    from crystalmath.engine import requests
    from crystalmath.engine import submit as submission

    def submit(delay_s: float = 0.0, key: str | None = None) -> Submitted:
        overrides = {"SYSTEM": f"Si standin:delay={delay_s}", "ENCUT": "200"}
        return submission.submit(daemon, requests.build("static", silicon, overrides=overrides, key=key))

    return submit


@pytest.fixture
def add(daemon: Session, adder: str) -> Callable[..., Submitted]:
    """Return a function that submits an addition which takes `sleep_s` seconds, or until `gate` is a file."""

    def submit(
        sleep_s: float = 0.0, key: str | None = None, gate: Path | None = None, **entry: Any
    ) -> Submitted:
        from crystalmath.engine import submit as submission

        builder = partial(add_builder, adder, sleep_s, gate)
        return submission.submit_builder(daemon, addition(key, **entry), builder)

    return submit


def addition(key: str | None = None, **entry: Any) -> Any:
    """Return the index entry of an addition."""
    from crystalmath.engine.index import Entry

    known = {"digest": "d", "template": "add", "formula": "Si", "n_atoms": 2, "label": "an addition"}
    created = "2026-01-01T00:00:00+00:00"
    return Entry(key=key or uuid.uuid4().hex, pk=None, uuid=None, created_at=created, **{**known, **entry})


def add_builder(code: str, sleep_s: float = 0.0, gate: Path | None = None) -> Any:
    """Return the builder of an addition that takes `sleep_s` seconds, or until `gate` is a file."""
    from aiida import orm
    from aiida.plugins import CalculationFactory

    builder = CalculationFactory("core.arithmetic.add").get_builder()
    builder.code = orm.load_code(code)
    builder.x, builder.y = orm.Int(1), orm.Int(2)
    builder.metadata.options.environment_variables = {
        "ADDER_SLEEP_S": str(sleep_s),
        "ADDER_GATE": str(gate or ""),
    }
    builder.metadata.options.resources = {"num_machines": 1}
    return builder
