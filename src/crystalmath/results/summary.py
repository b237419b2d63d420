"""The searchable numbers of one VASP run, from a parsed vasprun.xml and the end of the OUTCAR."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import msgspec

from crystalmath.standin import is_standin_program

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crystalmath.results.ending import Ending

__all__ = ["Summary", "summarise"]


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """One VASP run in numbers. Energies are E0 (sigma → 0) unless named; the pressure carries VASP's sign."""

    formula: str
    n_atoms: int
    energy_ev: float | None
    energy_per_atom_ev: float | None
    free_energy_ev: float | None
    max_force_ev_per_angstrom: float | None
    volume_angstrom3: float | None
    pressure_kbar: float | None
    band_gap_ev: float | None = None
    is_metal: bool | None = None
    is_gap_direct: bool | None = None
    fermi_energy_ev: float | None = None
    magnetization_mub: float | None = None
    n_ionic_steps: int = 0
    n_electronic_steps: int = 0
    converged_electronic: bool | None = None
    converged_ionic: bool | None = None
    self_consistent: bool = True
    encut_ev: float | None = None
    n_kpoints: int = 0
    elapsed_s: float | None = None
    program: str = ""
    version: str = ""
    standin: bool = False
    complete: bool = True
    warnings: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON types."""
        built: dict[str, Any] = msgspec.to_builtins(self)
        return built | {"warnings": list(self.warnings)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Summary:
        """Return the summary that `as_dict` wrote."""
        return msgspec.convert(dict(data), cls)


def summarise(
    vasprun: Any,
    ending: Ending,
    *,
    electronic: Mapping[str, Any] | None = None,
    selective: Any = None,
    warnings: tuple[str, ...] = (),
) -> Summary:
    """Return the numbers of a run from pymatgen's Vasprun, also of one that ended early.

    `electronic` has emmet's `bandgap`, `is_metal`, `is_gap_direct` where they are known; `selective` is the
    (N, 3) array of components that may move, None when all may.
    """
    import numpy as np

    structure = vasprun.final_structure
    last = vasprun.ionic_steps[-1] if vasprun.ionic_steps else {}
    energy = _energy(vasprun)
    stress = last.get("stress")
    pressure = ending.outcar.pressure_kbar
    if pressure is None and stress is not None:
        pressure = float(np.trace(np.asarray(stress, dtype=float))) / 3.0
    parameters, gap = vasprun.parameters, electronic or {}
    return Summary(
        formula=structure.composition.reduced_formula,
        n_atoms=len(structure),
        energy_ev=energy,
        energy_per_atom_ev=None if energy is None else energy / len(structure),
        free_energy_ev=_finite(last.get("e_fr_energy")),
        max_force_ev_per_angstrom=_max_force(last.get("forces"), selective),
        volume_angstrom3=float(structure.volume),
        pressure_kbar=_finite(pressure),
        band_gap_ev=_finite(gap.get("bandgap")),
        is_metal=_flag(gap.get("is_metal")),
        is_gap_direct=_flag(gap.get("is_gap_direct")),
        fermi_energy_ev=_finite(gap.get("efermi", vasprun.efermi)),
        magnetization_mub=_magnetization(ending, parameters),
        n_ionic_steps=len(vasprun.ionic_steps),
        n_electronic_steps=len(last.get("electronic_steps", ())),
        converged_electronic=_converged(vasprun, "converged_electronic"),
        converged_ionic=_converged(vasprun, "converged_ionic"),
        self_consistent=int(parameters.get("ICHARG", 0) or 0) < 10,
        encut_ev=_finite(parameters.get("ENMAX")),
        n_kpoints=len(vasprun.actual_kpoints or ()),
        elapsed_s=ending.outcar.elapsed_s,
        program=ending.program,
        version=str(vasprun.vasp_version or ""),
        standin=is_standin_program(ending.program),
        complete=ending.vasprun_complete and ending.outcar.finished,
        warnings=warnings,
    )


def _energy(vasprun: Any) -> float | None:
    """Return E0 of the last ionic step; None where VASP printed stars, from which pymatgen makes nonsense."""
    if not vasprun.ionic_steps:
        return None
    last = vasprun.ionic_steps[-1]
    steps = last.get("electronic_steps") or [last]
    known = (last.get("e_fr_energy"), steps[-1].get("e_fr_energy", 0.0), steps[-1].get("e_0_energy", 0.0))
    return None if any(_finite(value) is None for value in known) else _finite(vasprun.final_energy)


def _max_force(forces: Any, selective: Any) -> float | None:
    """Return the largest force on an atom in eV/Å, components that are held fixed left out."""
    import numpy as np

    if forces is None or len(forces) == 0:
        return None
    free = np.array(forces, dtype=float)
    if selective is not None:
        free = free * np.asarray(selective, dtype=bool)
    return _finite(float(np.linalg.norm(free, axis=1).max()))


def _magnetization(ending: Ending, parameters: Mapping[str, Any]) -> float | None:
    components = ending.outcar.magnetization
    polarised = int(parameters.get("ISPIN", 1) or 1) == 2 or bool(parameters.get("LNONCOLLINEAR", False))
    if not polarised or not components:
        return None
    return components[0] if len(components) == 1 else math.hypot(*components)


def _converged(vasprun: Any, name: str) -> bool | None:
    try:
        return bool(getattr(vasprun, name))
    except (IndexError, KeyError, TypeError):
        return None  # no finished ionic step, or parameters that ended early


def _finite(value: Any) -> float | None:
    if value is None:
        return None
    number = float(value)
    return number if math.isfinite(number) else None


def _flag(value: Any) -> bool | None:
    return None if value is None else bool(value)
