"""CrystalMath: from a crystal structure to a finished, provenance-tracked VASP calculation.

>>> import crystalmath as cm
>>> job = cm.run("relax", "POSCAR", overrides={"ENCUT": 520})
>>> job.card.energy_per_atom_ev

Nothing heavy is imported before the first verb is called.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crystalmath.api import Job, job, jobs, preview, run, submit
    from crystalmath.errors import CrystalMathError

__all__ = ["CrystalMathError", "Job", "job", "jobs", "preview", "run", "submit"]

_HOMES = {"CrystalMathError": "crystalmath.errors"}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'crystalmath' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES.get(name, "crystalmath.api")), name)


def __dir__() -> list[str]:
    return sorted(__all__)
