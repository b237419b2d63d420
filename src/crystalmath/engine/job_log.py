"""What a job has to say: AiiDA's report, then the end of its program's output."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crystalmath.engine import files, rows
from crystalmath.errors import JobFileError

if TYPE_CHECKING:
    from pathlib import Path

    from crystalmath.engine.session import Session

__all__ = ["JobLog", "log"]

_OUTPUT = "vasp.out"
_TAIL_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class JobLog:
    """AiiDA's report, and the last lines of the program's output; empty where there is nothing yet."""

    report: str
    output_name: str | None
    output: str


def log(session: Session, job_id: int | str, *, n_lines: int = 100) -> JobLog:
    """Return the log of the job with the last `n_lines` of the output of the step that is current."""
    from aiida import orm
    from aiida.cmdline.utils.common import get_calcjob_report, get_workchain_report

    detail = rows.get(session, job_id)
    node = orm.load_node(detail.id)
    if isinstance(node, orm.CalcJobNode):
        report = get_calcjob_report(node)
    else:
        report = get_workchain_report(node, "REPORT")
    name, output = _output(session, detail, n_lines)
    return JobLog(str(report).strip(), name, output)


def _output(session: Session, detail: rows.JobDetail, n_lines: int) -> tuple[str | None, str]:
    step = detail.current
    if step is None:
        return None, ""
    try:
        path = files.local_path(session, step.id, _OUTPUT)
        tail = _tail(path) if path is not None else files.read_bytes(session, step.id, _OUTPUT)[-_TAIL_BYTES:]
    except JobFileError:
        return None, ""
    lines = tail.decode("utf-8", errors="replace").splitlines()
    return f"{step.index}-{step.name}/{_OUTPUT}", "\n".join(lines[-n_lines:])


def _tail(path: Path) -> bytes:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _TAIL_BYTES))
        return file.read(_TAIL_BYTES)
