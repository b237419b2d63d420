"""What a run adds after its last ionic step: response tensors, vibrations, optics, polarisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from crystalmath.standin import dielectric, observables_text, xml_text
from crystalmath.standin.pair import charges
from crystalmath.standin.poscar_text import contcar
from crystalmath.standin.vibrations import configuration, force_constants, vibrations

if TYPE_CHECKING:
    from crystalmath.standin.cell import Cell
    from crystalmath.standin.dielectric import Ionic
    from crystalmath.standin.run import Run
    from crystalmath.standin.vibrations import Vibrations

__all__ = ["write"]

_WAVEDER: Final = (
    "crystalmath-standin: this file marks a finished run; it holds no derivatives of wavefunctions\n"
)


def write(run: Run) -> None:
    """Write to vasprun.xml and OUTCAR, and to files of their own, what the INCAR asks for."""
    wanted = run.case.settings.properties
    if wanted.optics:
        _optics(run)
    if wanted.polarisation:
        _polarisation(run)
    if wanted.dielectric:
        _electronic(run, run.case.cell if wanted.phonons else run.cell)
    if wanted.phonons:
        _phonons(run)


def _optics(run: Run) -> None:
    grid, real, imaginary = dielectric.dielectric_function(run.case, run.cell)
    for kind in ("density-density", "current-current"):
        run.vasprun.add(xml_text.dielectric_function(kind, grid, real, imaginary))
    run.outcar.add(observables_text.optics(grid, real, imaginary))
    (run.folder / "WAVEDER").write_text(_WAVEDER, encoding="utf-8")


def _polarisation(run: Run) -> None:
    """Write the dipoles of ions of charge ZVAL and of the electrons that leave each with its model charge.

    Both are along the lattice of the cell as given, without reduction to one branch.
    """
    cell = run.cell
    valence = np.array(run.case.zval)[cell.types]
    ions = valence @ cell.cartesian
    electrons = (charges(cell.symbols) - valence) @ cell.cartesian
    run.outcar.add(observables_text.dipoles(ions, electrons, spin=run.case.settings.ispin == 2))


def _electronic(run: Run, cell: Cell) -> None:
    with_fields, without = dielectric.electronic(run.case, cell)
    born = dielectric.born_charges(cell.symbols)[:, None, None] * np.eye(3)
    run.vasprun.add(
        xml_text.varray("epsilon", with_fields, "  ")
        + xml_text.varray("epsilon_rpa", without, "  ")
        + xml_text.array_of_tensors("born_charges", born)
    )
    run.outcar.add(observables_text.dielectric(with_fields, without, born))


def _phonons(run: Run) -> None:
    """Write the vibrations of the cell that the run began with, and what ions add to the tensors."""
    case, wanted = run.case, run.case.settings.properties
    phi = force_constants(run.potential, case.cell, wanted.displacement_angstrom)
    found = vibrations(phi, case)
    answer = dielectric.ionic(run.potential, case.cell, phi)
    _vibrations(run, found, answer)
    if wanted.dielectric:
        run.vasprun.add(xml_text.varray("epsilon_ion", answer.dielectric, "  "))
        run.outcar.add(observables_text.ionic(answer, full=wanted.phonons == "perturbation"))
    if case.settings.isif >= 3:
        run.outcar.add(observables_text.elastic(answer))
    for temperature in wanted.temperatures_k:
        name = f"POSCAR.T={temperature:.0f}."
        text = contcar(configuration(found, case, temperature)).split("\n\n")[0] + "\n"
        (run.folder / name).write_text(text, encoding="utf-8")


def _vibrations(run: Run, found: Vibrations, answer: Ionic) -> None:
    run.vasprun.add(xml_text.dynmat(found.hessian, found.eigenvalues, found.eigenvectors))
    run.outcar.add(
        observables_text.internal_strain(answer.internal_strain)
        + observables_text.modes(
            run.case.cell, found.force_constants, found.frequencies_thz, found.eigenvectors
        )
    )
