"""Fill bands with electrons: smearing functions, Fermi level, density of states."""

from __future__ import annotations

from math import erf, factorial, pi, sqrt
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["density_of_states", "fill", "occupation"]

_TETRAHEDRON_WIDTH_EV: Final = 0.02  # the tetrahedron method has no width; a narrow Gaussian stands in for it
_erf = np.frompyfunc(erf, 1, 1)


def _error_function(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return erf(x), exact where it differs from ±1."""
    result = np.sign(x)
    inside = np.abs(x) < 6.0
    result[inside] = np.asarray(_erf(x[inside]), dtype=float)
    return result


def occupation(
    energies: NDArray[np.float64], fermi_ev: float, ismear: int, sigma_ev: float
) -> NDArray[np.float64]:
    """Return the occupation, 0 to 1, of states at `energies`, by VASP's ISMEAR and SIGMA.

    −1 is Fermi's function, 0 Gauss's, n > 0 Methfessel-Paxton of order n, −4 and −5 a Gaussian of 0.02 eV.
    """
    width = _TETRAHEDRON_WIDTH_EV if ismear < -3 else sigma_ev
    x = (energies - fermi_ev) / width
    if ismear == -1:
        return 1.0 / (1.0 + np.exp(np.clip(x, -300.0, 300.0)))
    filled = 0.5 * (1.0 - _error_function(x))
    if ismear > 0:
        filled += _methfessel_paxton(x, ismear)
    return filled


def _methfessel_paxton(x: NDArray[np.float64], order: int) -> NDArray[np.float64]:
    """Return what Methfessel and Paxton, PRB 40, 3616 (1989), add to the Gaussian occupation."""
    x = np.clip(x, -12.0, 12.0)
    gauss = np.exp(-(x**2))
    total = np.zeros_like(x)
    lower, upper = np.ones_like(x), 2.0 * x  # Hermite polynomials H0, H1
    for n in range(1, order + 1):
        total += (-1.0) ** n / (factorial(n) * 4.0**n * sqrt(pi)) * upper * gauss
        for degree in (2 * n - 1, 2 * n):
            lower, upper = upper, 2.0 * x * upper - 2.0 * degree * lower
    return total


def fill(
    energies: NDArray[np.float64],
    weights: NDArray[np.float64],
    n_states: float,
    ismear: int,
    sigma_ev: float,
) -> float:
    """Return the Fermi level in eV that puts `n_states` electrons into one spin channel.

    `energies` is K x bands, `weights` (K,) sums to 1. In a gap the level is its middle.
    """
    in_order = np.sort(energies, axis=None)
    low, high = float(in_order[0]) - 20.0, float(in_order[-1]) + 20.0
    whole = round(n_states)
    if abs(n_states - whole) < 1e-8 and 0 < whole < energies.shape[1]:
        top, bottom = float(energies[:, whole - 1].max()), float(energies[:, whole].min())
        if bottom > top:
            low, high = top, bottom  # the level is in the gap; smearing only shifts it within
    for _ in range(80):
        middle = 0.5 * (low + high)
        found = float(weights @ occupation(energies, middle, ismear, sigma_ev).sum(axis=1))
        if abs(found - n_states) < 1e-10:
            break
        low, high = (middle, high) if found < n_states else (low, middle)
    return 0.5 * (low + high)


def density_of_states(
    energies: NDArray[np.float64], weights: NDArray[np.float64], grid: NDArray[np.float64], width_ev: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return states per eV and their integral, each on `grid` (even spacing), of one spin channel.

    States are Gaussians; the sum rule holds at the end of the grid up to what lies outside it.
    """
    step = float(grid[1] - grid[0])
    reach = max(1, int(np.ceil(5.0 * width_ev / step)))
    edges = np.asarray((np.arange(-reach, reach + 2) - 0.5) * step / width_ev, dtype=np.float64)
    kernel = np.diff(0.5 * (1.0 + _error_function(edges)))
    place = (energies.ravel() - grid[0]) / step
    below = np.floor(place).astype(int)
    part = place - below
    heavy = np.repeat(weights, energies.shape[1])
    length = len(grid) + 2 * reach
    counts = np.zeros(length)
    for index, weight in ((below, heavy * (1.0 - part)), (below + 1, heavy * part)):
        shifted = index + reach
        inside = (shifted >= 0) & (shifted < length)
        counts += np.bincount(shifted[inside], weights=weight[inside], minlength=length)
    smooth = np.convolve(counts, kernel / kernel.sum(), mode="same")[reach : reach + len(grid)]
    before = float(heavy[below + reach < 0].sum())
    return smooth / step, np.cumsum(smooth) + before
