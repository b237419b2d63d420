"""The console script `crystalmath-standin`."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from crystalmath.standin.console import BANNER

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

_RANKS = ("OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK", "SLURM_PROCID")
_USAGE = f"""{BANNER}

usage: crystalmath-standin                 run in the current folder, as vasp_std would
       crystalmath-standin --potcars DIR   write synthetic POTCARs for all elements below DIR
       crystalmath-standin --version       print what it is
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run in the current folder, or write POTCARs; return the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == ["--version"]:
        sys.stdout.write(BANNER + "\n")
        return 0
    if given[:1] == ["--potcars"] and len(given) == 2:
        from crystalmath.standin import potcars

        sys.stdout.write(f"{potcars.write_library(Path(given[1]))} synthetic POTCARs below {given[1]}\n")
        return 0
    if given:
        sys.stderr.write(_USAGE)
        return 0 if given[0] in {"-h", "--help"} else 2
    if any(os.environ.get(name, "0") not in {"", "0"} for name in _RANKS):
        return 0  # one rank computes, the others are there because a launcher started them
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    folder = Path.cwd()
    _log(folder)
    from crystalmath.standin.run import run

    return run(folder)


def _log(folder: Path) -> None:
    """Append one line with folder and process to standin.log and to the file the environment names."""
    line = f"{folder} {os.getpid()}\n".encode()
    names = [folder / "standin.log"]
    if os.environ.get("CRYSTALMATH_STANDIN_LOG"):
        names.append(Path(os.environ["CRYSTALMATH_STANDIN_LOG"]))
    for name in names:
        descriptor = os.open(name, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(descriptor, line)  # a single write, so that lines of several processes do not mix
        finally:
            os.close(descriptor)


if __name__ == "__main__":
    sys.exit(main())
