"""Nudged elastic bands: a known saddle is found, the folders hold what readers expect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from emmet.core.neb import NebIntermediateImagesDoc
from pymatgen.core import Lattice, Structure

from crystalmath.standin.band import tangents
from crystalmath.standin.cell import Cell
from crystalmath.standin.potentials import choose

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Finished

INCAR = {
    "IMAGES": "3", "SPRING": "-5", "LCLIMB": ".TRUE.", "IOPT": "1", "IBRION": "3", "POTIM": "0",
    "NSW": "60", "EDIFFG": "-0.02", "EDIFF": "1e-6", "ISMEAR": "0", "SIGMA": "0.05",
    "KSPACING": "0.9", "LCHARG": ".FALSE.",
}  # fmt: skip


def hop() -> list[Structure]:
    """Return aluminium with a vacancy, a neighbour jumping into it, slightly beside the straight line."""
    start = Structure.from_spacegroup("Fm-3m", Lattice.cubic(4.0), ["Al"], [[0, 0, 0]]) * (2, 2, 2)
    start.remove_sites([0])
    jumper = min(range(len(start)), key=lambda i: start[i].distance_from_point([0, 0, 0]))
    end = start.copy()
    end.translate_sites([jumper], -end[jumper].frac_coords, frac_coords=True)
    images: list[Structure] = start.interpolate(end, 4)
    images[1].translate_sites([jumper], [0.0, 0.02, 0.03], frac_coords=False)
    return images


@pytest.fixture(scope="module")
def band(tmp_path_factory: pytest.TempPathFactory, prepare_band: Callable[[Path], Finished]) -> Finished:
    return prepare_band(tmp_path_factory.mktemp("band"))


@pytest.fixture(scope="module")
def prepare_band() -> Callable[[Path], Finished]:
    from .conftest import execute, prepare

    def run(folder: Path) -> Finished:
        images = hop()
        prepare(folder, images[0].to(fmt="poscar"), INCAR)
        for number, image in enumerate(images):
            own = folder / f"{number:02d}"
            own.mkdir()
            (own / "POSCAR").write_text(image.to(fmt="poscar"))
        return execute(folder)

    return run


def energy(structure: Structure) -> float:
    return choose(["Al"] * len(structure)).evaluate(structure.lattice.matrix, structure.cart_coords).energy_ev


def test_the_climbing_image_reaches_the_saddle(band: Finished) -> None:
    document: Any = NebIntermediateImagesDoc.from_directory(band.folder)
    assert band.code == 0, band.stdout
    assert document.state.value == "successful"
    top = int(np.argmax(document.energies))
    saddle = document.images[top]
    forces = choose(["Al"] * len(saddle)).evaluate(saddle.lattice.matrix, saddle.cart_coords).forces
    assert np.linalg.norm(forces, axis=1).max() < 0.021
    assert document.energies[top] == pytest.approx(energy(saddle), abs=1e-6)
    assert document.energies[top] > energy(hop()[0]) + 0.2
    assert "reached required accuracy" in band.stdout


def test_images_speak_in_their_folders_and_ends_are_left_alone(band: Finished) -> None:
    for number in ("01", "02", "03"):
        folder = band.folder / number
        assert all((folder / name).stat().st_size for name in ("OUTCAR", "CONTCAR", "OSZICAR", "vasprun.xml"))
        assert "NEB: projections on to tangent" in (folder / "OUTCAR").read_text()
    assert "this is not VASP" in (band.folder / "02" / "OUTCAR").read_text()
    assert "entering main loop" in (band.folder / "02" / "stdout").read_text()
    for number in ("00", "04"):
        assert [path.name for path in (band.folder / number).iterdir()] == ["POSCAR"]


def test_tangents_point_uphill() -> None:
    cells = [
        Cell("x", ("Al",), (1,), 10.0 * np.eye(3), np.array([[x, y, 0.0]]))
        for x, y in ((0.0, 0.0), (0.1, 0.0), (0.1, 0.1))
    ]
    (up,), lengths = tangents(cells, [0.0, 1.0, 2.0])
    (down,), _ = tangents(cells, [2.0, 1.0, 0.0])
    (top,), _ = tangents(cells, [0.0, 1.0, 0.0])
    np.testing.assert_allclose(up, [[0.0, 1.0, 0.0]], atol=1e-12)
    np.testing.assert_allclose(down, [[1.0, 0.0, 0.0]], atol=1e-12)
    np.testing.assert_allclose(top, [[0.5**0.5, 0.5**0.5, 0.0]], atol=1e-12)
    assert lengths == pytest.approx([1.0, 1.0])
