"""What VASP prints while it runs, on stdout and in OSZICAR."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TextIO

from crystalmath.standin import PROGRAM, VERSION
from crystalmath.standin.text import exponent, scientific

if TYPE_CHECKING:
    from crystalmath.standin.case import Case
    from crystalmath.standin.scf import ElectronicStep

__all__ = ["BANNER", "Console"]

BANNER: Final = f"{PROGRAM} {VERSION}: this is not VASP, its numbers are those of toy models"
_HEADER: Final = (
    "       N       E                     dE             d eps       ncg     rms          rms(c)\n"
)


class Console:
    """stdout and OSZICAR, line by line."""

    def __init__(self, stdout: TextIO, oszicar: TextIO) -> None:
        self._stdout = stdout
        self._oszicar = oszicar

    def say(self, text: str) -> None:
        """Print on stdout only."""
        self._stdout.write(text + "\n")
        self._stdout.flush()

    def _both(self, text: str) -> None:
        for stream in (self._stdout, self._oszicar):
            stream.write(text)
            stream.flush()

    def welcome(self, case: Case) -> None:
        """Print what VASP prints after it has read its input."""
        names = " ".join(case.cell.species)
        self.say(f" POSCAR found type information on POSCAR {names}")
        self.say(f" POSCAR found :{len(case.cell.species):3d} types and{case.cell.n_ions:8d} ions")
        self.say(" POSCAR, INCAR and KPOINTS ok, starting setup")

    def begin_ionic_step(self) -> None:
        """Print the header of a cycle."""
        self._both(_HEADER)

    def electronic_step(self, step: ElectronicStep) -> None:
        """Print one step of the cycle."""
        line = (
            f"{step.label}:{step.number:4d}  {scientific(step.energy_ev, 20, 12)}"
            f"  {scientific(step.change_ev, 13, 5)}  {scientific(step.eigenvalue_change_ev, 13, 5)}"
            f"{step.n_evaluations:6d}{scientific(step.rms, 12, 3)}"
        )
        if step.rms_charge is not None:
            line += scientific(step.rms_charge, 13, 3)
        self._both(line + "\n")

    def ionic_step(self, number: int, energy_ev: float, change_ev: float, moment: float | None) -> None:
        """Print the summary of an ionic step."""
        line = (
            f"{number:4d} F= {exponent(energy_ev)} E0= {exponent(energy_ev)}  d E ={exponent(change_ev, 6)}"
        )
        if moment is not None:
            line += f"  mag={moment:11.4f}"
        self._both(line + "\n")

    def dynamics_step(
        self, number: int, temperature_k: float, energy_ev: float, kinetic_ev: float, moment: float | None
    ) -> None:
        """Print the summary of a step of molecular dynamics."""
        line = (
            f"{number:7d} T={temperature_k:6.0f}. E= {exponent(energy_ev + kinetic_ev)}"
            f" F= {exponent(energy_ev)}  E0= {exponent(energy_ev)}"
            f"  EK= {exponent(kinetic_ev, 5)} SP= 0.00E+00 SK= 0.00E+00"
        )
        if moment is not None:
            line += f" mag={moment:11.4f}"
        self._both(line + "\n")
