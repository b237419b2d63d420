"""Run the test tiers one after the other and print what each took."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYTEST = [sys.executable, "-m", "pytest", "-q"]
TUI_TESTS = ["cargo", "test", "--quiet", "--release", "--locked", "--manifest-path", "tui-rs/Cargo.toml"]


@dataclass(frozen=True, slots=True)
class Tier:
    """One command; without the program `needs` it cannot be run, the script `before` brings what it can."""

    name: str
    command: list[str]
    needs: str | None = None
    before: str | None = None


SHORT = [
    Tier("unit", [*PYTEST, "tests/unit", "tests/golden", "tests/property"]),
    Tier("engine", [*PYTEST, "tests/engine"]),
    Tier("tui", TUI_TESTS, needs="cargo"),
    Tier("e2e", [*PYTEST, "tests/e2e"], before="scripts/install_neovim.sh"),
]
LONG = [Tier("long", [*PYTEST, "-s", "tests/long", "--timeout", "7200"])]


def run(tier: Tier) -> str:
    """Run one tier and return its line of the summary."""
    if tier.needs and shutil.which(tier.needs) is None:
        reason = f"{tier.needs} is not on this machine"
        print(f"!!! tier {tier.name} NOT RUN: {reason}", flush=True)
        return f"{tier.name:8} {'FAILED' if os.environ.get('CI') == 'true' else 'SKIPPED'}: {reason}"
    print(f"=== tier {tier.name}: {' '.join(tier.command)}", flush=True)
    began = time.monotonic()
    if tier.before:
        subprocess.run(["sh", tier.before], cwd=ROOT, check=False)
    done = subprocess.run(tier.command, cwd=ROOT, check=False)
    verdict = "passed" if done.returncode == 0 else f"FAILED (exit {done.returncode})"
    return f"{tier.name:8} {verdict} in {time.monotonic() - began:.0f} s"


def main() -> int:
    """Run the tiers that were asked for; 1 when one failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", action="store_true", help="the long tests instead of the short ones")
    lines = [run(tier) for tier in (LONG if parser.parse_args().long else SHORT)]
    print("\n=== tiers\n" + "\n".join(lines), flush=True)
    return int(any("FAILED" in line for line in lines))


if __name__ == "__main__":
    sys.exit(main())
