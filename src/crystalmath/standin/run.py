"""One run in one folder: read, iterate, move, write."""

from __future__ import annotations

import signal
import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, TextIO

import numpy as np

from crystalmath.standin import case as inputs
from crystalmath.standin import density, electrons, failures, potentials, projections, restart, scf, tables
from crystalmath.standin.console import BANNER, Console
from crystalmath.standin.elements import element
from crystalmath.standin.motion import Freedom, minimiser
from crystalmath.standin.outcar import OutcarWriter
from crystalmath.standin.poscar_text import contcar, xdatcar_frame, xdatcar_header
from crystalmath.standin.stop import NOT_STARTED, Refusal, boxed
from crystalmath.standin.vasprun import VasprunWriter

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from crystalmath.standin.case import Case
    from crystalmath.standin.cell import Cell
    from crystalmath.standin.response import Response

__all__ = ["Run", "run"]


def run(folder: Path) -> int:
    """Do the calculation of a folder; return the exit code that VASP would give."""
    stdout = sys.stdout
    stdout.write(f" running on    1 total cores\n {BANNER}\n")
    stdout.flush()
    begun = False
    with ExitStack() as files:
        try:
            case = inputs.read(folder)
            switches = failures.switches(case.settings.system, case.settings.raw)
            begun = True
            if case.settings.properties.images:
                from crystalmath.standin import band

                band.Band(folder, case, switches, files).go()
            else:
                Run(folder, case, switches, files).go()
        except Refusal as refusal:
            text = boxed("ERROR: the run stops here", refusal.lines)
            stdout.write(text)
            stdout.flush()
            if refusal.exit_code != NOT_STARTED:
                _leave_traces(folder, text, begun=begun)
            return refusal.exit_code
    return 0


def _leave_traces(folder: Path, text: str, *, begun: bool) -> None:
    """Write the reason to OUTCAR; a run that had not begun leaves nothing of an earlier one, as with VASP."""
    if begun:
        with (folder / "OUTCAR").open("a", encoding="latin-1", errors="replace") as stream:
            stream.write(text)
        return
    (folder / "OUTCAR").write_text(f" {BANNER}\n{text}", encoding="utf-8")
    for name in ("OSZICAR", "vasprun.xml"):
        (folder / name).write_text("", encoding="utf-8")


class Run:
    """The state of a run: where the ions are, how far it is, which files are open."""

    def __init__(
        self,
        folder: Path,
        case: Case,
        switches: failures.Switches,
        files: ExitStack,
        stdout: TextIO | None = None,
    ) -> None:
        self.folder, self.case, self.switches = folder, case, switches
        self.cell = case.cell
        self.potential = potentials.choose(case.cell.symbols)
        self.grid, self.fine = density.grids(case.cell)
        self._files = files
        self.console = Console(stdout or sys.stdout, self._open("OSZICAR"))
        self.outcar = OutcarWriter(self._open("OUTCAR"))
        self.vasprun = VasprunWriter(self._open("vasprun.xml"), case)
        self.xdatcar = self._open("XDATCAR")
        self.energy_ev, self.ionic = 0.0, 0
        self._solved: tuple[NDArray[np.float64], electrons.Electrons] | None = None
        self.aborted = False

    def _open(self, name: str) -> TextIO:
        return self._files.enter_context((self.folder / name).open("w", encoding="latin-1", errors="replace"))

    def go(self) -> None:
        """Do everything from the greeting to the timing."""
        self.begin()
        settings = self.case.settings
        if settings.ibrion == 0 and settings.nsw > 0:
            from crystalmath.standin.dynamics import propagate

            propagate(self)
        elif settings.properties.phonons == "differences":
            from crystalmath.standin.vibrations import displace

            displace(self)
        else:
            self._relax()
        self.end()

    def begin(self) -> None:
        """Write what comes before the first ionic step."""
        case = self.case
        for name in ("CONTCAR", "CHGCAR", "WAVECAR", "CHG"):
            (self.folder / name).touch()
        for line in case.warnings:
            self.console.say(f" {line}")
        self.console.welcome(case)
        self.outcar.head(case, self.grid, self.fine, self.potential.name)
        self.vasprun.head(self.grid, self.fine)
        (self.folder / "IBZKPT").write_text(tables.ibzkpt(case), encoding="utf-8")
        self.xdatcar.write(xdatcar_header(self.cell))
        self._maybe_fail("start")
        has_wavefunctions = restart.has_wavefunctions(self.folder, case.settings)
        if not has_wavefunctions and case.settings.properties.quasiparticles:
            raise Refusal("ERROR: GW starts from the WAVECAR of an earlier run, and there is none.")
        has_density = restart.has_density(self.folder, case.settings, case.cell)
        self.warm = has_wavefunctions or has_density
        self.console.say(" found WAVECAR, reading the header" if has_wavefunctions else " WAVECAR not read")
        if has_density:
            self.console.say(" charge-density read from file: CHGCAR")
        self.console.say(" entering main loop")

    def _maybe_fail(self, stage: str) -> None:
        """Do what SYSTEM asked for, if this is the place."""
        message = self.switches.message(stage)
        if message is None or (stage != "start" and self.ionic < self.switches.step):
            return
        self.console.say(f" {message.sentence}")
        self.outcar.note(message.sentence)
        if message.fatal:
            raise Refusal(message.sentence)

    def _relax(self) -> None:
        settings = self.case.settings
        freedom, method = Freedom(self.cell, settings), minimiser(settings)
        n_steps = settings.nsw if settings.moves else 1
        for number in range(1, n_steps + 1):
            before = self.energy_ev
            response = self.evaluate(number)
            last = self.aborted or number == n_steps or self.stopped()
            converged = self._converged(freedom, response, before)
            self.close_step(response, last=last or converged)
            self.console.ionic_step(number, self.energy_ev, self.energy_ev - before, self.moment)
            self._maybe_fail("ionic")
            if converged and settings.moves:
                self.console.say(" reached required accuracy - stopping structural energy minimisation")
                self.outcar.note("reached required accuracy - stopping structural energy minimisation")
            if last or converged:
                return
            moved = freedom.apply(self.cell, method.step(freedom.force(self.cell, response)))
            self.place(moved)

    def _converged(self, freedom: Freedom, response: Response, before_ev: float) -> bool:
        settings = self.case.settings
        if not settings.moves:
            return True
        if self.switches.fail in {"ionic", "brions"} or settings.ediffg == 0.0:
            return False
        if settings.ediffg < 0.0:
            return freedom.converged(self.cell, response, -settings.ediffg)
        return self.ionic > 1 and abs(self.energy_ev - before_ev) < settings.ediffg

    def stopped(self) -> bool:
        """Return whether STOPCAR asks for the end, and say so."""
        if not restart.stop_requested(self.folder, "LSTOP"):
            return False
        self.console.say(" soft stop encountered!  aborting job ...")
        self.outcar.note("soft stop encountered!  aborting job ...")
        return True

    def place(self, cell: Cell) -> None:
        """Take the ions to their next place, and keep CONTCAR up to date."""
        self.cell = cell
        (self.folder / "CONTCAR").write_text(contcar(cell), encoding="utf-8")

    def evaluate(self, number: int) -> Response:
        """Go through one self-consistency cycle; leave energy and electrons, return forces and stress."""
        self.ionic = number
        self.console.begin_ionic_step()
        self.vasprun.begin_ionic_step()
        response = self.potential.evaluate(self.cell.lattice, self.cell.cartesian)
        self._cycle(response)
        return response

    @property
    def _electrons(self) -> electrons.Electrons:
        """The electronic structure, which in this model changes with the lattice only."""
        if self._solved is None or not np.array_equal(self._solved[0], self.cell.lattice):
            found = electrons.solve(
                self.cell.lattice,
                self.cell.symbols,
                self.case.mesh,
                self.case.settings,
                n_electrons=self.case.n_electrons,
                n_bands=self.case.n_bands,
            )
            if self.case.settings.properties.quasiparticles:
                found = electrons.quasiparticles(found, self.cell.symbols)
            self._solved = (self.cell.lattice, found)
        return self._solved[1]

    @property
    def moment(self) -> float | None:
        """The moment of the cell in μB, None without spin."""
        return self._electrons.total_moment if self.case.settings.ispin == 2 else None

    def _cycle(self, response: Response) -> None:
        case = self.case
        if case.settings.properties.quasiparticles:
            self.energy_ev = response.energy_ev  # GW takes the states as they are
            return
        cycle = scf.cycle(
            response.energy_ev,
            case.settings,
            n_ions=case.cell.n_ions,
            n_states=case.n_bands * len(case.mesh.points),
            first=self.ionic == 1,
            warm=self.warm,
            never=self.switches.fail == "nelm",
        )
        converged = False
        for step in cycle:
            if step.number == 3:
                self._maybe_fail("electronic")
                if self.switches.fail == "crash" and self.ionic >= self.switches.step:
                    failures.crash()
            time.sleep(self.switches.delay_s)
            self.console.electronic_step(step)
            self.outcar.electronic_step(self.ionic, step, self.moment)
            self.vasprun.electronic_step(step)
            self.energy_ev, converged = step.energy_ev, step.converged
            if restart.stop_requested(self.folder, "LABORT"):
                self.aborted = True
                self.console.say(" hard stop encountered!  aborting job ...")
                self.outcar.note("hard stop encountered!  aborting job ...")
                break
        self.outcar.end_of_cycle(converged=converged)

    def close_step(self, response: Response, *, last: bool, kinetic_ev: float | None = None) -> None:
        """Write what an ionic step leaves behind."""
        if self.ionic == 1 or last:
            self.outcar.electrons(self._electrons)
        if last and self.case.settings.lorbit >= 10:
            self.outcar.site_tables(self._electrons)
        self.outcar.forces_and_stress(self.cell, response)
        self.outcar.energies(self.energy_ev)
        self.vasprun.ionic_step(self.cell, response, self.energy_ev, kinetic_ev)
        self.xdatcar.write(xdatcar_frame(self.cell, self.ionic))
        self.xdatcar.flush()
        if last:
            self._finish_electrons()
            if self.case.settings.properties.observables:
                from crystalmath.standin import observables

                observables.write(self)
        self.vasprun.end_ionic_step()
        self.outcar.loop_plus()
        if self.switches.fail == "walltime" and self.ionic >= self.switches.step:
            failures.hang()
        time.sleep(self.switches.pause_s)

    def _finish_electrons(self) -> None:
        case = self.case
        dos = electrons.dos(self._electrons, case.mesh.filling_weights, case.settings)
        if self.switches.fail == "truncated":
            self.vasprun.truncated(self._electrons)
            failures.crash(signal.SIGKILL)
        self.vasprun.electrons(self._electrons, dos)
        texts = {
            "EIGENVAL": tables.eigenval(case, self.cell, self._electrons),
            "DOSCAR": tables.doscar(case, self.cell, self._electrons, dos),
            "PCDAT": tables.pcdat(case, self.cell),
        }
        small = self._electrons.energies.size * case.cell.n_ions <= projections.MOST_ROWS
        if case.settings.lorbit >= 10 and small:
            texts["PROCAR"] = projections.procar(case, self._electrons)
        for name, text in texts.items():
            (self.folder / name).write_text(text, encoding="utf-8")

    def end(self) -> None:
        """Write what comes after the last ionic step."""
        settings = self.case.settings
        self.place(self.cell)
        for name, text in self._volumes().items():
            (self.folder / name).write_text(text, encoding="utf-8")
        if settings.lwave:
            self.console.say(" writing wavefunctions")
            (self.folder / "WAVECAR").write_text(restart.wavecar(self.cell), encoding="utf-8")
        self.vasprun.tail(self.cell)
        self.outcar.timing()

    def _volumes(self) -> dict[str, str]:
        """Return the files that hold a density or a potential."""
        case, cell, wanted = self.case, self.cell, self.case.settings.properties
        zval = np.array(case.zval)[cell.types]
        valence = zval * case.n_electrons / float(zval.sum())
        texts: dict[str, str] = {}
        if case.settings.lcharg and case.settings.icharg < 10:
            parts = [valence] if case.settings.ispin == 1 else [valence, self._electrons.moments]
            texts["CHGCAR"], texts["CHG"] = density.chgcar(cell, self.fine, parts)
        if wanted.all_electron_density:
            core = np.array([element(symbol).number for symbol in cell.symbols]) - zval
            texts |= density.all_electron(cell, self.fine, core, valence)
        if wanted.potential:
            texts["LOCPOT"] = density.locpot(cell, self.fine, zval, valence)
        if wanted.localisation:
            texts["ELFCAR"] = density.electron_localisation(cell, self.fine, valence)
        return texts
