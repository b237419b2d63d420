"""What the daemon costs while nothing runs: CPU and memory of its processes, before and after a job.

Budgets: no measurable CPU; 450 MB in all before and 700 MB after the first VASP job. Memory is resident, and
counts what the processes share once for each.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import click
from benchmarks.path import OVERRIDES, SILICON, own_ground

WATCHED_S = 60.0
BUDGET_MB = {"before": 450, "after": 700}


def parts(session: Any) -> list[Any]:
    """Return the processes of the daemon."""
    from crystalmath.engine import daemon

    circus = daemon.supervisor(session)
    assert circus is not None
    return [circus, *circus.children(recursive=True)]


def cost(session: Any) -> dict[str, float]:
    """Return the CPU seconds that a minute of idling takes, and the memory in MB."""
    before = sum(sum(process.cpu_times()[:2]) for process in parts(session))
    time.sleep(WATCHED_S)
    processes = parts(session)
    after = sum(sum(process.cpu_times()[:2]) for process in processes)
    return {"cpu_s": after - before, "memory_mb": sum(p.memory_info().rss for p in processes) / 1e6}


def measure(base: Path) -> dict[str, dict[str, float]]:
    """Measure in a profile of its own below `base`."""
    from crystalmath import engine
    from crystalmath.engine import codes, daemon, jobs, requests, submit

    poscar = base / "POSCAR"
    poscar.write_text(SILICON)
    session = engine.open()
    try:
        codes.ensure_standin(session)
        daemon.ensure(session, listening=True)
        found = {"before": cost(session)}
        request = requests.build("static", poscar, overrides=OVERRIDES)
        jobs.wait(session, submit.submit(session, request).id, timeout=300)
        return found | {"after": cost(session)}
    finally:
        daemon.stop(session)


@click.command()
@click.option("--json", "target", type=click.Path(path_type=Path), help="Write the numbers there.")
def main(target: Path | None) -> None:
    """Measure and print."""
    with own_ground() as base:
        found = measure(base)
    for when, numbers in found.items():
        print(f"idle {when} the first job: {numbers['cpu_s'] / WATCHED_S:.2%} of a core", end="")
        print(f", {numbers['memory_mb']:.0f} MB (budget {BUDGET_MB[when]} MB)")
    if target is not None:
        target.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
