"""What the input files of a run ask of the executable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crystalmath.vasp import incar, kpoints

if TYPE_CHECKING:
    from aiida import orm

__all__ = ["needs"]


def needs(files: orm.FolderData) -> dict[str, Any]:
    """Return `incar` (tag to value) and `gamma_only` of a run, as `codes.for_job` takes them."""
    names = files.base.repository.list_object_names()
    text = {
        name: files.base.repository.get_object_content(name, mode="rb").decode(errors="replace")
        for name in ("INCAR", "KPOINTS")
        if name in names
    }
    values = incar.parse(text.get("INCAR", "")).values()
    return {"incar": values, "gamma_only": "KPOINTS" in text and _is_gamma_only(text["KPOINTS"])}


def _is_gamma_only(text: str) -> bool:
    """Return whether the k-points are the Gamma point alone, which the gam executable is built for."""
    read = kpoints.parse(text)
    if read.problems:
        return False
    if read.mode in ("gamma", "monkhorst"):
        return read.mesh == (1, 1, 1) and not any(read.shift or ())
    if read.mode == "explicit":
        return len(read.points) == 1 and not any(read.points[0])
    return False
