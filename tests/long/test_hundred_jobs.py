"""A flow of a hundred VASP jobs: what each costs, in CPU, in memory and on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scripts import maker_runs
from tests.engine.flow_kills import workers

from crystalmath.engine import codes, jobs

if TYPE_CHECKING:
    from tests.engine.conftest import Ground

    from crystalmath.engine.session import Session

N_JOBS = 100
MAX_MEMORY_MIB = 500
MAX_GROWTH_KIB = 400


def static_runs() -> Any:
    """Return a hundred static runs of slightly different cells, side by side."""
    from atomate2.vasp.jobs.core import StaticMaker
    from atomate2.vasp.powerups import update_user_incar_settings
    from jobflow import Flow
    from pymatgen.core import Structure

    made = []
    for number in range(N_JOBS):
        half = 2.7 + 0.001 * number
        cell = [[0, half, half], [half, 0, half], [half, half, 0]]
        maker = update_user_incar_settings(StaticMaker(), {"ENCUT": 200, "LAECHG": False, "LVTOT": False})
        made.append(maker.make(Structure(cell, ["Si", "Si"], [[0, 0, 0], [0.25, 0.25, 0.25]])))
    return Flow(made)


def test_a_hundred_vasp_jobs_end_within_the_budgets(daemon: Session, ground: Ground) -> None:
    codes.ensure_standin(daemon)
    pk = maker_runs.submit(daemon, static_runs(), "hundred")
    (worker,) = workers(daemon)
    before_s, before_kib = _cpu_s(worker), _size_kib(ground)
    memory_mib: list[float] = []
    for _ in jobs.follow(daemon, pk, timeout=7000, look_s=5, every_look=True):
        memory_mib.append(worker.memory_info().rss / 2**20)
    job = jobs.get(daemon, pk)
    assert (job.state, len(job.steps)) == ("finished", N_JOBS)
    cpu_s = (_cpu_s(worker) - before_s) / N_JOBS
    growth_kib = (_size_kib(ground) - before_kib) / N_JOBS
    print(f"\n{cpu_s:.2f} s CPU of the worker per VASP job, {max(memory_mib):.0f} MiB at most,")
    print(f"{growth_kib:.0f} KiB of repository and database per job")
    assert max(memory_mib) < MAX_MEMORY_MIB
    assert growth_kib < MAX_GROWTH_KIB


def _cpu_s(process: Any) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _size_kib(ground: Ground) -> float:
    kept = ground.base / "aiida" / ".aiida" / "repository"
    return sum(path.stat().st_size for path in kept.rglob("*") if path.is_file()) / 1024
