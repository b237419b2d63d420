"""Start a VASP executable on two silicon atoms to see whether it starts at all.

Launcher, modules and libraries are what goes wrong when a VASP is registered. What counts is the first
line of OUTCAR or of the output, which names the program; that the tiny run converges is not asked.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from crystalmath.engine.faults import storage_faults
from crystalmath.errors import CodeError, PotcarError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["run"]

INPUT = {
    "INCAR": "ENCUT = 150\nNELM = 1\nISTART = 0\nICHARG = 2\nLWAVE = .FALSE.\nLCHARG = .FALSE.\n",
    "KPOINTS": "Gamma\n0\nGamma\n1 1 1\n0 0 0\n",
    "POSCAR": "Si\n1.0\n0.0 2.73 2.73\n2.73 0.0 2.73\n2.73 2.73 0.0\nSi\n2\nDirect\n0 0 0\n0.25 0.25 0.25\n",
}
_BANNER = re.compile(
    r"^\s*(vasp\.\d\S*|running\s+(?:on\s+)?\d+ .*(?:nodes|cores|mpi-ranks)|.*stand-?in.*)",
    re.IGNORECASE | re.MULTILINE,
)


def run(
    executable: Path,
    launcher: Sequence[str],
    *,
    prepend: str,
    threads: int,
    scratch: Path,
    potcars: Path | None,
    timeout_s: float,
) -> str:
    """Start the executable as a job would and return the line in which it names itself.

    Raises CodeError with what the shell or the program said when it does not start, and when it says
    nothing within `timeout_s` seconds.
    """
    with storage_faults("The trial of the executable cannot be prepared"):
        scratch.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="trial-", dir=scratch))
        try:
            _write_input(folder, potcars)
            lines = ["#!/bin/bash", f"export OMP_NUM_THREADS={threads}", prepend]
            (folder / "run.sh").write_text("\n".join([*lines, shlex.join([*launcher, str(executable)]), ""]))
            said = _start(folder, executable, timeout_s)
            return _judge(folder, executable, said)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _write_input(folder: Path, potcars: Path | None) -> None:
    from crystalmath import potcars as libraries

    for name, text in INPUT.items():
        (folder / name).write_text(text)
    try:
        potcar = libraries.assemble(("Si",), "PBE_54", libraries.library(potcars))
    except PotcarError:
        return  # VASP names itself before it misses its POTCAR
    (folder / "POTCAR").write_bytes(potcar)


def _start(folder: Path, executable: Path, timeout_s: float) -> str:
    process = subprocess.Popen(
        ["/bin/bash", "run.sh"],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        said, _ = process.communicate(timeout=timeout_s)
    except subprocess.TimeoutExpired as error:
        os.killpg(process.pid, signal.SIGKILL)
        said, _ = process.communicate()
        if not _named(folder, said):
            raise CodeError(
                f"{executable} said nothing within {timeout_s:g} s",
                hint="Start it by hand with the same launcher and lines to see what it waits for.",
            ) from error
    return said


def _judge(folder: Path, executable: Path, said: str) -> str:
    name = _named(folder, said)
    if name is None:
        last = [line.strip() for line in said.splitlines() if line.strip()][-1:] or ["nothing at all"]
        raise CodeError(
            f"{executable} does not start as VASP does; it said: {last[0][:200]}",
            hint="Check the path, the launcher line (--launcher) and the lines before it (--prepend).",
        )
    return name


def _named(folder: Path, said: str) -> str | None:
    try:
        with (folder / "OUTCAR").open(errors="replace") as outcar:
            first = outcar.read(2000)
    except OSError:
        first = ""
    found = _BANNER.search(first) or _BANNER.search(said)
    return found[0].strip() if found else None
