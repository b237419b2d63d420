"""The server: start, round trips while job calls run, diagnostics of a 30-line INCAR.

Budgets: `initialize` within pygls' own import + 60 ms CPU; round trip p50/p99 2/10 ms while 50 job calls run;
INCAR open → diagnostics 5 ms, edit → diagnostics 2 ms, completion 2 ms, hover 1 ms; POSCAR of 10,000/100,000
atoms: open 60/400 ms, edit 15/50 ms, round trip p99 25 ms while one is checked. The job calls are those of a
scripted worker.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from functools import partial
from itertools import islice, product
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.e2e.rpc_client import REAL_SERVER, RpcClient  # noqa: E402 - found only with the line above

if TYPE_CHECKING:
    from collections.abc import Callable

N_STARTS = 9
N_TRIPS = 300
INCAR = (
    "SYSTEM = Fe3O4\nPREC = Accurate\nENCUT = 520\nALGO = Normal\nEDIFF = 1E-6\nEDIFFG = -0.02\nNELM = 100\n"
    "NELMIN = 4\nISMEAR = 0\nSIGMA = 0.05\nIBRION = 2\nNSW = 99\nISIF = 3\nISPIN = 2\nMAGMOM = 28*0.6\n"
    "LORBIT = 11\nLASPH = .TRUE.\nLDAU = .TRUE.\nLDAUTYPE = 2\nLDAUL = 2 -1\nLDAUU = 5.3 0\nLDAUJ = 0 0\n"
    "LMAXMIX = 4\nLREAL = .FALSE.\nLWAVE = .FALSE.\nLCHARG = .TRUE.\nNCORE = 4\nKPAR = 2\nISYM = 2\nNSW = 9\n"
)
FE28 = "x\n1.0\n12 0 0\n0 12 0\n0 0 12\nFe O\n12 16\nDirect\n" + "".join(
    f"{i / 28:.6f} {i * 5 % 28 / 28:.6f} {i * 11 % 28 / 28:.6f}\n" for i in range(28)
)
VIEWS = (
    "semanticTokens/full", "inlayHint", "signatureHelp", "codeLens", "documentLink", "documentHighlight",
    "documentSymbol", "diagnostic", "definition", "codeAction",
)  # fmt: skip
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    what: str
    median_ms: float
    p99_ms: float
    budget: str


def _cpu_ms(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def _row(what: str, samples_ms: list[float], budget: str) -> Row:
    ordered = sorted(samples_ms)
    return Row(what, statistics.median(ordered), ordered[int(0.99 * (len(ordered) - 1))], budget)


def _timed_ms(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return 1000 * (time.perf_counter() - began)


def _starts() -> list[Row]:
    wall, cpu = [], []
    for _ in range(N_STARTS):
        began = time.perf_counter()
        with RpcClient(REAL_SERVER) as client:
            client.initialize()
            wall.append(1000 * (time.perf_counter() - began))
            cpu.append(_cpu_ms(client.process.pid))
    floor = [_import_cpu_ms("pygls.lsp.server") for _ in range(3)]
    budget = f"{min(floor) + 60:.0f} ms CPU"
    return [_row("start → initialize, wall", wall, budget), _row("start → initialize, CPU", cpu, budget)]


def _import_cpu_ms(module: str) -> float:
    before = os.times()
    subprocess.run([sys.executable, "-c", f"import {module}"], check=True)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return 1000 * used


def _trips() -> list[Row]:
    with RpcClient() as client:
        client.initialize()
        client.call("jobs.list", {"limit": 1})
        idle = [_timed_ms(lambda: client.failure("no.such")) for _ in range(N_TRIPS)]
        pages = [_timed_ms(lambda: client.call("jobs.list")) for _ in range(20)]
        busy: list[float] = []
        while len(busy) < N_TRIPS:
            calls = [client.request("jobs.list", {"limit": 100}) for _ in range(50)]
            busy += [_timed_ms(lambda: client.failure("no.such")) for _ in range(25)]
            for identity in calls:
                client.answer(identity)
    return [
        _row("round trip, idle", idle, "-"),
        _row("round trip while 50 job calls run", busy, "2 / 10 ms"),
        _row("a page of 2,000 jobs", pages, "-"),
    ]


def _under_events() -> list[Row]:
    """Measure edits in turn without and with a thousand events a second."""
    with RpcClient() as client:
        client.initialize()
        client.call("jobs.watch")
        uri = "file:///work/INCAR"
        document = {"uri": uri, "languageId": "incar", "version": 1, "text": INCAR}
        _told_ms(client, "textDocument/didOpen", {"textDocument": document})
        calm, busy, version = list[float](), list[float](), 1
        for _ in range(10):
            for samples in (calm, busy):
                if samples is busy:
                    client.call("jobs.get", {"id": "burst:1000:1"})
                for _ in range(15):
                    version += 1
                    change = {"range": {"start": _at(2, 9), "end": _at(2, 10)}, "text": str(version % 10)}
                    changed = {"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]}
                    samples.append(_told_ms(client, "textDocument/didChange", changed))
                if samples is busy:
                    client.told("system.changed")
                    client.kept.clear()
    ratio = statistics.median(b / c for b, c in zip(busy, calm, strict=True))
    return [
        _row("INCAR edit → diagnostics, nothing else", calm, "-"),
        _row(f"INCAR edit → diagnostics, 1,000 events/s (x {ratio:.2f})", busy, "x 1.25"),
    ]


def _diagnostics() -> list[Row]:
    opened, edited = [], []
    with RpcClient() as client:
        client.initialize()
        for number in range(N_TRIPS // 3):
            if number == 1:
                client.failure("textDocument/formatting")  # answered once pygls is loaded
            uri = f"file:///work/{number}/INCAR"
            document = {"uri": uri, "languageId": "incar", "version": 1, "text": INCAR}
            change = {"range": {"start": _at(2, 9), "end": _at(2, 10)}, "text": str(number % 10)}

            changed = {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [change]}
            opened.append(_told_ms(client, "textDocument/didOpen", {"textDocument": document}))
            edited.append(_told_ms(client, "textDocument/didChange", changed))
    return [
        _row("INCAR of 30 lines, first open (loads the rules)", opened[:1], "-"),
        _row("INCAR of 30 lines, open → diagnostics", opened[1:], "5 ms"),
        _row("INCAR of 30 lines, edit → diagnostics", edited, "2 ms"),
    ]


def _features() -> list[Row]:
    completed, hovered = [], []
    with RpcClient() as client:
        client.initialize()
        uri = "file:///work/INCAR"
        document = {"uri": uri, "languageId": "incar", "version": 1, "text": INCAR + " IS"}
        _told_ms(client, "textDocument/didOpen", {"textDocument": document})
        client.failure("textDocument/formatting")  # answered once pygls is loaded
        tag = {"textDocument": {"uri": uri}, "position": _at(30, 3)}
        name = {"textDocument": {"uri": uri}, "position": _at(10, 2)}
        empty = {"textDocument": {"uri": uri}, "position": _at(30, 1)}
        for _ in range(N_TRIPS):
            completed.append(_timed_ms(lambda: client.call("textDocument/completion", tag)))
            hovered.append(_timed_ms(lambda: client.call("textDocument/hover", name)))
        everything = [_timed_ms(lambda: client.call("textDocument/completion", empty)) for _ in range(50)]
    return [
        _row("INCAR of 30 lines, completion of a tag", completed[5:], "2 ms"),
        _row("INCAR of 30 lines, completion, all 613 tags", everything, "-"),
        _row("INCAR of 30 lines, hover", hovered[5:], "1 ms"),
    ]


def _views() -> list[Row]:
    """Measure what editors ask for after every edit."""
    rows = []
    with RpcClient() as client:
        client.initialize()
        for uri, text in (("file:///work/INCAR", INCAR), ("file:///work/POSCAR", FE28)):
            document = {"uri": uri, "languageId": "", "version": 1, "text": text}
            _told_ms(client, "textDocument/didOpen", {"textDocument": document})
        whole = {"start": _at(0, 0), "end": _at(31, 0)}
        base = {"textDocument": {"uri": "file:///work/INCAR"}, "position": _at(14, 10), "range": whole}
        for name in VIEWS:
            params = {**base, "context": {"diagnostics": []}}
            ask = partial(client.call, f"textDocument/{name}", params)
            ask()
            rows.append(_row(f"INCAR of 30 lines, {name}", [_timed_ms(ask) for _ in range(60)], "-"))
    return rows


def _large() -> list[Row]:
    rows = []
    with RpcClient() as client:
        client.initialize()
        _told_ms(client, "textDocument/didOpen", {"textDocument": _poscar("first", 1_000)})
        for n_atoms, budget_open, budget_edit in ((10_000, "60 ms", "15 ms"), (100_000, "400 ms", "50 ms")):
            opened, edited = [], []
            for number in range(3):
                document = _poscar(f"{n_atoms}-{number}", n_atoms)
                opened.append(_told_ms(client, "textDocument/didOpen", {"textDocument": document}))
                for version in range(2, 8):
                    changed = {
                        "textDocument": {"uri": document["uri"], "version": version},
                        "contentChanges": [
                            {"range": {"start": _at(8, 9), "end": _at(8, 10)}, "text": str(version)}
                        ],
                    }
                    edited.append(_told_ms(client, "textDocument/didChange", changed))
                client.notify("textDocument/didClose", {"textDocument": {"uri": document["uri"]}})
                client.told("textDocument/publishDiagnostics")
            rows += [
                _row(f"POSCAR of {n_atoms:,} atoms, open → diagnostics", opened, budget_open),
                _row(f"POSCAR of {n_atoms:,} atoms, edit → diagnostics", edited, budget_edit),
            ]
        screen = {
            "textDocument": {"uri": document["uri"]},
            "range": {"start": _at(50_000, 0), "end": _at(50_050, 0)},
        }
        client.notify("textDocument/didOpen", {"textDocument": document})
        client.told("textDocument/publishDiagnostics")
        colour = [
            _timed_ms(lambda: client.call("textDocument/semanticTokens/range", screen)) for _ in range(20)
        ]
        rows.append(_row("POSCAR of 100,000 atoms, tokens of a screen", colour, "3 ms"))
        client.notify("textDocument/didOpen", {"textDocument": _poscar("meanwhile", 100_000)})
        trips: list[float] = []
        while not any(m.get("method") == "textDocument/publishDiagnostics" for m in client.kept):
            trips.append(_timed_ms(lambda: client.failure("no.such")))
        rows.append(_row("round trip while 100,000 atoms are checked", trips, "- / 25 ms"))
    return rows


def _poscar(folder: str, n_atoms: int) -> dict[str, object]:
    edge = round(n_atoms ** (1 / 3)) + 1
    points = islice(product(range(edge), repeat=3), n_atoms)
    rows = "".join(f"{i / edge:.10f} {j / edge:.10f} {k / edge:.10f}\n" for i, j, k in points)
    size = 3.0 * edge
    text = f"x\n1.0\n{size} 0 0\n0 {size} 0\n0 0 {size}\nSi\n{n_atoms}\nDirect\n{rows}"
    return {"uri": f"file:///work/{folder}/POSCAR", "languageId": "poscar", "version": 1, "text": text}


def _told_ms(client: RpcClient, method: str, params: object) -> float:
    began = time.perf_counter()
    client.notify(method, params)
    client.told("textDocument/publishDiagnostics")
    return 1000 * (time.perf_counter() - began)


def _at(line: int, character: int) -> dict[str, int]:
    return {"line": line, "character": character}


def main() -> None:
    """Measure, print a table and write JSON."""
    os.chdir(ROOT)
    rows = [*_starts(), *_trips(), *_under_events(), *_diagnostics(), *_features(), *_views(), *_large()]
    print(f"{'what':48} {'median':>9} {'p99':>9}  budget")
    for row in rows:
        print(f"{row.what:48} {row.median_ms:6.1f} ms {row.p99_ms:6.1f} ms  {row.budget}")
    Path("build").mkdir(exist_ok=True)
    Path("build/bench-server.json").write_text(json.dumps([asdict(row) for row in rows], indent=2))


if __name__ == "__main__":
    main()
