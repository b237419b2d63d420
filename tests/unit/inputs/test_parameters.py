"""Parameters of a Maker: read from text, checked against its schema, set on it."""

from __future__ import annotations

from typing import Any

import pytest

from crystalmath.errors import InputError
from crystalmath.inputs import makers, parameters, schema


def phonons() -> Any:
    return makers.fresh(makers.find("phonons"))


def test_dots_go_into_nested_makers_and_values_are_json_or_text() -> None:
    found = parameters.parse(
        ["min_length=15", "static_energy_maker.name=first run", "born_maker=null", "a.b=[1, 2]"]
    )
    assert found == {
        "min_length": 15,
        "static_energy_maker": {"name": "first run"},
        "born_maker": None,
        "a": {"b": [1, 2]},
    }


@pytest.mark.parametrize("text", ["min_length", "=3", "a..b=1"])
def test_what_sets_nothing_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="sets no parameter"):
        parameters.parse([text])


@pytest.mark.parametrize(
    ("given", "words", "hint"),
    [
        ({"min_lenght": 3}, "no parameter 'min_lenght'", "min_length"),
        ({"ENCUT": 300}, "no parameter 'ENCUT'", "--set ENCUT"),
        ({"min_length": "long"}, 'min_length of phonons is "long"', "crystalmath templates phonons"),
        ({"min_length": True}, "must be a number or null", ""),
        ({"sym_reduce": 1}, "must be a boolean", ""),
        ({"use_symmetrized_structure": "cubic"}, "one of primitive, conventional, null", ""),
        ({"supercell_matrix": 3}, "must be", ""),
        (
            {"phonon_displacement_maker": {"input_set_generator": {"vdw": "D9"}}},
            "phonon_displacement_maker.input_set_generator.vdw of phonons",
            "",
        ),
    ],
)
def test_a_wrong_parameter_is_named_with_what_it_may_be(given: dict[str, Any], words: str, hint: str) -> None:
    with pytest.raises(InputError) as raised:
        parameters.check("phonons", schema.of_maker(phonons(), nested=True), given)
    assert words in raised.value.message
    assert hint in raised.value.hint


def test_parameters_are_set_on_a_copy_down_to_the_input_sets() -> None:
    maker = phonons()
    given = {
        "min_length": 8.0,
        "phonon_displacement_maker": {"input_set_generator": {"auto_kspacing": True}},
        "epsilon_static": None,
    }
    parameters.check("phonons", schema.of_maker(maker, nested=True), given)
    changed, arguments = parameters.set_on(maker, given)
    assert (changed.min_length, arguments) == (8.0, {"epsilon_static": None})
    assert changed.phonon_displacement_maker.input_set_generator.auto_kspacing is True
    assert maker.min_length != 8.0
    assert maker.phonon_displacement_maker.input_set_generator.auto_kspacing is False


def test_lists_become_the_tuples_that_the_maker_has() -> None:
    maker = makers.fresh(makers.find("equation_of_state"))
    changed, _ = parameters.set_on(maker, {"linear_strain": [-0.02, 0.02], "number_of_frames": 4})
    assert (changed.linear_strain, changed.number_of_frames) == ((-0.02, 0.02), 4)
