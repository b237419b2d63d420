"""How a VASP run ended, judged by the files that it left."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crystalmath.results import outcar
from crystalmath.standin import is_standin_program

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["GUARD_LINE", "IMAGE", "Ending", "images", "is_standin", "message_of", "read"]

HEAD_BYTES = 4_096
TAIL_BYTES = 262_144
GUARD_LINE = "crystalmath: this folder has been used before"
IMAGE = re.compile(r"[0-9][0-9]")  # the folder of an image of a nudged elastic band

PROGRAM = re.compile(rb'<i name="program"[^>]*>\s*([^<]*?)\s*</i>')
BOX_TITLE = re.compile(r"^\s*\|\s+(?:EEEEEEE\b|ERROR: the run stops here)")  # VASP's, the stand-in's
VASP_NAME = re.compile(r"^\s*vasp\.\d", re.MULTILINE)
BOX_LINE = re.compile(r"^\s*\|(.*?)\|?\s*$")
DRAWING = re.compile(r"^[\s#EROL]*$")
BYE = re.compile(r"I REFUSE TO CONTINUE|----->|<-----|---->")
FATAL = tuple(
    re.compile(pattern)
    for pattern in (
        r"VERY BAD NEWS",
        r"\b[Ii]nternal error\b",
        r"\bfatal error\b",
        r"^\s*Error\s+\w+",
        r"\bERROR\b",
        r"\bis a good joke\b",
        r"Call to \w+ failed|call to ZHEGV failed",
        r"Routine \w+ failed",
        r"forrtl: severe",
        r"Segmentation fault|SIGSEGV|SIGBUS",
        r"[Oo]ut of memory|oom-kill|Cannot allocate memory|insufficient virtual memory",
        r"No space left on device",
        r"parameter number\s+\d+ had an illegal value",
        r"very serious problems",
        r"non-integer element in rotation matrix|inverse of rotation matrix was not found",
        r"not all point group operations|Inconsistent Bravais lattice types|group operation missing",
    )
)
NOT_STARTED = re.compile(
    r"(command not found|[Nn]o such file or directory|cannot execute|Permission denied"
    r"|error while loading shared libraries|not recognized as).*"
)
TIME_LIMIT = re.compile(
    r"DUE TO TIME LIMIT|[Ww]alltime .*exceeded|exceeded .*walltime|TERM_RUNLIMIT|job killed: walltime"
)
COMPLAINTS = {
    "BRMIX: very serious problems": "The charge mixing met serious problems (BRMIX)",
    "Sub-Space-Matrix is not hermitian": "The subspace matrix was not Hermitian (Davidson)",
    "TOO FEW BANDS": "There were too few bands (NBANDS)",
    "Call to ZHEGV failed": "A diagonalisation failed and was repeated (ZHEGV)",
    "call to ZHEGV failed": "A diagonalisation failed and was repeated (ZHEGV)",
    "The distance between some ions is very small": "Some atoms are very close to each other",
    "Your highest band is occupied": "The highest band is occupied at some k-points (NBANDS)",
}


@dataclass(frozen=True, slots=True)
class Ending:
    """What the files of a finished run say about its end.

    `message` is VASP's own last complaint where it did not reach its end; `complaints` are those of a run
    that went on. `program` is the name in vasprun.xml.
    """

    has_vasprun: bool
    vasprun_complete: bool
    outcar: outcar.OutcarEnd
    has_outcar: bool
    program: str
    message: str
    not_started: str
    started_twice: bool
    out_of_time: bool
    complaints: tuple[str, ...]


def read(directory: Path, image: Path | None = None) -> Ending:
    """Return how the run ended whose (uncompressed) files are in the directory.

    `image` is the folder of an image of a band: what VASP writes there is read there.
    """
    outputs = image or directory
    vasprun = outputs / "vasprun.xml"
    has_vasprun = vasprun.is_file() and vasprun.stat().st_size > 0
    end = outcar.read_end(outputs / "OUTCAR")
    said = _ends(directory / "vasp.out")
    errors = _ends(directory / "std_err.txt")
    scheduler = _ends(directory / "_scheduler-stderr.txt") + "\n" + _ends(directory / "_scheduler-stdout.txt")
    quiet = not end.finished
    return Ending(
        has_vasprun=has_vasprun,
        vasprun_complete=has_vasprun and b"</modeling>" in _tail(vasprun, 256),
        outcar=end,
        has_outcar=(outputs / "OUTCAR").is_file() and (outputs / "OUTCAR").stat().st_size > 0,
        program=_program(vasprun) if has_vasprun else "",
        message=(message_of(said) or message_of(errors) or message_of(scheduler)) if quiet else "",
        not_started=_match(NOT_STARTED, errors + "\n" + scheduler) if quiet and not has_vasprun else "",
        started_twice=GUARD_LINE in scheduler,
        out_of_time=TIME_LIMIT.search(scheduler) is not None,
        complaints=tuple(dict.fromkeys(said_so for mark, said_so in COMPLAINTS.items() if mark in said)),
    )


def is_standin(said: str) -> bool | None:
    """Return whether the program whose output begins so is the stand-in, None when it names itself not."""
    if any(is_standin_program(line) for line in said.splitlines()):
        return True
    return False if VASP_NAME.search(said) else None


def images(directory: Path) -> tuple[Path, ...]:
    """Return the folders of the images that VASP relaxed, without the two fixed ends; none of other runs."""
    found = sorted(path for path in directory.iterdir() if path.is_dir() and IMAGE.fullmatch(path.name))
    return tuple(found[1:-1])


def message_of(text: str) -> str:
    """Return the complaint with which VASP stopped, on one line; empty when it made none."""
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines) if BOX_TITLE.match(line)]
    if starts:
        boxed = _boxed(lines[starts[-1] :])
        if boxed:
            return boxed
    for number in range(len(lines) - 1, -1, -1):
        if any(pattern.search(lines[number]) for pattern in FATAL):
            goes_on = lines[number].rstrip().endswith((":", ","))
            return _shortened(lines[number : number + 2] if goes_on else lines[number : number + 1])
    return ""


def _shortened(lines: list[str]) -> str:
    return textwrap.shorten(" ".join(line.strip(" |") for line in lines), 300, placeholder=" …")


def _boxed(lines: list[str]) -> str:
    """Return the sentence in an error box, whose first lines draw or write the word ERROR."""
    words: list[str] = []
    for line in lines[1:]:
        inner = BOX_LINE.match(line)
        if inner is None or BYE.search(line):
            break
        text = inner.group(1).strip(" |")
        if not DRAWING.match(text) and "#" not in text:
            words.append(text)
    return _shortened(words)


def _match(pattern: re.Pattern[str], text: str) -> str:
    found = next((line for line in text.splitlines() if pattern.search(line)), "")
    return _shortened([found])


def _program(vasprun: Path) -> str:
    with vasprun.open("rb") as file:
        found = PROGRAM.search(file.read(HEAD_BYTES))
    return found.group(1).decode(errors="replace") if found else ""


def _tail(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - size))
        return file.read(size)


def _ends(path: Path) -> str:
    """Return the beginning and the end of a text file, all of it when it is small."""
    if not path.is_file():
        return ""
    if path.stat().st_size <= HEAD_BYTES + TAIL_BYTES:
        return path.read_text(errors="replace")
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    return (head + b"\n" + _tail(path, TAIL_BYTES)).decode(errors="replace")
