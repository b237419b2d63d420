from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from atomate2.vasp.files import write_vasp_input_set
from atomate2.vasp.flows.core import DoubleRelaxMaker, RelaxBandStructureMaker
from atomate2.vasp.jobs.base import BaseVaspMaker, vasp_job
from atomate2.vasp.jobs.core import StaticMaker
from jobflow import Response, job
from tests.unit.engine.vasp_jobs import silicon, static_job
from tests.unit.results.recorded import unpack

from crystalmath.engine import seam_atomate2 as seam
from crystalmath.engine.flow_documents import LOCATOR, document_store, dump_job, flow_steps, locator

if TYPE_CHECKING:
    from crystalmath.engine.completed import Completed

UUID = "6ecf4a26-5ac4-4a3b-a9a7-0f6c2c2dd5ff"


def nowhere(directory: str, target: Path) -> None:
    raise AssertionError(f"nobody should ask for {directory}")


def test_upstream_is_what_we_rely_on() -> None:
    assert seam.drifted() == ()


def test_inputs_are_byte_for_byte_those_that_atomate2_writes(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    prepared = seam.prepare(static_job(), [], nowhere, tmp_path / "ours")
    write_vasp_input_set(silicon(), StaticMaker().input_set_generator, tmp_path / "theirs", potcar_spec=True)
    theirs = {path.name: path.read_bytes() for path in (tmp_path / "theirs").iterdir()}
    assert theirs.pop("POTCAR.spec") == b"Si"
    assert prepared.files == theirs
    assert (prepared.potcar_symbols, prepared.potcar_functional) == (("Si",), "PBE_54")
    assert (prepared.previous, prepared.copy, prepared.resolved_job) == (None, (), None)


def completed_static(tmp_path: Path, run: str = "relax") -> Completed:
    folder = tmp_path / run
    folder.mkdir()
    return seam.complete(static_job(name="first"), unpack(run, folder), locator(UUID))


def test_a_step_after_another_gets_its_structure_and_its_folder(tmp_path: Path) -> None:
    first, second = flow_steps(DoubleRelaxMaker().make(silicon()))
    folder = tmp_path / "one"
    folder.mkdir()
    done = seam.complete(first.job, unpack("relax", folder), locator(UUID))
    asked = []

    def materialise(directory: str, target: Path) -> None:
        asked.append(directory)
        for name in ("vasprun.xml", "OUTCAR"):
            (target / name).write_bytes((folder / name).read_bytes())

    (tmp_path / "two").mkdir()
    prepared = seam.prepare(second.job, [done.document], materialise, tmp_path / "two")
    assert asked == [locator(UUID)]
    assert prepared.previous == locator(UUID)
    assert set(prepared.files) == {"INCAR", "KPOINTS", "POSCAR"}
    lattice = float(prepared.files["POSCAR"].decode().splitlines()[2].split()[1])
    assert lattice == pytest.approx(2.75)  # of the recorded run, not of the cell that went in
    assert prepared.resolved_job is not None
    assert second.step.parents == (first.step.uuid,)
    assert second.step.directories == (first.step.uuid,)


def test_a_band_structure_step_asks_for_the_charge_density(tmp_path: Path) -> None:
    steps = flow_steps(RelaxBandStructureMaker().make(silicon()))
    static, line = steps[2], next(item for item in steps if item.step.name == "non-scf line")
    output = completed_static(tmp_path).document | {"uuid": static.step.uuid}

    def materialise(_: str, target: Path) -> None:
        for name in ("vasprun.xml", "OUTCAR"):
            (target / name).write_bytes((tmp_path / "relax" / name).read_bytes())

    (tmp_path / "line").mkdir()
    prepared = seam.prepare(line.job, [output], materialise, tmp_path / "line")
    assert prepared.copy == ("CHGCAR",)
    assert b"ICHARG = 11" in prepared.files["INCAR"]
    assert b"Gamma" in prepared.files["KPOINTS"]  # labelled points of a path


def test_the_document_is_what_jobflow_stores_with_a_locator_for_the_folder(tmp_path: Path) -> None:
    done = completed_static(tmp_path)
    assert done.is_plain
    assert {"uuid", "index", "output", "completed_at", "metadata", "hosts", "name"} <= set(done.document)
    output = done.document["output"]
    assert output["dir_name"] == locator(UUID)
    assert LOCATOR.fullmatch(output["calcs_reversed"][0]["dir_name"])
    assert output["task_label"] == "first"
    assert output["output"]["energy"] == pytest.approx(-10.8179159)
    store = document_store([done.document])
    assert store.get_output(done.document["uuid"], load=True)["state"] == "successful"


def test_an_unconverged_run_is_refused_as_atomate2_refuses_it(tmp_path: Path) -> None:
    with pytest.raises(seam.NotAccepted, match="was not successful") as caught:
        completed_static(tmp_path, "electronic-unconverged")
    assert caught.value.document.state.value == "failed"


def test_a_maker_that_goes_on_with_unconverged_runs_is_let(tmp_path: Path) -> None:
    job_data = static_job(stop_children_kwargs={"handle_unsuccessful": True})
    done = seam.complete(job_data, unpack("electronic-unconverged", tmp_path), locator(UUID))
    assert done.stop_children
    assert not done.is_plain


@dataclass
class AfterwardsMaker(BaseVaspMaker):  # type: ignore[misc] # atomate2 is untyped
    """A Maker that does something with its result and adds a job."""

    name: str = "afterwards"

    @vasp_job  # type: ignore[untyped-decorator] # atomate2 is untyped
    def make(self, structure: Any, prev_dir: Any = None) -> Any:
        response = BaseVaspMaker.make.original(self, structure, prev_dir)
        response.output.tags = ["seen"]
        return Response(output=response.output, addition=add(1, 2), stored_data={"note": 1})


@job  # type: ignore[untyped-decorator] # jobflow is untyped
def add(a: int, b: int) -> int:
    return a + b


def test_what_a_maker_does_after_vasp_is_done(tmp_path: Path) -> None:
    made = dump_job(AfterwardsMaker(input_set_generator=StaticMaker().input_set_generator).make(silicon()))
    done = seam.complete(made, unpack("relax", tmp_path), locator(UUID))
    assert done.document["output"]["tags"] == ["seen"]
    assert done.stored_data == {"note": 1}
    (item,) = done.new_steps.addition
    assert (item.step.name, item.step.kind) == ("add", "python")
    assert done.outcome().addition == (item.step,)


def test_runs_that_custodian_makes_up_as_it_goes_are_refused(tmp_path: Path) -> None:
    wanted = static_job(run_vasp_kwargs={"job_type": "metagga opt"})
    with pytest.raises(seam.SeamError, match="metagga opt"):
        seam.prepare(wanted, [], nowhere, tmp_path)


def test_atomate2_is_left_as_it_was(tmp_path: Path) -> None:
    from atomate2.vasp.jobs import base

    before = {name: getattr(base, name) for name in seam.REPLACED}
    with pytest.raises(seam.SeamError):
        seam.prepare(static_job(run_vasp_kwargs={"job_type": "full opt"}), [], nowhere, tmp_path)
    assert {name: getattr(base, name) for name in seam.REPLACED} == before
    assert Path.cwd() != tmp_path
