"""Input files of VASP through atomate2's input sets: preview, overrides, sources of every value."""

from __future__ import annotations

from crystalmath.inputs import overrides
from crystalmath.inputs.findings import Finding
from crystalmath.inputs.inputset import InputSet, potcars_by_step, preview
from crystalmath.inputs.sources import Setting, Source

__all__ = ["Finding", "InputSet", "Setting", "Source", "overrides", "potcars_by_step", "preview"]
