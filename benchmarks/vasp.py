"""Measure the language core against its budgets: CPU milliseconds, the best of several rounds.

Usage: python benchmarks/vasp.py [RESULT.json]
"""

from __future__ import annotations

import itertools
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from crystalmath.vasp import incar, poscar
from crystalmath.vasp.check import check
from crystalmath.vasp.folder import Folder
from crystalmath.vasp.incremental import FolderCheck

if TYPE_CHECKING:
    from collections.abc import Callable

    from crystalmath.vasp.folder import FileKind

INCAR = """SYSTEM = Fe3O4
PREC = Accurate
ENCUT = 520
ALGO = Normal
EDIFF = 1E-6
EDIFFG = -0.02
NELM = 100
NELMIN = 4
ISMEAR = 0
SIGMA = 0.05
IBRION = 2
NSW = 99
ISIF = 3
ISPIN = 2
MAGMOM = 4*5.0 8*-5.0 16*0.6
LORBIT = 11
LASPH = .TRUE.
LDAU = .TRUE.
LDAUTYPE = 2
LDAUL = 2 -1
LDAUU = 5.3 0
LDAUJ = 0 0
LMAXMIX = 4
LREAL = .FALSE.
LWAVE = .FALSE.
LCHARG = .TRUE.
NCORE = 4
KPAR = 2
ISYM = 2
GGA = PS
"""
FE2 = "Fe\n1.0\n4 0 0\n0 4 0\n0 0 4\nFe\n2\nDirect\n0 0 0\n0.5 0.5 0.5\n"
MESH = "k\n0\nGamma\n4 4 4\n"
POTCAR = "  TITEL  = PAW_PBE Si 01Jan2000\n  ENMAX = 245.3\n" + "0.1 0.2 0.3 0.4 0.5\n" * 4000


def best(work: Callable[[], object], rounds: int) -> float:
    """Return the shortest CPU time in milliseconds."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return 1000 * min(times)


def crystal(ions: int) -> str:
    """Return a POSCAR of so many ions, none of them close to another."""
    rng = random.Random(1)
    edge = round(ions ** (1 / 3)) + 1
    points = [(i, j, k) for i in range(edge) for j in range(edge) for k in range(edge)][:ions]
    rows = (
        f"{(i + rng.uniform(-0.1, 0.1)) / edge:.10f} {j / edge:.10f} {k / edge:.10f}" for i, j, k in points
    )
    size = 3.0 * edge
    head = f"x\n1.0\n{size} 0 0\n0 {size} 0\n0 0 {size}\nSi\n{ions}\nDirect\n"
    return head + "\n".join(rows) + "\n"


def edited(ions: int) -> tuple[float, float]:
    """Return the time to open a POSCAR and to check it again after one line changed."""
    text = crystal(ions)
    folder = Folder({"POSCAR": text})
    check(folder)
    opened = best(lambda: check(Folder({"POSCAR": text})), 4)
    before = folder.poscar
    assert before is not None
    lines = text.split("\n")
    lines[500] = "0.123 0.456 0.789"
    changed = "\n".join(lines)

    def edit() -> None:
        after = Folder({"POSCAR": changed})
        after.__dict__["poscar"] = poscar.update(before, changed)
        check(after)

    return opened, best(edit, 4)


def incar_edited(others: dict[FileKind, str]) -> float:
    """Return the time to check again after one digit of the INCAR changed, as an editor does."""
    looks = FolderCheck()
    turns = itertools.cycle(INCAR.replace("520", f"5{digit}0") for digit in range(10))
    looks.check(Folder({"INCAR": INCAR, **others}))
    return best(lambda: looks.check(Folder({"INCAR": next(turns), **others})), 50)


def command() -> float:
    """Return the CPU time of `crystalmath check` on a directory of four files."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "INCAR").write_text("ENCUT = 300\n", encoding="utf-8")
        (folder / "POSCAR").write_text(FE2, encoding="utf-8")
        (folder / "KPOINTS").write_text(MESH, encoding="utf-8")
        (folder / "POTCAR").write_text("  TITEL  = PAW_PBE Fe 01Jan2000\n", encoding="utf-8")
        program = [sys.executable, "-c", "from crystalmath.cli import main; main()", "check", scratch]
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": f"{scratch}/compiled"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package is compiled
        times = []
        for _ in range(6):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(program, check=False, capture_output=True, env=environment)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return 1000 * min(times)


def main() -> None:
    """Print the table and write it as JSON when a path is given."""
    check(Folder({"INCAR": INCAR}))
    others: dict[FileKind, str] = {"POSCAR": crystal(28), "KPOINTS": MESH, "POTCAR": POTCAR}
    small, large = edited(10_000), edited(100_000)
    rows = [
        ("INCAR of 30 lines: parse", best(lambda: incar.parse(INCAR), 50), 2.0),
        ("INCAR of 30 lines: parse and all rules", best(lambda: check(Folder({"INCAR": INCAR})), 50), 2.0),
        ("INCAR of 30 lines: one line edited", incar_edited({}), 2.0),
        ("INCAR edited beside three other files", incar_edited(others), 2.0),
        ("POSCAR of 10,000 ions: open", small[0], 60.0),
        ("POSCAR of 10,000 ions: one line edited", small[1], 15.0),
        ("POSCAR of 100,000 ions: open", large[0], 400.0),
        ("POSCAR of 100,000 ions: one line edited", large[1], 50.0),
        ("crystalmath check of four files (process)", command(), 150.0),
    ]
    for name, measured, budget in rows:
        over = "" if measured <= budget else "  OVER"
        print(f"{name:<45} {measured:8.1f} ms   budget {budget:6.0f} ms{over}")
    if len(sys.argv) > 1:
        table = [{"name": name, "ms": measured, "budget_ms": budget} for name, measured, budget in rows]
        Path(sys.argv[1]).write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
