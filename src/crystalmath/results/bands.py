"""Band structures along a path: distances, energies, labels and the gap."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["Bands", "Tick", "from_mapping", "from_vasprun"]

METAL_EV = 1e-4
SAME_POINT = 1e-5


@dataclass(frozen=True, slots=True)
class Tick:
    """A high-symmetry point at a distance (1/Å) along the path; `X|U` where the path jumps."""

    distance_per_angstrom: float
    label: str


@dataclass(frozen=True, slots=True)
class Bands:
    """Energies (eV, absolute) by spin, band and k-point; k-points by their distance along the path (1/Å).

    `segments` are the (first, last) k-points of the pieces without a jump. The gap is that of this path.
    """

    distance_per_angstrom: tuple[float, ...]
    energy_ev: tuple[tuple[tuple[float, ...], ...], ...]
    ticks: tuple[Tick, ...]
    segments: tuple[tuple[int, int], ...]
    fermi_energy_ev: float
    gap_ev: float
    is_metal: bool
    is_gap_direct: bool
    vbm_ev: float | None
    cbm_ev: float | None


def from_mapping(data: Mapping[str, Any]) -> Bands | None:
    """Return the bands of a document's band structure (pymatgen's form); None when it follows no path."""
    branches = data.get("branches")
    if not branches:
        return None
    energies = _energies(data["bands"])
    distances = _distances(data["kpoints"], data["lattice_rec"]["matrix"], branches)
    fermi = float(data["efermi"])
    return Bands(
        distance_per_angstrom=distances,
        energy_ev=energies,
        ticks=_ticks(branches, distances),
        segments=tuple((branch["start_index"], branch["end_index"]) for branch in branches),
        fermi_energy_ev=fermi,
        **_gap(energies, fermi),
    )


def from_vasprun(path: Path) -> Bands | None:
    """Return the bands of a vasprun.xml of a run along a path (KPOINTS beside it); None when it has none."""
    from pymatgen.electronic_structure.bandstructure import BandStructureSymmLine
    from pymatgen.io.vasp.outputs import BSVasprun

    read = BSVasprun(str(path), parse_potcar_file=False).get_band_structure(line_mode=True, efermi="smart")
    return from_mapping(read.as_dict()) if isinstance(read, BandStructureSymmLine) else None


def _energies(bands: Mapping[str, Any]) -> tuple[tuple[tuple[float, ...], ...], ...]:
    """Return spin up first: pymatgen calls the spins 1 and -1."""
    spins = [bands[name] for name in ("1", "-1") if name in bands]
    return tuple(tuple(tuple(float(e) for e in band) for band in spin) for spin in spins)


def _distances(
    points: Sequence[Any], reciprocal: Sequence[Sequence[float]], branches: Any
) -> tuple[float, ...]:
    starts = {branch["start_index"] for branch in branches}
    cartesian = [
        [sum(k[i] * reciprocal[i][axis] for i in range(3)) for axis in range(3)]
        for k in (point["fcoords"] if isinstance(point, dict) else point for point in points)
    ]
    along = [0.0]
    for number, (a, b) in enumerate(pairwise(cartesian), start=1):
        step = sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5
        along.append(along[-1] + (0.0 if number in starts else step))
    return tuple(along)


def _ticks(branches: Any, distances: Sequence[float]) -> tuple[Tick, ...]:
    labels: dict[float, list[str]] = {}
    for branch in branches:
        first, _, last = branch["name"].partition("-")
        for index, name in ((branch["start_index"], first), (branch["end_index"], last)):
            at = round(distances[index], 8)
            known = labels.setdefault(at, [])
            if _readable(name) not in known:
                known.append(_readable(name))
    return tuple(Tick(at, "|".join(names)) for at, names in sorted(labels.items()))


def _readable(label: str) -> str:
    name = label.strip().strip("$").replace("\\", "").replace("{", "").replace("}", "")
    for word, sign in (
        ("GAMMA", "Γ"),
        ("Gamma", "Γ"),
        ("DELTA", "Δ"),
        ("Delta", "Δ"),
        ("SIGMA", "Σ"),
        ("Sigma", "Σ"),
    ):
        name = name.replace(word, sign)
    return name


def _gap(energies: Sequence[Sequence[Sequence[float]]], fermi: float) -> dict[str, Any]:
    """Return the gap along the path: a band that crosses the Fermi energy makes a metal."""
    bands = [band for spin in energies for band in spin]
    crossing = any(min(band) < fermi - METAL_EV and max(band) > fermi + METAL_EV for band in bands)
    below = [(energy, k) for band in bands if max(band) <= fermi + METAL_EV for k, energy in enumerate(band)]
    above = [(energy, k) for band in bands if min(band) > fermi + METAL_EV for k, energy in enumerate(band)]
    if crossing or not below or not above:
        return {"gap_ev": 0.0, "is_metal": True, "is_gap_direct": False, "vbm_ev": None, "cbm_ev": None}
    top, bottom = max(e for e, _ in below), min(e for e, _ in above)
    tops = {k for energy, k in below if energy > top - SAME_POINT}
    bottoms = {k for energy, k in above if energy < bottom + SAME_POINT}
    gap = bottom - top
    return {
        "gap_ev": gap,
        "is_metal": gap < METAL_EV,
        "is_gap_direct": bool(tops & bottoms),
        "vbm_ev": top,
        "cbm_ev": bottom,
    }
