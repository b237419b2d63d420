"""Run every linter, and say which one complains."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
PYTHON_CODE = ["src", "tests", "benchmarks", "scripts"]
CARGO = ["--manifest-path", "tui-rs/Cargo.toml"]

LINTERS = [
    [str(BIN / "ruff"), "format", "--check", *PYTHON_CODE],
    [str(BIN / "ruff"), "check", *PYTHON_CODE],
    [str(BIN / "mypy")],
    ["cargo", "fmt", "--check", *CARGO],
    ["cargo", "clippy", "--quiet", "--release", "--locked", "--all-targets", *CARGO, "--", "-D", "warnings"],
]


def main() -> int:
    """Run all linters even when one fails; 1 when any did."""
    failed = []
    for command in LINTERS:
        if shutil.which(command[0]) is None:
            print(f"!!! NOT RUN, {command[0]} is not on this machine: {' '.join(command)}")
            failed.append(command)
            continue
        print(f"--- {' '.join(command)}", flush=True)
        if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
            failed.append(command)
    for command in failed:
        print(f"FAILED: {' '.join(command)}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
