"""Run every VASP Maker of the installed atomate2 on the stand-in, and write which of them run.

The table is docs/reference/makers.md: one row for each Maker, one column for each engine. A run with
`--engine X` renews the column of X and keeps the others; `--only TEXT` renews the rows that contain the text.
Each Maker runs in a process of its own with a time limit; its files go to a folder below --scratch.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import importlib.util
import json
import os
import pkgutil
import re
import shutil
import signal
import subprocess
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maker_cases import NEEDS, SETTINGS, build

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs" / "reference" / "makers.md"
PACKAGES = ("atomate2.vasp.jobs", "atomate2.vasp.flows")
BIN = Path(sys.executable).parent
HEAD = """# Which Makers of atomate2 run

Written by `scripts/makers.py`; do not edit. Every VASP Maker of the installed atomate2, built with small
arguments (`scripts/maker_cases.py`) and run with the stand-in executable as VASP. It is not VASP: the table
says that a workflow can be built, run and parsed, and nothing about its numbers."""
TITLES = {"jobflow": "jobflow `run_locally`", "aiida": "AiiDA"}


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """A Maker: module below atomate2.vasp (`flows.core`) and class; `missing` is the package it lacks."""

    module: str
    maker: str
    missing: str = ""

    def __str__(self) -> str:
        return f"{self.module}:{self.maker}"


def walk() -> list[Name]:
    """Return every Maker class of atomate2.vasp, those of modules that need another package included."""
    found: list[Name] = []
    for package_name in PACKAGES:
        package = importlib.import_module(package_name)
        for info in pkgutil.iter_modules(package.__path__):
            module = f"{package_name.removeprefix('atomate2.vasp.')}.{info.name}"
            try:
                found += _makers(module, importlib.import_module(f"{package_name}.{info.name}"))
            except ImportError as error:
                found += _unimportable(module, package_name, info.name, error)
    return found


def _makers(module: str, loaded: Any) -> list[Name]:
    from jobflow import Maker

    return [
        Name(module, name)
        for name, item in vars(loaded).items()
        if isinstance(item, type) and issubclass(item, Maker) and item.__module__ == loaded.__name__
    ]


def _unimportable(module: str, package: str, name: str, error: ImportError) -> list[Name]:
    """Return the Makers of a module that cannot be imported, by reading its source."""
    specification = importlib.util.find_spec(package)
    assert specification is not None
    assert specification.submodule_search_locations
    source = Path(specification.submodule_search_locations[0]) / f"{name}.py"
    classes = [node for node in ast.parse(source.read_text()).body if isinstance(node, ast.ClassDef)]
    sentence = str(error).splitlines()[0]
    advice = re.search(r"pip install ([\w\- ]+?)[`']? to ", sentence)
    reason = advice[1] if advice else sentence.removeprefix("No module named ").strip("'")
    return [
        Name(module, node.name, reason)
        for node in classes
        if any(ast.unparse(base).endswith("Maker") for base in node.bases)
    ]


def run_jobflow(flow: Any, folder: Path) -> int:
    """Run the flow with jobflow's own `run_locally`; return how many documents it stored."""
    from functools import partial

    import atomate2.vasp.run as vasp_run
    from jobflow import JobStore, run_locally
    from maggma.stores import MemoryStore

    # custodian looks only every ten seconds whether VASP has ended
    vasp_run.Custodian = partial(vasp_run.Custodian, polling_time_step=0.2, monitor_freq=100)
    store = JobStore(MemoryStore(), additional_stores={"data": MemoryStore()})
    run_locally(
        flow, store=store, create_folders=True, root_dir=folder, ensure_success=True, raise_immediately=True
    )
    return int(store.count())


# An engine takes a flow and a folder, runs the flow to its end and returns the number of documents; it raises
# when the flow does not succeed. `CRYSTALMATH_STANDIN_LOG` counts how often the stand-in was started.
ENGINES: dict[str, Callable[[Any, Path], int]] = {"jobflow": run_jobflow}


def environment(scratch: Path) -> dict[str, str]:
    """Return the environment in which atomate2 takes the stand-in for VASP."""
    standin = str(BIN / "crystalmath-standin")
    return os.environ | {
        "PMG_VASP_PSP_DIR": str(scratch / "potcars"),
        "ATOMATE2_CONFIG_FILE": str(scratch / "no-atomate2.yaml"),
        "JOBFLOW_CONFIG_FILE": str(scratch / "no-jobflow.yaml"),
        **{f"ATOMATE2_VASP_{kind}CMD": standin for kind in ("", "GAMMA_", "NCL_")},
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONWARNINGS": "ignore",
    }


def run_one(name: Name, engine: str, folder: Path) -> dict[str, Any]:
    """Build and run one Maker in this process; return its verdict."""
    stage = "build"
    try:
        maker = getattr(importlib.import_module(f"atomate2.vasp.{name.module}"), name.maker)
        flow = build(maker)
        stage = "run"
        documents = ENGINES[engine](flow, folder)
    except Exception as error:  # noqa: BLE001 - whatever stops a Maker is its row in the table
        traceback.print_exc()
        return {"stage": stage, "reason": _sentence(error)}
    log = Path(os.environ["CRYSTALMATH_STANDIN_LOG"])
    starts = len(log.read_text().splitlines()) if log.exists() else 0
    return {"stage": "done", "documents": documents, "starts": starts}


def _sentence(error: BaseException) -> str:
    words = f"{type(error).__name__}: {error}".split("\n")[0]
    return words[:160]


def verdict(name: Name, engine: str, scratch: Path, limit_s: float, *, resume: bool) -> str:
    """Run one Maker in a process of its own; return its cell of the table."""
    if name.missing:
        return f"needs {name.missing}"
    lacking = [p for p in NEEDS.get(name.maker, ()) if not _present(p)]
    if lacking:
        return f"needs {', '.join(lacking)}"
    folder = scratch / engine / str(name).replace(":", ".")
    path = folder / "verdict.json"
    if resume and path.exists() and json.loads(path.read_text())["stage"] == "done":
        return _cell(name, json.loads(path.read_text()))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    command = [sys.executable, __file__, "--one", str(name), "--engine", engine, "--scratch", str(scratch)]
    variables = environment(scratch) | SETTINGS.get(name.maker, {})
    with (folder / "log").open("w") as log:
        started = subprocess.Popen(
            ["nice", "-n", "10", *command],
            cwd=folder,
            env=variables | {"CRYSTALMATH_STANDIN_LOG": str(folder / "starts")},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            started.wait(limit_s)
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, signal.SIGKILL)
            started.wait()
            return f"does not run: not at its end after {limit_s:.0f} s"
    if not path.exists():
        return f"does not run: its process ended with code {started.returncode}"
    return _cell(name, json.loads(path.read_text()))


def _present(package: str) -> bool:
    """Return whether a Python package or a program is installed."""
    return importlib.util.find_spec(package) is not None or shutil.which(package) is not None


def _cell(name: Name, found: dict[str, Any]) -> str:
    if found["stage"] != "done":
        return f"does not {found['stage']}: {found['reason']}".replace("|", "/")
    if not found["starts"]:
        return "does not run: it never started VASP"
    settings = "".join(f", with {key}={value}" for key, value in SETTINGS.get(name.maker, {}).items())
    return f"runs ({found['starts']} VASP, {found['documents']} documents{settings})"


def read_table() -> dict[str, dict[str, str]]:
    """Return the cells of the table as it is: Maker, engine, text."""
    if not TABLE.exists():
        return {}
    lines = [line for line in TABLE.read_text().splitlines() if line.startswith("|")]
    split = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    engines = [next((e for e, title in TITLES.items() if title == cell), "") for cell in split[0]]
    return {
        row[0].strip("`"): {e: cell for e, cell in zip(engines, row, strict=True) if e and cell}
        for row in split[2:]
    }


def write_table(names: list[Name], cells: dict[str, dict[str, str]]) -> str:
    """Write the table; return the sentence that sums it up."""
    engines = [e for e in TITLES if any(e in cells.get(str(name), {}) for name in names)]
    lines = []
    for engine in engines:
        row = [cells.get(str(name), {}).get(engine, "") for name in names]
        runs = sum(cell.startswith("runs") for cell in row)
        lacking = sum(cell.startswith("needs") for cell in row)
        rest = len(names) - runs - lacking
        lines.append(
            f"- {TITLES[engine]}: {runs} of {len(names)} run, {lacking} need a package that is not installed,"
            f" {rest} do not run."
        )
    versions = ", ".join(f"{p} {version(p)}" for p in ("atomate2", "jobflow", "pymatgen", "emmet-core"))
    table = [
        "| Maker | " + " | ".join(TITLES[e] for e in engines) + " |",
        "|" + " --- |" * (len(engines) + 1),
    ]
    for name in names:
        own = cells.get(str(name), {})
        table.append(f"| `{name}` | " + " | ".join(own.get(e, "") for e in engines) + " |")
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    parts = (HEAD, versions, "\n".join(lines), "\n".join(table) + "\n")
    TABLE.write_text("\n\n".join(parts))
    return "\n".join(lines)


def walk_all(
    names: list[Name], engine: str, scratch: Path, limit_s: float, *, resume: bool
) -> dict[str, str]:
    """Run the Makers, two at a time, and say what became of each."""
    if not (scratch / "potcars").exists():
        subprocess.run([BIN / "crystalmath-standin", "--potcars", scratch / "potcars"], check=True)

    def one(name: Name) -> tuple[str, str]:
        cell = verdict(name, engine, scratch, limit_s, resume=resume)
        print(f"{name}: {cell}", flush=True)
        return str(name), cell

    with ThreadPoolExecutor(2) as pool:
        return dict(pool.map(one, names))


def main() -> int:
    """Run the Makers that were asked for and renew their cells."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--engine", choices=sorted(ENGINES), default="jobflow")
    parser.add_argument("--only", default="", help="only Makers whose module:class contains this")
    parser.add_argument("--scratch", type=Path, default=Path("/tmp/crystalmath-makers"))
    parser.add_argument("--limit", type=float, default=600.0, help="seconds that one Maker may take")
    parser.add_argument("--resume", action="store_true", help="keep what has run below --scratch before")
    parser.add_argument("--dry", action="store_true", help="do not write the table")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        name = Name(*given.one.split(":"))
        found = run_one(name, given.engine, Path.cwd())
        Path("verdict.json").write_text(json.dumps(found))
        return 0
    names = walk()
    wanted = [name for name in names if given.only.lower() in str(name).lower()]
    cells = walk_all(wanted, given.engine, given.scratch.resolve(), given.limit, resume=given.resume)
    if given.dry:
        return 0
    table = read_table()
    for key, cell in cells.items():
        table.setdefault(key, {})[given.engine] = cell
    print(write_table(names, table))
    return 0


if __name__ == "__main__":
    sys.exit(main())
