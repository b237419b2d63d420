"""Run flows of Makers: by jobflow itself in processes of their own, and on AiiDA through its daemon."""

from __future__ import annotations

import gzip
import importlib
import json
import os
import shutil
import signal
import time
import traceback
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts import maker_documents
from scripts.maker_cases import build
from scripts.maker_documents import INPUTS, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PARALLEL = 2
IN_FLIGHT = 6  # on AiiDA: one worker runs them all

Verdict = dict[str, Any]


def maker_of(name: str) -> Any:
    """Return the class of `module:Class`, module below atomate2.vasp."""
    module, _, maker = name.partition(":")
    return getattr(importlib.import_module(f"atomate2.vasp.{module}"), maker)


def folder_of(base: Path, name: str) -> Path:
    """Return where the runs of a Maker go; atomate2 takes what is before a colon for a machine."""
    return base / name.replace(":", ".")


def fresh(folder: Path) -> None:
    """Empty the folder of a Maker's run."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def keep(folder: Path, verdict: Verdict, records: Sequence[Record] = ()) -> Verdict:
    """Write down what became of a Maker."""
    if records:
        maker_documents.save(folder / "records.json.gz", records)
    (folder / "verdict.json").write_text(json.dumps(verdict))
    return verdict


def sentence(error: BaseException) -> str:
    """Return one line about an exception."""
    return f"{type(error).__name__}: {error}".split("\n", 1)[0][:160]


# --- jobflow ---------------------------------------------------------------------------------------


def with_jobflow(
    names: Sequence[str], base: Path, limit_s: float, done: Callable[[str, Verdict], None]
) -> None:
    """Run each Maker in a forked process: what all import is imported once."""
    import atomate2.vasp.run as vasp_run  # noqa: F401 - before the forks
    import jobflow  # noqa: F401

    waiting, running = deque(names), dict[int, tuple[str, float]]()
    while waiting or running:
        while waiting and len(running) < PARALLEL:
            name = waiting.popleft()
            fresh(folder_of(base, name))
            running[_forked(name, folder_of(base, name))] = (name, time.monotonic() + limit_s)
        for pid, (name, deadline) in list(running.items()):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if not ended and time.monotonic() < deadline:
                continue
            if not ended:
                os.killpg(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            del running[pid]
            path = folder_of(base, name) / "verdict.json"
            late = (
                f"not at its end after {limit_s:.0f} s" if not ended else f"its process ended with {status}"
            )
            found = json.loads(path.read_text()) if path.exists() else {"stage": "run", "reason": late}
            done(name, found)
        time.sleep(0.1)


def _forked(name: str, folder: Path) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        os.setsid()
        os.chdir(folder)
        log = os.open("log", os.O_WRONLY | os.O_CREAT)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.environ["CRYSTALMATH_STANDIN_LOG"] = str(folder / "starts")
        _one_with_jobflow(name, folder)
        status = 0
    finally:
        os._exit(status)


def _one_with_jobflow(name: str, folder: Path) -> None:
    stage = "build"
    try:
        flow = build(maker_of(name))
        stage = "run"
        records = run_locally(flow, folder)
    except BaseException as error:  # noqa: BLE001 - whatever stops a Maker is its row in the table
        traceback.print_exc()
        keep(folder, {"stage": stage, "reason": sentence(error)})
        return
    log = folder / "starts"
    starts = len(log.read_text().splitlines()) if log.exists() else 0
    keep(folder, {"stage": "done", "documents": len(records), "starts": starts}, records)


def run_locally(flow: Any, folder: Path, *, must_succeed: bool = True) -> tuple[Record, ...]:
    """Run the flow by jobflow in the folder and return what its store holds.

    The flow goes through JSON first, as it does on its way to any runner but this: that makes plain numbers
    of numpy's, which pymatgen writes differently into an INCAR.
    """
    from functools import partial

    import atomate2.vasp.run as vasp_run
    from jobflow import JobStore
    from jobflow import run_locally as run
    from maggma.stores import MemoryStore
    from monty.json import MontyEncoder

    from crystalmath.engine.flow_documents import load_flow

    original = vasp_run.Custodian
    # custodian looks only every ten seconds whether VASP has ended
    vasp_run.Custodian = partial(original, polling_time_step=0.1, monitor_freq=100)
    store = JobStore(MemoryStore(), additional_stores={"data": MemoryStore()})
    try:
        run(
            load_flow(json.dumps(flow, cls=MontyEncoder)),
            store=store,
            create_folders=True,
            root_dir=folder,
            ensure_success=must_succeed,
            raise_immediately=must_succeed,
            log=must_succeed,
        )
    finally:
        vasp_run.Custodian = original
    rows = json.loads(json.dumps(list(store.query(load=True)), default=str))
    return tuple(Record(row["name"], row["index"], row["output"], _written(row["output"])) for row in rows)


def _written(output: Any) -> dict[str, str] | None:
    """Return the inputs that lie in the folder of a VASP run."""
    where = output.get("dir_name") if isinstance(output, dict) and "calcs_reversed" in output else None
    if not where:
        return None
    folder = Path(str(where).partition(":")[2])
    files = {name: content for name in INPUTS if (content := _first(folder, name)) is not None}
    potcar = (_first(folder, "POTCAR") or b"").decode(errors="replace")
    titles = [line.partition("=")[2].strip() for line in potcar.splitlines() if "TITEL" in line]
    return maker_documents.texts(files, titles)


def _first(folder: Path, name: str) -> bytes | None:
    """Return the file as it was written: custodian keeps that under another name."""
    for candidate in (f"{name}.orig.gz", f"{name}.orig", f"{name}.gz", name):
        path = folder / candidate
        if path.exists():
            data = path.read_bytes()
            return gzip.decompress(data) if candidate.endswith(".gz") else data
    return None


# --- AiiDA -----------------------------------------------------------------------------------------


def on_aiida(names: Sequence[str], base: Path, limit_s: float, done: Callable[[str, Verdict], None]) -> None:
    """Run the Makers on a profile of their own, several at a time."""
    from crystalmath import engine
    from crystalmath.engine import codes, daemon

    session = engine.open()
    codes.ensure_standin(session)
    daemon.ensure(session, listening=True)
    waiting, running = deque(names), deque[tuple[str, int, float]]()
    try:
        while waiting or running:
            while waiting and len(running) < IN_FLIGHT:
                name = waiting.popleft()
                fresh(folder_of(base, name))
                pk = _submitted(session, name, folder_of(base, name), done)
                if pk is not None:
                    running.append((name, pk, time.monotonic() + limit_s))
            if running:
                name, pk, deadline = running.popleft()
                done(name, _ended(session, folder_of(base, name), pk, deadline))
    finally:
        daemon.stop(session)


def _submitted(session: Any, name: str, folder: Path, done: Callable[[str, Verdict], None]) -> int | None:
    from crystalmath.errors import CrystalMathError

    try:
        return submit(session, build(maker_of(name)), name)
    except CrystalMathError as error:
        done(name, keep(folder, {"stage": "run", "reason": error.message}))
    except Exception as error:  # noqa: BLE001 - whatever stops a Maker is its row in the table
        done(name, keep(folder, {"stage": "build", "reason": sentence(error)}))
    return None


def submit(session: Any, flow: Any, label: str) -> int:
    """Submit a flow with the stand-in as VASP."""
    from monty.json import MontyEncoder

    from crystalmath.engine.submit import SubmitRequest
    from crystalmath.engine.submit import submit as hand_in

    text = json.dumps(flow, cls=MontyEncoder)
    wanted = SubmitRequest(flow_json=text, template=label, formula="", n_atoms=0, code="standin")
    return hand_in(session, wanted).id


def _ended(session: Any, folder: Path, pk: int, deadline: float) -> Verdict:
    from crystalmath.engine import jobs

    try:
        job = jobs.wait(session, pk, timeout=max(1.0, deadline - time.monotonic()))
    except TimeoutError as error:
        jobs.cancel(session, pk)
        return keep(folder, {"stage": "run", "reason": str(error)})
    if job.state != "finished":
        return keep(folder, {"stage": "run", "reason": f"{job.exit_message or job.state}"[:200]})
    records = recorded(session, pk)
    return keep(folder, {"stage": "done", "documents": len(records), "starts": n_starts(job)}, records)


def n_starts(job: Any) -> int:
    """Return how often VASP was started in the folders of a job."""
    log = Path(os.environ["CRYSTALMATH_STANDIN_LOG"])
    lines = [line.split()[0] for line in log.read_text().splitlines()] if log.exists() else []
    folders = {step.directory for step in job.steps}
    return sum(line in folders for line in lines)


def recorded(session: Any, pk: int) -> tuple[Record, ...]:
    """Return what a job on AiiDA left."""
    from crystalmath.engine.documents import documents

    return tuple(
        Record(row.name, row.index, json.loads(json.dumps(row.output, default=str)), _prepared(row.output))
        for row in documents(session, pk)
    )


def _prepared(output: Any) -> dict[str, str] | None:
    """Return the inputs that were given to the calculation of a document."""
    from aiida import orm

    from crystalmath.engine.flow_documents import LOCATOR

    vasp = isinstance(output, dict) and "calcs_reversed" in output
    found = LOCATOR.search(str(output.get("dir_name"))) if vasp else None
    if found is None:
        return None
    given = orm.load_node(found.group(1)).inputs
    repository = given.files.base.repository
    files = {
        name: repository.get_object_content(name, mode="rb")
        for name in repository.list_object_names()
        if name in INPUTS
    }
    return maker_documents.texts(files, given.potcar["titel"])
