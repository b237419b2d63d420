"""The tasks that the ZeroMQ broker of a profile has on disk, read without asking it.

AiiDA's own reader moves tasks that a worker holds back into the queue. A task stays on disk until its
process has ended: `pending/` while nobody has it, `processing/` from the moment it is handed to a worker.
A file there says nothing about whether that worker lives.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Task", "read"]

_PID = re.compile(r"\bpid['\"]?\s*:\s*(\d+)")
# What is handed out between two listings is in the second, what is taken back in the third.
_ORDER = ("pending", "processing", "pending")


@dataclass(frozen=True, slots=True)
class Task:
    """The task of process `pk`: handed to a worker or waiting, since then (seconds since the epoch)."""

    pk: int
    is_handed_out: bool
    since_s: float


def read(folder: Path) -> tuple[Task, ...]:
    """Return the tasks below the broker's folder of tasks; a process may have two."""
    found: dict[str, Task] = {}
    for place in _ORDER:
        for file in (folder / place).glob("*.json"):
            task = _task(file, is_handed_out=place == "processing")
            if task is not None:
                found[file.name] = task
    return tuple(found.values())


def _task(file: Path, *, is_handed_out: bool) -> Task | None:
    try:
        pid = _PID.search(str(json.loads(file.read_text()).get("body")))
        return Task(int(pid[1]), is_handed_out, file.stat().st_ctime) if pid else None
    except (OSError, ValueError):
        return None  # taken or being written in this moment
