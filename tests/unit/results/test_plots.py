from __future__ import annotations

import pytest
from tests.unit.results.test_bands import path
from tests.unit.results.test_convergence import LINE, RELAX, TABLE

from crystalmath.results import bands, convergence, plots


def drawn_bands(width: int = 80) -> str:
    read = bands.from_mapping(path([-1, -2, -2, -3], [2, 1, 1, 3]))
    assert read is not None
    return plots.bands(read, width=width)


@pytest.mark.parametrize("width", [60, 80, 200])
def test_no_line_is_longer_than_asked_for(width: int) -> None:
    assert max(len(line) for line in drawn_bands(width).splitlines()) <= width


def test_a_band_plot_says_what_it_shows_without_colour() -> None:
    drawn = drawn_bands()
    assert "\x1b" not in drawn
    assert "indirect gap of 2.000 eV" in drawn
    assert "E - E_VBM (eV)" in drawn
    last = drawn.splitlines()[-2:]
    assert any("Γ" in line and "X|U" in line and line.rstrip().endswith("L") for line in last)


def test_bands_outside_of_the_window_are_cut_off() -> None:
    read = bands.from_mapping(path([-1, -90, -90, -3], [2, 1, 1, 300]))
    assert read is not None
    assert len(plots.bands(read).splitlines()) <= plots.HEIGHT


def test_a_relaxation_is_drawn_by_ionic_steps_with_energies_and_forces() -> None:
    read = convergence.from_texts(RELAX, TABLE.format(n=1) + LINE + TABLE.format(n=2) + LINE)
    drawn = plots.convergence(read)
    assert "E0(last)" in drawn
    assert "Largest force" in drawn
    assert "\x1b" not in drawn


def test_a_run_without_ionic_steps_is_drawn_by_electronic_steps() -> None:
    drawn = plots.convergence(convergence.from_texts(RELAX.partition("   1 F=")[0]))
    assert "|dE| (eV) by electronic step" in drawn
    assert "1e+01" in drawn


def test_a_run_that_has_not_begun_says_so() -> None:
    assert plots.convergence(convergence.Convergence((), ())) == "No electronic step yet."
