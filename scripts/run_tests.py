"""Run the tiers of the tests, side by side where they mostly wait, and print what each took.

Without names all short tiers are run; with names those alone, so that a run can be done in parts. What a tier
prints is kept together and shown when it ends; it can be followed in the file that is named when it begins.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parents[1]
LOGS = ROOT / "build" / "tests"
MEASURED = [sys.executable, str(ROOT / "scripts" / "measured.py")]
PYTEST = [sys.executable, "-m", "pytest", "-q", "--durations=10", "--durations-min=0.5"]
# `--quiet` is for libtest: it says how long each binary took, but not (in a stable Rust) each test.
CARGO = ["cargo", "test", "--release", "--locked", "--manifest-path", "tui-rs/Cargo.toml", "--", "--quiet"]


@dataclass(frozen=True, slots=True)
class Tier:
    """One command; without the program `needs` it cannot be run, the script `before` brings what it can."""

    name: str
    command: list[str]
    needs: str | None = None
    before: str | None = None


def _engine(*, flows: bool) -> list[str]:
    """Return one half of the engine's tests: they wait for daemons, and each half has one of its own."""
    files = {str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "engine").glob("test_*.py")}
    return sorted(path for path in files if ("flow" in Path(path).name) == flows)


# Tiers of one row run one after the other, rows side by side: the engine's tests hardly use a processor.
SHORT = [
    [Tier("engine", [*PYTEST, *_engine(flows=False)])],
    [Tier("flows", [*PYTEST, *_engine(flows=True)]), Tier("tui", CARGO, needs="cargo")],
    [
        Tier("unit", [*PYTEST, "tests/unit", "tests/golden", "tests/property"]),
        Tier("e2e", [*PYTEST, "tests/e2e"], before="scripts/install_neovim.sh"),
    ],
]
LONG = [[Tier("long", [*PYTEST, "-s", "tests/long", "--timeout", "7200"])]]
NAMES = [tier.name for row in SHORT for tier in row]


@dataclass(frozen=True, slots=True)
class Result:
    """How a tier ended, and what it took of the clock and of the processors."""

    name: str
    verdict: str
    wall_s: float = 0.0
    cpu_s: float = 0.0

    @property
    def failed(self) -> bool:
        """Tell whether the run as a whole fails by this tier."""
        return self.verdict.startswith("FAILED")

    def __str__(self) -> str:
        return f"{self.name:8} {self.wall_s:6.0f} s wall {self.cpu_s:6.0f} s CPU   {self.verdict}"


@dataclass(slots=True)
class Run:
    """A run of rows of tiers; `live` when there is one row, whose output nothing can mix with."""

    live: bool
    running: set[subprocess.Popen[bytes]] = field(default_factory=set)
    stopped: threading.Event = field(default_factory=threading.Event)
    printing: threading.Lock = field(default_factory=threading.Lock)

    def stop(self, number: int, _frame: object) -> None:
        """Begin no further tier; those that run are told, unless the terminal has done so already."""
        self.stopped.set()
        for process in list(self.running) if number == signal.SIGTERM else []:
            process.terminate()

    def row(self, tiers: list[Tier]) -> list[Result]:
        """Run the tiers one after the other."""
        return [self.tier(tier) for tier in tiers]

    def tier(self, tier: Tier) -> Result:
        """Run one tier and show what it printed."""
        if self.stopped.is_set():
            return Result(tier.name, "FAILED: the run was stopped before it")
        if tier.needs and shutil.which(tier.needs) is None:
            reason = f"{tier.needs} is not on this machine"
            self.say(f"!!! tier {tier.name} NOT RUN: {reason}")
            return Result(tier.name, f"{'FAILED' if os.environ.get('CI') == 'true' else 'SKIPPED'}: {reason}")
        log = LOGS / f"{tier.name}.log"
        self.say(
            f"=== tier {tier.name} begins: {' '.join(tier.command)}" + f"\n    ({log})" * (not self.live)
        )
        result = self._measured(tier, log)
        printed = "" if self.live else log.read_text(errors="replace")
        self.say(f"{printed}=== tier {tier.name} ends\n    {result}")
        return result

    def say(self, text: str) -> None:
        """Print at once, and not amid what another row prints."""
        with self.printing:
            print(text, flush=True)

    def _measured(self, tier: Tier, log: Path) -> Result:
        report, began = LOGS / f"{tier.name}.json", time.monotonic()
        report.unlink(missing_ok=True)
        with log.open("wb") as file:
            output = None if self.live else file
            if tier.before:
                subprocess.run(["sh", tier.before], cwd=ROOT, check=False, stdout=output, stderr=output)
            code = self._wait([*MEASURED, str(report), *tier.command], output)
        found: dict[str, Any] = (
            json.loads(report.read_text()) if report.exists() else {"cpu_s": 0.0, "left": ["(not known)"]}
        )
        left = f"; left behind and ended: {', '.join(found['left'])}" if found["left"] else ""
        verdict = f"FAILED (exit {code}{left})" if code else "passed"
        return Result(tier.name, verdict, time.monotonic() - began, found["cpu_s"])

    def _wait(self, command: list[str], output: IO[bytes] | None) -> int:
        with subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output) as process:
            self.running.add(process)
            try:
                return int(process.wait())
            finally:
                self.running.discard(process)


def main() -> int:
    """Run the tiers that were asked for; 1 when one failed."""
    rows = _asked_for()
    LOGS.mkdir(parents=True, exist_ok=True)
    began, run = time.monotonic(), Run(live=len(rows) == 1)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, run.stop)
    with ThreadPoolExecutor(len(rows)) as threads:
        results = [result for row in threads.map(run.row, rows) for result in row]
    whole = Result("all", "", time.monotonic() - began, sum(result.cpu_s for result in results))
    print("\n=== tiers\n" + "\n".join(map(str, [*results, whole])), flush=True)
    return int(any(result.failed for result in results))


def _asked_for() -> list[list[Tier]]:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="TIER", help=f"only these: {', '.join(NAMES)}")
    parser.add_argument("--long", action="store_true", help="the long tests instead of the short ones")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(NAMES):
        parser.error(f"no such tier: {', '.join(sorted(unknown))}; there are: {', '.join(NAMES)}")
    if asked.long:
        return LONG
    rows = [[tier for tier in row if tier.name in (asked.names or NAMES)] for row in SHORT]
    return [row for row in rows if row]


if __name__ == "__main__":
    sys.exit(main())
