"""What an INCAR asks for beyond energies, forces and eigenvalues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crystalmath.standin.stop import Refusal
from crystalmath.vasp import fortran

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Properties", "properties"]

_STEP_ANGSTROM: Final = 0.015  # VASP's own choice for finite differences


@dataclass(frozen=True, slots=True)
class Properties:
    """Logical tags by their meaning, and the numbers that go with them.

    `phonons` is "differences", "perturbation" or empty; `displacement_angstrom` and `n_displacements` are
    POTIM and NFREE of the former. `images` counts the moving images of a nudged elastic band, `spring` is
    its force constant in eV/Å² as SPRING gives it. `temperatures_k` are those of displaced structures.
    """

    dielectric: bool
    optics: bool
    polarisation: bool
    potential: bool
    all_electron_density: bool
    localisation: bool
    phonons: str
    displacement_angstrom: float
    n_displacements: int
    temperatures_k: tuple[float, ...]
    images: int
    spring: float
    climbs: bool
    quasiparticles: bool

    @property
    def observables(self) -> bool:
        """Whether anything is to be computed after the last ionic step."""
        return self.dielectric or self.optics or self.polarisation or bool(self.phonons)


def properties(values: Mapping[str, str], ibrion: int, algo: str) -> Properties:
    """Return the properties that the values of an INCAR ask for.

    Raises:
        Refusal: a value cannot be read.
    """
    step = _real(values, "POTIM", _STEP_ANGSTROM)
    phonons = {5: "differences", 6: "differences", 7: "perturbation", 8: "perturbation"}.get(ibrion, "")
    return Properties(
        dielectric=_logical(values, "LEPSILON") or _logical(values, "LCALCEPS"),
        optics=_logical(values, "LOPTICS"),
        polarisation=_logical(values, "LCALCPOL"),
        potential=_logical(values, "LVTOT") or _logical(values, "LVHAR"),
        all_electron_density=_logical(values, "LAECHG"),
        localisation=_logical(values, "LELF"),
        phonons=phonons,
        displacement_angstrom=step if 0.0 < step < 0.1 else _STEP_ANGSTROM,
        n_displacements=1 if _real(values, "NFREE", 2.0) == 1.0 else 2,
        temperatures_k=_temperatures(values) if _logical(values, "PHON_LMC") else (),
        images=int(_real(values, "IMAGES", 0.0)),
        spring=_real(values, "SPRING", -5.0),
        climbs=_logical(values, "LCLIMB"),
        quasiparticles=algo.lower().startswith(("g", "ev", "q", "scgw")),
    )


def _temperatures(values: Mapping[str, str]) -> tuple[float, ...]:
    try:
        return fortran.read_reals(values.get("PHON_TLIST", "0"))
    except ValueError as error:
        raise Refusal("Error reading item 'PHON_TLIST' from file INCAR.", f"{error}.") from error


def _logical(values: Mapping[str, str], tag: str) -> bool:
    try:
        return fortran.read_logical(values.get(tag, ".FALSE."))
    except ValueError as error:
        raise Refusal(f"Error reading item '{tag}' from file INCAR.", f"{error}.") from error


def _real(values: Mapping[str, str], tag: str, default: float) -> float:
    try:
        return fortran.read_real(values.get(tag, str(default)))
    except ValueError as error:
        raise Refusal(f"Error reading item '{tag}' from file INCAR.", f"{error}.") from error
