"""A nudged elastic band: images in folders 01 … 0N between the fixed ends 00 and 0N+1.

Forces follow Henkelman, Uberuaga and Jónsson, J. Chem. Phys. 113, 9901 and 9978 (2000): the true force
across the tangent and a spring along it; with LCLIMB the highest image climbs. All images move together, by
IBRION's minimiser, or by limited-memory BFGS where the INCAR leaves that to others (IOPT, POTIM = 0).
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from crystalmath.standin import case as inputs
from crystalmath.standin import potentials, restart
from crystalmath.standin.motion import Freedom, QuasiNewton, minimiser
from crystalmath.standin.run import Run
from crystalmath.standin.stop import Refusal

if TYPE_CHECKING:
    from contextlib import ExitStack
    from pathlib import Path

    from numpy.typing import NDArray

    from crystalmath.standin.case import Case
    from crystalmath.standin.cell import Cell
    from crystalmath.standin.failures import Switches
    from crystalmath.standin.motion import Minimiser
    from crystalmath.standin.response import Response

__all__ = ["Band", "tangents"]

_FIRST_CURVATURE: Final = 0.02  # Å²/eV


class Band:
    """The images of a band, each a run in a folder of its own; the first one speaks on stdout."""

    def __init__(self, folder: Path, case: Case, switches: Switches, files: ExitStack) -> None:
        self._folder, self._case = folder, case
        count = case.settings.properties.images
        cells = [inputs.read_cell(folder / f"{i:02d}", case.potcars)[0] for i in range(count + 2)]
        if any(cell.counts != case.cell.counts for cell in cells):
            raise Refusal("ERROR: the images of the band do not have the same ions.")
        self._ends = (cells[0], cells[-1])
        potential = potentials.choose(case.cell.symbols)
        self._end_energies = tuple(potential.evaluate(c.lattice, c.cartesian).energy_ev for c in self._ends)
        self._images = []
        for number, cell in enumerate(cells[1:-1], start=1):
            own = folder / f"{number:02d}"
            stdout = None if number == 1 else files.enter_context((own / "stdout").open("w"))
            self._images.append(Run(own, replace(case, cell=cell), switches, files, stdout))

    def go(self) -> None:
        """Relax the band for NSW steps at most."""
        settings = self._case.settings
        for image in self._images:
            image.begin()
        freedoms = [Freedom(image.cell, settings) for image in self._images]
        method = self._minimiser()
        n_steps = settings.nsw if settings.moves else 1
        energies = np.full(len(self._images), np.inf)
        for number in range(1, n_steps + 1):
            responses = [image.evaluate(number) for image in self._images]
            forces = self._forces(responses)
            projected = [
                freedom.on_ions(image.cell, force)
                for freedom, image, force in zip(freedoms, self._images, forces, strict=True)
            ]
            before, energies = energies, np.array([image.energy_ev for image in self._images])
            done = self._converged(projected, float(np.abs(energies - before).max()))
            stop = number == n_steps or restart.stop_requested(self._folder, "LSTOP")
            self._close(responses, forces, before, last=done or stop)
            if done or stop:
                break
            self._move(freedoms, method.step(np.concatenate([force.ravel() for force in projected])))
        for image in self._images:
            if done and settings.moves:
                image.console.say(" reached required accuracy - stopping structural energy minimisation")
                image.outcar.note("reached required accuracy - stopping structural energy minimisation")
            image.end()

    def _minimiser(self) -> Minimiser:
        settings = self._case.settings
        if "IOPT" in settings.raw or settings.potim <= 0.0:
            return QuasiNewton(_FIRST_CURVATURE)
        return minimiser(settings)

    def _converged(self, forces: list[NDArray[np.float64]], change_ev: float) -> bool:
        ediffg = self._case.settings.ediffg
        if ediffg < 0.0:
            return max(float(np.linalg.norm(force, axis=1).max()) for force in forces) < -ediffg
        return change_ev < ediffg

    def _forces(self, responses: list[Response]) -> list[NDArray[np.float64]]:
        """Return the forces of the band on each image (N x 3 each, eV/Å)."""
        wanted = self._case.settings.properties
        cells = [self._ends[0], *(image.cell for image in self._images), self._ends[1]]
        start, end = self._end_energies
        energies = [start, *(response.energy_ev for response in responses), end]
        along, stretch = tangents(cells, energies)
        highest = int(np.argmax(energies[1:-1]))
        found = []
        for number, (response, tangent) in enumerate(zip(responses, along, strict=True)):
            push = float(np.sum(response.forces * tangent))
            if wanted.climbs and number == highest:
                found.append(response.forces - 2.0 * push * tangent)
            else:
                spring = abs(wanted.spring) * (stretch[number + 1] - stretch[number])
                found.append(response.forces - push * tangent + spring * tangent)
        return found

    def _close(
        self,
        responses: list[Response],
        forces: list[NDArray[np.float64]],
        before: NDArray[np.float64],
        *,
        last: bool,
    ) -> None:
        for image, response, force, old in zip(self._images, responses, forces, before.tolist(), strict=True):
            pull = float(np.linalg.norm(force - response.forces))
            image.outcar.note(f"NEB: projections on to tangent (spring, REAL) {pull:14.6f}{0.0:14.6f}")
            image.close_step(replace(response, forces=force), last=last)
            change = image.energy_ev - (old if np.isfinite(old) else 0.0)
            image.console.ionic_step(image.ionic, image.energy_ev, change, image.moment)

    def _move(self, freedoms: list[Freedom], step: NDArray[np.float64]) -> None:
        parts = np.split(step, len(self._images))
        for image, freedom, part in zip(self._images, freedoms, parts, strict=True):
            image.place(freedom.apply(image.cell, np.concatenate((part, np.zeros(9)))))


def tangents(cells: list[Cell], energies: list[float]) -> tuple[list[NDArray[np.float64]], list[float]]:
    """Return the unit tangent at each inner image (N x 3), towards the end, and the distances between images.

    `cells` and `energies` (eV) include the fixed ends. The tangent points to the higher neighbour; at extrema
    both directions count, weighted by the differences in energy.
    """
    moves = [_between(one, two) for one, two in pairwise(cells)]
    found = []
    for number in range(1, len(cells) - 1):
        back, ahead = moves[number - 1], moves[number]
        down, up = energies[number] - energies[number - 1], energies[number + 1] - energies[number]
        if down > 0.0 and up > 0.0:
            tangent = ahead
        elif down < 0.0 and up < 0.0:
            tangent = back
        else:
            large, small = max(abs(up), abs(down)), min(abs(up), abs(down))
            uphill = energies[number + 1] > energies[number - 1]
            tangent = ahead * (large if uphill else small) + back * (small if uphill else large)
            tangent = tangent if np.any(tangent) else ahead + back
        found.append(tangent / max(float(np.linalg.norm(tangent)), 1e-12))
    return found, [float(np.linalg.norm(move)) for move in moves]


def _between(one: Cell, two: Cell) -> NDArray[np.float64]:
    """Return the shortest way of each ion from one image to the next, N x 3 in Å."""
    apart = two.fractional - one.fractional
    return (apart - np.round(apart)) @ (0.5 * (one.lattice + two.lattice))
