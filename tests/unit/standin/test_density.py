"""Densities and potentials on meshes hold the electrons they should."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from pymatgen.io.vasp.outputs import Chgcar, Elfcar, Locpot

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Finished

MGO = "MgO\n1.0\n0 2.1 2.1\n2.1 0 2.1\n2.1 2.1 0\nMg O\n1 1\nDirect\n0 0 0\n.5 .5 .5\n"


def test_volumes_are_written_when_asked_for_and_hold_their_electrons(start: Callable[..., Finished]) -> None:
    run = start(MGO, LVTOT=".TRUE.", LAECHG=".TRUE.", LELF=".TRUE.")
    electrons = {name: Chgcar.from_file(run.folder / name).data["total"].mean() for name in
                 ("CHGCAR", "AECCAR0", "AECCAR1", "AECCAR2")}  # fmt: skip
    # valence 2 + 6; 12 + 8 electrons in all
    assert electrons == pytest.approx({"CHGCAR": 8, "AECCAR0": 12, "AECCAR1": 8, "AECCAR2": 8}, abs=1e-6)
    elf = Elfcar.from_file(run.folder / "ELFCAR").data["total"]
    assert elf.min() >= 0.0
    assert elf.max() == pytest.approx(1.0)


def test_the_potential_of_an_electron_is_lowest_at_the_core_of_most_charge(
    start: Callable[..., Finished],
) -> None:
    potential = Locpot.from_file(start(MGO, LVHAR=".TRUE.").folder / "LOCPOT").data["total"]
    assert potential.mean() == pytest.approx(0.0, abs=1e-8)
    middle = tuple(n // 2 for n in potential.shape)
    assert np.unravel_index(potential.argmin(), potential.shape) == middle  # oxygen


def test_a_plain_run_writes_none_of_them(al_static: Finished) -> None:
    names = {path.name for path in al_static.folder.iterdir()}
    assert not names & {"LOCPOT", "AECCAR0", "AECCAR1", "AECCAR2", "ELFCAR", "WAVEDER"}
