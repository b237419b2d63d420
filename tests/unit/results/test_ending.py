from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.unit.results.recorded import DATA, unpack

from crystalmath.results import ending
from crystalmath.standin.console import BANNER
from crystalmath.standin.stop import boxed

if TYPE_CHECKING:
    from pathlib import Path

SENTENCES = {
    "vasp.edddav": "Error EDDDAV: Call to ZHEGV failed. Returncode = 7 1 8",
    "vasp.eddiag": "ERROR in EDDIAG: call to ZHEEV/ZHEEVX/DSYEV/DSYEVX failed! error code was 25400",
    "vasp.harris": "Spin polarized Harris functional dynamics is a good joke",
    "vasp.set_core_wf": "internal error in SET_CORE_WF: core electrons incorrect 51.0000000000000",
    "vasp6.coef2": "ERROR: while reading WAVECAR, plane wave coefficients changed 153785 76893",
    "vasp6.rhosyg": "VERY BAD NEWS! internal error in subroutineRHOSYG:stars are not distinct, "
    "try to increase SYMPREC to e.g. 1E-4 1",
}


@pytest.mark.parametrize(("name", "sentence"), SENTENCES.items())
def test_vasps_last_words_are_found_in_its_output(name: str, sentence: str) -> None:
    assert ending.message_of((DATA / "errors" / name).read_text()) == sentence


def test_a_complaint_that_goes_on_in_the_next_line_is_read_on() -> None:
    said = ending.message_of((DATA / "errors" / "vasp.ibzkpt").read_text())
    assert said.startswith(
        "VERY BAD NEWS! internal error in subroutine IBZKPT: Reciprocal lattice and k-lattice"
    )


def test_the_box_of_the_stand_in_is_read_for_its_reason() -> None:
    said = boxed(
        "ERROR: the run stops here", ("Error reading item from file INCAR.", "ENCUT = -5 must be positive.")
    )
    assert ending.message_of(said) == "Error reading item from file INCAR. ENCUT = -5 must be positive."


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (f" running on    1 total cores\n {BANNER}\n", True),
        (
            " running on   28 total cores\n distrk:  each k-point\n vasp.6.2.1 16May21 (build) complex\n",
            False,
        ),
        ("srun: error: no such partition\n", None),
    ],
)
def test_the_program_is_known_by_what_it_says_first(said: str, verdict: bool | None) -> None:
    assert ending.is_standin(said) is verdict


def test_a_warning_is_not_a_reason_to_stop() -> None:
    assert ending.message_of((DATA / "errors" / "vasp.subspace").read_text()) == ""


def test_a_complete_run_has_no_message_whatever_it_printed(tmp_path: Path) -> None:
    unpack("converged", tmp_path)
    (tmp_path / "vasp.out").write_text((DATA / "errors" / "vasp.edddav").read_text())
    read = ending.read(tmp_path)
    assert read.vasprun_complete
    assert read.outcar.finished
    assert read.message == ""
    assert read.complaints == ("A diagonalisation failed and was repeated (ZHEGV)",)
    assert read.program == "vasp"


def test_a_run_that_broke_off_is_seen_as_such(tmp_path: Path) -> None:
    read = ending.read(unpack("unfinished", tmp_path))
    assert read.has_vasprun
    assert not read.vasprun_complete
    assert not read.outcar.finished


def test_a_time_limit_is_read_from_the_scheduler(tmp_path: Path) -> None:
    unpack("unfinished", tmp_path)
    (tmp_path / "_scheduler-stderr.txt").write_text(
        "slurmstepd: error: *** JOB 1 CANCELLED DUE TO TIME LIMIT ***\n"
    )
    assert ending.read(tmp_path).out_of_time


@pytest.mark.parametrize(
    "line", ["bash: vasp_std: command not found", "error while loading shared libraries: libmkl.so"]
)
def test_an_executable_that_does_not_start_is_told_apart(tmp_path: Path, line: str) -> None:
    (tmp_path / "std_err.txt").write_text(line + "\n")
    read = ending.read(tmp_path)
    assert read.not_started == line
    assert not read.has_vasprun


def test_an_empty_folder_has_nothing_to_say(tmp_path: Path) -> None:
    read = ending.read(tmp_path)
    assert (read.has_vasprun, read.has_outcar, read.message, read.program) == (False, False, "", "")
