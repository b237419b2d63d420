"""Projections of states onto ions and orbitals, the same for every state in this model; PROCAR."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from crystalmath.standin.electrons import orbital_shares
from crystalmath.standin.text import rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crystalmath.standin.case import Case
    from crystalmath.standin.electrons import Electrons

__all__ = ["MOST_ROWS", "orbitals", "procar", "shares"]

MOST_ROWS: Final = 100_000  # beyond, projections onto ions are left out: VASP's would fill the disk
_SPLIT: Final = ("s", "py", "pz", "px", "dxy", "dyz", "dz2", "dxz", "x2-y2")


def orbitals(case: Case) -> tuple[str, ...]:
    """Return the names of the orbitals that LORBIT asks for."""
    return _SPLIT if case.settings.lorbit >= 11 else ("s", "p", "d")


def shares(case: Case) -> NDArray[np.float64]:
    """Return how a state is split over ions and orbitals, ions x orbitals, nine tenths in all."""
    split = case.settings.lorbit >= 11
    table = []
    for symbol, zval in zip(case.cell.species, case.zval, strict=True):
        s, p, d = orbital_shares(symbol)
        parts = [s] + ([p / 3] * 3 + [d / 5] * 5 if split else [p, d])
        table.append(np.array(parts) * zval)
    found: NDArray[np.float64] = np.array(table, dtype=np.float64)[case.cell.types]
    found *= 0.9 / float(found.sum())
    return found


def procar(case: Case, electrons: Electrons) -> str:
    """Return PROCAR."""
    names, parts = orbitals(case), shares(case)
    with_sum = np.concatenate((parts, parts.sum(axis=1, keepdims=True)), axis=1)
    numbered = np.concatenate((np.arange(1, len(parts) + 1)[:, None], with_sum), axis=1)
    title = "ion " + "".join(f"{name:>7}" for name in (*names, "tot"))
    block = f"\n{title}\n" + rows(numbered, "%5d" + "%7.3f" * with_sum.shape[1])
    if len(parts) > 1:
        block += "tot  " + "".join(f"{x:7.3f}" for x in with_sum.sum(axis=0)) + "\n"
    n_spins, n_kpoints, n_bands = electrons.energies.shape
    text = "PROCAR lm decomposed\n" if len(names) > 3 else "PROCAR new format\n"
    for spin in range(n_spins):
        text += f"# of k-points:{n_kpoints:5d}         # of bands:{n_bands:5d}"
        text += f"         # of ions:{len(parts):5d}\n"
        for k, (point, weight) in enumerate(
            zip(case.mesh.points.tolist(), case.mesh.weights.tolist(), strict=True)
        ):
            where = "".join(f"{x:11.8f}" for x in point)
            text += f"\n k-point{k + 1:5d} :    {where}     weight ={weight:11.8f}\n\n"
            table = zip(
                electrons.energies[spin, k].tolist(), electrons.occupations[spin, k].tolist(), strict=True
            )
            text += "".join(
                f"band{band:6d} # energy{energy:14.8f} # occ.{filled:12.8f}\n{block}\n"
                for band, (energy, filled) in enumerate(table, start=1)
            )
    return text
