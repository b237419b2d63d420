"""The job list at 100,000 jobs, made by direct SQL (here only): first pages, filters, counts, rebuild.

Budgets: first page 20 ms, with any filter 50 ms, counts per state 20 ms, rebuild 10 s.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import statistics
import tempfile
import time
import uuid
from dataclasses import asdict, dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crystalmath.engine.job_list import Filter

N_JOBS = 100_000
N_REPEATS = 15
FORMULAS = ("Si", "MgO", "Fe2O3", "NaCl", "TiO2", "BaTiO3", "GaAs", "LiFePO4", "Al", "CeO2")
TEMPLATES = ("static", "relax", "double_relax", "relax_bands", "folder", "PhononMaker")
FLOW, RUN = "process.workflow.workchain.WorkChainNode.", "process.calculation.calcjob.CalcJobNode."


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    what: str
    median_ms: float
    worst_ms: float
    budget: str


def _measured(what: str, action: Callable[[], object], budget: str, n: int = N_REPEATS) -> Row:
    samples = []
    for _ in range(n):
        began = time.perf_counter()
        action()
        samples.append(1000 * (time.perf_counter() - began))
    return Row(what, statistics.median(samples), max(samples), budget)


def _ending(dice: random.Random) -> dict[str, Any]:
    chance = dice.random()
    if chance < 0.9:
        return {"process_state": "finished", "exit_status": 0, "sealed": True}
    if chance < 0.995:
        message = "NELM = 60 steps were not enough in ionic step 1"
        return {"process_state": "finished", "exit_status": 305, "exit_message": message, "sealed": True}
    return {"process_state": "killed", "sealed": True}


def _nodes(first: int, user: int, computer: int) -> Iterator[tuple[Any, ...]]:
    dice = random.Random(1)
    for number in range(N_JOBS):
        pk = first + 2 * number
        when = f"2026-{1 + number // 8400:02}-{1 + number // 300 % 28:02} {number % 24:02}:00:00.{pk:06}"
        formula = dice.choice(FORMULAS)
        known = {"template": dice.choice(TEMPLATES), "formula": formula, "n_atoms": dice.randrange(1, 200)}
        end = _ending(dice)
        options = {"environment": "x" * 900, "process_label": "VaspCalcJob", "job_id": str(pk)}
        key, title = f"cm:{uuid.uuid4().hex}", f"{formula} number {number}"
        flow = {"process_label": "FlowWorkChain", "version": {"core": "2.9.4"}, **end}
        extra = json.dumps({"crystalmath": {**known, "digest": "d" * 32}})
        yield (pk, str(uuid.uuid4()), FLOW, key, title, when, when, json.dumps(flow), extra, user, None)
        run = json.dumps({**options, **end})
        yield (pk + 1, str(uuid.uuid4()), RUN, "static", "", when, when, run, "{}", user, computer)


def fill(session: Any) -> None:
    """Write the jobs, a flow with one VASP run each, straight into the tables of AiiDA."""
    from aiida.manage import get_manager

    from crystalmath.engine import codes

    code = codes.default(session)
    path = get_manager().get_profile_storage().filepath_database
    with sqlite3.connect(path) as database:
        first = database.execute("SELECT MAX(id) + 1 FROM db_dbnode").fetchone()[0]
        user = database.execute("SELECT id FROM db_dbuser").fetchone()[0]
        machine = database.execute("SELECT id FROM db_dbcomputer").fetchone()[0]
        columns = "id, uuid, node_type, label, description, ctime, mtime, attributes, extras, user_id, "
        columns += "dbcomputer_id, repository_metadata"
        insert = f"INSERT INTO db_dbnode ({columns}) VALUES ({'?, ' * 11}'{{}}')"
        database.executemany(insert, _nodes(first, user, machine))
        links = (
            link
            for pk in range(first, first + 2 * N_JOBS, 2)
            for link in ((pk, pk + 1, "run", "call_calc"), (code.pk, pk, "code", "input_work"))
        )
        database.executemany(
            "INSERT INTO db_dblink (input_id, output_id, label, type) VALUES (?, ?, ?, ?)", links
        )
        database.execute("ANALYZE")
    database.close()


def _filters() -> dict[str, Filter]:
    from crystalmath.engine.codes import STANDIN_LABEL
    from crystalmath.engine.job_list import Filter

    return {
        "state finished (90 %)": Filter(states=("finished",)),
        "state killed (rare)": Filter(states=("killed",)),
        "states running, queued (none)": Filter(states=("running", "queued")),
        "template": Filter(template="relax"),
        "code": Filter(code=STANDIN_LABEL),
        "formula": Filter(formula="LiFePO4"),
        "element O": Filter(elements=("O",)),
        "elements Li, Fe": Filter(elements=("Li", "Fe")),
        "exit code 305": Filter(exit_status=305),
        "label": Filter(label="number 4711"),
        "text, common": Filter(text="relax"),
        "text, one job": Filter(text="number 31415"),
        "text, nowhere": Filter(text="perovskite"),
        "created in a month": Filter(created_after="2026-03-01", created_before="2026-04-01"),
        "modified before": Filter(modified_before="2026-02-01"),
        "ours only": Filter(foreign=False),
        "killed relax of BaTiO3": Filter(states=("killed",), template="relax", formula="BaTiO3"),
    }


def measure(session: Any) -> list[Row]:
    """Return the rows of the table."""
    from crystalmath.engine import job_list, list_sweep

    rows = [_measured("rebuild of the index", lambda: list_sweep.rebuild(session), "10 s", n=3)]
    page = job_list.page
    rows += [
        _measured("first page of 50", lambda: page(session, limit=50), "20 ms"),
        _measured("first page of 2,000", lambda: page(session), "-"),
        _measured("counts per state", lambda: job_list.counts(session), "20 ms"),
    ]
    deep = page(session, limit=1).rows[0].id - N_JOBS
    rows.append(
        _measured("page half-way", lambda: page(session, after=f"[{deep}, {deep}]", limit=50), "20 ms")
    )
    for name, wanted in _filters().items():
        rows.append(_measured(f"filter: {name}", partial(page, session, wanted, limit=50), "50 ms"))
    for key, down in product(job_list.SORT_KEYS, (True, False)):
        action = partial(page, session, sort=key, descending=down, limit=50)
        rows.append(_measured(f"sort: {key} {'down' if down else 'up'}", action, "50 ms"))
    both = partial(page, session, _filters()["state killed (rare)"], sort="label", limit=50)
    rows.append(_measured("filter state killed, sort label", both, "50 ms"))
    some = _filters()["element O"]
    rows.append(_measured("counts of a filter", lambda: job_list.counts(session, some), "-"))
    return rows


def main() -> None:
    """Measure, print a table and write JSON."""
    base = Path(os.environ.get("CRYSTALMATH_BENCH_DIR") or tempfile.mkdtemp(prefix="cm-bench-"))
    (base / "aiida").mkdir(parents=True, exist_ok=True)
    os.environ |= {"AIIDA_PATH": str(base / "aiida"), "CRYSTALMATH_HOME": str(base / "home")}
    from crystalmath import engine
    from crystalmath.engine import job_list

    session = engine.open(recover=False)
    if len(job_list.page(session, limit=2).rows) < 2:
        fill(session)
    rows = measure(session)
    print(f"{'what':44} {'median':>12} {'worst':>12}  budget")
    for row in rows:
        print(f"{row.what:44} {row.median_ms:9.1f} ms {row.worst_ms:9.1f} ms  {row.budget}")
    Path("build").mkdir(exist_ok=True)
    Path("build/bench-jobs.json").write_text(json.dumps([asdict(row) for row in rows], indent=2))


if __name__ == "__main__":
    main()
