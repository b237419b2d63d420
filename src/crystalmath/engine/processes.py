"""The operating system's processes that make up the daemon of one profile, found by what they run."""

from __future__ import annotations

import itertools
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Kind", "Owner", "alive", "belongs", "children", "end", "kind_of", "strays"]

Kind = str  # "circus", "worker", "broker", "watchdog", "recovery" or "stats"

_MODULES: dict[str, Kind] = {
    "crystalmath.engine.broker_process": "broker",
    "crystalmath.engine.watchdog": "watchdog",
    "crystalmath.engine.recovery": "recovery",
}


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose processes are meant: the profile's name and AiiDA's configuration folder."""

    profile: str
    config: str


def kind_of(command: list[str], profile: str) -> Kind | None:
    """Return which part of the profile's daemon the command line runs, None for anything else.

    Statistics processes of circus carry no profile in their command line: they are "stats" for each.
    """
    ours = next((role for module, role in _MODULES.items() if module in command), None)
    if ours is not None:
        role = ours
    elif _is_circus(command):
        role = "circus"
    elif "daemon" in command and "worker" in command:
        role = "worker"
    elif "daemon" in command and "broker" in command:
        role = "broker"
    elif any("circus" in part and "stats" in part for part in command):
        return "stats"
    else:
        return None
    named = any(flag == "-p" and name == profile for flag, name in itertools.pairwise(command))
    return role if named else None


def _is_circus(command: list[str]) -> bool:
    """Return whether the command line is that of a circus, of whichever profile, AiiDA's own or ours."""
    return "start-circus" in command or "crystalmath.engine.seam_circus" in command


def belongs(process: psutil.Process, owner: Owner) -> Kind | None:
    """Return which part of the owner's daemon the process is, None when it is no part of it."""
    try:
        kind = kind_of(process.cmdline(), owner.profile)
        if kind is None or process.status() == psutil.STATUS_ZOMBIE:
            return None
        return kind if process.environ().get("AIIDA_PATH") == owner.config else None
    except psutil.Error:
        return None


def alive(pid: int | None, kind: Kind, owner: Owner) -> psutil.Process | None:
    """Return the process of that number if it is that part of the daemon, not another's by now."""
    if pid is None:
        return None
    try:
        process = psutil.Process(pid)
    except psutil.Error:
        return None
    return process if belongs(process, owner) == kind else None


def children(circus: psutil.Process, kind: Kind, owner: Owner) -> list[psutil.Process]:
    """Return the circus process's living children of that kind."""
    try:
        below = circus.children()
    except psutil.Error:
        return []
    return [process for process in below if belongs(process, owner) == kind]


def strays(owner: Owner, circus: psutil.Process | None) -> list[psutil.Process]:
    """Return the parts of the daemon that nobody supervises: all but those of the living `circus`.

    Statistics processes count when their own circus is dead, whichever profile it served. A recovery that
    another process has begun counts where there is no circus that it could have been begun for.
    """
    found = []
    for process in psutil.process_iter():
        kind = belongs(process, owner)
        if kind is None or process == circus or process.pid == os.getpid():
            continue
        if kind == "recovery" and circus is not None:
            continue
        parent = _parent_command(process)
        if kind == "stats" and _is_circus(parent):
            continue
        if circus is None or kind == "circus" or not _is_child(process, circus):
            found.append(process)
    return found


def end(processes: Iterable[psutil.Process], patience_s: float) -> None:
    """End the processes: politely first, by force after `patience_s` seconds."""
    left = list(processes)
    for process in left:
        _signal(process, force=False)
    _, left = psutil.wait_procs(left, timeout=patience_s)
    for process in left:
        _signal(process, force=True)
    psutil.wait_procs(left, timeout=5)


def _signal(process: psutil.Process, *, force: bool) -> None:
    try:
        process.kill() if force else process.terminate()
    except psutil.Error:
        return  # gone by itself


def _is_child(process: psutil.Process, circus: psutil.Process) -> bool:
    try:
        return bool(process.ppid() == circus.pid)
    except psutil.Error:
        return False


def _parent_command(process: psutil.Process) -> list[str]:
    try:
        parent = process.parent()
        return parent.cmdline() if parent is not None else []
    except psutil.Error:
        return []
