"""The result card of a job: what it computed, whether it converged, where its files are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from crystalmath.results.summary import Summary

__all__ = ["Card", "Identity", "card"]


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Which job a card is of and how far it is; what the engine knows without any result.

    `standin` is what the output says of its program where nothing else came of the run.
    """

    id: int
    uuid: str
    state: str
    exit_status: int | None = None
    exit_message: str | None = None
    formula: str = ""
    n_atoms: int = 0
    template: str = ""
    label: str = ""
    directory: str | None = None
    created_at: str | None = None
    standin: bool | None = None


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """The result card. Values are None where the job has not got that far.

    They are those of the job's last self-consistent step; energies are E0 (sigma → 0), the pressure carries
    VASP's sign (positive: the cell wants to grow), the maximum force leaves out fixed components.
    """

    id: int
    uuid: str
    state: str
    exit_status: int | None = None
    exit_message: str | None = None
    formula: str = ""
    n_atoms: int = 0
    energy_ev: float | None = None
    energy_per_atom_ev: float | None = None
    max_force_ev_per_angstrom: float | None = None
    volume_angstrom3: float | None = None
    pressure_kbar: float | None = None
    standin: bool | None = None
    band_gap_ev: float | None = None
    is_metal: bool | None = None
    magnetization_mub: float | None = None
    converged_electronic: bool | None = None
    converged_ionic: bool | None = None
    n_ionic_steps: int | None = None
    step: str = ""
    template: str = ""
    label: str = ""
    directory: str | None = None
    created_at: str | None = None
    warnings: tuple[str, ...] = ()


def card(identity: Identity, summary: Summary | None, *, step: str = "") -> Card:
    """Return the card of a job from the summary of its last self-consistent step, named `step`."""
    known = msgspec.structs.asdict(identity)
    if summary is None:
        return Card(**known)
    known["formula"] = identity.formula or summary.formula
    known["n_atoms"] = identity.n_atoms or summary.n_atoms
    known["standin"] = summary.standin
    return Card(
        **known,
        energy_ev=summary.energy_ev,
        energy_per_atom_ev=summary.energy_per_atom_ev,
        max_force_ev_per_angstrom=summary.max_force_ev_per_angstrom,
        volume_angstrom3=summary.volume_angstrom3,
        pressure_kbar=summary.pressure_kbar,
        band_gap_ev=summary.band_gap_ev,
        is_metal=summary.is_metal,
        magnetization_mub=summary.magnetization_mub,
        converged_electronic=summary.converged_electronic,
        converged_ionic=summary.converged_ionic,
        n_ionic_steps=summary.n_ionic_steps,
        step=step,
        warnings=summary.warnings,
    )
