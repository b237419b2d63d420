"""Effective medium theory for Al, Cu, Ag, Au, Ni, Pd, Pt (and, as a toy, H, C, N, O).

The formulas and parameters are those of ASE's `EMT` calculator (K. W. Jacobsen, P. Stoltze and J. K. Nørskov,
Surf. Sci. 366, 394 (1996)), with which the tests compare this module to rounding. They are written again for
whole arrays because importing ASE's calculator costs more time than a run of the stand-in may take. Energies
are relative to free atoms; ASE's are relative to the bulk metals, higher by `COHESIVE_EV` of each atom.
"""

from __future__ import annotations

from math import log, sqrt
from typing import TYPE_CHECKING, Final

import numpy as np

from crystalmath.standin.neighbours import Pairs, find_pairs
from crystalmath.standin.response import Response, add_by_atom

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["COHESIVE_EV", "ELEMENTS", "EffectiveMedium"]

_BOHR: Final = 0.5291772105638411  # Å, the value of ase.units (CODATA 2014)
_BETA: Final = 1.809  # (16π/3)^(1/3)/√2 as ASE rounds it

#            E0 eV  s0 a0  V0 eV  eta2   kappa  lambda n0 (in powers of 1/a0)
_PARAMETERS: Final[dict[str, tuple[float, ...]]] = {
    "Al": (-3.28, 3.00, 1.493, 1.240, 2.000, 1.169, 0.00700),
    "Cu": (-3.51, 2.67, 2.476, 1.652, 2.740, 1.906, 0.00910),
    "Ag": (-2.96, 3.01, 2.132, 1.652, 2.790, 1.892, 0.00547),
    "Au": (-3.80, 3.00, 2.321, 1.674, 2.873, 2.182, 0.00703),
    "Ni": (-4.44, 2.60, 3.673, 1.669, 2.757, 1.948, 0.01030),
    "Pd": (-3.90, 2.87, 2.773, 1.818, 3.107, 2.155, 0.00688),
    "Pt": (-5.85, 2.90, 4.067, 1.812, 3.145, 2.192, 0.00802),
    "H": (-3.21, 1.31, 0.132, 2.652, 2.790, 3.892, 0.00547),
    "C": (-3.50, 1.81, 0.332, 1.652, 2.790, 1.892, 0.01322),
    "N": (-5.10, 1.88, 0.132, 1.652, 2.790, 1.892, 0.01222),
    "O": (-4.60, 1.95, 0.332, 1.652, 2.790, 1.892, 0.00850),
}
ELEMENTS: Final = frozenset(_PARAMETERS)
COHESIVE_EV: Final = {symbol: parameters[0] for symbol, parameters in _PARAMETERS.items()}


class EffectiveMedium:
    """The EMT energy of a fixed list of atoms, relative to free atoms."""

    name = "effective medium theory (EMT)"

    def __init__(self, symbols: Sequence[str]) -> None:
        table = np.array([_PARAMETERS[symbol] for symbol in symbols])
        self._e0, self._v0 = table[:, 0], table[:, 2]
        self._s0 = table[:, 1] * _BOHR
        self._eta2, self._kappa, self._lambda = (table[:, column] / _BOHR for column in (3, 4, 5))
        self._n0 = table[:, 6] / _BOHR**3
        nearest = _BETA * max(parameters[1] for parameters in _PARAMETERS.values()) * _BOHR
        self._rc = nearest * 0.5 * (sqrt(3.0) + 2.0)
        self._slope = log(1.0 / 1e-4 - 1.0) / (2.0 * nearest - self._rc)
        self._gamma1, self._gamma2 = self._gammas()

    def _gammas(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the neighbour sums γ1, γ2 of the perfect fcc crystal of each atom's element."""
        shells = _BETA * self._s0[:, None] * np.sqrt([1.0, 2.0, 3.0])
        weights = np.array([12.0, 6.0, 24.0]) / 12.0 * self._cut(shells)
        beyond = shells - _BETA * self._s0[:, None]
        gamma1 = np.sum(weights * np.exp(-self._eta2[:, None] * beyond), axis=1)
        gamma2 = np.sum(weights * np.exp(-self._kappa[:, None] / _BETA * beyond), axis=1)
        return gamma1, gamma2

    def _cut(self, distance: NDArray[np.float64]) -> NDArray[np.float64]:
        exponent: NDArray[np.float64] = self._slope * (distance - self._rc)
        return 1.0 / (1.0 + np.exp(exponent))

    def evaluate(self, lattice: NDArray[np.float64], positions: NDArray[np.float64]) -> Response:
        """Return energy, forces and stress of one geometry."""
        pairs = find_pairs(lattice, positions, self._rc + 0.5)
        i, j, r = pairs.first, pairs.second, pairs.distances
        weight = self._cut(r)
        dlog_weight = self._slope * (weight - 1.0)
        chi = self._n0[j] / self._n0[i]
        sigma1_i = np.exp(-self._eta2[j] * (r - _BETA * self._s0[j])) * chi * weight
        sigma1_j = np.exp(-self._eta2[i] * (r - _BETA * self._s0[i])) / chi * weight
        energies, slopes = self._embed(pairs, sigma1_i)
        half_i, half_j = -0.5 * self._v0[i] / self._gamma2[i], -0.5 * self._v0[j] / self._gamma2[j]
        pair_i = half_i * np.exp(-self._kappa[j] * (r / _BETA - self._s0[j])) * chi * weight
        pair_j = half_j * np.exp(-self._kappa[i] * (r / _BETA - self._s0[i])) / chi * weight
        energies += 0.5 * add_by_atom(pairs, pair_i + pair_j, len(positions))
        gradient = (
            slopes[i] * sigma1_i * (dlog_weight - self._eta2[j])
            + slopes[j] * sigma1_j * (dlog_weight - self._eta2[i])
            + pair_i * (dlog_weight - self._kappa[j] / _BETA)
            + pair_j * (dlog_weight - self._kappa[i] / _BETA)
        )
        by_pair = (gradient / r)[:, None] * pairs.vectors
        stress = 0.5 * pairs.vectors.T @ by_pair / abs(np.linalg.det(lattice))
        forces = add_by_atom(pairs, by_pair, len(positions))
        return Response(float(np.sum(energies)), forces, 0.5 * (stress + stress.T))

    def _embed(
        self, pairs: Pairs, sigma1_by_pair: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return each atom's embedding energy and its derivative by that atom's σ1; isolated atoms: 0."""
        sigma1 = add_by_atom(pairs, sigma1_by_pair, len(self._e0))
        bound = sigma1 > 0.0
        safe = np.where(bound, sigma1, 1.0)
        ds = -np.log(safe / (12.0 * self._gamma1)) / (_BETA * self._eta2)
        decay = np.exp(-self._lambda * ds)
        repulsion = 6.0 * self._v0 * np.exp(-self._kappa * ds)
        energy = self._e0 * (1.0 + self._lambda * ds) * decay + repulsion
        by_ds = -self._e0 * self._lambda**2 * ds * decay - self._kappa * repulsion
        slope = by_ds / (-_BETA * self._eta2 * safe)
        return np.where(bound, energy, 0.0), np.where(bound, slope, 0.0)
