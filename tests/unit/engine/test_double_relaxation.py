"""A double relaxation from its Maker to what is read of it, with AiiDA's job script around the stand-in."""

from __future__ import annotations

import shlex
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from aiida.common.datastructures import CodeRunMode
from aiida.schedulers.datastructures import JobTemplate, JobTemplateCodeInfo
from aiida.schedulers.plugins.direct import DirectScheduler
from tests.deadlines import SOON_S
from tests.unit.engine.vasp_jobs import silicon

from crystalmath.engine import double_relaxation, reading, run_script
from crystalmath.engine import seam_atomate2 as seam
from crystalmath.engine.flow_documents import dump_job
from crystalmath.standin import potcars

if TYPE_CHECKING:
    from pathlib import Path

WHERE = "aiida:6ecf4a26-5ac4-4a3b-a9a7-0f6c2c2dd5ff"


def relaxation(**options: Any) -> bytes:
    from atomate2.vasp.jobs.approx_neb import ApproxNebImageRelaxMaker

    maker = ApproxNebImageRelaxMaker()
    if options:
        maker.run_vasp_kwargs["vasp_job_kwargs"] = options
    return dump_job(maker.make(silicon()))


def prepared(folder: Path, job: bytes) -> seam.Prepared:
    def nowhere(directory: str, target: Path) -> None:
        raise AssertionError(directory, target)

    folder.mkdir()
    return seam.prepare(job, [], nowhere, folder)


def run(folder: Path, *command: str) -> None:
    """Run a command as AiiDA would, with the lines that a double relaxation has around it."""
    code = JobTemplateCodeInfo(
        cmdline_params=list(command),
        stdout_name="vasp.out",
        stderr_name="std_err.txt",
        use_double_quotes=[False, False],
    )
    template = JobTemplate()
    template.shebang = "#!/bin/bash"
    template.codes_info = [code]
    template.codes_run_mode = CodeRunMode.SERIAL
    template.job_resource = DirectScheduler.create_job_resource(num_machines=1, num_mpiprocs_per_machine=1)
    template.prepend_text = run_script.before(None, ())
    template.append_text = run_script.after(again=True)
    (folder / "job.sh").write_text(DirectScheduler().get_submit_script(template))
    done = subprocess.run(
        ["/bin/bash", "job.sh"], cwd=folder, capture_output=True, text=True, check=False, timeout=SOON_S
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("relaxed")
    for name, content in prepared(tmp_path_factory.mktemp("made") / "x", relaxation()).files.items():
        (folder / name).write_bytes(content)
    (folder / "POTCAR").write_text(potcars.text("Si", "PBE_54"))
    run(folder, sys.executable, "-m", "crystalmath.standin")
    for name in ("OUTCAR", "vasprun.xml", *double_relaxation.COMPRESSED):
        subprocess.run(["gunzip", f"{name}.gz"], cwd=folder, check=True)
    return folder


def test_the_second_run_starts_from_the_wave_functions_with_looser_forces(tmp_path: Path) -> None:
    files = prepared(tmp_path / "plain", relaxation()).files
    added = set(files["INCAR.relax2"].splitlines()) - set(files["INCAR"].splitlines())
    assert added == {b"ISTART = 1"}  # EDIFFG is -0.05 already
    files = prepared(tmp_path / "asked", relaxation(ediffg=-0.02)).files
    assert b"EDIFFG = -0.02" in files["INCAR.relax2"]


def test_other_kpoints_in_the_first_run_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="half of the k-points"):
        prepared(tmp_path / "half", relaxation(half_kpts_first_relax=True))


def test_vasp_runs_twice_and_the_second_goes_on_from_the_first(finished: Path) -> None:
    first = (finished / "CONTCAR.relax1").read_text().splitlines()
    assert (finished / "POSCAR").read_text().splitlines() == first
    assert (finished / "OUTCAR").read_text() != (finished / "OUTCAR.relax1").read_text()


def test_a_first_run_that_broke_off_is_not_followed_by_a_second(tmp_path: Path) -> None:
    (tmp_path / "vasp").write_text("#!/bin/sh\necho run >> runs; echo broken > OUTCAR; echo stopped\n")
    (tmp_path / "vasp").chmod(0o755)
    run(tmp_path, shlex.quote("./vasp"))
    assert (tmp_path / "runs").read_text() == "run\n"
    assert (tmp_path / "vasp.out").read_text() == "stopped\n"


def test_a_second_run_that_leaves_nothing_is_not_taken_for_the_first(tmp_path: Path) -> None:
    once = "mkdir ran || exit 1; echo 'General timing and accounting' > OUTCAR; : > CONTCAR; : > vasprun.xml"
    (tmp_path / "vasp").write_text(f"#!/bin/sh\n{once}\n")
    (tmp_path / "vasp").chmod(0o755)
    (tmp_path / double_relaxation.SECOND_INCAR).write_text("ISTART = 1\n")
    run(tmp_path, "./vasp")
    assert "File exists" in (tmp_path / "std_err.txt").read_text()
    assert not [name for name in ("OUTCAR", "OUTCAR.gz", "vasprun.xml") if (tmp_path / name).exists()]


def test_the_document_has_both_runs_and_the_numbers_are_those_of_the_second(
    finished: Path, tmp_path: Path
) -> None:
    for path in finished.iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    job = relaxation()
    got = reading.read(tmp_path, job, WHERE)
    assert got.verdict == reading.Verdict()
    assert got.document is not None
    assert got.summary is not None
    calculations = got.document["output"]["calcs_reversed"]
    assert [one["task_name"] for one in calculations] == ["relax2", "relax1"]
    assert got.summary.energy_ev == pytest.approx(calculations[0]["output"]["energy"], abs=1e-3)
