"""The pieces of vasprun.xml."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from crystalmath.standin.text import logical, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from crystalmath.standin.cell import Cell

__all__ = ["Value", "scalar", "separator", "structure", "value", "varray"]

Value = bool | int | float | str | tuple[bool, ...] | tuple[int, ...] | tuple[float, ...] | tuple[str, ...]

_TYPES = {bool: ' type="logical"', int: ' type="int"', float: "", str: ' type="string"'}


def _one(item: bool | float | str) -> str:
    if isinstance(item, bool):
        return f" {logical(item)}  "
    if isinstance(item, int):
        return f"{item:6d}"
    if isinstance(item, float):
        return f"{item:16.8f}"
    return escape(item)


def value(name: str, content: Value) -> str:
    """Return `<i>` or, for tuples, `<v>` with type and name as VASP writes them."""
    if isinstance(content, tuple):
        kind = _TYPES[type(content[0])] if content else ""
        return f'<v{kind} name="{name}">{"".join(_one(item) for item in content)}</v>\n'
    return f'<i{_TYPES[type(content)]} name="{name}">{_one(content)}</i>\n'


def separator(name: str, entries: Sequence[tuple[str, Value]]) -> str:
    """Return a group of parameters."""
    lines = "".join("   " + value(tag, content) for tag, content in entries)
    return f'  <separator name="{name}" >\n{lines}  </separator>\n'


def scalar(name: str, number: float) -> str:
    """Return a named real number as in the energies."""
    return f'<i name="{name}">{number:16.8f} </i>\n'


def varray(name: str, matrix: NDArray[np.float64], indent: str = " ") -> str:
    """Return a named array of rows."""
    inner = f"{indent} <v> " + " ".join(["%16.8f"] * matrix.shape[1]) + " </v>"
    return f'{indent}<varray name="{name}" >\n{rows(matrix, inner)}{indent}</varray>\n'


def structure(cell: Cell, name: str = "", indent: str = " ") -> str:
    """Return a structure element with lattice, reciprocal lattice, positions and selective dynamics."""
    label = f' name="{name}" ' if name else ""
    text = f"{indent}<structure{label}>\n{indent} <crystal>\n"
    text += varray("basis", cell.lattice, indent + "  ")
    text += f'{indent}  <i name="volume">{cell.volume:16.8f} </i>\n'
    text += varray("rec_basis", cell.reciprocal, indent + "  ")
    text += f"{indent} </crystal>\n" + varray("positions", cell.fractional, indent + " ")
    if cell.selective is not None:
        flags = "".join(
            f'{indent}  <v type="logical" > {"  ".join(logical(free) for free in row)} </v>\n'
            for row in cell.selective.tolist()
        )
        text += f'{indent} <varray type="logical" name="selective" >\n{flags}{indent} </varray>\n'
    return text + f"{indent}</structure>\n"


def array_of_tensors(name: str, tensors: NDArray[np.float64]) -> str:
    """Return a tensor for each ion (N x 3 x 3)."""
    sets = "".join(
        f"   <set>\n{rows(tensor, '    <v> %16.8f %16.8f %16.8f </v>')}   </set>\n" for tensor in tensors
    )
    return f'  <array name="{name}" >\n   <dimension dim="1">ion</dimension>\n{sets}  </array>\n'


def dynmat(
    hessian: NDArray[np.float64], eigenvalues: NDArray[np.float64], eigenvectors: NDArray[np.float64]
) -> str:
    """Return the dynamical matrix in THz² with its eigenvalues, and one eigenvector in each row."""
    values = "".join(f"{x:16.8f} " for x in eigenvalues.tolist())
    return (
        "  <dynmat>\n"
        + varray("hessian", hessian, "   ")
        + f'   <v name="eigenvalues">{values}</v>\n'
        + varray("eigenvectors", eigenvectors, "   ")
        + '   <i type="string" name="unit">THz^2 </i>\n  </dynmat>\n'
    )


def dielectric_function(
    comment: str, grid: NDArray[np.float64], real: NDArray[np.float64], imaginary: NDArray[np.float64]
) -> str:
    """Return an isotropic dielectric function on a grid of energies in eV."""
    fields = "".join(f"     <field>{f:<7}</field>\n" for f in ("energy", "xx", "yy", "zz", "xy", "yz", "zx"))
    text = f'  <dielectricfunction comment="{comment}">\n'
    for name, part in (("imag", imaginary), ("real", real)):
        text += (
            f'   <{name}>\n    <array>\n     <dimension dim="1">gridpoints</dimension>\n{fields}     <set>\n'
        )
        table = zip(grid.tolist(), part.tolist(), strict=True)
        text += "".join(f"      <r> {e:9.4f}{3 * f' {x:9.4f}'} 0.0000 0.0000 0.0000 </r>\n" for e, x in table)
        text += f"     </set>\n    </array>\n   </{name}>\n"
    return text + "  </dielectricfunction>\n"
