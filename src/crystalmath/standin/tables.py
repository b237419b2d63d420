"""The smaller output files: EIGENVAL, DOSCAR, IBZKPT and PCDAT."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from crystalmath.standin.neighbours import find_pairs
from crystalmath.standin.text import rows, scientific

if TYPE_CHECKING:
    from crystalmath.standin.case import Case
    from crystalmath.standin.cell import Cell
    from crystalmath.standin.electrons import Dos, Electrons

__all__ = ["doscar", "eigenval", "ibzkpt", "pcdat"]


def _head(case: Case, cell: Cell, fourth: int) -> str:
    """Return the five lines with which EIGENVAL and DOSCAR begin."""
    lengths = np.linalg.norm(cell.lattice, axis=1) * 1e-10
    n, ispin = cell.n_ions, case.settings.ispin
    numbers = "".join(f"{x:15.7E}" for x in (cell.volume / n, *lengths, case.settings.potim * 1e-15))
    last = ispin if fourth else 0
    first = f"{n:4d} {n:4d} {1:4d} {last:4d}\n{numbers}\n"
    return f"{first}  1.000000000000000E-004\n  CAR \n {case.settings.system}\n"


def eigenval(case: Case, cell: Cell, electrons: Electrons) -> str:
    """Return EIGENVAL."""
    n_spins, n_kpoints, n_bands = electrons.energies.shape
    text = _head(case, cell, 1) + f"{round(case.n_electrons):7d}{n_kpoints:7d}{n_bands:7d}\n"
    columns = np.concatenate((electrons.energies, electrons.occupations))
    numbers = np.arange(1, n_bands + 1)
    pattern = "%5d" + "%14.6f" * n_spins + "%11.6f" * n_spins
    for k, (point, weight) in enumerate(
        zip(case.mesh.points.tolist(), case.mesh.weights.tolist(), strict=True)
    ):
        text += "\n" + "".join(scientific(x, 15, 7) for x in (*point, weight)) + "\n"
        text += rows(np.concatenate((numbers[:, None], columns[:, k].T), axis=1), pattern)
    return text


def doscar(case: Case, cell: Cell, electrons: Electrons, dos: Dos) -> str:
    """Return DOSCAR, with the total densities of states."""
    text = _head(case, cell, 0)
    text += (
        f"{dos.grid[-1]:16.8f}{dos.grid[0]:16.8f}{len(dos.grid):5d}{electrons.fermi_ev:16.8f}{1.0:16.8f}\n"
    )
    table = np.concatenate((dos.grid[None], dos.density, dos.integral)).T
    return text + rows(table, "%11.3f" + " %11.4E" * (2 * len(dos.density)))


def ibzkpt(case: Case) -> str:
    """Return IBZKPT: the k-points with the number of mesh points that each stands for."""
    mesh = case.mesh
    total = int(np.prod(mesh.divisions)) if len(mesh.divisions) == 3 else len(mesh.points)
    counts = np.rint(mesh.weights * total)
    table = np.concatenate((mesh.points, counts[:, None]), axis=1)
    return f"Automatically generated mesh\n{len(mesh.points):8d}\nReciprocal lattice\n" + rows(
        table, "%20.14f%20.14f%20.14f %13d"
    )


def pcdat(case: Case, cell: Cell) -> str:
    """Return PCDAT: the pair correlation function of the last geometry in 256 slots up to 16 Å."""
    edges = np.linspace(0.0, 16.0, 257)
    distances = find_pairs(cell.lattice, cell.cartesian, float(edges[-1])).distances
    counts, _ = np.histogram(distances, edges)
    shells = 4.0 / 3.0 * np.pi * np.diff(edges**3) * cell.n_ions**2 / cell.volume
    head = _head(case, cell, 0) + f"{0:5d}{0:5d}{len(counts):5d}\n{0.0625e-10:15.7E}\n"
    return head + "\n\n" + "".join(f"{x:8.3f}\n" for x in (counts / shells).tolist())
