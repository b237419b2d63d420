"""jobflow Flows of VASP jobs on a real daemon, with the stand-in as VASP."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crystalmath.engine import cards, codes, curves, files, flow, jobs
from crystalmath.engine.submit import SubmitRequest, submit
from crystalmath.errors import TemplateError
from crystalmath.results import document, plots

from .flow_kills import workers
from .kills import kill

if TYPE_CHECKING:
    from collections.abc import Callable

    from crystalmath.engine.jobs import JobDetail
    from crystalmath.engine.session import Session
    from crystalmath.results.bands import Bands

    from .conftest import Ground

SYNTHETIC = b"SYNTHETIC, NOT A PSEUDOPOTENTIAL"


def silicon() -> Any:
    from pymatgen.core import Lattice, Structure

    return Structure.from_spacegroup(
        "Fd-3m", Lattice.cubic(5.5), ["Si"], [[0, 0, 0]]
    ).get_primitive_structure()


def request(maker: Any, code: str = "standin", **incar: Any) -> SubmitRequest:
    """Return the request to run an atomate2 Maker on silicon with these INCAR tags in each step."""
    from atomate2.vasp.powerups import update_user_incar_settings
    from jobflow import Flow
    from monty.json import MontyEncoder

    cheap = {"ENCUT": 250, "LAECHG": False, "LVTOT": False, "LORBIT": 10}
    made = update_user_incar_settings(maker, {**cheap, **incar}).make(silicon())
    whole = made if isinstance(made, Flow) else Flow([made])
    text = json.dumps(whole, cls=MontyEncoder)
    return SubmitRequest(flow_json=text, template="test", formula="Si", n_atoms=2, code=code)


@pytest.fixture
def run(daemon: Session) -> Callable[..., JobDetail]:
    """Return a function that runs a Maker on the stand-in and returns the ended job."""
    codes.ensure_standin(daemon)

    def wait(maker: Any, **incar: Any) -> JobDetail:
        return jobs.wait(daemon, submit(daemon, request(maker, **incar)).id, timeout=500)

    return wait


def outputs_of(job: JobDetail, step: int) -> Any:
    from aiida import orm

    return orm.load_node(job.steps[step].id).outputs


def test_a_static_run_ends_in_a_card_and_runs_once(
    run: Callable[..., JobDetail], daemon: Session, ground: Ground
) -> None:
    from atomate2.vasp.jobs.core import StaticMaker

    job = run(StaticMaker())
    assert (job.state, job.exit_status, job.exit_message) == ("finished", 0, None)
    card = cards.get(daemon, job.id)
    assert (card.standin, card.step, card.n_atoms, card.formula) == (True, "static", 2, "Si")
    assert (card.converged_electronic, card.converged_ionic) == (True, True)
    assert card.energy_ev is not None
    assert card.energy_per_atom_ev == pytest.approx(card.energy_ev / 2)
    assert card.directory == job.steps[0].directory
    assert card.directory is not None
    assert ground.n_starts(card.directory) == 1
    assert f"energy(sigma->0) =     {card.energy_ev:.8f}"[-12:] in files.read(daemon, job.id, "OUTCAR")


def test_what_is_kept_of_a_run_is_bounded(run: Callable[..., JobDetail]) -> None:
    from atomate2.vasp.jobs.core import StaticMaker

    outputs = outputs_of(run(StaticMaker()), 0)
    kept = set(outputs.retrieved.base.repository.list_object_names())
    assert {"vasprun.xml.gz", "OUTCAR.gz", "CONTCAR", "OSZICAR", "vasp.out"} <= kept
    assert not kept & {"vasprun.xml", "OUTCAR", "WAVECAR", "CHGCAR", "POTCAR", "LOCPOT", "DOSCAR", "EIGENVAL"}
    summary = outputs.summary.get_dict()
    assert summary.pop("warnings") == []
    assert 20 <= len(summary) <= 30
    assert not any(
        isinstance(value, list) and value and not isinstance(value[0], str) for value in summary.values()
    )


def test_relaxation_and_bands_pass_structure_and_charge_density_on(
    run: Callable[..., JobDetail], daemon: Session
) -> None:
    from aiida import orm
    from atomate2.vasp.flows.core import RelaxBandStructureMaker

    job = run(RelaxBandStructureMaker())
    assert (job.state, job.exit_message) == ("finished", None)
    names = [step.name for step in job.steps]
    assert names[:3] == ["relax 1", "relax 2", "static"]
    assert set(names[3:]) == {"non-scf uniform", "non-scf line"}
    card = cards.get(daemon, job.id)
    assert card.step == "static"
    relaxed = outputs_of(job, 1)
    assert card.volume_angstrom3 == pytest.approx(relaxed.structure.get_cell_volume(), rel=1e-5)
    assert relaxed.summary["n_ionic_steps"] >= 1
    static, line = job.steps[2], next(step for step in job.steps if step.name == "non-scf line")
    bands_node = orm.load_node(line.id)
    assert bands_node.inputs.parent_folder.get_remote_path() == static.directory
    made = bands_node.inputs.files.creator
    assert (made.process_label, made.inputs.job.pk) == ("prepare_vasp", job_node(bands_node, job).pk)
    assert orm.load_node(static.id).outputs.document.pk in {node.pk for node in incoming(made)}
    assert orm.load_node(static.id).outputs.retrieved.pk in {node.pk for node in incoming(made)}
    bands = curves.bands(daemon, job.id)
    assert bands is not None
    check_bands(bands, card.band_gap_ev)


def incoming(process: Any) -> list[Any]:
    return [link.node for link in process.base.links.get_incoming().all()]


def job_node(run_node: Any, job: JobDetail) -> Any:
    """Return the job document that the flow was submitted with for this run."""
    from aiida import orm

    label = next(
        link.link_label for link in run_node.base.links.get_incoming(node_class=orm.WorkChainNode).all()
    )
    return orm.load_node(job.id).inputs.jobs[label.replace("run_", "job_", 1)]


def check_bands(bands: Bands, gap_ev: float | None) -> None:
    assert gap_ev is not None
    assert bands.gap_ev == pytest.approx(gap_ev, abs=0.3)
    assert bands.ticks[0].label == "Γ"
    assert len(bands.energy_ev[0][0]) == len(bands.distance_per_angstrom)
    assert max(len(line) for line in plots.bands(bands).splitlines()) <= 80


def test_a_folder_is_run_as_it_is(daemon: Session, tmp_path: Path) -> None:
    from monty.json import MontyEncoder

    from crystalmath.engine import folder
    from crystalmath.templates.folder import read

    incar = "ENCUT = 250 ! mine\nISMEAR = 0; SIGMA = 0.1\n"
    (tmp_path / "INCAR").write_text(incar)
    (tmp_path / "KPOINTS").write_text("mine\n0\nG\n2 2 2\n")
    silicon().to(filename=str(tmp_path / "POSCAR"), fmt="poscar")
    codes.ensure_standin(daemon)
    text = json.dumps(folder.flow(read(tmp_path)), cls=MontyEncoder)
    wanted = SubmitRequest(flow_json=text, template="folder", formula="Si", n_atoms=2, code="standin")
    job = jobs.wait(daemon, submit(daemon, wanted).id, timeout=500)
    assert (job.state, job.exit_message) == ("finished", None)
    given = outputs_of(job, 0).remote_folder.creator.inputs.files.base.repository
    assert given.get_object_content("INCAR") == incar
    assert cards.get(daemon, job.id).energy_ev is not None


@pytest.mark.parametrize(
    ("incar", "number", "words"),
    [
        ({"SYSTEM": "standin:fail=edddav"}, 310, "Error EDDDAV: Call to ZHEGV failed"),
        ({"SYSTEM": "standin:fail=truncated"}, 311, "VASP ended before its time"),
        ({"SYSTEM": "standin:fail=nostart"}, 310, ""),
        ({"NELM": 2}, 320, "NELM = 2 steps were not enough"),
        ({"SYSTEM": "standin:fail=ionic", "NSW": 3}, 321, "NSW = 3 steps were not enough"),
    ],
    ids=["message", "truncated", "start", "electrons", "ions"],
)
def test_a_step_that_fails_ends_the_flow_with_a_number_and_a_sentence(
    run: Callable[..., JobDetail], daemon: Session, incar: dict[str, Any], number: int, words: str
) -> None:
    from atomate2.vasp.flows.core import DoubleRelaxMaker

    job = run(DoubleRelaxMaker(), **incar)
    assert (job.state, job.exit_status) == ("failed", number)
    assert job.exit_message is not None
    assert job.exit_message.startswith("Step 'relax 1': ")
    assert words in job.exit_message
    assert [step.name for step in job.steps] == ["relax 1"]
    assert cards.get(daemon, job.id).standin is True


def test_an_unconverged_run_keeps_its_numbers(run: Callable[..., JobDetail], daemon: Session) -> None:
    from atomate2.vasp.jobs.core import StaticMaker

    job = run(StaticMaker(), NELM=2)
    card = cards.get(daemon, job.id)
    assert (card.state, card.converged_electronic) == ("failed", False)
    assert card.energy_ev is not None
    kept = document.load(outputs_of(job, 0).document.get_content(mode="rb"))
    assert document.output(kept)["state"] == "failed"


def test_inputs_that_cannot_be_made_end_the_flow_with_a_sentence(run: Callable[..., JobDetail]) -> None:
    from atomate2.vasp.jobs.core import StaticMaker

    job = run(StaticMaker(run_vasp_kwargs={"job_type": "full opt"}))
    assert (job.state, job.exit_status, job.steps) == ("failed", 403, ())
    assert job.exit_message is not None
    assert "Step 'static'" in job.exit_message
    assert "full opt" in job.exit_message


def test_missing_potcars_end_the_flow_with_a_sentence(daemon: Session, ground: Ground) -> None:
    from aiida import orm
    from atomate2.vasp.jobs.core import StaticMaker

    empty = ground.base / "no-potcars"
    empty.mkdir()
    standin = codes.ensure_standin(daemon)
    code = orm.InstalledCode(
        label="poor", computer=standin.computer, filepath_executable=str(standin.filepath_executable)
    ).store()
    code.base.extras.set(codes.EXTRA, {**standin.base.extras.get(codes.EXTRA), "potcars": str(empty)})
    job = jobs.wait(daemon, submit(daemon, request(StaticMaker(), code="poor")).id, timeout=500)
    assert (job.state, job.exit_status) == ("failed", 303)
    assert job.exit_message is not None
    assert "Si" in job.exit_message


def test_a_function_of_a_script_is_refused_before_anything_is_stored(session: Session) -> None:
    from aiida import orm
    from jobflow import Flow, Job

    def twice(number: int) -> int:
        return 2 * number

    twice.__module__, twice.__qualname__ = "__main__", "twice"
    code = codes.ensure_standin(session)
    before = orm.QueryBuilder().append(orm.Node).count()
    with pytest.raises(TemplateError, match="script or notebook") as caught:
        flow.builder(Flow([Job(twice, (1,))]), code, options={})
    assert "module that the daemon can import" in caught.value.hint
    assert orm.QueryBuilder().append(orm.Node).count() == before


def test_a_flow_that_waits_for_itself_is_refused(session: Session) -> None:
    from jobflow import Flow, Job

    first, second = Job(max, (1, 2)), Job(max, (3, 4))
    first.function_args, second.function_args = (second.output, 1), (first.output, 1)
    with pytest.raises(TemplateError, match=r"cycle|wait for each other"):
        flow.builder(Flow([first, second]), codes.ensure_standin(session), options={})


def test_a_worker_that_is_killed_starts_no_step_twice(daemon: Session, ground: Ground) -> None:
    from atomate2.vasp.flows.core import DoubleRelaxMaker

    codes.ensure_standin(daemon)
    job = submit(daemon, request(DoubleRelaxMaker(), SYSTEM="standin:delay=0.3"))
    killed_at = 0
    for progress in jobs.follow(daemon, job.id, timeout=500):
        if progress.n_steps > killed_at:
            killed_at = progress.n_steps
            kill(workers(daemon))
    assert killed_at == 2
    ended = jobs.get(daemon, job.id)
    assert (ended.state, [step.name for step in ended.steps]) == ("finished", ["relax 1", "relax 2"])
    for step in ended.steps:
        assert ground.n_starts(step.directory) == 1


def test_upstream_wakes_as_we_rely_on(session: Session) -> None:
    from crystalmath.engine import wake

    assert wake.drifted() == ()


def test_no_name_of_ours_hides_one_of_aiidas(session: Session) -> None:
    import inspect
    import re

    from aiida.engine import WorkChain

    theirs = {name for base in WorkChain.__mro__ for name in vars(base)}
    for base in WorkChain.__mro__[:-1]:
        if base.__module__.partition(".")[0] in ("aiida", "plumpy"):
            theirs |= set(re.findall(r"self\.(\w+)", inspect.getsource(base)))
    ours = {name for name, value in vars(flow.FlowWorkChain).items() if inspect.isfunction(value)}
    assert ours
    assert not ours & theirs


def test_no_potcar_text_is_kept_anywhere(run: Callable[..., JobDetail], ground: Ground) -> None:
    from atomate2.vasp.jobs.core import StaticMaker

    job = run(StaticMaker())
    assert job.steps[0].directory is not None
    library = ground.base / "home" / "standin-potcars"
    found = holding(ground.base, SYNTHETIC)
    assert [path for path in found if path.name == "POTCAR"]  # the run itself had one
    assert [path for path in found if path.name != "POTCAR" and library not in path.parents] == []


# Files come and go while the daemon works. It has a process of its own: closing a SQLite file here would drop
# this process's locks on it, and the next one that closes the database then deletes the journal that this
# process reads.
SEARCH = """
import gzip, os, stat, sys
for folder, _, names in os.walk(sys.argv[1]):
    for path in (os.path.join(folder, name) for name in names):
        try:
            if not stat.S_ISREG(os.lstat(path).st_mode):
                continue
            with open(path, "rb") as file:
                data = file.read()
        except FileNotFoundError:
            continue
        if data[:2] == bytes([0x1F, 0x8B]):
            data = gzip.decompress(data)
        if sys.argv[2].encode() in data:
            print(path)
"""


def holding(folder: Path, text: bytes) -> list[Path]:
    """Return the files below the folder that hold the text, compressed or not."""
    command = [sys.executable, "-c", SEARCH, str(folder), text.decode()]
    return [
        Path(line)
        for line in subprocess.run(command, capture_output=True, check=True, text=True).stdout.splitlines()
    ]
