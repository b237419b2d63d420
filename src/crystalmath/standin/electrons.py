"""The electronic structure of a run: bands, occupations, Fermi level, moments and densities of states."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from crystalmath.standin.bands import band_gap, eigenvalues
from crystalmath.standin.elements import element
from crystalmath.standin.occupations import density_of_states, fill, occupation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from crystalmath.standin.kmesh import KMesh
    from crystalmath.standin.settings import Settings

__all__ = ["Dos", "Electrons", "default_bands", "dos", "moments", "orbital_shares", "quasiparticles", "solve"]

# saturation moments in μB that a MAGMOM relaxes to; other elements lose theirs
_SATURATION: Final = {
    "Ti": 0.5, "V": 1.0, "Cr": 2.5, "Mn": 3.5, "Fe": 2.2, "Co": 1.6, "Ni": 0.6, "Cu": 0.2, "Ce": 0.8,
    "Pr": 1.9, "Nd": 3.0, "Sm": 5.0, "Eu": 6.8, "Gd": 7.0, "Tb": 6.0, "Dy": 5.0, "Ho": 4.0, "Er": 3.0,
    "Tm": 2.0, "U": 2.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Electrons:
    """Eigenvalues and occupations (spins x K x bands, eV; 0 to 1), Fermi level in eV and moments in μB."""

    energies: NDArray[np.float64]
    occupations: NDArray[np.float64]
    fermi_ev: float
    total_moment: float
    moments: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Dos:
    """Densities of states per eV and their integrals (spins x NEDOS each) over `grid` in eV."""

    grid: NDArray[np.float64]
    density: NDArray[np.float64]
    integral: NDArray[np.float64]


def default_bands(n_electrons: float, n_ions: int, ispin: int, moment: float) -> int:
    """Return VASP's kind of default for NBANDS: room for all electrons and a margin."""
    half = int(np.ceil((n_electrons + 2.0) / 2.0)) + max(n_ions // 2, 3)
    if ispin == 2:
        half = max(half, int(np.ceil((n_electrons + abs(moment)) / 2.0)) + max((n_ions + 1) // 2, 3))
    return max(half, int(np.ceil(0.6 * n_electrons)))


def moments(symbols: Sequence[str], settings: Settings) -> NDArray[np.float64]:
    """Return the local moments in μB: the sign of MAGMOM (default +1), the element's saturation value."""
    if settings.ispin == 1:
        return np.zeros(len(symbols))
    start = settings.magmom or (1.0,) * len(symbols)
    final = [
        np.sign(m) * min(_SATURATION.get(s, 0.0), 5.0 * abs(m)) for s, m in zip(symbols, start, strict=True)
    ]
    return np.array(final)


def solve(
    lattice: NDArray[np.float64],
    symbols: Sequence[str],
    mesh: KMesh,
    settings: Settings,
    *,
    n_electrons: float,
    n_bands: int,
) -> Electrons:
    """Return the electronic structure of one geometry."""
    local = moments(symbols, settings)
    gap = band_gap(symbols)
    total = _total_moment(float(local.sum()), n_electrons, gap, settings)
    counts = (
        [n_electrons / 2.0] if settings.ispin == 1 else [(n_electrons + s * total) / 2.0 for s in (1, -1)]
    )
    raw = [
        eigenvalues(
            lattice, mesh.points, n_bands, n_electrons=n_electrons, gap_ev=gap, n_occupied=int(n + 1e-6)
        )
        for n in counts
    ]
    levels = [
        fill(e, mesh.filling_weights, n, settings.ismear, settings.sigma_ev)
        for e, n in zip(raw, counts, strict=True)
    ]
    fermi = float(np.mean(levels))
    energies = np.array([e - level + fermi for e, level in zip(raw, levels, strict=True)])
    filled = occupation(energies, fermi, settings.ismear, settings.sigma_ev)
    return Electrons(energies, filled, fermi, total, local)


def _total_moment(local: float, n_electrons: float, gap: float, settings: Settings) -> float:
    """Return the moment of the cell: NUPDOWN, or the local sum, made a whole number of spins by a gap."""
    if settings.ispin == 1:
        return 0.0
    if settings.nupdown >= 0.0:
        return settings.nupdown
    if gap == 0.0 or abs(n_electrons - round(n_electrons)) > 1e-6:
        return local
    parity = round(n_electrons) % 2
    return 2.0 * round((local - parity) / 2.0) + parity


def quasiparticles(found: Electrons, symbols: Sequence[str]) -> Electrons:
    """Return the electrons, empty bands of a semiconductor moved up by 0.5 eV and a quarter of the gap.

    The Fermi level moves up by half of that; metals stay as they are. This is all that GW does here.
    """
    gap = band_gap(symbols)
    if gap <= 0.0:
        return found
    shift = 0.5 + 0.25 * gap
    energies = found.energies + shift * (found.energies > found.fermi_ev)
    return replace(found, energies=energies, fermi_ev=found.fermi_ev + 0.5 * shift)


def dos(electrons: Electrons, weights: NDArray[np.float64], settings: Settings) -> Dos:
    """Return the densities of states on NEDOS points from EMIN to EMAX; one for both spins if ISPIN = 1."""
    low, high = settings.emin_ev, settings.emax_ev
    if low >= high:
        low, high = float(electrons.energies.min()) - 1.0, float(electrons.energies.max()) + 1.0
    grid = np.linspace(low, high, settings.nedos)
    width = max(0.05, settings.sigma_ev if settings.ismear > -4 else 0.05, float(grid[1] - grid[0]) / 2)
    factor = 2.0 if settings.ispin == 1 else 1.0
    parts = [density_of_states(spin, weights, grid, width) for spin in electrons.energies]
    density, integral = (factor * np.array(column) for column in zip(*parts, strict=True))
    return Dos(grid, density, integral)


def orbital_shares(symbol: str) -> tuple[float, float, float]:
    """Return how the charge of an element is split over s, p and d, by its place in the periodic table."""
    number = element(symbol).number
    for core in (86, 54, 36, 18, 10, 2, 0):
        if number > core:
            column, rare = number - core, core
            break
    if column <= 2:
        return (0.8, 0.2, 0.0) if number > 2 else (1.0, 0.0, 0.0)
    if rare <= 10:
        return (0.3, 0.7, 0.0)
    first_p = 13 if rare in {18, 36} else 27
    return (0.3, 0.68, 0.02) if column >= first_p else (0.1, 0.1, 0.8)
