"""All about a template, by inspection of its class."""

from __future__ import annotations

import json

import jsonschema
import pytest
from tests.unit.inputs import crystals

from crystalmath import templates
from crystalmath.inputs import makers, plan

CURATED = [entry.name for entry in makers.CURATED]


@pytest.mark.parametrize("name", [*CURATED, "folder", "NebFromImagesMaker", "ElectrodeInsertionMaker"])
def test_every_template_tells_what_it_is_and_has_a_valid_schema(name: str) -> None:
    found = templates.details(name)
    assert found.title
    assert found.about
    assert "::" not in found.about  # plain words, no markup
    jsonschema.Draft202012Validator.check_schema(found.schema)
    json.dumps(found.schema)
    if name in CURATED:
        assert found.refusal is None
        assert any(job.kind == "vasp" for job in found.jobs)
        assert found.schema["properties"]
        assert any(given.name == "structure" and given.required for given in found.inputs)


def test_jobs_have_their_input_sets_and_those_to_come_are_marked() -> None:
    jobs = {job.name: job for job in templates.details("elastic").jobs}
    assert (jobs["tight relax 1"].input_set, jobs["tight relax 1"].when) == (
        "TightRelaxSetGenerator",
        "start",
    )
    assert (jobs["run_elastic_deformations"].kind, jobs["run_elastic_deformations"].input_set) == (
        "python",
        None,
    )
    assert (jobs["elastic relax"].when, jobs["elastic relax"].input_set) == ("later", "StaticSetGenerator")


def test_parameters_have_descriptions_units_defaults_and_choices() -> None:
    own = templates.details("phonons").schema["properties"]
    assert own["displacement"]["unit"] == "Å"
    assert own["displacement"]["default"] == 0.01
    assert own["min_length"]["description"]
    assert own["use_symmetrized_structure"]["enum"] == ["primitive", "conventional", None]
    assert own["born"]["argument"] is True
    inner = own["static_energy_maker"]["properties"]["input_set_generator"]["properties"]
    assert "optB86b" in inner["vdw"]["enum"]
    assert "PBE_54" in inner["user_potcar_functional"]["enum"]
    assert inner["user_kpoints_settings"]["properties"]["reciprocal_density"]["type"] == "number"


def test_templates_that_are_not_curated_have_a_flat_schema() -> None:
    assert "static_energy_maker" not in templates.details("PhononMaker").schema["properties"]
    assert "min_length" in templates.details("PhononMaker").schema["properties"]


def test_what_cannot_be_run_by_name_says_why_and_packages_are_named() -> None:
    assert "wants images" in (templates.details("NebFromImagesMaker").refusal or "")
    (defects, ulid) = templates.details("FormationEnergyMaker").packages
    assert (defects.name, ulid.name) == ("pymatgen-analysis-defects", "python-ulid")
    assert {package.name for package in templates.details("phonons").packages} == {"phonopy", "seekpath"}


def test_parameters_reach_the_flow_and_its_make() -> None:
    flow = templates.build("equation_of_state", crystals.SILICON, parameters={"number_of_frames": 4})
    assert sum(plan.kind_of(job) == "vasp" for job, _ in flow.iterflow()) == 6
    elastic = templates.build("elastic", crystals.SILICON, parameters={"conventional": True})
    assert any(job.name == "structure_to_conventional" for job, _ in elastic.iterflow())


def test_the_list_does_not_load_what_the_details_need() -> None:
    assert len(templates.all()) > 106
    assert {template.kind for template in templates.all()} == {"flow", "folder"}
