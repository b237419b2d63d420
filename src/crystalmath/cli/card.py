"""The result card as people read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.engine.jobs import JobDetail
    from crystalmath.engine.session import Session
    from crystalmath.results.card import Card

__all__ = ["print_card", "print_plots", "print_steps"]

STANDIN_LINE = "Computed by CrystalMath's stand-in. This is NOT VASP: do not use the numbers."


def print_card(card: Card) -> None:
    """Print what the job computed, whether it converged and where its files are."""
    click.echo()
    title = f"{card.formula or 'Job'} · {card.template or 'foreign process'} · job {card.id} · {card.state}"
    click.secho(title, bold=True)
    if card.label:
        click.echo(card.label)
    if card.standin:
        click.secho(STANDIN_LINE, fg="yellow")
    if card.exit_message:
        click.secho(f"{card.exit_message} (exit {card.exit_status})", fg="red")
    for name, value in _rows(card):
        click.echo(f"  {name:20} {value}")
    for warning in card.warnings:
        click.secho(f"  ! {warning}", fg="yellow")


def _number(value: float | None, unit: str, digits: int) -> str | None:
    return None if value is None else f"{value:.{digits}f} {unit}".rstrip()


def _rows(card: Card) -> Iterator[tuple[str, str]]:
    values = {
        "Energy per atom": _number(card.energy_per_atom_ev, "eV", 6),
        "Energy (sigma→0)": _number(card.energy_ev, "eV", 6),
        "Maximum force": _number(card.max_force_ev_per_angstrom, "eV/Å", 4),
        "Pressure": _number(card.pressure_kbar, "kbar", 2),
        "Volume": _volume(card),
        "Band gap": "metallic" if card.is_metal else _number(card.band_gap_ev, "eV", 3),
        "Magnetization": _number(card.magnetization_mub, "µB", 3),
        "Converged": _convergence(card),
        "Files": card.directory,
    }
    yield from ((name, value) for name, value in values.items() if value is not None)


def _volume(card: Card) -> str | None:
    if card.volume_angstrom3 is None:
        return None
    per_atom = f" ({card.volume_angstrom3 / card.n_atoms:.3f} per atom)" if card.n_atoms else ""
    return f"{card.volume_angstrom3:.3f} Å³{per_atom}"


def _convergence(card: Card) -> str | None:
    words = {True: "yes", False: "NO"}
    parts = [
        f"{kind} {words[known]}"
        for kind, known in (("electronic", card.converged_electronic), ("ionic", card.converged_ionic))
        if known is not None
    ]
    steps = [f"{card.n_ionic_steps} ionic steps"] if card.n_ionic_steps and card.n_ionic_steps > 1 else []
    return ", ".join([*parts, *steps]) or None


def print_steps(detail: JobDetail) -> None:
    """Print a line per step, and why the job is paused."""
    if detail.reason:
        click.secho(f"Paused: {detail.reason}", fg="yellow")
    for step in detail.steps:
        ending = f": {step.exit_message}" if step.exit_message else ""
        click.echo(f"  {step.index}  {step.name:24} {step.state}{ending}")


def print_plots(session: Session, job_id: int) -> None:
    """Draw how the job's longest relaxation converged, and its band structure, as far as it has them."""
    from crystalmath.engine import curves, jobs
    from crystalmath.results import plots

    found = [curves.convergence(session, job_id, step=step.index) for step in jobs.steps(session, job_id)]
    longest = max((curve for curve in found if curve), key=lambda curve: len(curve.ionic), default=None)
    if longest is not None:
        click.echo("\n" + plots.convergence(longest))
    bands = curves.bands(session, job_id)
    if bands is not None:
        click.echo("\n" + plots.bands(bands))
