from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jobflow import OnMissing
from tests.unit.engine import python_functions as functions

from crystalmath.engine import python_jobs
from crystalmath.engine.flow_documents import dump_job, flow_steps, load_job, locator

if TYPE_CHECKING:
    from crystalmath.engine.completed import Completed

UUID = "6ecf4a26-5ac4-4a3b-a9a7-0f6c2c2dd5ff"
OWN = "0b1d6f9e-7c1f-4d0a-9a53-2f4b8c9d1e2f"


def lay_out(uuid: str, folder: Path) -> None:
    assert uuid == UUID
    for name in ("CONTCAR", "OUTCAR.gz"):
        (folder / name).write_text("recorded")


def run(job: Any, folder: Path, *documents: dict[str, Any]) -> Completed:
    return python_jobs.run(dump_job(job), documents, lay_out, folder, OWN)


def test_a_function_gives_a_document(tmp_path: Path) -> None:
    done = run(functions.add(1, 2), tmp_path)
    assert done.document["output"] == 3
    assert done.is_plain


def test_references_are_taken_from_documents(tmp_path: Path) -> None:
    first = functions.add(1, 2)
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    document = run(first, tmp_path / "one").document
    assert run(functions.add(first.output, 4), tmp_path / "two", document).document["output"] == 7


def test_a_missing_reference_is_none_where_the_job_wants_it(tmp_path: Path) -> None:
    job = functions.count(functions.add(1, 2).output)
    job.config.on_missing_references = OnMissing.NONE
    assert run(job, tmp_path).document["output"] == "NoneType"


def test_a_replacement_becomes_new_steps_with_the_own_uuid_last(tmp_path: Path) -> None:
    job = functions.replace_by_sum([1, 2, 3])
    done = run(job, tmp_path)
    steps = [item.step for item in done.new_steps.replace]
    assert [step.name for step in steps] == ["add", "add", "store_inputs"]
    assert (steps[-1].uuid, steps[-1].index) == (job.uuid, 2)
    assert done.outcome().replace == tuple(steps)


def test_outputs_that_stand_in_another_by_reference_are_named(tmp_path: Path) -> None:
    done = run(functions.replace_by_sum([1, 2, 3]), tmp_path)
    last = done.new_steps.replace[-1]
    (tmp_path / "last").mkdir()
    stored = python_jobs.run(last.job, [], lay_out, tmp_path / "last", OWN)
    assert set(stored.references) == {item.step.uuid for item in done.new_steps.replace[:2]}


def test_wishes_are_kept(tmp_path: Path) -> None:
    for name in ("a", "b", "c", "d"):
        (tmp_path / name).mkdir()
    detour = run(functions.detour(1), tmp_path / "a")
    assert [item.step.name for item in detour.new_steps.detour] == ["add"]
    assert detour.stored_data == {"why": "to see"}
    assert [i.step.name for i in run(functions.add_job(1), tmp_path / "b").new_steps.addition] == ["add"]
    assert run(functions.stop_children(), tmp_path / "c").stop_children
    assert run(functions.stop_flow(), tmp_path / "d").stop_jobflow


def test_a_function_that_raises_raises(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="on purpose"):
        run(functions.fail("on purpose"), tmp_path)


def test_an_output_that_is_no_document_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="not MSONable"):
        run(functions.opaque(), tmp_path)


def test_a_function_that_opens_a_calculation_gets_its_files_and_cannot_lose_them(tmp_path: Path) -> None:
    done = run(functions.look_into(locator(UUID)), tmp_path)
    output = done.document["output"]
    assert output["names"] == ["CONTCAR", "OUTCAR.gz"]
    assert output["directory"] == locator(UUID)
    assert output["cwd"] == locator(OWN)
    assert done.notes == (f"it wanted to delete 1 files of the calculation {UUID}, which are kept",)


def test_files_in_a_folder_that_a_function_tells_of_are_kept(tmp_path: Path) -> None:
    done = run(functions.leave_file("phonons", tell=True), tmp_path)
    assert done.files == {"left.yaml": b"phonons"}
    assert done.document["output"] == {"where": locator(OWN)}


def test_files_that_nobody_is_told_of_are_not_kept(tmp_path: Path) -> None:
    assert run(functions.leave_file("phonons", tell=False), tmp_path).files == {}


def test_a_new_job_gets_the_locator_and_not_our_folder(tmp_path: Path) -> None:
    done = run(functions.go_on(locator(UUID)), tmp_path)
    (item,) = done.new_steps.replace
    assert item.step.directories == (locator(UUID),)
    assert list(load_job(item.job).function_args) == [locator(UUID)]


def test_the_steps_of_a_flow_know_their_kind_and_their_parents() -> None:
    from jobflow import Flow

    first, second = functions.add(1, 2), functions.add(3, 4)
    third = functions.add(first.output, second.output)
    steps = {item.step.uuid: item.step for item in flow_steps(Flow([first, second, third], order="linear"))}
    assert steps[third.uuid].kind == "python"
    assert set(steps[third.uuid].parents) == {first.uuid, second.uuid}
    assert steps[second.uuid].parents == (first.uuid,)  # one after the other, though nothing is passed on
