"""A pair potential for every combination of elements: a soft Morse bond plus a screened charge.

E = Σ over pairs of w(r) { D [exp(−2x) − 2 exp(−x)] + k q_i q_j exp(−r/λ)/r },  x = ρ (r/r0 − 1).

r0 is the sum of the covalent radii (Cordero 2008) times 1.08, D = 0.35 eV, ρ = 4.5; the charges follow from
Pauling's electronegativities, q_i = ½ (mean − χ_i), so that every cell is neutral and unlike atoms attract;
λ = 3 Å and k = e²/4πε0. w takes each term smoothly (twice differentiable) to zero between 1.6 and 2.2 r0.
The numbers are chosen for plausible volumes and stable common structures and for nothing else. Forces and
stress are exact derivatives; as all forces are central, C12 = C44 in cubic crystals of inversion centres
(the Cauchy relation) at zero pressure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from crystalmath.standin.elements import element
from crystalmath.standin.neighbours import find_pairs
from crystalmath.standin.response import Response, add_by_atom

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["PairPotential", "charges"]

_DEPTH_EV: Final = 0.35
_RHO: Final = 4.5
_STRETCH: Final = 1.08
_SCREENING_ANGSTROM: Final = 3.0
_COULOMB_EV_ANGSTROM: Final = 14.3996
_CHARGE_PER_CHI: Final = 0.5
_WINDOW: Final = (1.6, 2.2)


def charges(symbols: Sequence[str]) -> NDArray[np.float64]:
    """Return the charge of each atom in e; they sum to zero."""
    chi = np.array([element(symbol).electronegativity for symbol in symbols])
    return np.asarray(_CHARGE_PER_CHI * (chi.mean() - chi), dtype=np.float64)


class PairPotential:
    """The pair energy of a fixed list of atoms, relative to free atoms."""

    name = "Morse and screened charge pair potential"

    def __init__(self, symbols: Sequence[str]) -> None:
        elements = [element(symbol) for symbol in symbols]
        self._radius = np.array([e.radius_angstrom for e in elements])
        self._charge = charges(symbols)
        self._cutoff = _WINDOW[1] * _STRETCH * 2.0 * float(self._radius.max())

    def evaluate(self, lattice: NDArray[np.float64], positions: NDArray[np.float64]) -> Response:
        """Return energy, forces and stress of one geometry."""
        pairs = find_pairs(lattice, positions, self._cutoff)
        i, j, r = pairs.first, pairs.second, pairs.distances
        r0 = _STRETCH * (self._radius[i] + self._radius[j])
        decay = np.exp(-_RHO * (r / r0 - 1.0))
        charge = (
            _COULOMB_EV_ANGSTROM * self._charge[i] * self._charge[j] * np.exp(-r / _SCREENING_ANGSTROM) / r
        )
        bare = _DEPTH_EV * (decay**2 - 2.0 * decay) + charge
        dbare = 2.0 * _DEPTH_EV * _RHO / r0 * (decay - decay**2)
        dbare -= charge * (1.0 / r + 1.0 / _SCREENING_ANGSTROM)
        window, dwindow = _window(r / r0)
        gradient = 0.5 * (dbare * window + bare * dwindow / r0)
        by_pair = (gradient / r)[:, None] * pairs.vectors
        stress = pairs.vectors.T @ by_pair / abs(np.linalg.det(lattice))
        forces = 2.0 * add_by_atom(pairs, by_pair, len(positions))
        return Response(float(0.5 * np.sum(bare * window)), forces, 0.5 * (stress + stress.T))


def _window(ratio: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the cutoff factor at r/r0 and its derivative: a quintic step from one to zero."""
    low, high = _WINDOW
    t = np.clip((ratio - low) / (high - low), 0.0, 1.0)
    value = 1.0 - t**3 * (10.0 - 15.0 * t + 6.0 * t**2)
    return value, -30.0 * t**2 * (1.0 - t) ** 2 / (high - low)
