"""From submit to finished for one local job, against a bare AiiDA calculation that runs the same script.

Times are wall seconds unless they say CPU. The CPU of a job is that of the submitting process while it
submits, and of the daemon with the shells that it waits for; the program itself runs detached.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

REPEATS = 5
BUDGET_SUBMIT_S = 0.3
BUDGET_CPU_S = 2.0
IMPORTS = ("crystalmath", "crystalmath.engine", "crystalmath_lsp.server")
# What the bare calculation runs: the job script of ours, in a folder with the same input files.
SILICON = "Si2\n1.0\n0.0 2.73 2.73\n2.73 0.0 2.73\n2.73 2.73 0.0\nSi\n2\nDirect\n0 0 0\n0.25 0.25 0.25\n"
OVERRIDES = {"ENCUT": "200"}


def import_cpu_s(module: str) -> float:
    """Return the CPU seconds of importing the module in a process of its own."""
    code = f"import time; t = time.process_time(); import {module}; print(time.process_time() - t)"
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        for _ in range(5)
    ]
    return min(float(run.stdout) for run in runs)


def daemon_cpu_s(session: Any) -> float:
    """Return the CPU seconds that the daemon and the programs it started have used."""
    from crystalmath.engine import daemon

    circus = daemon.supervisor(session)
    assert circus is not None
    total = 0.0
    for process in circus.children():
        used = process.cpu_times()
        total += used.user + used.system + used.children_user + used.children_system
    return total


def bare_builder(session: Any, folder: Path) -> Any:
    """Return an AiiDA calculation without anything of ours around the same program and input."""
    from aiida import orm
    from aiida.plugins import CalculationFactory

    from crystalmath.engine import codes, computer

    machine = computer.localhost(session)
    script = folder / "bare.sh"
    standin = codes.load(session, "standin").filepath_executable
    script.write_text(f"#!/bin/bash\ncp {folder}/input/* .\n{standin} > vasp.out\necho 3\n")
    script.chmod(0o755)
    code = (
        codes.find("bare")
        or orm.InstalledCode(
            label="bare",
            computer=machine,
            filepath_executable=str(script),
            default_calc_job_plugin="core.arithmetic.add",
        ).store()
    )
    builder = CalculationFactory("core.arithmetic.add").get_builder()
    builder.code = code
    builder.x, builder.y = orm.Int(1), orm.Int(2)
    builder.metadata.options.resources = {"num_machines": 1}
    return builder


def ours(session: Any, poscar: Path) -> dict[str, float]:
    """Run one static job our way."""
    from crystalmath.engine import jobs, requests, submit

    request = requests.build("static", poscar, overrides=OVERRIDES)
    before, started = daemon_cpu_s(session), time.perf_counter()
    own_before = time.process_time()
    submitted = submit.submit(session, request)
    submit_s, submit_cpu_s = time.perf_counter() - started, time.process_time() - own_before
    done = jobs.wait(session, submitted.id, timeout=300)
    wall_s = time.perf_counter() - started
    assert done.state == "finished", done
    return {
        "submit_s": submit_s,
        "submit_cpu_s": submit_cpu_s,
        "total_s": wall_s,
        "cpu_s": daemon_cpu_s(session) - before + submit_cpu_s,
        "program_cpu_s": program_cpu_s(Path(str(done.steps[0].directory))),
    }


def bare(session: Any, folder: Path) -> dict[str, float]:
    """Run the same program as a bare AiiDA calculation."""
    from aiida.engine import submit

    from crystalmath.engine import jobs

    session.begin()
    builder = bare_builder(session, folder)
    before, started, own_before = daemon_cpu_s(session), time.perf_counter(), time.process_time()
    node = submit(builder)
    submit_s, submit_cpu_s = time.perf_counter() - started, time.process_time() - own_before
    done = jobs.wait(session, node.pk, timeout=300)
    wall_s = time.perf_counter() - started
    assert done.state == "finished", done
    return {
        "submit_s": submit_s,
        "submit_cpu_s": submit_cpu_s,
        "total_s": wall_s,
        "cpu_s": daemon_cpu_s(session) - before + submit_cpu_s,
    }


def program_cpu_s(directory: Path) -> float:
    """Return the CPU seconds of the program by running it once more in a copy of its folder."""
    with tempfile.TemporaryDirectory() as copy:
        for name in ("INCAR", "KPOINTS", "POSCAR", "POTCAR"):
            if (directory / name).exists():
                shutil.copy(directory / name, copy)
        standin = Path(sys.executable).parent / "crystalmath-standin"
        before = os.times()
        subprocess.run([str(standin)], cwd=copy, check=True, capture_output=True)
        after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system


def median(rows: list[dict[str, float]], name: str) -> float:
    """Return the median of one number of the runs."""
    return statistics.median(row[name] for row in rows)


def measure(base: Path) -> dict[str, Any]:
    """Measure everything in a profile of its own below `base`."""
    from crystalmath import engine
    from crystalmath.engine import daemon, jobs

    poscar = base / "POSCAR"
    poscar.write_text(SILICON)
    session = engine.open()
    try:
        daemon.ensure(session, listening=True)
        first = ours(session, poscar)  # loads atomate2 in the worker and here
        row = jobs.list_jobs(session, limit=1)[0]
        directory = Path(str(jobs.steps(session, row.id)[0].directory))
        shutil.copytree(directory, base / "input", ignore=lambda _folder, names: set(names) - INPUT)
        our_runs = [ours(session, poscar) for _ in range(REPEATS)]
        bare_runs = [bare(session, base) for _ in range(REPEATS)]
    finally:
        daemon.stop(session)
    return {
        "first": first,
        "ours": {name: median(our_runs, name) for name in our_runs[0]},
        "bare": {name: median(bare_runs, name) for name in bare_runs[0]},
        "import_cpu_s": {module: import_cpu_s(module) for module in IMPORTS},
    }


@contextmanager
def own_ground() -> Iterator[Path]:
    """Give AiiDA and CrystalMath folders of their own below the one that this yields, and remove it."""
    base = Path(tempfile.mkdtemp(prefix="cm-bench-", dir="/tmp"))
    (base / "aiida").mkdir()
    (base / "run").mkdir(mode=0o700)
    os.environ |= {
        "AIIDA_PATH": str(base / "aiida"),
        "CRYSTALMATH_HOME": str(base / "home"),
        "XDG_RUNTIME_DIR": str(base / "run"),
    }
    os.environ.pop("CRYSTALMATH_PROFILE", None)
    try:
        yield base
    finally:
        shutil.rmtree(base, ignore_errors=True)


INPUT = {"INCAR", "KPOINTS", "POSCAR", "POTCAR"}


@click.command()
@click.option("--json", "target", type=click.Path(path_type=Path), help="Write the numbers there.")
def main(target: Path | None) -> None:
    """Measure and print."""
    with own_ground() as base:
        found = measure(base)
    found["load"] = os.getloadavg()[0]
    print_table(found)
    if target is not None:
        target.write_text(json.dumps(found, indent=1))


def print_table(found: dict[str, Any]) -> None:
    """Print what was measured beside its budget."""
    first, mine, plain = found["first"], found["ours"], found["bare"]
    rows = [
        ("submit, warm", f"{mine['submit_s']:.3f} s", f"budget {BUDGET_SUBMIT_S} s"),
        ("submit, bare AiiDA without acknowledgement", f"{plain['submit_s']:.3f} s", ""),
        ("submit to finished, warm", f"{mine['total_s']:.2f} s", ""),
        ("submit to finished, bare AiiDA", f"{plain['total_s']:.2f} s", ""),
        ("submit to finished, first job of a daemon", f"{first['total_s']:.2f} s", ""),
        ("CPU per job", f"{mine['cpu_s']:.2f} s", f"budget {BUDGET_CPU_S} s + 0.05 % of the run"),
        ("CPU per job, bare AiiDA", f"{plain['cpu_s']:.2f} s", ""),
        ("CPU of the program", f"{mine['program_cpu_s']:.2f} s", ""),
        *((f"import {name}", f"{s * 1000:.0f} ms", "CPU") for name, s in found["import_cpu_s"].items()),
        ("load of the machine", f"{found['load']:.1f}", ""),
    ]
    for name, value, beside in rows:
        print(f"{name:<44}{value:>12}   {beside}".rstrip())


if __name__ == "__main__":
    main()
