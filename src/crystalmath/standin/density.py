"""The charge density of a run, for CHGCAR and CHG: a Gaussian of ZVAL electrons on each ion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from crystalmath.standin.poscar_text import contcar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from crystalmath.standin.cell import Cell

__all__ = ["chgcar", "grids"]

_WIDTH_ANGSTROM: Final = 0.8
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
    fine = coarse = contcar(cell).split("\n\n")[0] + "\n"
    for amounts in parts:
        density = _gaussians(cell, shape, amounts)
        size = "\n" + "".join(f"{n:5d}" for n in shape) + "\n"
        fine += size + _table(density, " %.11E", 5)
        coarse += size + _table(density, " %11.5G", 10)
    return fine, coarse


def _gaussians(cell: Cell, shape: tuple[int, int, int], amounts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return density times volume on the mesh; its mean is the sum of the amounts."""
    axes = [np.fft.fftfreq(n, 1.0 / n) for n in shape]
    phases = [np.exp(-2j * np.pi * np.outer(cell.fractional[:, axis], axes[axis])) for axis in range(3)]
    left = np.einsum("a,ai,aj->ija", amounts, phases[0], phases[1])
    structure_factor = (left.reshape(-1, len(amounts)) @ phases[2]).reshape(shape)
    g = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1) @ cell.reciprocal * 2.0 * np.pi
    damping = np.exp(-0.5 * _WIDTH_ANGSTROM**2 * np.einsum("...i,...i->...", g, g))
    density: NDArray[np.float64] = np.fft.ifftn(structure_factor * damping).real * np.prod(shape)
    return density


def _table(density: NDArray[np.float64], number: str, per_line: int) -> str:
    """Return the values, the first index fastest."""
    flat = density.ravel(order="F").tolist()
    line = number * per_line + "\n"
    whole = len(flat) - len(flat) % per_line
    text = "".join(line % tuple(flat[i : i + per_line]) for i in range(0, whole, per_line))
    rest = flat[whole:]
    return text + (number * len(rest) % tuple(rest) + "\n" if rest else "")
