"""Failures and delays on request, by a word in SYSTEM: `SYSTEM = any text standin:fail=eddrmm,delay=0.2`.

    fail=NAME        one of `NAMES`
    delay=SECONDS    sleep in every electronic step
    pause=SECONDS    sleep after every ionic step
    unless=TAG:VALUE do not fail once the INCAR holds that value: what an error handler would set
    step=N           the ionic step that fails, 1 unless given

The sentences are the ones by which error handlers know VASP's failures.
"""

from __future__ import annotations

import os
import re
import resource
import signal
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from crystalmath.standin.stop import NOT_STARTED, Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["NAMES", "Message", "Switches", "crash", "hang", "switches"]

_WORD: Final = re.compile(r"standin:([^\s\"']+)", re.IGNORECASE)


class Message(NamedTuple):
    """A failure that is a sentence: when it comes, whether the run ends there, what it says."""

    stage: str  # start, electronic or ionic
    fatal: bool
    sentence: str


_MESSAGES: Final = {
    "posmap": Message("start", True, "POSMAP internal error: symmetry equivalent atom not found,"),
    "pricel": Message("start", True, "internal error in subroutine PRICEL (probably precision problem)"),
    "rhosyg": Message("start", True, "internal error in subroutine RHOSYG: stars are not distinct"),
    "rot_matrix": Message("start", True, "Found some non-integer element in rotation matrix"),
    "inv_rot_mat": Message("start", True, "inverse of rotation matrix was not found (increase SYMPREC)"),
    "ibzkpt": Message("start", True, "IBZKPT: not all point group operations associated with the lattice"),
    "point_group": Message("start", True, "VERY BAD NEWS! internal error: group operation missing"),
    "bravais": Message("start", True, "Inconsistent Bravais lattice types found for crystalline and"),
    "real_optlay": Message("start", True, "REAL_OPTLAY: internal error (1)"),
    "rspher": Message("start", True, "ERROR RSPHER: internal error"),
    "too_few_bands": Message("electronic", False, "TOO FEW BANDS!! Please increase the parameter NBANDS"),
    "brmix": Message("electronic", True, "BRMIX: very serious problems, the charge densities differ"),
    "dentet": Message("electronic", False, "WARNING: DENTET: can't reach specified precision"),
    "eddrmm": Message("electronic", True, "WARNING in EDDRMM: call to ZHEGV failed, returncode =  6  3  10"),
    "edddav": Message("electronic", True, "Error EDDDAV: Call to ZHEGV failed. Returncode =   7 1   8"),
    "eddiag": Message("electronic", True, "ERROR in EDDIAG: call to ZHEEV/ZHEEVX/DSYEV/DSYEVX failed! 5"),
    "pssyevx": Message("electronic", True, "ERROR in subspace rotation PSSYEVX: eigenvalues not found"),
    "zheev": Message("electronic", True, "ERROR EDDIAG: Call to routine ZHEEV failed! 1"),
    "subspacematrix": Message("electronic", False, "WARNING: Sub-Space-Matrix is not hermitian in DAV"),
    "zpotrf": Message("electronic", True, "LAPACK: Routine ZPOTRF failed! 8"),
    "brions": Message("ionic", False, "BRIONS problems: POTIM should be increased"),
    "zbrent": Message("ionic", True, "ZBRENT: fatal error in bracketing"),
}  # fmt: skip
_DEEDS: Final = ("crash", "ionic", "nelm", "nostart", "truncated", "walltime")
NAMES: Final = tuple(sorted((*_MESSAGES, *_DEEDS)))


@dataclass(frozen=True, slots=True)
class Switches:
    """What SYSTEM asks for; times in seconds; `fail` is empty when nothing shall fail."""

    fail: str = ""
    delay_s: float = 0.0
    pause_s: float = 0.0
    step: int = 1

    def message(self, stage: str) -> Message | None:
        """Return the sentence due at a stage."""
        found = _MESSAGES.get(self.fail)
        return found if found is not None and found.stage == stage else None


def switches(system: str, values: Mapping[str, str]) -> Switches:
    """Return the switches in SYSTEM; `values` are those of the INCAR, for `unless`.

    Raises:
        Refusal: a switch has an unknown name or value.
    """
    found: dict[str, str] = {}
    for word in _WORD.findall(system):
        for part in word.split(","):
            name, equals, text = part.partition("=")
            if not equals or name.lower() not in {"fail", "delay", "pause", "unless", "step"}:
                raise Refusal(f"SYSTEM: unknown switch {part!r}; known are fail, delay, pause, unless, step.")
            found[name.lower()] = text
    fail = found.get("fail", "").lower()
    if fail and fail not in NAMES:
        raise Refusal(f"SYSTEM: unknown failure {fail!r}; known are {', '.join(NAMES)}.")
    if "unless" in found and _holds(found["unless"], values):
        fail = ""
    if fail == "nostart":
        raise Refusal(
            "error while loading shared libraries: libstandin.so: cannot open", exit_code=NOT_STARTED
        )
    try:
        return Switches(
            fail, float(found.get("delay", 0)), float(found.get("pause", 0)), int(found.get("step", 1))
        )
    except ValueError as error:
        raise Refusal(f"SYSTEM: a switch has an unreadable value: {error}.") from error


def _holds(condition: str, values: Mapping[str, str]) -> bool:
    """Return whether the INCAR holds TAG:VALUE, numbers compared as numbers."""
    tag, _, wanted = condition.partition(":")
    given = values.get(tag.upper(), "").strip()
    try:
        return abs(float(given) - float(wanted)) <= 1e-9 * max(1.0, abs(float(wanted)))
    except ValueError:
        return given.lower() == wanted.lower()


def crash(number: signal.Signals = signal.SIGSEGV) -> None:
    """Die at once by a signal, leaving every file as it is."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(number, signal.SIG_DFL) if number != signal.SIGKILL else None
    os.kill(os.getpid(), number)


def hang() -> None:
    """Do nothing until killed."""
    while True:
        time.sleep(3600.0)
