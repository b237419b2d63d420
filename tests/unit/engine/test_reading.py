from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

import pytest
from tests.unit.engine.vasp_jobs import static_job
from tests.unit.results.recorded import unpack

from crystalmath.engine import reading
from crystalmath.vasp import poscar

if TYPE_CHECKING:
    from pathlib import Path

    from crystalmath.engine.reading import Reading

WHERE = "aiida:6ecf4a26-5ac4-4a3b-a9a7-0f6c2c2dd5ff"


def read(name: str, folder: Path) -> Reading:
    return reading.read(unpack(name, folder), static_job(), WHERE)


def test_a_relaxed_cell_gives_the_numbers_that_stand_in_its_files(tmp_path: Path) -> None:
    summary = read("relax", tmp_path).summary
    assert summary is not None
    # Read off by hand: OUTCAR's energy(sigma->0), pressure and force table, CONTCAR, vasprun's eigenvalues.
    assert summary.energy_ev == pytest.approx(-10.81791590)
    assert summary.free_energy_ev == pytest.approx(-10.81791607)
    assert summary.energy_per_atom_ev == pytest.approx(-5.40895795)
    assert summary.pressure_kbar == -16.19
    assert summary.max_force_ev_per_angstrom == pytest.approx(0.347295, abs=1e-6)
    assert summary.volume_angstrom3 == pytest.approx(5.5**3 / 4)
    assert (summary.formula, summary.n_atoms, summary.n_kpoints, summary.encut_ev) == ("Si", 2, 171, 240.0)
    assert (summary.converged_electronic, summary.converged_ionic, summary.self_consistent) == (
        True,
        True,
        True,
    )
    assert (summary.program, summary.version, summary.standin) == ("vasp", "5.4.1", False)
    assert summary.is_metal is False
    assert summary.band_gap_ev == pytest.approx(0.5143)
    assert summary.magnetization_mub is None


def test_a_metal_has_no_gap(tmp_path: Path) -> None:
    summary = read("metal", tmp_path).summary
    assert summary is not None
    assert (summary.is_metal, summary.band_gap_ev) == (True, 0.0)
    assert summary.pressure_kbar == -26.39


def test_a_band_structure_run_is_not_self_consistent(tmp_path: Path) -> None:
    summary = read("bands", tmp_path).summary
    assert summary is not None
    assert not summary.self_consistent


def test_a_good_run_is_accepted_with_its_document(tmp_path: Path) -> None:
    got = read("converged", tmp_path)
    assert got.verdict == reading.Verdict()
    assert got.completed is not None
    assert got.document is not None
    assert got.document["output"]["dir_name"] == WHERE


def test_electrons_that_did_not_converge_have_a_number_and_a_sentence(tmp_path: Path) -> None:
    got = read("electronic-unconverged", tmp_path)
    assert got.verdict.label == "ERROR_ELECTRONIC_UNCONVERGED"
    assert got.verdict.message == "NELM = 8 steps were not enough in ionic step 1"
    assert got.completed is None
    assert got.document is not None
    assert got.summary is not None
    assert got.summary.energy_ev == pytest.approx(-6.50149309)


def test_ions_that_did_not_converge_have_a_number_and_a_sentence(tmp_path: Path) -> None:
    got = read("ionic-unconverged", tmp_path)
    assert got.verdict.label == "ERROR_IONIC_UNCONVERGED"
    assert got.verdict.message == "NSW = 5 steps were not enough; the largest force is 2.3619 eV/Å"
    assert len(got.ionic_steps) == 5


def test_a_run_that_broke_off_in_its_first_step_leaves_no_numbers(tmp_path: Path) -> None:
    got = read("unfinished", tmp_path)
    assert got.verdict.label == "ERROR_TRUNCATED"
    assert got.summary is None


def test_a_run_that_broke_off_later_keeps_the_finished_steps(tmp_path: Path) -> None:
    unpack("ionic-unconverged", tmp_path)
    text = (tmp_path / "vasprun.xml").read_text()
    ends = [at for at in range(len(text)) if text.startswith("</calculation>", at)]
    (tmp_path / "vasprun.xml").write_text(text[: ends[2] + 400])
    outcar = (tmp_path / "OUTCAR").read_text()
    (tmp_path / "OUTCAR").write_text(outcar[: outcar.index("Iteration      4(")])
    got = reading.read(tmp_path, static_job(), WHERE)
    assert got.verdict == reading.Verdict("ERROR_TRUNCATED", "3 ionic steps")
    assert got.summary is not None
    assert (got.summary.n_ionic_steps, got.summary.complete) == (3, False)
    assert got.structure is not None
    assert got.document is None


def test_vasps_own_message_comes_before_the_missing_end(tmp_path: Path) -> None:
    unpack("unfinished", tmp_path)
    (tmp_path / "vasp.out").write_text("Error EDDDAV: Call to ZHEGV failed. Returncode =   7 1   8\n")
    got = reading.read(tmp_path, static_job(), WHERE)
    assert got.verdict.label == "ERROR_VASP_STOPPED"
    assert "EDDDAV" in got.verdict.message


def test_a_wall_time_that_is_over_comes_first(tmp_path: Path) -> None:
    unpack("unfinished", tmp_path)
    (tmp_path / "_scheduler-stderr.txt").write_text("CANCELLED AT 2026-01-01 DUE TO TIME LIMIT\n")
    assert reading.read(tmp_path, static_job(), WHERE).verdict.label == "ERROR_OUT_OF_TIME"


def test_a_requested_stop_is_no_lack_of_convergence(tmp_path: Path) -> None:
    unpack("ionic-unconverged", tmp_path)
    with (tmp_path / "OUTCAR").open("a") as file:
        file.write(" soft stop encountered!  aborting job ...\n General timing and accounting\n")
    assert reading.read(tmp_path, static_job(), WHERE).verdict.label == "ERROR_STOPPED_ON_REQUEST"


def test_fixed_components_do_not_count_as_forces(tmp_path: Path) -> None:
    unpack("ionic-unconverged", tmp_path)
    lines = (tmp_path / "POSCAR").read_text().splitlines()
    parsed = poscar.parse("\n".join(lines))
    head = next(
        number for number, line in enumerate(lines) if line.strip()[:1].lower() in ("d", "c") and number > 4
    )
    fixed = [*lines[:head], "Selective dynamics", *lines[head:]]
    for number in range(len(parsed.fractional)):
        fixed[head + 2 + number] += "  T F F"
    (tmp_path / "POSCAR").write_text("\n".join(fixed) + "\n")
    summary = reading.read(tmp_path, static_job(), WHERE).summary
    assert summary is not None
    assert summary.max_force_ev_per_angstrom == pytest.approx(0.340957, abs=1e-6)  # x of OUTCAR's last table


def test_output_that_cannot_be_parsed_is_an_exit_code(tmp_path: Path) -> None:
    unpack("relax", tmp_path)
    text = (tmp_path / "vasprun.xml").read_text().replace("crystal>", "glass>")
    (tmp_path / "vasprun.xml").write_text(text)
    got = reading.read(tmp_path, static_job(), WHERE)
    assert got.verdict.label == "ERROR_UNREADABLE"
    assert got.verdict.message


def test_an_energy_that_vasp_could_not_print_is_no_energy(tmp_path: Path) -> None:
    unpack("relax", tmp_path)
    stars = '<i name="e_fr_energy"> ************** </i>'
    text = re.sub('<i name="e_fr_energy">[^<]*</i>', stars, (tmp_path / "vasprun.xml").read_text())
    (tmp_path / "vasprun.xml").write_text(text)
    summary = reading.read(tmp_path, static_job(), WHERE).summary
    assert summary is not None
    assert summary.energy_ev is None


def test_an_empty_folder_is_an_exit_code(tmp_path: Path) -> None:
    assert reading.read(tmp_path, None, WHERE).verdict.label == "ERROR_NO_OUTPUT"


def test_a_run_without_a_job_has_a_document_too(tmp_path: Path) -> None:
    got = reading.read(unpack("relax", tmp_path), None, WHERE)
    assert got.verdict == reading.Verdict()
    assert got.completed is None
    assert got.document is not None
    assert got.document["output"]["state"] == "successful"


def test_compressed_files_are_unpacked_with_the_time_of_their_writing(tmp_path: Path) -> None:
    packed = tmp_path / "vasprun.xml.gz"
    with (
        packed.open("wb") as raw,
        gzip.GzipFile("vasprun.xml", "wb", fileobj=raw, mtime=1_600_000_000) as file,
    ):
        file.write(b"<modeling/>")
    with packed.open("rb") as source:
        reading.unpack_file(source, tmp_path, packed.name)
    assert (tmp_path / "vasprun.xml").read_bytes() == b"<modeling/>"
    assert (tmp_path / "vasprun.xml").stat().st_mtime == 1_600_000_000
