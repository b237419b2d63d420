"""Choose the interatomic potential for a list of atoms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crystalmath.standin import emt, tersoff
from crystalmath.standin.emt import EffectiveMedium
from crystalmath.standin.pair import PairPotential
from crystalmath.standin.tersoff import Tersoff

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crystalmath.standin.response import Potential

__all__ = ["choose"]


def choose(symbols: Sequence[str]) -> Potential:
    """Return Tersoff for Si and C, EMT where ASE's EMT knows all elements, else the pair potential."""
    present = set(symbols)
    if present <= tersoff.ELEMENTS:
        return Tersoff(symbols)
    if present <= emt.ELEMENTS:
        return EffectiveMedium(symbols)
    return PairPotential(symbols)
