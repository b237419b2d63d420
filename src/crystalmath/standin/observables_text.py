"""The tables of OUTCAR for response tensors, vibrations, optics and dipoles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from crystalmath.standin.text import rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crystalmath.standin.cell import Cell
    from crystalmath.standin.dielectric import Ionic

__all__ = ["dielectric", "dipoles", "elastic", "internal_strain", "ionic", "modes", "optics"]

_BREAK: Final = f"\n\n{'-' * 104}\n\n\n"
_DIRECTIONS: Final = "XX          YY          ZZ          XY          YZ          ZX"
_PER_THZ: Final = (2.0 * np.pi, 33.35640952, 4.135667696)  # 2πTHz, 1/cm, meV
_TENSOR: Final = "MACROSCOPIC STATIC DIELECTRIC TENSOR"


def _tensor(title: str, tensor: NDArray[np.float64]) -> str:
    rule = " " + "-" * 54 + "\n"
    return f"\n {title}\n{rule}{rows(tensor, '      %13.6f%13.6f%13.6f')}{rule}\n\n"


def dielectric(
    with_fields: NDArray[np.float64], without: NDArray[np.float64], born: NDArray[np.float64]
) -> str:
    """Return the dielectric tensors of clamped ions (3 x 3) and the Born effective charges (N x 3 x 3)."""
    kind = "(INDEPENDENT PARTICLE, excluding Hartree and local field effects)"
    text = _tensor(f"HEAD OF MICROSCOPIC STATIC DIELECTRIC TENSOR {kind}", without)
    text += _tensor(f"{_TENSOR} (including local field effects in DFT)", with_fields)
    text += _piezoelectric("PIEZOELECTRIC TENSOR  for field in x, y, z        (C/m^2)", np.zeros((3, 6)))
    text += " BORN EFFECTIVE CHARGES (including local field effects) (in e, cummulative output)\n"
    text += " " + "-" * 81 + "\n"
    for ion, tensor in enumerate(born, start=1):
        text += f" ion {ion:4d}\n" + rows(np.column_stack((np.arange(1, 4), tensor)), "%5d%12.5f%12.5f%12.5f")
    return text + _BREAK


def _piezoelectric(title: str, tensor: NDArray[np.float64]) -> str:
    lines = "".join(
        f"  {axis}" + "".join(f"{x:12.5f}" for x in row) + "\n"
        for axis, row in zip("xyz", tensor.tolist(), strict=True)
    )
    return f"\n {title}\n          {_DIRECTIONS}\n  {'-' * 80}\n{lines}\n"


def internal_strain(tensor: NDArray[np.float64]) -> str:
    """Return the forces by strain, 3N x 6 in eV/Å."""
    text = ""
    for ion, part in enumerate(tensor.reshape(-1, 3, 6), start=1):
        text += f"\n INTERNAL STRAIN TENSOR FOR ION {ion:4d} for displacements in x,y,z  (eV/Angst):\n"
        text += (
            "          X           Y           Z          XY          YZ          ZX\n  " + "-" * 80 + "\n"
        )
        text += "".join(
            f"  {axis}" + "".join(f"{x:12.5f}" for x in row) + "\n"
            for axis, row in zip("xyz", part.tolist(), strict=True)
        )
    return text + _BREAK


def modes(
    cell: Cell,
    phi: NDArray[np.float64],
    frequencies_thz: NDArray[np.float64],
    eigenvectors: NDArray[np.float64],
) -> str:
    """Return the second derivatives (3N x 3N, eV/Å², with the sign of forces) and the modes (one per row)."""
    names = [f"{ion}{axis}" for ion in range(1, cell.n_ions + 1) for axis in "XYZ"]
    text = "\n SECOND DERIVATIVES (NOT SYMMETRIZED)\n ------------------------------------\n      "
    text += "".join(f"{name:>12}" for name in names) + "\n"
    pattern = "%12.6f" * len(names)
    text += "".join(
        f"{name:>5} {pattern % tuple(row)}\n" for name, row in zip(names, (-phi).tolist(), strict=True)
    )
    text += "\n\n Eigenvectors and eigenvalues of the dynamical matrix\n " + "-" * 52 + "\n\n"
    for number, (frequency, mode) in enumerate(zip(frequencies_thz.tolist(), eigenvectors, strict=True), 1):
        size = abs(frequency)
        angular, wave, energy = (size * factor for factor in _PER_THZ)
        kind = "f  =" if frequency >= 0.0 else "f/i="
        text += f"\n{number:4d} {kind}{size:12.6f} THz {angular:12.6f} 2PiTHz{wave:12.6f} cm-1"
        text += f" {energy:12.6f} meV\n"
        text += "             X         Y         Z           dx          dy          dz\n"
        table = np.concatenate((cell.cartesian, mode.reshape(-1, 3)), axis=1)
        text += rows(table, "   %10.6f%10.6f%10.6f   %10.6f  %10.6f  %10.6f")
    return text + _BREAK


def ionic(answer: Ionic, *, full: bool) -> str:
    """Return the contributions of ions; `full` adds the elastic one, as after perturbation theory."""
    text = _tensor(f"{_TENSOR} IONIC CONTRIBUTION", answer.dielectric)
    if full:
        text += _moduli("ELASTIC MODULI IONIC CONTR (kBar)", answer.relaxed)
    title = "PIEZOELECTRIC TENSOR IONIC CONTR  for field in x, y, z        (C/m^2)"
    return text + _piezoelectric(title, answer.piezoelectric) + _BREAK


def elastic(answer: Ionic) -> str:
    """Return the elastic constants of clamped ions, what relaxing ions add, and both together."""
    return (
        _moduli("SYMMETRIZED ELASTIC MODULI (kBar)", answer.clamped)
        + _moduli("ELASTIC MODULI CONTR FROM IONIC RELAXATION (kBar)", answer.relaxed)
        + _moduli("TOTAL ELASTIC MODULI (kBar)", answer.clamped + answer.relaxed)
        + _BREAK
    )


def _moduli(title: str, moduli: NDArray[np.float64]) -> str:
    rule = " " + "-" * 80 + "\n"
    lines = "".join(
        f" {name}      " + "".join(f"{x:12.4f}" for x in row) + "\n"
        for name, row in zip(_DIRECTIONS.split(), moduli.tolist(), strict=True)
    )
    return f"\n {title}\n Direction    {_DIRECTIONS}\n{rule}{lines}{rule}\n"


def optics(grid: NDArray[np.float64], real: NDArray[np.float64], imaginary: NDArray[np.float64]) -> str:
    """Return the frequency dependent dielectric function, the same in all directions."""
    text = ""
    for title, part in (("IMAGINARY", imaginary), ("REAL", real)):
        text += (
            f"\n  frequency dependent {title:>9} DIELECTRIC FUNCTION (independent particle, no local field"
            " effects) density-density\n"
            f"     E(ev)      X         Y         Z        XY        YZ        ZX\n  {'-' * 98}\n"
        )
        zero = np.zeros_like(part)
        table = np.stack((grid, part, part, part, zero, zero, zero), axis=1)
        text += rows(table, "%12.6f" * 7) + "\n"
    return text + _BREAK


def dipoles(ions: NDArray[np.float64], electrons: NDArray[np.float64], *, spin: bool) -> str:
    """Return the dipole moments in |e| Å; with spin, half of the electronic one belongs to each spin."""
    text = f"\n            Ionic dipole moment: p[ion]=({_vector(ions)} ) |e| Angst\n\n"
    if spin:
        half = _vector(0.5 * electrons)
        text += f"           Spin resolved dipole moment: p[sp1]=({half} ) |e| Angst\n"
        text += f"                                        p[sp2]=({half} ) |e| Angst\n\n"
    return text + f" Total electronic dipole moment: p[elc]=({_vector(electrons)} ) |e| Angst\n{_BREAK}"


def _vector(vector: NDArray[np.float64]) -> str:
    return "".join(f"{x:14.5f}" for x in vector.tolist())
