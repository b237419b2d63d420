"""Band structure and convergence drawn in the terminal, readable at 80 columns and without colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crystalmath.results.bands import Bands
    from crystalmath.results.convergence import Convergence

__all__ = ["bands", "convergence"]

WIDTH, HEIGHT = 80, 24
WINDOW_EV = (-6.0, 6.0)


def bands(
    data: Bands, *, width: int = WIDTH, height: int = HEIGHT, window_ev: tuple[float, float] = WINDOW_EV
) -> str:
    """Return the drawing of a band structure; energies from the valence band top or the Fermi energy."""
    zero, reference = (data.fermi_energy_ev, "E_F") if data.vbm_ev is None else (data.vbm_ev, "E_VBM")
    low, high = window_ev
    figure = _figure(width, height)
    figure.line(0.0, "horizontal", style="dotted")
    for tick in data.ticks[1:-1]:
        figure.line(tick.distance_per_angstrom, "vertical", style="dotted")
    for spin in data.energy_ev:
        for band in spin:
            for first, last in data.segments:
                x = data.distance_per_angstrom[first : last + 1]
                _line(figure, x, [energy - zero for energy in band[first : last + 1]], low, high)
    figure.ruler("y").lim(low, high)
    figure.ruler("x").lim(data.distance_per_angstrom[0], data.distance_per_angstrom[-1])
    figure.ruler("x").ticks([tick.distance_per_angstrom for tick in data.ticks], _labels(data, width))
    figure.label(f"E - {reference} (eV)", "y")
    figure.title(_gap_line(data))
    return _text(figure)


def _labels(data: Bands, width: int) -> list[str]:
    """Return the labels of the path; of two that would overlap, the later one is left out."""
    scale = (width - 10) / max(data.distance_per_angstrom[-1], 1e-9)
    free_from, labels = -1.0, []
    for tick in data.ticks:
        column = tick.distance_per_angstrom * scale - len(tick.label) / 2
        labels.append(tick.label if column >= free_from else "")
        if labels[-1]:
            free_from = column + len(tick.label) + 1
    return labels


def _gap_line(data: Bands) -> str:
    if data.is_metal:
        return "Band structure, metallic along this path"
    kind = "direct" if data.is_gap_direct else "indirect"
    return f"Band structure, {kind} gap of {data.gap_ev:.3f} eV along this path"


def convergence(data: Convergence, *, width: int = WIDTH, height: int = HEIGHT) -> str:
    """Return the drawing of a run's convergence: ionic steps when it has several, else electronic ones."""
    if len(data.ionic) > 1:
        return _ionic(data, width, height)
    return _electronic(data, width, height)


def _ionic(data: Convergence, width: int, height: int) -> str:
    steps = data.ionic
    final = steps[-1].energy_ev
    energies = [(s.number, abs(s.energy_ev - final)) for s in steps[:-1]]
    forces = [
        (s.number, s.max_force_ev_per_angstrom) for s in steps if s.max_force_ev_per_angstrom is not None
    ]
    parts = []
    forces = forces if any(force > 0 for _, force in forces) else []  # zero by symmetry: nothing to see
    half = height // 2 if forces and energies else height
    if energies:
        parts.append(_decades(energies, "|E0 - E0(last)| (eV) by ionic step", width, half))
    if forces:
        parts.append(_decades(forces, "Largest force (eV/Å) by ionic step", width, half))
    return "\n".join(parts)


def _electronic(data: Convergence, width: int, height: int) -> str:
    if not data.electronic:
        return "No electronic step yet."
    points = [(number, abs(step.change_ev)) for number, step in enumerate(data.electronic, start=1)]
    return _decades(points, "|dE| (eV) by electronic step", width, height)


def _decades(points: Sequence[tuple[int, float]], title: str, width: int, height: int) -> str:
    """Draw positive values over step numbers on a scale of decades; zeros lie on the lowest one."""
    from math import ceil, floor, log10

    positive = [log10(value) for _, value in points if value > 0]
    low, high = (floor(min(positive)), ceil(max(positive))) if positive else (-1, 0)
    high = max(high, low + 1)
    numbers = [number for number, _ in points]
    figure = _figure(width, height)
    heights = [log10(value) if value > 0 else low for _, value in points]
    figure.draw(figure.signal(numbers, heights, marker="braille").lines())
    figure.draw(figure.signal(numbers, heights, marker="•"))
    spacing = max(1, -(-(high - low) // max(1, height - 6)))
    decades = list(range(low, high + 1, spacing))
    figure.ruler("y").lim(low, high)
    figure.ruler("y").ticks(decades, [f"1e{decade:+03d}" for decade in decades])
    figure.ruler("x").lim(min(numbers[0], numbers[-1] - 1), numbers[-1])
    marks = sorted({numbers[-1], *numbers[:: max(1, -(-len(numbers) // 8))]})
    figure.ruler("x").ticks(marks, [str(mark) for mark in marks])
    figure.title(title)
    return _text(figure)


def _line(figure: Any, x: Sequence[float], y: Sequence[float], low: float, high: float) -> None:
    """Draw the pieces of a band that lie in the window."""
    piece: list[tuple[float, float]] = []
    for a, b in [*zip(x, y, strict=True), (0.0, high + 1.0)]:
        if low <= b <= high:
            piece.append((a, b))
        elif piece:
            figure.draw(figure.signal([p[0] for p in piece], [p[1] for p in piece], marker="braille").lines())
            piece = []


def _figure(width: int, height: int) -> Any:
    """Return plotext's figure (it has one), empty."""
    import plotext

    figure = plotext.figure
    figure.clear()
    figure.plot_size(width, height)
    figure.theme("colorless")
    return figure


def _text(figure: Any) -> str:
    """Return the drawing as plain text without trailing blanks: no colour, nothing that depends on one."""
    drawn: str = figure.build().string(colorless=True)
    return "\n".join(line.rstrip() for line in drawn.splitlines())
