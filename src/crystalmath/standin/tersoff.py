"""Tersoff's bond-order potential for silicon, carbon and silicon carbide.

Parameters: J. Tersoff, Phys. Rev. B 39, 5566 (1989), erratum 41, 3248 (1990). The formulas are those of ASE's
`Tersoff` calculator with `ase_parameters()`, with which the tests compare this module to rounding. They are
written again for whole arrays because importing ASE's calculator costs more time than a run may take.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from crystalmath.standin.neighbours import Pairs, find_pairs
from crystalmath.standin.response import Response, add_by_atom

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["ELEMENTS", "Tersoff", "ase_parameters"]


@dataclass(frozen=True, slots=True)
class _Element:
    """Tersoff's parameters of one element; energies in eV, lengths in Å."""

    a: float
    b: float
    lam: float
    mu: float
    beta: float
    n: float
    c: float
    d: float
    h: float
    r: float
    s: float


_PARAMETERS: Final = {
    "Si": _Element(
        1830.8, 471.18, 2.4799, 1.7322, 1.1e-6, 0.78734, 1.0039e5, 16.217, -0.59825, 2.7, 3.0
    ),
    "C": _Element(
        1393.6, 346.74, 3.4879, 2.2119, 1.5724e-7, 0.72751, 3.8049e4, 4.3484, -0.57058, 1.8, 2.1
    ),
}  # fmt: skip
_CHI_SI_C: Final = 0.9776
ELEMENTS: Final = frozenset(_PARAMETERS)


def ase_parameters() -> dict[tuple[str, str, str], tuple[float, ...]]:
    """Return the potential as ASE's `TersoffParameters` takes it, by the elements of atoms (i, j, k).

    The order is m, γ, λ3, c, d, h, n, β, λ2, B, R, D, λ1, A.
    """
    found: dict[tuple[str, str, str], tuple[float, ...]] = {}
    for i, one in _PARAMETERS.items():
        for j in _PARAMETERS:
            a, b, lam, mu, _, _ = _mixed(i, j)
            for k in _PARAMETERS:
                *_, inner, outer = _mixed(i, k)
                found[i, j, k] = (3.0, 1.0, 0.0, one.c, one.d, one.h, one.n, one.beta, mu, b,
                                  (inner + outer) / 2, (outer - inner) / 2, lam, a)  # fmt: skip
    return found


def _mixed(i: str, j: str) -> tuple[float, float, float, float, float, float]:
    """Return A, B, λ, μ and the inner and outer cutoff of a pair of elements."""
    one, two = _PARAMETERS[i], _PARAMETERS[j]
    chi = 1.0 if i == j else _CHI_SI_C
    return (
        (one.a * two.a) ** 0.5,
        chi * (one.b * two.b) ** 0.5,
        (one.lam + two.lam) / 2,
        (one.mu + two.mu) / 2,
        (one.r * two.r) ** 0.5,
        (one.s * two.s) ** 0.5,
    )


class Tersoff:
    """Tersoff's energy of a fixed list of silicon and carbon atoms, relative to free atoms."""

    name = "Tersoff potential (1989)"

    def __init__(self, symbols: Sequence[str]) -> None:
        names = sorted(_PARAMETERS)
        self._kind = np.array([names.index(symbol) for symbol in symbols])
        self._table = np.array([[_mixed(i, j) for j in names] for i in names])
        elements = [_PARAMETERS[name] for name in names]
        self._angle = np.array([(e.beta, e.n, e.c, e.d, e.h) for e in elements])
        self._cutoff = max(_mixed(i, j)[5] for i in set(symbols) for j in set(symbols))

    def evaluate(self, lattice: NDArray[np.float64], positions: NDArray[np.float64]) -> Response:
        """Return energy, forces and stress of one geometry."""
        pairs = find_pairs(lattice, positions, self._cutoff)
        i, j, r = pairs.first, pairs.second, pairs.distances
        a, b, lam, mu, inner, outer = self._table[self._kind[i], self._kind[j]].T
        cut, dcut = _cut(r, inner, outer)
        repulsive, attractive = a * np.exp(-lam * r), -b * np.exp(-mu * r)
        triples = _triples(pairs, len(positions))
        zeta, derivative = self._zeta(pairs, triples, cut, dcut)
        beta, n = self._angle[self._kind[i], 0], self._angle[self._kind[i], 1]
        bond, dbond = _bond(zeta, beta, n)
        energy = float(0.5 * np.sum(cut * (repulsive + bond * attractive)))
        radial = 0.5 * (
            dcut * (repulsive + bond * attractive) + cut * (-lam * repulsive - mu * bond * attractive)
        )
        # gradient of the energy by the vector of each pair, from its length and from the angles it makes
        gradient = (radial / r)[:, None] * pairs.vectors
        strength = (0.5 * cut * dbond * attractive)[triples[0]][:, None]
        for side, part in zip(triples, derivative, strict=True):
            for axis in range(3):
                weights = strength[:, 0] * part[:, axis]
                gradient[:, axis] += np.bincount(side, weights=weights, minlength=len(r))
        forces = add_by_atom(pairs, gradient, len(positions))
        for axis in range(3):
            forces[:, axis] -= np.bincount(j, weights=gradient[:, axis], minlength=len(positions))
        stress = pairs.vectors.T @ gradient / abs(np.linalg.det(lattice))
        return Response(energy, forces, 0.5 * (stress + stress.T))

    def _zeta(
        self,
        pairs: Pairs,
        triples: tuple[NDArray[np.intp], NDArray[np.intp]],
        cut: NDArray[np.float64],
        dcut: NDArray[np.float64],
    ) -> tuple[NDArray[np.float64], tuple[NDArray[np.float64], NDArray[np.float64]]]:
        """Return ζ of each pair and its derivatives by the vectors ij and ik of each triple."""
        ij, ik = triples
        unit = pairs.vectors / pairs.distances[:, None]
        cosine = np.einsum("ij,ij->i", unit[ij], unit[ik])
        _, _, c, d, h = self._angle[self._kind[pairs.first[ij]]].T
        gap = h - cosine
        g = 1.0 + c**2 / d**2 - c**2 / (d**2 + gap**2)
        dg = -2.0 * c**2 * gap / (d**2 + gap**2) ** 2
        zeta = np.bincount(ij, weights=cut[ik] * g, minlength=len(cut)).astype(float)
        by_ij = (cut[ik] * dg / pairs.distances[ij])[:, None] * (unit[ik] - cosine[:, None] * unit[ij])
        by_ik = (cut[ik] * dg / pairs.distances[ik])[:, None] * (unit[ij] - cosine[:, None] * unit[ik])
        by_ik += (dcut[ik] * g)[:, None] * unit[ik]
        return zeta, (by_ij, by_ik)


def _cut(
    r: NDArray[np.float64], inner: NDArray[np.float64], outer: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return Tersoff's cutoff function and its derivative."""
    middle, half = (inner + outer) / 2, (outer - inner) / 2
    phase = np.pi * (r - middle) / (2.0 * half)
    inside = (r >= inner) & (r <= outer)
    value = np.where(r < inner, 1.0, np.where(inside, 0.5 * (1.0 - np.sin(phase)), 0.0))
    return value, np.where(inside, -0.25 * np.pi / half * np.cos(phase), 0.0)


def _bond(
    zeta: NDArray[np.float64], beta: NDArray[np.float64], n: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the bond order and its derivative by ζ; a bond without neighbours has order 1."""
    lone = zeta <= 0.0
    x = beta * np.where(lone, 1.0, zeta)
    power = x**n
    order = (1.0 + power) ** (-1.0 / (2.0 * n))
    slope = -0.5 * (1.0 + power) ** (-1.0 - 1.0 / (2.0 * n)) * beta * power / x
    return np.where(lone, 1.0, order), np.where(lone, 0.0, slope)


def _triples(pairs: Pairs, n_atoms: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the indices of all pairs (ij, ik) that share their first atom, ij ≠ ik; pairs come sorted."""
    counts = np.bincount(pairs.first, minlength=n_atoms)
    starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    repeats = counts[pairs.first]
    ij = np.repeat(np.arange(len(pairs.first)), repeats)
    offset = np.arange(len(ij)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    ik = starts[pairs.first[ij]] + offset
    different = ij != ik
    return ij[different], ik[different]
