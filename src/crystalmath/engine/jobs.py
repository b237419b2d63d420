"""Jobs: list them, look one up, wait, follow, cancel, read their files.

What each name does stands where it is defined; this module is the one that others import.
"""

from __future__ import annotations

from crystalmath.engine.control import Cancelled, cancel
from crystalmath.engine.files import FileRow, list_files, local_path, read, read_bytes
from crystalmath.engine.rows import JobDetail, JobRow, Step, get, list_jobs, resolve, state, state_of, steps
from crystalmath.engine.watch import Progress, follow, wait

__all__ = [
    "Cancelled",
    "FileRow",
    "JobDetail",
    "JobRow",
    "Progress",
    "Step",
    "cancel",
    "follow",
    "get",
    "list_files",
    "list_jobs",
    "local_path",
    "read",
    "read_bytes",
    "resolve",
    "state",
    "state_of",
    "steps",
    "wait",
]
