"""atomate2's jobs on silicon, without a POTCAR library or VASP."""

from __future__ import annotations

from typing import Any


def silicon() -> Any:
    """Return the primitive cell of silicon."""
    from pymatgen.core import Lattice, Structure

    return Structure.from_spacegroup(
        "Fd-3m", Lattice.cubic(5.43), ["Si"], [[0, 0, 0]]
    ).get_primitive_structure()


def static_job(**maker: Any) -> bytes:
    """Return the document of a static job."""
    from atomate2.vasp.jobs.core import StaticMaker

    from crystalmath.engine.flow_documents import dump_job

    return dump_job(StaticMaker(**maker).make(silicon()))
