"""How often a scheduler is asked about our jobs: quickly for young ones, rarely for old ones.

Asking is what a long job costs (25 to 48 ms of CPU each time). AiiDA asks every so many seconds, a
number that stands at the computer. On computers that are marked as adaptive the number is instead a
quarter of the age of the youngest job that is waited for, between the computer's own number and two
minutes: about 50 looks in the first hour, 30 in each one after it.

The daemon's workers decide this themselves, in `install`, which runs when a worker first loads a
process of ours: no client has to be there, nothing is written to the database, and a job that
arrives while the next look is far away brings it forward.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from crystalmath.engine import seam_aiida

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["ADAPTIVE", "LONGEST_S", "adapt_polling", "install", "interval_s", "youngest_age_s"]

ADAPTIVE = "crystalmath_adaptive_polling"  # metadata of the computer
LONGEST_S = 120.0

_FORGET_S = 300.0  # longer than the longest interval, shorter than it takes a machine to reuse a job's number

_seen: dict[tuple[str, str], tuple[float, float]] = {}  # (computer, job) -> first and last time, monotonic
_installed = False


def interval_s(youngest_age_s: float, shortest_s: float) -> float:
    """Return the seconds until the next look when the youngest job is `youngest_age_s` old."""
    return max(shortest_s, min(youngest_age_s / 4.0, LONGEST_S))


def adapt_polling(computer: Any, youngest_age_s: float) -> float:
    """Return the seconds between two looks at the computer's scheduler, its own number unless adaptive."""
    shortest_s = float(computer.get_minimum_job_poll_interval())
    return interval_s(youngest_age_s, shortest_s) if computer.get_property(ADAPTIVE, False) else shortest_s


def install() -> None:
    """Make this process (a worker of the daemon) poll by the age of its jobs; a second call does nothing."""
    global _installed  # noqa: PLW0603 - one per process, as the class that it changes
    if not _installed:
        seam_aiida.poll_hook(_interval_of)
        _installed = True


def _interval_of(computer: Any, jobs: frozenset[str]) -> float:
    return adapt_polling(computer, youngest_age_s(str(computer.uuid), jobs, time.monotonic()))


def youngest_age_s(computer: str, jobs: Iterable[str], now_s: float) -> float:
    """Return the seconds since this worker first heard of the latest of the jobs; note all of them."""
    for gone in [known for known, (_, last) in _seen.items() if now_s - last > _FORGET_S]:
        del _seen[gone]
    age_s = float("inf")
    for job in jobs:
        first = _seen.get((computer, job), (now_s, now_s))[0]
        _seen[computer, job] = (first, now_s)
        age_s = min(age_s, now_s - first)
    return 0.0 if age_s == float("inf") else age_s
