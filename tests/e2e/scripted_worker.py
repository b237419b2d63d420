"""The real worker protocol around methods that do what the test says in the params.

`jobs.get` obeys its id: `crash`, `kill`, `print`, `defect`, `refuse`, `pid`, or `wait:FIFO`, which waits
until the test opens the FIFO for writing. `jobs.submit` waits for the FIFO at the structure's path if there
is one and then writes the path with `.done` behind it. `jobs.list` gives `limit` jobs.
"""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

from crystalmath.errors import JobNotFoundError
from crystalmath_lsp import worker
from crystalmath_lsp.methods import METHODS
from crystalmath_lsp.models import (
    JobCard,
    JobDetail,
    JobRow,
    JobsGetParams,
    JobsListParams,
    JobsPage,
    JobsSubmitParams,
    Submitted,
)
from crystalmath_lsp.stdio import claim_stdio

TIME = "2026-11-22T10:00:00.000+00:00"


def row(number: int) -> JobRow:
    return JobRow(
        id=number, uuid=f"uuid-{number}", label=f"job {number}", formula="Si2", template="relax", n_atoms=2,
        state="finished", exit_status=0, exit_message=None, created_at=TIME, modified_at=TIME, foreign=False,
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
    first = params.after or 100_000
    rows = [row(number) for number in range(first - 1, max(0, first - 1 - params.limit), -1)]
    return JobsPage(jobs=rows, next=rows[-1].id if rows and rows[-1].id > 1 else None)


def get_job(engine: object, params: JobsGetParams) -> JobDetail:
    order, _, argument = str(params.id).partition(":")
    said = ""
    if order == "crash":
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
    return JobDetail(job=row(1), steps=[], card=card(said), code=None, reason=None)


def submit(engine: object, params: JobsSubmitParams) -> Submitted:
    path = Path(params.structure.path or "")
    if path.is_fifo():
        path.read_text()
    path.with_suffix(".done").write_text("stored")
    return Submitted(id=7, uuid="uuid-7", state="created")


def main() -> None:
    here = {"jobs.list": list_jobs, "jobs.get": get_job, "jobs.submit": submit}
    methods = {
        name: replace(METHODS[name], handler=f"tests.e2e.scripted_worker:{function.__name__}")
        for name, function in here.items()
    }
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    worker.Worker(*claim_stdio(), engine=None, methods=methods).run()


if __name__ == "__main__":
    main()
