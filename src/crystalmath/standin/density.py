"""Densities and potentials on a mesh: Gaussians of valence electrons on ions, narrower ones of cores.

CHGCAR and CHG hold the valence, AECCAR0 the core electrons (those that ZVAL leaves), AECCAR1 the valence of
neutral atoms, AECCAR2 the valence as it is; LOCPOT is the electrostatic potential energy of an electron among
core charges and valence. ELFCAR is the valence density relative to its largest value, between 0 and 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from crystalmath.standin.poscar_text import contcar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from crystalmath.standin.cell import Cell

__all__ = ["all_electron", "chgcar", "electron_localisation", "grids", "locpot"]

_WIDTH_ANGSTROM: Final = 0.8
_CORE_ANGSTROM: Final = 0.35
_COULOMB_EV_ANGSTROM: Final = 14.3996
_SPACING_ANGSTROM: Final = 0.3
_MOST_POINTS: Final = 24_000
_FFT_SIZES: Final = (
    6,
    8,
    10,
    12,
    14,
    16,
    18,
    20,
    24,
    28,
    30,
    32,
    36,
    40,
    42,
    48,
    54,
    56,
    60,
    64,
    70,
    72,
    80,
    90,
    96,
)


def grids(cell: Cell) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Return the coarse and the fine FFT mesh; far coarser than VASP's, since nothing depends on them."""
    lengths = np.linalg.norm(cell.lattice, axis=1)
    spacing = max(_SPACING_ANGSTROM, float((cell.volume / _MOST_POINTS) ** (1.0 / 3.0)))
    fine = [next((n for n in _FFT_SIZES if n >= x / spacing), _FFT_SIZES[-1]) for x in lengths]
    coarse = [max(4, n // 2) for n in fine]
    return (coarse[0], coarse[1], coarse[2]), (fine[0], fine[1], fine[2])


def chgcar(cell: Cell, shape: tuple[int, int, int], parts: Sequence[NDArray[np.float64]]) -> tuple[str, str]:
    """Return CHGCAR and CHG; `parts` hold the integral of charge, then of magnetisation, over each ion."""
    fine = coarse = _head(cell)
    for amounts in parts:
        density = _density(cell, shape, amounts, _WIDTH_ANGSTROM)
        fine += _size(shape) + _table(density, " %.11E", 5)
        coarse += _size(shape) + _table(density, " %11.5G", 10)
    return fine, coarse


def all_electron(
    cell: Cell, shape: tuple[int, int, int], core: NDArray[np.float64], valence: NDArray[np.float64]
) -> dict[str, str]:
    """Return AECCAR0, 1 and 2; `core` and `valence` are the electrons of each ion."""
    texts = {"AECCAR0": _file(cell, shape, _density(cell, shape, core, _CORE_ANGSTROM))}
    for name in ("AECCAR1", "AECCAR2"):
        texts[name] = _file(cell, shape, _density(cell, shape, valence, _WIDTH_ANGSTROM))
    return texts


def electron_localisation(cell: Cell, shape: tuple[int, int, int], valence: NDArray[np.float64]) -> str:
    """Return ELFCAR; `valence` are the electrons of each ion."""
    density = np.maximum(_density(cell, shape, valence, _WIDTH_ANGSTROM), 0.0)
    return _file(cell, shape, density / float(density.max()))


def locpot(
    cell: Cell, shape: tuple[int, int, int], ions: NDArray[np.float64], valence: NDArray[np.float64]
) -> str:
    """Return LOCPOT in eV, its mean zero; `ions` are the charges of the cores, `valence` the electrons."""
    _, squares = _waves(cell, shape)
    charge = _factor(cell, shape, ions, _CORE_ANGSTROM) - _factor(cell, shape, valence, _WIDTH_ANGSTROM)
    squares[0, 0, 0] = 1.0
    potential = -4.0 * np.pi * _COULOMB_EV_ANGSTROM / cell.volume * charge / squares
    potential[0, 0, 0] = 0.0
    return _file(cell, shape, np.fft.ifftn(potential).real * np.prod(shape))


def _head(cell: Cell) -> str:
    return contcar(cell).split("\n\n")[0] + "\n"


def _size(shape: tuple[int, int, int]) -> str:
    return "\n" + "".join(f"{n:5d}" for n in shape) + "\n"


def _file(cell: Cell, shape: tuple[int, int, int], values: NDArray[np.float64]) -> str:
    return _head(cell) + _size(shape) + _table(values, " %.11E", 5)


def _waves(cell: Cell, shape: tuple[int, int, int]) -> tuple[list[NDArray[np.float64]], NDArray[np.float64]]:
    """Return the numbers of the plane waves along each axis, and |G|² in 1/Å² on the mesh."""
    axes: list[NDArray[np.float64]] = [np.fft.fftfreq(n, 1.0 / n).astype(np.float64) for n in shape]
    g = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1) @ cell.reciprocal * 2.0 * np.pi
    squares: NDArray[np.float64] = np.einsum("...i,...i->...", g, g)
    return axes, squares


def _factor(
    cell: Cell, shape: tuple[int, int, int], amounts: NDArray[np.float64], width: float
) -> NDArray[np.complex128]:
    """Return the Fourier components of Gaussians of a width in Å that hold the amounts."""
    axes, squares = _waves(cell, shape)
    phases = [np.exp(-2j * np.pi * np.outer(cell.fractional[:, axis], axes[axis])) for axis in range(3)]
    left = np.einsum("a,ai,aj->ija", amounts, phases[0], phases[1])
    structure_factor = (left.reshape(-1, len(amounts)) @ phases[2]).reshape(shape)
    return np.asarray(structure_factor * np.exp(-0.5 * width**2 * squares), dtype=np.complex128)


def _density(
    cell: Cell, shape: tuple[int, int, int], amounts: NDArray[np.float64], width: float
) -> NDArray[np.float64]:
    """Return density times volume on the mesh; its mean is the sum of the amounts."""
    density: NDArray[np.float64] = np.fft.ifftn(_factor(cell, shape, amounts, width)).real * np.prod(shape)
    return density


def _table(density: NDArray[np.float64], number: str, per_line: int) -> str:
    """Return the values, the first index fastest."""
    flat = density.ravel(order="F").tolist()
    line = number * per_line + "\n"
    whole = len(flat) - len(flat) % per_line
    text = "".join(line % tuple(flat[i : i + per_line]) for i in range(0, whole, per_line))
    rest = flat[whole:]
    return text + (number * len(rest) % tuple(rest) + "\n" if rest else "")
