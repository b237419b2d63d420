"""Progress of a running job, a line per event: state changes, finished ionic steps, electronic steps."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from crystalmath.engine.jobs import Step
    from crystalmath.engine.session import Session
    from crystalmath.results.convergence import IonicStep

__all__ = ["follow"]


def follow(session: Session, job_id: int, *, quiet: bool) -> None:
    """Print to stderr what happens to the job until it has ended; `quiet` only that it waits for a person."""
    from crystalmath.engine import rows, watch

    lines = _Lines(job_id)
    for progress in watch.follow(session, job_id, every_look=not quiet):
        if lines.is_newly_paused(progress.state):
            lines.paused(rows.get(session, job_id).reason)
        if quiet:
            continue
        step = progress.step
        lines.state(f"step {step.index} {step.name}" if step else "", step.state if step else progress.state)
        if step is not None:
            lines.convergence(step)
    lines.end()


class _Lines:
    """What has been printed already; the electronic step that runs is a line that is written over."""

    def __init__(self, job_id: int) -> None:
        self._job_id = job_id
        self._state = ("", "")
        self._ionic: dict[int, int] = {}
        self._live = ""
        self._is_paused = False
        self._is_terminal = sys.stderr.isatty()

    def state(self, name: str, state: str) -> None:
        """Print a state that is new."""
        if (name, state) != self._state:
            self._state = (name, state)
            self._print(" · ".join(part for part in (f"job {self._job_id}", name, state) if part))

    def is_newly_paused(self, state: str) -> bool:
        """Return whether the job is paused and was not at the last look."""
        before, self._is_paused = self._is_paused, state == "paused"
        return self._is_paused and not before

    def paused(self, reason: str | None) -> None:
        """Say why the job goes no further, and what makes it go on: nobody else would."""
        self._print(f"Job {self._job_id} is paused: {reason or 'no reason given'}")
        self._print(f"Hint: Once the reason is gone: crystalmath resume {self._job_id}")

    def convergence(self, step: Step) -> None:
        """Print the ionic steps that have ended since the last look, and the electronic step that runs."""
        from crystalmath.results import convergence

        if step.directory is None or not (folder := Path(step.directory)).is_dir():
            return
        found = convergence.read(folder)
        printed = self._ionic.get(step.id, 0)
        for ionic in found.ionic:
            if ionic.number > printed:
                self._print(f"    ionic step {ionic.number:3}  {_ionic(ionic)}")
                self._ionic[step.id] = ionic.number
        current = found.current
        if current is not None and step.state == "running":
            energies = f"E {current.energy_ev:.6f} eV  dE {current.change_ev:+.1e}"
            self._overwrite(f"    {current.algorithm} {current.number:3}  {energies}")

    def end(self) -> None:
        """Remove the line that is written over."""
        self._overwrite("")

    def _print(self, line: str) -> None:
        self._overwrite("")
        click.echo(line, err=True)

    def _overwrite(self, line: str) -> None:
        if self._is_terminal and line != self._live:
            click.echo("\r" + line.ljust(len(self._live)) + ("" if line else "\r"), nl=False, err=True)
            self._live = line


def _ionic(step: IonicStep) -> str:
    parts = [f"E0 {step.energy_ev:.6f} eV"]
    if step.change_ev is not None:
        parts.append(f"dE {step.change_ev:+.1e}")
    if step.max_force_ev_per_angstrom is not None:
        parts.append(f"max force {step.max_force_ev_per_angstrom:.4f} eV/Å")
    if step.temperature_k is not None:
        parts.append(f"T {step.temperature_k:.0f} K")
    return "  ".join(parts)
