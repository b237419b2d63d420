"""Write a cell as CONTCAR, and the frames of XDATCAR."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crystalmath.standin.text import rows

if TYPE_CHECKING:
    from crystalmath.standin.cell import Cell

__all__ = ["contcar", "xdatcar_frame", "xdatcar_header"]


def _head(cell: Cell, lattice_pattern: str) -> str:
    return (
        f"{cell.comment or 'unknown system'}\n   1.00000000000000     \n"
        + rows(cell.lattice, lattice_pattern)
        + "".join(f"   {s:<2}" for s in cell.species)
        + "\n"
        + "".join(f"{n:6d}" for n in cell.counts)
        + "\n"
    )


def contcar(cell: Cell) -> str:
    """Return the cell in the form of CONTCAR, velocities last in Å/fs."""
    text = _head(cell, "   %21.16f %21.16f %21.16f")
    if cell.selective is None:
        text += "Direct\n" + rows(cell.fractional, "%20.16f%20.16f%20.16f")
    else:
        flags = [["T" if free else "F" for free in row] for row in cell.selective.tolist()]
        lines = zip(cell.fractional.tolist(), flags, strict=True)
        text += "Selective dynamics\nDirect\n"
        text += "".join(f"{x:20.16f}{y:20.16f}{z:20.16f}   {'   '.join(free)}\n" for (x, y, z), free in lines)
    if cell.velocities is None:
        return text + "\n" + "  0.00000000E+00  0.00000000E+00  0.00000000E+00\n" * cell.n_ions
    return text + "\n" + rows(cell.velocities, "%16.8E%16.8E%16.8E")


def xdatcar_header(cell: Cell) -> str:
    """Return the cell as XDATCAR begins with it, and begins again when the lattice changed."""
    return (
        f"{cell.comment or 'unknown system'}\n           1\n"
        + rows(cell.lattice, "    %11.6f %11.6f %11.6f")
        + "".join(f"   {s:<2}" for s in cell.species)
        + "\n"
        + "".join(f"{n:4d}" for n in cell.counts)
        + "\n"
    )


def xdatcar_frame(cell: Cell, number: int) -> str:
    """Return one frame of XDATCAR."""
    return f"Direct configuration={number:6d}\n" + rows(cell.fractional, "  %11.8f %11.8f %11.8f")
