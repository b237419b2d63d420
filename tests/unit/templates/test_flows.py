"""Flows of templates: the steps, the settings in each, the moments in the structure."""

from __future__ import annotations

import json
from typing import Any

import pytest
from atomate2.vasp.flows.elastic import ElasticMaker
from atomate2.vasp.jobs.core import RelaxMaker
from atomate2.vasp.sets.core import RelaxSetGenerator
from jobflow import Flow
from monty.json import MontyDecoder, MontyEncoder
from pymatgen.core import Lattice, Structure

from crystalmath import inputs, templates
from crystalmath.errors import OverrideError, TemplateError

SILICON = Structure(Lattice.cubic(5.43), ["Si"], [[0, 0, 0]])
OFE = Structure(Lattice.cubic(4.3), ["O", "Fe"], [[0.5, 0.5, 0.5], [0, 0, 0]])


def _generators(flow: Flow) -> list[Any]:
    return [job.function.__self__.input_set_generator for job, _ in flow.iterflow()]


@pytest.mark.parametrize(
    ("name", "count"),
    [("static", 1), ("relax", 1), ("double_relax", 2), ("relax_bands", 5), ("OpticsMaker", 2)],
)
def test_a_flow_has_its_steps_with_the_settings_in_each(name: str, count: int) -> None:
    flow = templates.build(name, SILICON, overrides={"ENCUT": 431.0, "LWAVE": None})
    assert isinstance(flow, Flow)
    settings = [generator.user_incar_settings for generator in _generators(flow)]
    assert settings == [{"ENCUT": 431.0, "LWAVE": None}] * count


def test_a_flow_survives_json_with_its_settings() -> None:
    flow = templates.build("relax_bands", OFE, overrides={"LDAUU": [0.0, 4.0], "MAGMOM": [0.0, 5.0]})
    again = MontyDecoder().process_decoded(json.loads(json.dumps(flow, cls=MontyEncoder)))
    assert [g.user_incar_settings for g in _generators(again)] == [{"LDAUU": {"O": 0.0, "Fe": 4.0}}] * 5


def test_moments_are_given_to_the_atoms_of_the_first_step() -> None:
    flow = templates.build("relax", OFE, overrides={"MAGMOM": [0.5, 5.0]})
    (job,) = [job for job, _ in flow.iterflow()]
    assert job.function_args[0].site_properties["magmom"] == [0.5, 5.0]
    assert "magmom" not in OFE.site_properties


def test_two_flows_share_nothing_that_a_run_changes() -> None:
    first, second = templates.build("static", SILICON), templates.build("static", SILICON)
    assert _generators(first)[0] is not _generators(second)[0]
    assert first.job_uuids != second.job_uuids


def test_a_folder_is_no_flow() -> None:
    with pytest.raises(TemplateError, match="folder as they are"):
        templates.build("folder", SILICON)


def test_a_flow_that_grows_has_the_settings_in_every_vasp_step_to_come() -> None:
    flow = templates.build("EosMaker", SILICON, overrides={"ENCUT": 250})
    makers = [job.maker for job, _ in flow.iterflow() if hasattr(job.maker, "input_set_generator")]
    assert [m.input_set_generator.user_incar_settings["ENCUT"] for m in makers] == [250] * 8
    grown = templates.build("ElasticMaker", SILICON, overrides={"ENCUT": 250})
    (deform,) = [job for job, _ in grown.iterflow() if job.name == "run_elastic_deformations"]
    later = deform.function_kwargs["elastic_relax_maker"].input_set_generator
    assert later.user_incar_settings["ENCUT"] == 250


def test_values_per_atom_are_refused_where_other_cells_are_built() -> None:
    with pytest.raises(OverrideError, match="builds other cells"):
        templates.build("ElasticMaker", SILICON, overrides={"M_CONSTR": [0.0] * 3})


def test_wrong_counts_are_refused() -> None:
    with pytest.raises(OverrideError, match="MAGMOM has 3 values where 2 are needed"):
        templates.build("static", OFE, overrides={"MAGMOM": [1.0, 1.0, 1.0]})


def test_a_maker_of_a_script_is_taken_with_its_own_settings_and_left_alone() -> None:
    maker = RelaxMaker(input_set_generator=RelaxSetGenerator(user_incar_settings={"ENCUT": 300}))
    flow = templates.of_maker(maker, OFE, overrides={"NSW": 3, "MAGMOM": [0.5, 5.0]})
    assert _generators(flow)[0].user_incar_settings == {"ENCUT": 300, "NSW": 3}
    assert maker.input_set_generator.user_incar_settings == {"ENCUT": 300}
    assert len(list(templates.of_maker(ElasticMaker(), OFE).iterflow())) == 5


@pytest.mark.parametrize("name", ["double_relax", "LobsterStaticMaker", "MPGGADoubleRelaxMaker"])
def test_the_potcars_are_those_of_the_previews(name: str) -> None:
    found = [
        (step, need.functional, need.symbols)
        for need in templates.potcars_of(name, OFE)
        for step in need.steps
    ]
    previews = [inputs.preview(OFE, name, step=number) for number in range(1, len(found) + 1)]
    assert found == [(p.steps[p.step - 1], p.potcar_functional, p.potcar_symbols) for p in previews]


def test_potcars_of_all_steps_are_known_before_anything_runs() -> None:
    (need,) = templates.potcars_of("relax_bands", OFE)
    assert (need.functional, need.symbols, len(need.steps)) == ("PBE_54", ("O", "Fe"), 5)
