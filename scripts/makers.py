"""Run every VASP Maker of the installed atomate2 on the stand-in, by jobflow and on AiiDA, and compare.

The table is docs/reference/makers.md, written from what lies below --scratch. `--only TEXT` runs the Makers
that contain the text again; `--resume` runs those that have not come to their end yet.
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
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scripts import maker_documents, maker_runs
from scripts.maker_cases import NEEDS, SETTINGS

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs" / "reference" / "makers.md"
PACKAGES = ("atomate2.vasp.jobs", "atomate2.vasp.flows")
BIN = Path(sys.executable).parent
HEAD = """# Which Makers of atomate2 run

Written by `scripts/makers.py`; do not edit. Every VASP Maker of the installed atomate2, built with small
arguments (`scripts/maker_cases.py`) and run with the stand-in executable as VASP. It is not VASP: the table
says that a workflow can be built, run and parsed, and nothing about its numbers. "Same documents" says that
AiiDA's documents are those of jobflow, "same inputs" that INCAR, KPOINTS and POSCAR of every VASP run are
so to the byte, with the same POTCARs."""
COLUMNS = ("builds", "runs by jobflow `run_locally`", "runs on AiiDA", "same documents", "same inputs")
ENGINES = ("jobflow", "aiida")
VOLATILE_HEAD = """Documents are compared value for value, numbers to 12 digits. Left out are folders,
uuids and these keys:"""


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


def missing(name: Name) -> str:
    """Return what a Maker needs and is not installed, empty when nothing is."""
    lacking = [name.missing] if name.missing else [p for p in NEEDS.get(name.maker, ()) if not _present(p)]
    return f"needs {', '.join(lacking)}" if lacking else ""


def _present(package: str) -> bool:
    """Return whether a Python package or a program is installed."""
    return importlib.util.find_spec(package) is not None or shutil.which(package) is not None


@dataclass(frozen=True, slots=True)
class Row:
    """What became of a Maker under both engines."""

    name: Name
    lacks: str
    jobflow: dict[str, Any]
    aiida: dict[str, Any]
    folder: Path

    @classmethod
    def of(cls, name: Name, scratch: Path) -> Row:
        """Read what the runs left below `scratch`."""
        found = {engine: _verdict(maker_runs.folder_of(scratch / engine, str(name))) for engine in ENGINES}
        return cls(name, missing(name), found["jobflow"], found["aiida"], scratch)

    def cells(self) -> tuple[str, ...]:
        """Return the cells of its row."""
        if self.lacks:
            return (self.lacks, "", "", "", "")
        builds = "no: " + self.jobflow["reason"] if self.jobflow.get("stage") == "build" else "yes"
        return (builds, self._ran(self.jobflow), self._ran(self.aiida), *self._compared())

    def _ran(self, found: dict[str, Any]) -> str:
        stage = found.get("stage")
        if stage == "done" and found["starts"]:
            return f"yes ({found['starts']} VASP, {found['documents']} documents)"
        reason = {"done": "it never started VASP", None: "not tried"}.get(stage) or found["reason"]
        return "" if stage == "build" else " ".join(f"no: {reason}".split()).replace("|", "/")

    def _compared(self) -> tuple[str, str]:
        paths = [
            maker_runs.folder_of(self.folder / engine, str(self.name)) / "records.json.gz"
            for engine in ENGINES
        ]
        if not all(path.exists() for path in paths):
            return "", ""
        ours, theirs = (maker_documents.load(path) for path in paths)
        return tuple(  # type: ignore[return-value] # two of them
            _listed(found)
            for found in (
                maker_documents.differences(ours, theirs),
                maker_documents.input_differences(ours, theirs),
            )
        )


def _listed(found: tuple[str, ...]) -> str:
    if not found:
        return "yes"
    names = ", ".join(f"`{one}`" for one in found[:3])
    return f"no: {names}" + (f" and {len(found) - 3} more" if len(found) > 3 else "")


def _verdict(folder: Path) -> dict[str, Any]:
    path = folder / "verdict.json"
    return json.loads(path.read_text()) if path.exists() else {}


def write_table(rows: list[Row]) -> str:
    """Write the table; return the sentences that sum it up."""
    cells = [row.cells() for row in rows]
    counts = [sum(cell[column].startswith("yes") for cell in cells) for column in range(len(COLUMNS))]
    lacking = sum(bool(row.lacks) for row in rows)
    sums = "\n".join(
        [
            f"- {len(rows)} Makers, of which {lacking} need a package or program that is not installed",
            *(f"- {title}: {count}" for title, count in zip(COLUMNS, counts, strict=True)),
        ]
    )
    versions = ", ".join(f"{p} {version(p)}" for p in ("atomate2", "jobflow", "pymatgen", "emmet-core"))
    table = ["| Maker | " + " | ".join(COLUMNS) + " |", "|" + " --- |" * (len(COLUMNS) + 1)]
    for row, cell in zip(rows, cells, strict=True):
        notes = "".join(f", with {k}={v}" for k, v in SETTINGS.get(row.name.maker, {}).items())
        table.append(f"| `{row.name}`{notes} | " + " | ".join(cell) + " |")
    volatile = "\n".join(f"- `{key}`: {reason}" for key, reason in maker_documents.VOLATILE.items())
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    parts = (HEAD, versions, sums, "\n".join(table), VOLATILE_HEAD, volatile + "\n")
    TABLE.write_text("\n\n".join(parts))
    return sums


def run_engine(engine: str, names: list[Name], scratch: Path, given: argparse.Namespace) -> None:
    """Run the Makers in one process for each group of settings that must stand before atomate2 is loaded."""
    groups: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for name in names:
        done = _verdict(maker_runs.folder_of(scratch / engine, str(name))).get("stage") == "done"
        if not missing(name) and not (given.resume and done):
            groups.setdefault(tuple(SETTINGS.get(name.maker, {}).items()), []).append(str(name))
    for number, (settings, group) in enumerate(groups.items()):
        own = {
            "AIIDA_PATH": str(scratch / f"profile-{number}"),
            "CRYSTALMATH_HOME": str(scratch / f"profile-{number}" / "home"),
            "CRYSTALMATH_STANDIN_LOG": str(scratch / f"profile-{number}" / "starts"),
        }
        (scratch / f"profile-{number}").mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "scripts.makers", "--batch", ",".join(group), "--engine", engine]
        command += ["--scratch", str(scratch), "--limit", str(given.limit)]
        variables = environment(scratch) | own | dict(settings)
        subprocess.run(["nice", "-n", "5", *command], cwd=ROOT, env=variables, check=False)


def main() -> int:
    """Run the Makers that were asked for and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--engine", choices=(*ENGINES, "both", "none"), default="both")
    parser.add_argument("--only", default="", help="only Makers whose module:class contains this")
    parser.add_argument("--scratch", type=Path, default=Path("/tmp/crystalmath-makers"))
    parser.add_argument("--limit", type=float, default=900.0, help="seconds that one Maker may take")
    parser.add_argument("--resume", action="store_true", help="keep what has run below --scratch before")
    parser.add_argument("--batch", help=argparse.SUPPRESS)
    given = parser.parse_args()
    scratch = given.scratch.resolve()
    if given.batch:
        run = maker_runs.with_jobflow if given.engine == "jobflow" else maker_runs.on_aiida
        run(given.batch.split(","), scratch / given.engine, given.limit, _say)
        return 0
    names = walk()
    wanted = [name for name in names if given.only.lower() in str(name).lower()]
    if not (scratch / "potcars").exists():
        subprocess.run([BIN / "crystalmath-standin", "--potcars", scratch / "potcars"], check=True)
    for engine in ENGINES:
        if given.engine in (engine, "both"):
            run_engine(engine, wanted, scratch, given)
    print(write_table([Row.of(name, scratch) for name in names]))
    return 0


def _say(name: str, verdict: dict[str, Any]) -> None:
    print(f"{name}: {verdict}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
