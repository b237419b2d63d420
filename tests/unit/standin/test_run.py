"""A run as its user sees it: what it honours, refuses, and how it fails on request."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import warnings
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from custodian.vasp.handlers import VaspErrorHandler
from pymatgen.io.vasp import Oszicar, Poscar, Vasprun
from tests.deadlines import SOON_S

from crystalmath.standin import failures

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

AL = "Al4\n1.0\n4.05 0 0\n0 4.05 0\n0 0 4.05\nAl\n4\nDirect\n0 0 0\n.5 .5 0\n.5 0 .52\n0 .5 .5\n"
HEAD = "Al2\n1.0\n4 0 0\n0 4 0\n0 0 4\nAl\n2\n"
RELAX = {"IBRION": "2", "NSW": "40", "EDIFFG": "-0.01"}


def vasprun(run: Any) -> Vasprun:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Vasprun(run.folder / "vasprun.xml", parse_potcar_file=False, parse_dos=False)


@pytest.mark.parametrize("ibrion", ["1", "2", "3"])
def test_every_minimiser_relaxes_the_ions(start: Callable[..., Any], ibrion: str) -> None:
    run = start(AL, **RELAX | {"IBRION": ibrion, "ISIF": "2"})
    assert "reached required accuracy" in run.stdout
    last = vasprun(run).ionic_steps[-1]
    assert np.linalg.norm(last["forces"], axis=1).max() < 0.01


@pytest.mark.parametrize(
    ("isif", "ions", "shape", "volume"),
    [(0, 1, 0, 0), (1, 1, 0, 0), (2, 1, 0, 0), (3, 1, 1, 1), (4, 1, 1, 0), (5, 0, 1, 0), (6, 0, 1, 1),
     (7, 0, 0, 1), (8, 1, 0, 1)],
)  # fmt: skip
def test_isif_frees_ions_shape_and_volume(
    start: Callable[..., Any], isif: int, ions: int, shape: int, volume: int
) -> None:
    poscar = AL.replace("0 0 4.05", "0.05 0 4.2")
    steps = vasprun(start(poscar, **RELAX | {"NSW": "3", "ISIF": str(isif), "EDIFFG": "-1e-5"})).ionic_steps
    first, last = steps[0]["structure"], steps[-1]["structure"]
    moved = np.abs(first.frac_coords - last.frac_coords).max() > 1e-6
    assert moved == bool(ions)
    assert (abs(first.volume - last.volume) > 1e-4) == bool(volume)
    scaled = last.lattice.matrix * (first.volume / last.volume) ** (1 / 3)
    assert (np.abs(scaled - first.lattice.matrix).max() > 1e-5) == bool(shape)
    assert ("stress" in steps[0]) == (isif != 0)


def test_positive_ediffg_looks_at_the_energy(start: Callable[..., Any]) -> None:
    steps = vasprun(start(AL, **RELAX | {"EDIFFG": "1e-3"})).ionic_steps
    energies = [step["e_0_energy"] for step in steps]
    assert abs(energies[-1] - energies[-2]) < 1e-3
    assert all(abs(a - b) >= 1e-3 for a, b in pairwise(energies[:-1]))


def test_selective_dynamics_keeps_what_is_fixed(start: Callable[..., Any]) -> None:
    head, tail = AL.split("Direct\n")
    lines = [f"{line} {'F F T' if i == 2 else 'F F F'}" for i, line in enumerate(tail.splitlines())]
    run = start(head + "Selective dynamics\nDirect\n" + "\n".join(lines) + "\n", **RELAX)
    before = Poscar.from_file(run.folder / "POSCAR").structure.frac_coords
    contcar = Poscar.from_file(run.folder / "CONTCAR")
    moved = np.abs(contcar.structure.frac_coords - before) > 1e-9
    assert moved.sum() == 1
    assert moved[2, 2]
    assert contcar.selective_dynamics is not None
    assert np.array(contcar.selective_dynamics).sum() == 1


def test_molecular_dynamics_conserves_energy(start: Callable[..., Any]) -> None:
    run = start(AL, IBRION="0", NSW="20", POTIM="1", TEBEG="300", SMASS="-3")
    totals = [step["E"] for step in Oszicar(run.folder / "OSZICAR").ionic_steps]
    assert len(totals) == 20
    assert np.ptp(totals) < 1e-4
    assert Poscar.from_file(run.folder / "CONTCAR").velocities is not None


def test_nelm_too_small_leaves_it_unconverged(start: Callable[..., Any]) -> None:
    run = start(AL, NELM="4")
    assert not vasprun(run).converged_electronic
    assert run.code == 0


def test_smaller_ediff_takes_more_steps(prepare: Any, execute: Any, tmp_path: Path) -> None:
    counts = []
    for ediff in ("1e-3", "1e-8"):
        run = execute(prepare(tmp_path / ediff, AL, {"EDIFF": ediff, "ISMEAR": "0", "SIGMA": "0.1"}))
        counts.append(len(vasprun(run).ionic_steps[0]["electronic_steps"]))
    assert counts[0] < counts[1]


def test_stopcar_ends_after_the_ionic_step(prepare: Any, execute: Any, tmp_path: Path) -> None:
    folder = prepare(tmp_path, AL, RELAX)
    (folder / "STOPCAR").write_text("LSTOP = .TRUE.\n")
    run = execute(folder)
    assert len(vasprun(run).ionic_steps) == 1
    assert "soft stop" in run.stdout
    assert "General timing" in run.text("OUTCAR")


def test_stopcar_aborts_the_cycle(prepare: Any, execute: Any, tmp_path: Path) -> None:
    folder = prepare(tmp_path, AL, RELAX)
    (folder / "STOPCAR").write_text("LABORT = .TRUE.\n")
    steps = vasprun(execute(folder)).ionic_steps
    assert [len(step["electronic_steps"]) for step in steps] == [1]


def test_files_switched_off_are_empty(start: Callable[..., Any]) -> None:
    run = start(AL, LWAVE=".FALSE.", LCHARG="F")
    assert {(run.folder / name).stat().st_size for name in ("WAVECAR", "CHGCAR")} == {0}


def test_icharg_11_needs_the_density_of_this_cell(
    start: Callable[..., Any], prepare: Any, execute: Any
) -> None:
    first = start(AL)
    charge = first.text("CHGCAR")
    folder = first.folder
    prepare(folder, AL, {"ICHARG": "11", "KSPACING": "0.5"})
    assert execute(folder).code == 0
    (folder / "POSCAR").write_text(AL.replace("4.05", "4.15"))
    other = execute(folder)
    assert other.code != 0
    assert "another lattice" in other.stdout
    (folder / "POSCAR").write_text(AL)
    for content in ("", charge.replace("Al", "Cu")):
        (folder / "CHGCAR").write_text(content)
        assert execute(folder).code != 0
    (folder / "CHGCAR").unlink()
    missing = execute(folder)
    assert "charge density could not be read" in missing.stdout
    assert "charge density could not be read" in missing.text("OUTCAR")
    assert missing.code != 0


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("INCAR", "missing"),
        ("POSCAR", "missing"),
        ("POTCAR", "missing"),
        ("POSCAR", "empty"),
        ("POTCAR", "empty"),
    ],
)
def test_a_missing_or_empty_input_is_named(
    prepare: Any, execute: Any, tmp_path: Path, name: str, how: str
) -> None:
    folder = prepare(tmp_path, AL, {})
    (folder / name).unlink()
    if how == "empty":
        (folder / name).touch()
    run = execute(folder)
    assert run.code != 0
    assert name in run.stdout
    assert name in run.text("OUTCAR")
    assert "Traceback" not in run.stdout


@pytest.mark.parametrize(
    ("incar", "words"),
    [
        ({"NSW": "ten"}, "Error reading item 'NSW'"),
        ({"ISPIN": "2", "MAGMOM": "1.0 1.0"}, "Error reading item 'MAGMOM'"),
        ({"NBANDS": "3"}, "number of bands is not sufficient"),
        ({"LSORBIT": ".TRUE."}, "VASP can"),
        ({"IBRION": "44"}, "no transition states"),
        ({"SYSTEM": "standin:fail=unheard"}, "unknown failure"),
        ({"ISPIN": "7"}, "ISPIN = 7"),
    ],
)
def test_a_broken_incar_is_refused_by_name(
    start: Callable[..., Any], incar: dict[str, str], words: str
) -> None:
    run = start(AL, **incar)
    assert run.code != 0
    assert words in run.stdout


@pytest.mark.parametrize(
    ("poscar", "words"),
    [
        (HEAD + "Direct\n0 0 0\n0 0 1\n", "the distance between"),
        (HEAD + "Direct\n0 0 0\n", "something wrong in POSCAR"),
        (
            HEAD.replace("0 0 4", "0 0 -4") + "Direct\n0 0 0\n.5 .5 .5\n",
            "triple product of the basis vectors",
        ),
    ],
)
def test_a_broken_poscar_is_refused(start: Callable[..., Any], poscar: str, words: str) -> None:
    run = start(poscar)
    assert run.code != 0
    assert words in run.stdout


def test_potcar_of_other_species_count_is_refused(prepare: Any, execute: Any, tmp_path: Path) -> None:
    folder = prepare(tmp_path, AL, {})
    (folder / "POTCAR").write_text((folder / "POTCAR").read_text() * 2)
    run = execute(folder)
    assert "number of potentials on File POTCAR incompatible" in run.stdout
    assert run.code != 0


def test_few_kpoints_fail_the_tetrahedron_method(start: Callable[..., Any]) -> None:
    run = start(AL, "one\n0\nGamma\n1 1 1\n", ISMEAR="-5")
    assert "Tetrahedron method fails" in run.stdout


def recognised(run: Any) -> set[str]:
    handler = VaspErrorHandler()
    handler.check(str(run.folder))
    return {str(error) for error in handler.errors}


MESSAGES = sorted(set(failures.NAMES) - {"crash", "ionic", "nelm", "nostart", "truncated", "walltime"})


@pytest.mark.parametrize("name", MESSAGES)
def test_custodian_knows_the_failure(name: str) -> None:
    """The sentence of each failure is one of those by which custodian knows the error of that name."""
    sentence = failures.Switches(fail=name).message("start") or failures.Switches(fail=name).message(
        "electronic"
    )
    sentence = sentence or failures.Switches(fail=name).message("ionic")
    assert sentence is not None
    assert any(words in sentence.sentence for words in VaspErrorHandler.error_msgs[name])


@pytest.mark.parametrize("name", ["eddrmm", "posmap", "zbrent", "brions"])
def test_custodian_finds_the_failure_in_the_output(start: Callable[..., Any], name: str) -> None:
    run = start(AL, **RELAX | {"SYSTEM": f"a relaxation standin:fail={name}", "NSW": "3"})
    assert name in recognised(run)
    assert (run.code != 0) == (name != "brions")


def test_no_failure_is_seen_in_a_good_run(al_static: Any) -> None:
    assert not recognised(al_static)


def test_a_failure_ends_when_its_remedy_is_in_the_incar(prepare: Any, execute: Any, tmp_path: Path) -> None:
    system = {"SYSTEM": "standin:fail=eddrmm,unless=ALGO:Normal"}
    assert execute(prepare(tmp_path, AL, system | {"ALGO": "Fast"})).code != 0
    assert execute(prepare(tmp_path, AL, system | {"ALGO": "normal"})).code == 0


def test_cycles_and_relaxations_that_never_converge(start: Callable[..., Any]) -> None:
    assert not vasprun(start(AL, SYSTEM="standin:fail=nelm", NELM="12")).converged_electronic
    endless = vasprun(start(AL, **RELAX | {"SYSTEM": "standin:fail=ionic", "NSW": "6"}))
    assert not endless.converged_ionic
    assert len(endless.ionic_steps) == 6


def test_a_crash_looks_like_a_segmentation_fault(start: Callable[..., Any]) -> None:
    run = start(AL, SYSTEM="standin:fail=crash")
    assert run.code == -signal.SIGSEGV
    assert "General timing" not in run.text("OUTCAR")


def test_a_truncated_vasprun_ends_in_the_middle(start: Callable[..., Any]) -> None:
    run = start(AL, SYSTEM="standin:fail=truncated")
    assert run.code == -signal.SIGKILL
    assert "<eigenvalues>" in run.text("vasprun.xml")
    assert "</modeling>" not in run.text("vasprun.xml")


def test_a_run_that_never_started_leaves_no_outcar(start: Callable[..., Any]) -> None:
    run = start(AL, SYSTEM="standin:fail=nostart")
    assert run.code == 127
    assert not (run.folder / "OUTCAR").exists()


def begin(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "crystalmath.standin"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        env=dict(os.environ),
    )


def wait_for(path: Path, words: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SOON_S
    while not (path.exists() and words in path.read_text(encoding="latin-1")):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_run_out_of_time_dies_with_its_files_as_they_are(prepare: Any, tmp_path: Path) -> None:
    folder = prepare(tmp_path, AL, RELAX | {"SYSTEM": "standin:fail=walltime,step=2"})
    process = begin(folder)
    try:
        wait_for(folder / "OUTCAR", "LOOP+", process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=SOON_S) == -signal.SIGTERM
    finally:
        process.kill()
    assert "</calculation>" in (folder / "vasprun.xml").read_text()
    assert "</modeling>" not in (folder / "vasprun.xml").read_text()


def test_files_grow_step_by_step(prepare: Any, tmp_path: Path) -> None:
    folder = prepare(tmp_path, AL, {"SYSTEM": "standin:delay=0.3"})
    process = begin(folder)
    try:
        wait_for(folder / "OSZICAR", "DAV:   2", process)
        process.send_signal(signal.SIGSTOP)  # so that it is not finished before it is looked at
        seen = (folder / "OUTCAR").read_text(encoding="latin-1")
        assert "Iteration" in seen
        assert "General timing" not in seen
        process.send_signal(signal.SIGCONT)
        assert process.wait(timeout=SOON_S) == 0
    finally:
        process.kill()


def test_each_start_appends_one_line(prepare: Any, execute: Any, tmp_path: Path) -> None:
    folder, log = prepare(tmp_path / "run", AL, {}), tmp_path / "all.log"
    for _ in range(2):
        execute(folder, CRYSTALMATH_STANDIN_LOG=str(log))
    for path in (log, folder / "standin.log"):
        lines = path.read_text().splitlines()
        assert len(lines) == 2
        assert all(re.fullmatch(rf"{re.escape(str(folder))} \d+", line) for line in lines)


@pytest.mark.parametrize("name", ["OMPI_COMM_WORLD_RANK", "PMI_RANK", "SLURM_PROCID"])
def test_only_the_first_rank_runs(prepare: Any, execute: Any, tmp_path: Path, name: str) -> None:
    folder = prepare(tmp_path, AL, {})
    assert execute(folder, **{name: "1"}).code == 0
    assert not (folder / "OUTCAR").exists()
    assert not (folder / "standin.log").exists()


def test_the_console_script_is_installed() -> None:
    script = shutil.which("crystalmath-standin", path=os.path.dirname(sys.executable))  # noqa: PTH120
    assert script is not None
    done = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert "not VASP" in done.stdout
