"""From nothing to finished calculations: a silicon relaxation with bands and an aluminium relaxation."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
CRYSTALMATH = Path(sys.executable).parent / "crystalmath"
STEPS = [
    ["init"],
    ["run", "relax_bands", "examples/Si.vasp", "--follow", "--label", "demo: silicon"],
    ["run", "relax", "examples/Al.cif", "--follow", "--label", "demo: aluminium"],
    ["jobs", "--limit", "5"],
]


def main() -> int:
    """Run the steps as a user would type them and print how long each took."""
    times = []
    for arguments in STEPS:
        print(f"\n$ crystalmath {' '.join(arguments)}", flush=True)
        began = time.monotonic()
        status = subprocess.run([CRYSTALMATH, *arguments], cwd=ROOT, check=False).returncode
        times.append(f"{time.monotonic() - began:6.1f} s  crystalmath {' '.join(arguments)}")
        if status != 0:
            print(f"The demo stopped: `crystalmath {arguments[0]}` ended with {status}.", file=sys.stderr)
            return status
    print("\nTimes:\n" + "\n".join(times))
    return 0


if __name__ == "__main__":
    sys.exit(main())
