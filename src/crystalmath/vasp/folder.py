"""The input files of one calculation, parsed on first use, and what is known beyond them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from crystalmath.vasp import incar, kpoints, poscar, potcar
from crystalmath.vasp.parameters import Parameters
from crystalmath.vasp.settings import Settings
from crystalmath.vasp.source import Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crystalmath.vasp.incar import Incar
    from crystalmath.vasp.kpoints import Kpoints
    from crystalmath.vasp.poscar import Poscar
    from crystalmath.vasp.potcar import Potcar

__all__ = ["Context", "FileKind", "Folder", "Options"]

FileKind = Literal["INCAR", "POSCAR", "KPOINTS", "KPOINTS_OPT", "POTCAR"]


@dataclass(frozen=True, slots=True)
class Context:
    """What the files do not say and the caller may know; rules that need it are silent without it.

    `ranks` are the MPI ranks asked for, `executable` the flavour of VASP, `files` the names that will be
    in the folder when VASP starts, `band_gap_ev` the last known gap, `previous_moments_mub` the moments of
    the step before in the order of the POSCAR, `space_group` the international number, `wall_seconds` and
    `seconds_per_step` what is granted and what one self-consistent step took, `wants` what the job is for.
    """

    ranks: int | None = None
    executable: Literal["std", "gam", "ncl"] | None = None
    files: frozenset[str] | None = None
    band_gap_ev: float | None = None
    previous_moments_mub: tuple[float, ...] | None = None
    space_group: int | None = None
    wall_seconds: float | None = None
    seconds_per_step: float | None = None
    wants: frozenset[str] = frozenset()


Options = Settings


@dataclass(frozen=True)
class Folder:
    """The texts of the input files by kind.

    `names` maps each kind to the path shown, `present` lists the names in the folder.
    `present` is None when the files are looked at without their folder.
    """

    texts: Mapping[FileKind, str]
    names: Mapping[FileKind, str] = field(default_factory=dict)
    present: frozenset[str] | None = None
    context: Context = field(default_factory=Context)
    options: Options = field(default_factory=Options)

    def name(self, kind: FileKind) -> str:
        """Return the path to show for a file."""
        return self.names.get(kind, kind)

    @cached_property
    def incar(self) -> Incar | None:
        """The INCAR, None when there is none."""
        return incar.parse(self.texts["INCAR"]) if "INCAR" in self.texts else None

    @cached_property
    def parameters(self) -> Parameters:
        """The values of the INCAR; all defaults when there is none."""
        return Parameters(self.incar or incar.parse(""))

    @cached_property
    def poscar(self) -> Poscar | None:
        """The POSCAR, None when there is none."""
        return poscar.parse(self.texts["POSCAR"]) if "POSCAR" in self.texts else None

    @cached_property
    def cell(self) -> Poscar | None:
        """The POSCAR when it could be read to the end."""
        found = self.poscar
        return found if found and not any(p.severity == "error" for p in found.problems) else None

    @cached_property
    def kpoints(self) -> Kpoints | None:
        """The KPOINTS, None when there is none."""
        return kpoints.parse(self.texts["KPOINTS"]) if "KPOINTS" in self.texts else None

    @cached_property
    def kpoints_opt(self) -> Kpoints | None:
        """The KPOINTS_OPT, None when there is none."""
        return kpoints.parse(self.texts["KPOINTS_OPT"]) if "KPOINTS_OPT" in self.texts else None

    @cached_property
    def potcar(self) -> Potcar | None:
        """The headers of the POTCAR, None when there is none."""
        return potcar.parse(self.texts["POTCAR"]) if "POTCAR" in self.texts else None

    @cached_property
    def _suppressing(self) -> frozenset[FileKind]:
        return frozenset(kind for kind, text in self.texts.items() if "crystalmath:" in text)

    def suppresses(self, kind: FileKind) -> bool:
        """Say whether a file may hold a remark that switches rules off."""
        return kind in self._suppressing

    @cached_property
    def potcar_source(self) -> Source:
        """The POTCAR with its line table."""
        return Source(self.texts.get("POTCAR", ""))

    def source(self, kind: FileKind) -> Source:
        """Return the text of a file with its line table."""
        if kind == "INCAR" and self.incar:
            return self.incar.source
        if kind == "POSCAR" and self.poscar:
            return self.poscar.source
        if kind == "KPOINTS" and self.kpoints:
            return self.kpoints.source
        if kind == "KPOINTS_OPT" and self.kpoints_opt:
            return self.kpoints_opt.source
        return self.potcar_source if kind == "POTCAR" else Source(self.texts.get(kind, ""))
