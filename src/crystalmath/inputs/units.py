"""Units of atomate2's parameters, which its sources mention in words if at all."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["unit_of"]

BY_NAME: Final = {
    "bandgap": "eV",
    "bandgap_tol": "eV",
    "displacement": "Å",
    "displacement_anhar": "Å",
    "sym_prec": "Å",
    "symprec": "Å",
    "min_length": "Å",
    "max_length": "Å",
    "min_supercell_length": "Å",
    "min_vacuum": "Å",
    "min_slab_size": "Å",
    "min_lw": "Å",
    "mol_box_size": "Å",
    "min_hop_distance": "Å",
    "relax_radius": "Å",
    "perturb": "Å",
    "time_step": "fs",
    "langevin_gamma": "ps⁻¹",
    "start_temp": "K",
    "end_temp": "K",
    "temperature": "K",
    "temperatures": "K",
    "t_max": "K",
    "quench_start_temperature": "K",
    "quench_end_temperature": "K",
    "quench_temperature_step": "K",
    "pressure": "GPa",
    "dedos": "eV",
    "epsilon": "Å",
}
WORDS: Final = (
    (re.compile(r"\bin (?:Å|Angstroms?|angstroms?)\b|\(Å\)|\(in Å\)"), "Å"),
    (re.compile(r"\bin (?:Kelvin|K)\b"), "K"),
    (re.compile(r"\bin (?:eV|electron ?volts?)\b"), "eV"),
    (re.compile(r"\bin GPa\b"), "GPa"),
    (re.compile(r"\bin kB(?:ar)?\b"), "kbar"),
    (re.compile(r"\bin (?:fs|femtoseconds?)\b"), "fs"),
    (re.compile(r"\bin THz\b"), "THz"),
    (re.compile(r"\bin degrees?\b"), "°"),
)


def unit_of(name: str, description: str) -> str | None:
    """Return the unit of a parameter, from its name or from what its description says."""
    if name in BY_NAME:
        return BY_NAME[name]
    return next((unit for words, unit in WORDS if words.search(description)), None)
