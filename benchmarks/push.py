"""From a change in the daemon to `jobs.changed` at the client, on an engine of its own.

Budgets: 100 ms after a change that is broadcast, 1.5 s after one of the scheduler, which never is. A change
is taken to be when AiiDA wrote it (`modified_at`, before its commit).
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

N_JOBS = 12
SLEEP_S = 4


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    what: str
    median_ms: float
    worst_ms: float
    budget: str


def _submit_addition(session: Any) -> int:
    from aiida import orm
    from aiida.engine import submit
    from aiida.plugins import CalculationFactory

    from crystalmath.engine import computer

    builder = CalculationFactory("core.arithmetic.add").get_builder()
    code = orm.InstalledCode(computer=computer.localhost(session), filepath_executable="/bin/bash")
    builder.code, builder.x, builder.y = code, orm.Int(1), orm.Int(2)
    builder.metadata.options.sleep = SLEEP_S
    builder.metadata.options.resources = {"num_machines": 1}
    return int(submit(builder).pk)


def _delays_ms(client: Any, pk: int) -> dict[str, float]:
    """Return for each state of the job how late it was told."""
    delays: dict[str, float] = {}
    while "finished" not in delays:
        rows = client.told("jobs.changed")["jobs"]
        now = time.time()
        for row in rows:
            if row["id"] == pk:
                changed = datetime.fromisoformat(row["modified_at"]).timestamp()
                delays.setdefault(row["state"], 1000 * (now - changed))
    return delays


def _row(what: str, samples: list[float], budget: str) -> Row:
    return Row(what, statistics.median(samples), max(samples), budget)


def main() -> None:
    """Measure, print a table and write JSON."""
    base = Path(tempfile.mkdtemp(prefix="cm-push-", dir="/tmp"))
    (base / "aiida").mkdir()
    (base / "run").mkdir(mode=0o700)
    own = {"aiida": "AIIDA_PATH", "home": "CRYSTALMATH_HOME", "run": "XDG_RUNTIME_DIR"}
    os.environ |= {variable: str(base / name) for name, variable in own.items()}
    os.chdir(ROOT)
    from tests.e2e.rpc_client import REAL_SERVER, RpcClient

    from crystalmath import engine
    from crystalmath.engine import broker, daemon

    session = engine.open()
    daemon.ensure(session, listening=True)
    broker.connect(session)
    with RpcClient(REAL_SERVER) as client:
        client.initialize()
        assert client.call("jobs.watch")["mode"] == "broadcasts"
        found = [_delays_ms(client, _submit_addition(session)) for _ in range(N_JOBS)]
    daemon.stop(session)
    rows = [
        _row("finished (broadcast) → told", [one["finished"] for one in found], "100 ms"),
        _row("running (scheduler) → told", [one["running"] for one in found if "running" in one], "1,500 ms"),
    ]
    print(f"{'what':44} {'median':>12} {'worst':>12}  budget")
    for row in rows:
        print(f"{row.what:44} {row.median_ms:9.1f} ms {row.worst_ms:9.1f} ms  {row.budget}")
    Path("build").mkdir(exist_ok=True)
    Path("build/bench-push.json").write_text(json.dumps([asdict(row) for row in rows], indent=2))


if __name__ == "__main__":
    main()
