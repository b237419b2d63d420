from __future__ import annotations

from typing import Any

import msgspec

from crystalmath.results.card import Card, Identity, card
from crystalmath.results.summary import Summary

IDENTITY = Identity(
    id=7, uuid="u", state="finished", exit_status=0, template="relax", formula="Si", n_atoms=2
)
NUMBERS: dict[str, Any] = {
    "formula": "Si",
    "n_atoms": 2,
    "energy_ev": -10.0,
    "energy_per_atom_ev": -5.0,
    "free_energy_ev": -10.1,
}
SUMMARY = Summary(
    **NUMBERS,
    max_force_ev_per_angstrom=0.1,
    volume_angstrom3=40.0,
    pressure_kbar=-1.5,
    standin=True,
    warnings=("w",),
)
CONTRACT = """id uuid state exit_status exit_message formula n_atoms energy_ev energy_per_atom_ev
max_force_ev_per_angstrom volume_angstrom3 pressure_kbar standin"""


def test_the_card_has_the_keys_that_scripts_rely_on() -> None:
    assert set(CONTRACT.split()) <= set(Card.__struct_fields__)


def test_a_card_joins_the_job_and_the_numbers_of_its_step() -> None:
    made = card(IDENTITY, SUMMARY, step="relax 2")
    assert (made.id, made.state, made.template, made.step) == (7, "finished", "relax", "relax 2")
    assert (made.energy_ev, made.pressure_kbar, made.standin, made.warnings) == (-10.0, -1.5, True, ("w",))


def test_a_job_without_numbers_has_a_card_without_numbers() -> None:
    made = card(IDENTITY, None)
    assert made.energy_ev is None
    assert made.standin is None
    assert made.formula == "Si"


def test_a_failed_run_is_the_stand_ins_when_its_output_says_so() -> None:
    assert card(msgspec.structs.replace(IDENTITY, standin=True), None).standin is True


def test_a_summary_survives_its_database_form() -> None:
    assert Summary.from_dict(msgspec.json.decode(msgspec.json.encode(SUMMARY.as_dict()))) == SUMMARY
