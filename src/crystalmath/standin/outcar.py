"""Write OUTCAR, growing with the run as VASP's does."""

from __future__ import annotations

import resource
import time
from typing import TYPE_CHECKING, Final, TextIO

import numpy as np

from crystalmath.standin.console import BANNER
from crystalmath.standin.electrons import orbital_shares
from crystalmath.standin.outcar_head import head
from crystalmath.standin.text import rows, scientific

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crystalmath.standin.case import Case
    from crystalmath.standin.cell import Cell
    from crystalmath.standin.electrons import Electrons
    from crystalmath.standin.response import Response
    from crystalmath.standin.scf import ElectronicStep

__all__ = ["OutcarWriter"]

_RULE: Final = "-" * 104
_BREAK: Final = f"\n\n{_RULE}\n\n\n"
_KBAR: Final = 1602.1766208
_COMPONENTS: Final = ((0, 0), (1, 1), (2, 2), (0, 1), (1, 2), (2, 0))


class OutcarWriter:
    """OUTCAR; each method writes its part and flushes it."""

    def __init__(self, stream: TextIO) -> None:
        self._out = stream
        self._begun = time.time()
        now = time.strftime("%Y.%m.%d  %H:%M:%S")
        self._write(
            f" {BANNER}\n executed on             {'Python':<10} date {now}\n running on    1 total cores\n"
            " distrk:  each k-point on    1 cores,    1 groups\n"
            f" distr:  one band on NCORE=   1 cores,    1 groups\n{_BREAK}"
        )

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()

    def head(self, case: Case, grid: tuple[int, int, int], fine: tuple[int, int, int], method: str) -> None:
        """Write what VASP writes before the first iteration."""
        self._case = case
        self._write(head(case, grid, fine, method))

    def note(self, text: str) -> None:
        """Write a line of prose."""
        self._write(f" {text}\n")

    def add(self, text: str) -> None:
        """Write a part that only some runs have."""
        self._write(text)

    def electronic_step(self, ionic: int, step: ElectronicStep, moment: float | None) -> None:
        """Write one step of the cycle."""
        electrons, energy = self._case.n_electrons, step.energy_ev
        magnetization = "" if moment is None else f"{moment:16.7f}"
        self._write(
            f"\n{'-' * 39} Iteration {ionic:6d}({step.number:4d})  {'-' * 39}\n\n\n"
            f"    POTLOK:  cpu time    0.0000: real time    0.0000\n"
            f"     EDDAV:  cpu time    0.0000: real time    0.0000\n"
            f"    {'-' * 44}\n      LOOP:  cpu time    0.0000: real time    0.0000\n\n"
            f" eigenvalue-minimisations  :{step.n_evaluations:6d}\n"
            f" total energy-change (2. order) :{scientific(step.change_ev, 13, 7)}"
            f"  ({scientific(step.eigenvalue_change_ev, 13, 7)})\n"
            f" number of electron{electrons:16.7f} magnetization {magnetization}\n"
            f" augmentation part {electrons:16.7f} magnetization {magnetization}\n\n"
            " Free energy of the ion-electron system (eV)\n"
            f"  {'-' * 51}\n"
            f"  entropy T*S    EENTRO = {0.0:19.8f}\n"
            f"  interatomic    EATOM  = {energy:19.8f}\n"
            f"  {'-' * 51}\n"
            f"  free energy    TOTEN  = {energy:19.8f} eV\n\n"
            f"  energy without entropy ={energy:19.8f}  energy(sigma->0) ={energy:19.8f}\n{_BREAK}"
        )

    def end_of_cycle(self, *, converged: bool) -> None:
        """Write why the cycle ended."""
        reason = (
            "aborting loop because EDIFF is reached"
            if converged
            else "aborting loop EDIFF was not reached (unconverged)"
        )
        self._write(f"------------------------ {reason} {'-' * 40}\n\n\n")

    def electrons(self, electrons: Electrons) -> None:
        """Write Fermi level and eigenvalues with occupations (0 to 2 without spin)."""
        mesh, factor = self._case.mesh, 2.0 / len(electrons.energies)
        text = (
            f"\n E-fermi :{electrons.fermi_ev:9.4f}     XC(G=0):{0.0:9.4f}     alpha+bet :{0.0:9.4f}\n\n"
            f" Fermi energy: {electrons.fermi_ev:20.10f}\n"
        )
        numbers = np.arange(1, electrons.energies.shape[2] + 1)
        for spin, (energies, filled) in enumerate(
            zip(electrons.energies, electrons.occupations, strict=True), 1
        ):
            text += f"\n spin component {spin}\n" if factor == 1.0 else ""
            for k, point in enumerate(mesh.points.tolist()):
                text += f"\n k-point{k + 1:6d} :   {point[0]:10.4f}{point[1]:10.4f}{point[2]:10.4f}\n"
                text += "  band No.  band energies     occupation \n"
                table = np.stack((numbers, energies[k], factor * filled[k]), axis=1)
                text += rows(table, "%7d%15.4f%15.5f")
        self._write(f"{text}\n\n{_RULE}\n\n\n")

    def site_tables(self, electrons: Electrons) -> None:
        """Write charge and magnetisation of each ion, as LORBIT asks for."""
        cell, case = self._case.cell, self._case
        shares = np.array([orbital_shares(symbol) for symbol in cell.symbols])
        charge = 0.8 * np.array(case.zval)[cell.types][:, None] * shares
        self._write(_site_table("total charge", charge))
        if case.settings.ispin == 2:
            self._write(_site_table("magnetization (x)", electrons.moments[:, None] * shares))

    def forces_and_stress(self, cell: Cell, response: Response) -> None:
        """Write stress, lattice, positions and forces."""
        self._write(self._stress(cell, response) + self._lattice(cell))
        table = np.concatenate((cell.cartesian, response.forces), axis=1)
        drift = response.forces.sum(axis=0)
        dashes = " " + "-" * 83 + "\n"
        self._write(
            " POSITION                                       TOTAL-FORCE (eV/Angst)\n"
            + dashes
            + rows(table, "%13.5f%13.5f%13.5f %16.6f%14.6f%14.6f")
            + dashes
            + f"    total drift:                          {drift[0]:16.6f}{drift[1]:14.6f}{drift[2]:14.6f}\n"
            + _BREAK
        )

    def _stress(self, cell: Cell, response: Response) -> str:
        """Return the stress table; VASP prints its negative in eV and kB, so that compression is positive."""
        settings = self._case.settings
        if settings.isif == 0:
            return ""
        stress = -response.stress
        if settings.isif == 1:
            stress = np.trace(stress) / 3.0 * np.eye(3)
        in_ev = [stress[i, j] * cell.volume for i, j in _COMPONENTS]
        in_kbar = [stress[i, j] * _KBAR for i, j in _COMPONENTS]
        pressure = float(np.trace(stress)) / 3.0 * _KBAR
        return (
            "\n  FORCE on cell =-STRESS in cart. coord.  units (eV):\n"
            "  Direction    XX          YY          ZZ          XY          YZ          ZX\n"
            f"  {'-' * 86}\n"
            f"  Total   {''.join(f'{x:12.5f}' for x in in_ev)}\n"
            f"  in kB   {''.join(f'{x:12.5f}' for x in in_kbar)}\n"
            f"  external pressure = {pressure - settings.pstress_kbar:11.2f} kB"
            f"  Pullay stress = {settings.pstress_kbar:11.2f} kB\n\n\n"
        )

    def _lattice(self, cell: Cell) -> str:
        both = np.concatenate((cell.lattice, cell.reciprocal), axis=1)
        lengths = np.linalg.norm(both.reshape(3, 2, 3), axis=2).T.ravel()
        return (
            " VOLUME and BASIS-vectors are now :\n " + "-" * 77 + "\n"
            f"  energy-cutoff  : {self._case.encut_ev:11.2f}\n  volume of cell : {cell.volume:11.2f}\n"
            "      direct lattice vectors                 reciprocal lattice vectors\n"
            + rows(both, "  %13.9f%13.9f%13.9f  %13.9f%13.9f%13.9f")
            + "\n  length of vectors\n  "
            + "".join(f"{x:13.9f}" for x in lengths[:3])
            + "  "
            + "".join(f"{x:13.9f}" for x in lengths[3:])
            + "\n\n\n"
        )

    def energies(self, energy_ev: float) -> None:
        """Write the energies of the ionic step."""
        self._write(
            "\n  FREE ENERGIE OF THE ION-ELECTRON SYSTEM (eV)\n"
            f"  {'-' * 51}\n"
            f"  free  energy   TOTEN  = {energy_ev:19.8f} eV\n\n"
            f"  energy  without entropy={energy_ev:19.8f}  energy(sigma->0) ={energy_ev:19.8f}\n{_BREAK}"
        )

    def kinetic(self, energy_ev: float, kinetic_ev: float, temperature_k: float) -> None:
        """Write the energies of a step of molecular dynamics."""
        self._write(
            "\n  ENERGY OF THE ELECTRON-ION-THERMOSTAT SYSTEM (eV)\n"
            f"  {'-' * 51}\n"
            f"% ion-electron   TOTEN  = {energy_ev:19.6f}  see above\n"
            f"  kinetic energy EKIN   = {kinetic_ev:19.6f}  (temperature {temperature_k:8.2f} K)\n"
            f"  total energy   ETOTAL = {energy_ev + kinetic_ev:19.6f} eV\n{_BREAK}"
        )

    def loop_plus(self) -> None:
        """Write the time of an ionic step."""
        self._write("     LOOP+:  cpu time    0.0000: real time    0.0000\n")

    def timing(self) -> None:
        """Write the block that says that the run came to its end."""
        usage = resource.getrusage(resource.RUSAGE_SELF)
        self._write(
            "\n\n General timing and accounting informations for this job:\n " + "=" * 56 + "\n\n"
            f"                  Total CPU time used (sec): {usage.ru_utime + usage.ru_stime:12.3f}\n"
            f"                            User time (sec): {usage.ru_utime:12.3f}\n"
            f"                          System time (sec): {usage.ru_stime:12.3f}\n"
            f"                         Elapsed time (sec): {time.time() - self._begun:12.3f}\n\n"
            f"                   Maximum memory used (kb): {usage.ru_maxrss:12.0f}.\n"
            f"                   Average memory used (kb): {'N/A':>12}\n\n"
            f"                          Minor page faults: {usage.ru_minflt:12d}\n"
            f"                          Major page faults: {usage.ru_majflt:12d}\n"
            f"                 Voluntary context switches: {usage.ru_nvcsw:12d}\n"
        )


def _site_table(title: str, table: NDArray[np.float64]) -> str:
    """Return a table of s, p, d parts and sums of each ion."""
    with_sum = np.concatenate((table, table.sum(axis=1, keepdims=True)), axis=1)
    numbered = np.concatenate((np.arange(1, len(table) + 1)[:, None], with_sum), axis=1)
    total = "".join(f"{x:8.3f}" for x in with_sum.sum(axis=0))
    return (
        f"\n\n {title}\n\n# of ion       s       p       d       tot\n{'-' * 42}\n"
        + rows(numbered, "%5d      %8.3f%8.3f%8.3f%8.3f")
        + f"{'-' * 50}\ntot        {total}\n\n"
    )
