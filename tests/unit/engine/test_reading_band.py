"""A nudged elastic band from its Maker to what is read of it, with the stand-in as VASP."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from crystalmath.engine import reading
from crystalmath.engine import seam_atomate2 as seam
from crystalmath.engine.flow_documents import dump_job
from crystalmath.results import ending
from crystalmath.standin import potcars

if TYPE_CHECKING:
    from pathlib import Path

WHERE = "aiida:6ecf4a26-5ac4-4a3b-a9a7-0f6c2c2dd5ff"


def hop() -> Any:
    """Return the job of a vacancy hop in aluminium with one image between its ends."""
    from atomate2.vasp.jobs.neb import NebFromImagesMaker
    from pymatgen.core import Lattice, Structure

    start = Structure.from_spacegroup("Fm-3m", Lattice.cubic(4.05), ["Al"], [[0, 0, 0]]) * (2, 1, 1)
    start.remove_sites([0])
    end = start.copy()
    end.translate_sites([0], [-x for x in end[0].frac_coords], frac_coords=True)
    return NebFromImagesMaker().make(start.interpolate(end, 2))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> seam.Prepared:
    def nowhere(directory: str, target: Path) -> None:
        raise AssertionError(directory, target)

    return seam.prepare(dump_job(hop()), [], nowhere, tmp_path_factory.mktemp("prepared"))


@pytest.fixture(scope="module")
def finished(prepared: seam.Prepared, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("band")
    for name, content in prepared.files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "POTCAR").write_text(potcars.text("Al", "PBE_54"))
    with (folder / "vasp.out").open("w") as said:
        subprocess.run([sys.executable, "-m", "crystalmath.standin"], cwd=folder, stdout=said, check=True)
    return folder


def test_the_images_are_among_the_inputs(prepared: seam.Prepared) -> None:
    folders = {name.partition("/")[0] for name in prepared.files if "/" in name}
    assert folders == {"00", "01", "02"}
    assert prepared.files["00/POSCAR"] != prepared.files["01/POSCAR"]
    assert b"IMAGES = 1" in prepared.files["INCAR"]


def test_a_band_gives_the_document_of_its_images_and_the_numbers_of_the_highest(finished: Path) -> None:
    got = reading.read(finished, dump_job(hop()), WHERE)
    assert got.verdict == reading.Verdict()
    assert got.document is not None
    assert got.summary is not None
    output = got.document["output"]
    assert output["dir_name"] == WHERE
    assert output["directories"] == [f"{WHERE}/01"]
    assert [one["dir_name"] for one in output["calculations"]] == [f"{WHERE}/01"]
    assert got.summary.energy_ev == pytest.approx(output["energies"][0], abs=1e-3)
    assert got.summary.standin


def test_a_band_with_a_broken_image_is_told_as_broken(finished: Path, tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(finished, folder)
    (image,) = ending.images(folder)
    text = (image / "OUTCAR").read_text()
    (image / "OUTCAR").write_text(text[: text.index("General timing")])
    got = reading.read(folder, dump_job(hop()), WHERE)
    assert got.verdict.label == "ERROR_TRUNCATED"
    assert got.completed is None


def test_a_band_that_left_nothing_is_told_as_that(finished: Path, tmp_path: Path) -> None:
    for name in ("00", "01", "02"):
        (tmp_path / name).mkdir()
    assert reading.read(tmp_path, dump_job(hop()), WHERE).verdict.label == "ERROR_NO_OUTPUT"
