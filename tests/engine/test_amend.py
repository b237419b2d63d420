"""Jobs are paused, resumed, named, compared, looked into, run again and removed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crystalmath.engine import (
    amend,
    control,
    job_diff,
    job_list,
    job_log,
    job_request,
    job_tree,
    jobs,
    requests,
    restart,
    submit,
)
from crystalmath.errors import InputError, JobNotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable

    from crystalmath.engine.session import Session
    from crystalmath.engine.submit import Submitted


@pytest.fixture
def finished(daemon: Session, static: Callable[..., Submitted]) -> Submitted:
    submitted = static()
    assert jobs.wait(daemon, submitted.id, timeout=500).state == "finished"
    return submitted


def test_a_paused_job_goes_no_further_until_it_is_resumed(
    daemon: Session, static: Callable[..., Submitted]
) -> None:
    submitted = static(delay_s=1.0)  # long enough to be seen running, and paused, on a busy machine
    for progress in jobs.follow(daemon, submitted.id, timeout=500, look_s=0.1):
        if progress.state == "running":
            break
    assert control.pause(daemon, submitted.id).state == "paused"
    assert job_list.page(daemon, limit=1).rows[0].state == "paused"
    assert {step.state for step in jobs.steps(daemon, submitted.id)} == {"paused"}
    assert jobs.get(daemon, submitted.id).reason == "paused by the user"
    assert not control.pause(daemon, submitted.id).changed
    with pytest.raises(TimeoutError):
        jobs.wait(daemon, submitted.id, timeout=4)
    resumed = control.resume(daemon, submitted.id)
    assert (resumed.changed, resumed.state != "paused") == (True, True)
    assert jobs.wait(daemon, submitted.id, timeout=500).state == "finished"


def test_a_job_that_has_ended_cannot_be_paused(daemon: Session, finished: Submitted) -> None:
    with pytest.raises(InputError, match="has ended: finished"):
        control.pause(daemon, finished.id)


def test_a_label_is_seen_everywhere_and_searched(daemon: Session, finished: Submitted) -> None:
    assert amend.label(daemon, finished.id, "Größe 7").label == "Größe 7"
    assert jobs.get(daemon, finished.id).label == "Größe 7"
    (row,) = job_list.page(daemon, job_list.Filter(label="GRÖSSE 7")).rows
    assert row.id == finished.id
    with pytest.raises(InputError, match="one line"):
        amend.label(daemon, finished.id, "two\nlines")


def test_the_tree_holds_what_was_run_below_what_ran_it(daemon: Session, finished: Submitted) -> None:
    tree = job_tree.tree(daemon, finished.id)
    assert (tree.id, tree.kind, tree.state) == (finished.id, "FlowWorkChain", "finished")
    kinds = {child.kind for child in tree.children}
    assert "VaspCalcJob" in kinds
    assert all(child.state == "finished" for child in tree.children)


def test_the_log_ends_with_the_output_of_the_program(daemon: Session, finished: Submitted) -> None:
    log = job_log.log(daemon, finished.id, n_lines=5)
    assert log.output_name == "1-static/vasp.out"
    assert len(log.output.splitlines()) == 5
    assert str(finished.id) in log.report or "No log messages" in log.report


def test_what_was_asked_for_is_kept_and_can_be_asked_for_again(daemon: Session, finished: Submitted) -> None:
    kept = job_request.of_job(daemon, finished.id)
    assert kept is not None
    assert (kept.template, kept.overrides["ENCUT"], kept.waive, kept.restart_of) == ("static", 200, (), None)
    again = requests.build(kept.template, kept.structure_text, overrides={**kept.overrides, "ENCUT": 250})
    submitted = submit.submit(daemon, again)
    jobs.wait(daemon, submitted.id, timeout=500)
    found = job_diff.diff(daemon, finished.id, submitted.id)
    assert {(one.file, one.name): (one.left, one.right) for one in found} == {
        ("INCAR", "ENCUT"): ("200.0", "250.0")
    }
    assert job_diff.diff(daemon, finished.id, finished.id) == ()


def test_what_was_set_is_told_from_what_the_template_gives(daemon: Session, finished: Submitted) -> None:
    kept = job_request.of_job(daemon, finished.id)
    assert kept is not None
    found = job_diff.from_defaults(daemon, finished.id)
    assert {one.name for one in found if one.file == "INCAR"} == set(kept.overrides)
    assert {one.right for one in found if one.name == "ENCUT"} == {"200.0"}


def test_processes_of_others_have_no_request(daemon: Session, adder: str) -> None:
    from aiida.engine import submit as submit_to_aiida

    from .conftest import add_builder

    node = submit_to_aiida(add_builder(adder))
    assert job_request.of_job(daemon, node.pk) is None
    jobs.wait(daemon, node.pk, timeout=500)
    with pytest.raises(InputError, match="not made from a template"):
        restart.restart(daemon, node.pk)


def test_a_restart_goes_on_from_the_last_structure_and_is_linked(daemon: Session, silicon: Path) -> None:
    text = silicon.read_text().replace("0.25 0.25 0.25", "0.26 0.25 0.25")
    path = silicon.with_name("POSCAR_off")
    path.write_text(text)
    first = submit.submit(daemon, requests.build("relax", path, overrides={"ENCUT": "200"}, label="off"))
    assert jobs.wait(daemon, first.id, timeout=500).state == "finished"
    second = restart.restart(daemon, first.id, overrides={"NSW": 0})
    kept = job_request.of_job(daemon, second.id)
    assert kept is not None
    assert (kept.restart_of, kept.overrides["NSW"], kept.overrides["ENCUT"]) == (first.uuid, 0, 200)
    assert kept.structure_text is not None
    assert kept.structure_text != job_request.of_job(daemon, first.id).structure_text  # type: ignore[union-attr]  # it has one
    done = jobs.wait(daemon, second.id, timeout=500)
    assert (done.label, done.template) == ("off", "relax")


def test_a_folder_is_run_again_from_its_contcar(daemon: Session, tmp_path: Path, silicon: Path) -> None:
    (tmp_path / "INCAR").write_text("SYSTEM = Si\nENCUT = 200\nISMEAR = 0\nSIGMA = 0.05\n")
    (tmp_path / "KPOINTS").write_text("mesh\n0\nGamma\n2 2 2\n")
    (tmp_path / "POSCAR").write_text(silicon.read_text())
    request = requests.build("folder", tmp_path, overrides={})
    first = submit.submit(daemon, request)
    assert jobs.wait(daemon, first.id, timeout=500).state == "finished"
    kept = job_request.of_job(daemon, first.id)
    assert kept is not None
    assert kept.structure_path == str(tmp_path)
    second = restart.restart(daemon, first.id)
    assert jobs.wait(daemon, second.id, timeout=500).state == "finished"
    assert job_request.of_job(daemon, second.id).restart_of == first.uuid  # type: ignore[union-attr]  # it has one


def test_errors_of_the_inputs_stand_in_the_way_until_they_are_waived(daemon: Session, silicon: Path) -> None:
    def request(*waive: str) -> Any:
        overrides = {"ENCUT": "200", "ICHARG": "11"}
        return requests.build("static", silicon, overrides=overrides, waive=waive)

    before = len(job_list.page(daemon).rows)
    with pytest.raises(InputError, match=r"\[no-charge-density\]") as raised:
        submit.submit(daemon, request())
    assert "--waive no-charge-density" in raised.value.hint
    with pytest.raises(InputError, match="No finding 'speed'"):
        submit.submit(daemon, request("no-charge-density", "speed"))
    assert len(job_list.page(daemon).rows) == before
    submitted = submit.submit(daemon, request("no-charge-density"))
    kept = job_request.of_job(daemon, submitted.id)
    assert kept is not None
    assert kept.waive == ("no-charge-density",)
    jobs.wait(daemon, submitted.id, timeout=500)


def test_a_removed_job_leaves_nothing_and_frees_its_key(
    daemon: Session, static: Callable[..., Submitted]
) -> None:
    from aiida import orm

    submitted = static(key="to-be-removed")
    with pytest.raises(InputError, match=f"Job {submitted.id} is "):
        amend.delete(daemon, submitted.id)
    jobs.wait(daemon, submitted.id, timeout=500)
    (step,) = jobs.steps(daemon, submitted.id)
    assert step.directory is not None
    documents = [node.pk for node in orm.load_node(submitted.id).base.links.get_incoming().all_nodes()]
    with pytest.raises(InputError, match=f"step of job {submitted.id}"):
        amend.delete(daemon, step.id)
    done = amend.delete(daemon, submitted.id)
    assert done.n_nodes >= 5
    assert not Path(step.directory).exists()
    with pytest.raises(JobNotFoundError):
        jobs.get(daemon, submitted.id)
    left = orm.QueryBuilder().append(orm.Node, filters={"id": {"in": documents}}).all(flat=True)
    assert [type(node) for node in left] == [orm.InstalledCode]
    assert static(key="to-be-removed").uuid != submitted.uuid  # SQLite gives the number out again


def test_a_restart_waits_for_the_end(daemon: Session, static: Callable[..., Submitted]) -> None:
    submitted = static(delay_s=5.0)
    with pytest.raises(InputError, match=f"Job {submitted.id} is ") as raised:
        restart.restart(daemon, submitted.id)
    assert "cancel" in raised.value.hint
    control.cancel(daemon, submitted.id)


def test_moments_are_handed_on_by_element_whatever_the_written_order() -> None:
    from pymatgen.core import Lattice, Structure

    from crystalmath.engine.restart import _dressed

    first = Structure(
        Lattice.cubic(4), ["Fe", "O", "Fe"], [[0, 0, 0], [0.5, 0, 0], [0, 0.5, 0]],
        site_properties={"magmom": [5.0, 0.5, -5.0]},
    )  # fmt: skip
    written = Structure(Lattice.cubic(4.1), ["Fe", "Fe", "O"], [[0, 0, 0], [0, 0.5, 0], [0.5, 0, 0]])
    assert _dressed(written, first).site_properties["magmom"] == [5.0, -5.0, 0.5]
