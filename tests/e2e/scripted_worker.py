"""The real worker protocol around methods that do what the test says in the params.

`jobs.get` obeys its id: `burst:RATE:SECONDS` tells of jobs that change so often and `tell:LABEL` of one,
`crash`, `kill`, `print`, `defect`, `refuse`, `pid`, or `wait:FIFO`, which waits
until the test opens the FIFO for writing. `jobs.submit` waits for the FIFO at the structure's path if there
is one and then writes the path with `.done` behind it, and the parameters to the one with `.parameters`.
`jobs.restart` makes job 8. `system.status` finds a worker that starts, as often as STARTING_VARIABLE says.
`SCRIPTED_FOLDERS` names the folders, parted by colons, of the steps that every job has.
`jobs.list` gives `limit` jobs. `jobs.tree` gives a job one step more at each question, and tells after the
first that the job changed.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import get_args

import msgspec

from crystalmath.errors import JobNotFoundError
from crystalmath_lsp import worker
from crystalmath_lsp.methods import METHODS
from crystalmath_lsp.models import (
    JobCard,
    JobDetail,
    JobRow,
    JobsChanged,
    JobsGetParams,
    JobsListParams,
    JobsPage,
    JobsRestartParams,
    JobsSubmitParams,
    JobState,
    JobStep,
    JobsTreeParams,
    JobsWatchParams,
    Submitted,
    SystemChanged,
    TreeNode,
    Watching,
)
from crystalmath_lsp.models_setup import (
    EnginePart,
    EngineStatus,
    NoParams,
    Template,
    TemplateDetails,
    TemplateName,
    Templates,
)
from crystalmath_lsp.stdio import claim_stdio

STATES = get_args(JobState)
TIME = "2026-11-22T10:00:00.000+00:00"
STARTING_VARIABLE = "CRYSTALMATH_TEST_STARTING"


def row(number: int) -> JobRow:
    return JobRow(
        id=number, uuid=f"uuid-{number}", label=f"job {number}", formula="Si2", template="relax", n_atoms=2,
        code=None, state="finished", exit_status=0, exit_message=None, created_at=TIME, modified_at=TIME,
        foreign=False,
    )  # fmt: skip


def card(label: str) -> JobCard:
    empty: dict[str, None] = dict.fromkeys(JobCard.__struct_fields__)
    known = {
        "id": 1,
        "uuid": "u",
        "state": "finished",
        "formula": "Si2",
        "n_atoms": 2,
        "step": "",
        "template": "",
    }
    return JobCard(**{**empty, **known, "label": label, "warnings": []})  # type: ignore[arg-type]  # by field name


def list_jobs(engine: object, params: JobsListParams) -> JobsPage:
    first = int(params.after or 100_000)
    rows = [row(number) for number in range(first - 1, max(0, first - 1 - params.limit), -1)]
    return JobsPage(jobs=rows, next=str(rows[-1].id) if rows and rows[-1].id > 1 else None, counts=None)


class ScriptedEngine:
    """Tell the front process what the test wants it to be told; what only reads has a thread of its own."""

    is_open = True

    def __init__(self) -> None:
        self.n_trees = 0
        self.n_starting = int(os.environ.get(STARTING_VARIABLE, "0"))
        self.notify: Callable[[str, object], None] = print

    def burst(self, rate: int, seconds: float, done: str) -> None:
        """Tell of 50 jobs in turn, each going from one state to the next, `rate` times a second.

        At the end the file `done` is written, if one is named.
        """
        began = time.monotonic()
        for number in range(int(rate * seconds)):
            time.sleep(max(0.0, began + number / rate - time.monotonic()))
            told = replace_state(row(1 + number % 50), number // 50)
            self.notify("jobs.changed", JobsChanged(jobs=[told], removed=[], all=False))
        self.notify("system.changed", SystemChanged(mode="queries", reason="the burst is over"))
        if done:
            Path(done).touch()


def replace_state(job: JobRow, turn: int) -> JobRow:
    """Return the job in its `turn`-th state; the label tells which it was."""
    return msgspec.structs.replace(job, state=STATES[min(turn, len(STATES) - 1)], label=str(turn))


def watch(engine: ScriptedEngine, params: JobsWatchParams) -> Watching:
    return Watching(mode="broadcasts", reason=None)


def get_job(engine: ScriptedEngine, params: JobsGetParams) -> JobDetail:
    order, _, argument = str(params.id).partition(":")
    said = ""
    if order == "burst":
        rate, seconds, *done = argument.split(":")
        given = (int(rate), float(seconds), *done, "")[:3]
        threading.Thread(target=engine.burst, args=given, daemon=True).start()
    elif order == "tell":
        told = msgspec.structs.replace(row(1), label=argument)
        engine.notify("jobs.changed", JobsChanged(jobs=[told], removed=[], all=False))
    elif order == "crash":
        os._exit(3)
    elif order == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif order == "print":
        print("a stray print")
        os.write(1, b"a stray write\n")
    elif order == "defect":
        raise RuntimeError("a defect")
    elif order == "refuse":
        raise JobNotFoundError("There is no job 'refuse'.", hint="Look at the list.")
    elif order == "pid":
        said = str(os.getpid())
    elif order == "wait":
        said = Path(argument).read_text()
    job = row(params.id if isinstance(params.id, int) else 1)
    return JobDetail(job=job, steps=steps(), card=card(said), reason=None, request=None, restart_of=None)


def steps() -> list[JobStep]:
    folders = [folder for folder in os.environ.get("SCRIPTED_FOLDERS", "").split(":") if folder]
    return [
        JobStep(
            index=index, name="static", id=index, uuid=f"step-{index}", state="finished", exit_status=0,
            exit_message=None, created_at=TIME, modified_at=TIME, directory=folder,
        )
        for index, folder in enumerate(folders, start=1)
    ]  # fmt: skip


def tree(engine: ScriptedEngine, params: JobsTreeParams) -> TreeNode:
    """Give the job one step more each time it is asked for, and tell after the first that the job changed."""
    engine.n_trees += 1
    number = int(params.id)
    steps = [node(1_000_000 + index, f"step {index}") for index in range(1, engine.n_trees + 1)]
    if engine.n_trees == 1:
        told = msgspec.structs.replace(row(number), label="it goes on")
        engine.notify("jobs.changed", JobsChanged(jobs=[told], removed=[], all=False))
    return msgspec.structs.replace(node(number, "root"), children=steps)


def node(number: int, name: str) -> TreeNode:
    return TreeNode(
        id=number, uuid=f"uuid-{number}", name=name, kind="VaspCalcJob", state="finished", exit_status=0,
        exit_message=None, created_at=TIME, modified_at=TIME, children=[],
    )  # fmt: skip


def submit(engine: object, params: JobsSubmitParams) -> Submitted:
    path = Path(params.structure.path or "")
    if path.is_fifo():
        path.read_text()
    path.with_suffix(".parameters").write_bytes(msgspec.json.encode(params.parameters))
    path.with_suffix(".done").write_text("stored")
    return Submitted(id=7, uuid="uuid-7", state="created")


def restart(engine: object, params: JobsRestartParams) -> Submitted:
    return Submitted(id=8, uuid="uuid-8", state="created")


def status(engine: ScriptedEngine, params: NoParams) -> EngineStatus:
    rises = engine.n_starting > 0
    engine.n_starting -= 1
    part = EnginePart(
        name="worker",
        verdict="warning" if rises else "good",
        finding="starting" if rises else "listening",
        hint=None,
    )
    watching = Watching(mode="broadcasts", reason=None)
    return EngineStatus(profile="scripted", versions={}, parts=[part], jobs={}, watching=watching)


def list_templates(engine: object, params: NoParams) -> Templates:
    names = ("static", "relax", "bands")
    known = [Template(name=name, title=name.title(), maker="", kind="flow", curated=True) for name in names]
    return Templates(templates=known)


def get_template(engine: object, params: TemplateName) -> TemplateDetails:
    properties = {
        "line_density": {"type": "number", "default": 20, "description": "Points along each line."},
        "mode": {"enum": ["line", "uniform"], "default": "line"},
    }
    schema = {"properties": {"input_set": {"type": "object", "properties": properties}}}
    return TemplateDetails(
        name=params.name, title=params.name.title(), about="What it is about.", maker="", kind="flow",
        curated=True, jobs=[], inputs=[], packages=[], schema=schema, refusal=None,
    )  # fmt: skip


def main() -> None:
    here: dict[str, Callable[..., object]] = {
        "jobs.list": list_jobs,
        "jobs.get": get_job,
        "jobs.restart": restart,
        "jobs.submit": submit,
        "jobs.tree": tree,
        "jobs.watch": watch,
        "system.status": status,
        "templates.list": list_templates,
        "templates.get": get_template,
    }
    methods = {
        name: replace(METHODS[name], handler=f"tests.e2e.scripted_worker:{function.__name__}")
        for name, function in here.items()
    }
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    engine = ScriptedEngine()
    serving = worker.Worker(*claim_stdio(), engine=engine, methods=methods)
    engine.notify = serving.notify
    serving.run()


if __name__ == "__main__":
    main()
