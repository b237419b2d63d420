"""atomate2's Makers by name, and which of them can be run."""

from __future__ import annotations

import subprocess
import sys

import pytest
from jobflow import Maker

from crystalmath.errors import TemplateError
from crystalmath.inputs import makers, plan

from . import crystals


def test_the_list_from_the_sources_is_that_of_the_classes() -> None:
    """Whatever can be imported here is a Maker, under the module that defines it."""
    loaded = 0
    for entry in makers.every():
        try:
            found = makers._imported(entry)
        except TemplateError:
            continue  # needs a package that is not installed
        loaded += 1
        assert issubclass(found, Maker), entry
        assert found.__module__ == entry.target.partition(":")[0]
    assert loaded > 80


def test_every_vasp_maker_of_the_core_is_listed() -> None:
    from atomate2.vasp.flows import core as flows
    from atomate2.vasp.jobs import core as jobs

    names = {entry.name for entry in makers.every()}
    for module in (flows, jobs):
        for name, value in vars(module).items():
            if isinstance(value, type) and issubclass(value, Maker) and value.__module__ == module.__name__:
                assert name in names


def test_listing_imports_neither_atomate2_nor_pymatgen() -> None:
    code = (
        "import sys; from crystalmath import templates, potcars, structures; templates.all(); "
        "print([m for m in ('atomate2', 'pymatgen', 'ase', 'jobflow', 'numpy', 'aiida') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_list_that_was_cut_short_on_disk_is_made_again(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("CRYSTALMATH_HOME", str(home))
    first = makers.every.__wrapped__()
    (kept,) = home.glob("makers-*.json")
    kept.write_text(kept.read_text()[:100])
    assert makers.every.__wrapped__() == first


@pytest.mark.parametrize(
    ("asked", "meant"), [("statik", "static"), ("relax-bands", "relax_bands"), ("StaticMakr", "StaticMaker")]
)
def test_an_unknown_name_names_the_nearest(asked: str, meant: str) -> None:
    with pytest.raises(TemplateError, match="There is no template") as raised:
        makers.find(asked)
    assert meant in raised.value.hint


def test_a_name_like_none_lists_the_curated_ones() -> None:
    with pytest.raises(TemplateError) as raised:
        makers.find("zzzzzzzz")
    assert "static, relax, double_relax, relax_bands, bands, " in raised.value.hint


REFUSED = {
    "NonSCFMaker": "continues a finished run",
    "NebFromImagesMaker": "wants images",
    "FerroelectricMaker": "wants polar_structure, nonpolar_structure",
    "RelaxConstVolMaker": "no dataclass",
    "VaspLobsterMaker": "requires lobsterpy",
    "ElectrodeInsertionMaker": "needs relax_maker, static_maker",
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_maker_that_needs_more_than_vasp_runs_is_refused_with_the_reason(name: str) -> None:
    with pytest.raises(TemplateError, match=REFUSED[name]) as raised:
        plan.plan_of(makers.find(name), crystals.SILICON)
    assert name in raised.value.message
    assert raised.value.hint


def test_a_maker_that_runs_vasp_in_its_own_way_is_refused() -> None:
    from atomate2.vasp.jobs.base import BaseVaspMaker, vasp_job
    from pymatgen.core import Structure

    class OwnWayMaker(BaseVaspMaker):  # type: ignore[misc]  # atomate2 has no types
        @vasp_job  # type: ignore[untyped-decorator]  # atomate2 has no types
        def make(self, structure: Structure, prev_dir: object = None) -> object:
            return structure

    entry = makers.MakerEntry("OwnWayMaker", "", "")
    with pytest.raises(TemplateError, match="in a way of its own"):
        plan.reach_generator(entry, OwnWayMaker(), (), crystals.SILICON)


def test_every_curated_template_can_be_planned_and_tells_its_dependencies() -> None:
    steps = {entry.name: plan.plan_of(entry, crystals.SILICON).steps for entry in makers.CURATED}
    assert all(steps.values())
    assert [step.previous for step in steps["relax_bands"]] == [False, True, True, True, True]
    assert [step.previous for step in steps["double_relax"]] == [False, True]
    assert [step.generator.mode for step in steps["relax_bands"][3:]] == ["uniform", "line"]


def test_the_plan_of_a_flow_that_grows_has_the_vasp_steps_that_are_known() -> None:
    elastic = plan.plan_of(makers.find("ElasticMaker"), crystals.SILICON)
    assert [step.name for step in elastic.steps] == ["tight relax 1", "tight relax 2"]
    assert "run_elastic_deformations" in elastic.python
    equation = plan.plan_of(makers.find("EosMaker"), crystals.SILICON)
    assert len(equation.steps) == 2  # the strained cells come from Python jobs
    assert equation.is_dynamic


@pytest.mark.parametrize(
    ("module", "maker", "reason"),
    [
        ("atomate2.cp2k.jobs.core", "StaticMaker", "runs CP2K, not VASP"),
        ("atomate2.aims.jobs.core", "StaticMaker", "runs FHI-aims, not VASP"),
    ],
)
def test_a_job_of_another_program_is_refused(module: str, maker: str, reason: str) -> None:
    from jobflow import Flow, Job

    def make() -> None:
        """Stand for the Maker's own."""

    make.__module__ = module
    with pytest.raises(TemplateError, match=reason) as raised:
        plan.check_jobs("Mixed", Flow([Job(make, name=maker)]))
    assert f"the job '{maker}'" in raised.value.message


def test_a_method_of_a_vasp_maker_that_is_not_one_run_is_refused() -> None:
    from jobflow import Flow, Job

    maker = makers.fresh(makers.find("static"))
    with pytest.raises(TemplateError, match="is not one run of VASP"):
        plan.check_jobs("Own", Flow([Job(maker.update_kwargs, ({},))]))


def test_makers_are_fresh_each_time() -> None:
    entry = makers.find("static")
    first = makers.fresh(entry)
    first.input_set_generator.user_incar_settings["ENCUT"] = 1
    assert makers.fresh(entry).input_set_generator.user_incar_settings == {}
