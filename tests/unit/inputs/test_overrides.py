"""INCAR settings of a user: read by name and type, given to the atoms they were meant for."""

from __future__ import annotations

import numpy as np
import pytest
from pymatgen.core import Lattice, Structure

from crystalmath.errors import OverrideError
from crystalmath.inputs import overrides
from crystalmath.inputs.order import sorted_order

READABLE: dict[str, list[tuple[object, object]]] = {
    "ENCUT": [("520", 520.0), ("5.2d2", 520.0), (520, 520.0), (" 520 ", 520.0), ("520.0 eV", None)],
    "NSW": [("99", 99), (0, 0), ("10.5", None), ("ten", None), ("1 2", None)],
    "LWAVE": [(".TRUE.", True), ("F", False), (True, True), (".f.", False), ("yes", None)],
    "EDIFF": [("1d-5", 1e-5), ("1E-6", 1e-6), (1e-7, 1e-7)],
    "ALGO": [("Normal", "Normal"), ("N", "N")],
    "GGA": [("PE", "PE")],
    "LREAL": [("Auto", "Auto"), (".FALSE.", False), (False, False)],
    "SYSTEM": [("1", "1"), ("Si standin:fail=eddrmm,delay=0.2", "Si standin:fail=eddrmm,delay=0.2")],
    "MAGMOM": [("2*5 -5", [5.0, 5.0, -5.0]), ([1, -1], [1.0, -1.0]), (np.array([2.0]), [2.0]), ("", None)],
    "DIPOL": [("3*0.5", [0.5, 0.5, 0.5])],
    "LDAUL": [("2 -1", [2, -1]), ((2, -1), [2, -1])],
    "LDAUU": [({"Fe": 5.3}, {"Fe": 5.3}), ({"Fe": "much"}, None)],
    "NBANDS": [("none", None.__class__), (None, None.__class__), (np.int64(12), 12)],
    "ENCUT ": [("400", 400.0)],
}
CASES = [(tag, text, expected) for tag, cases in READABLE.items() for text, expected in cases]


@pytest.mark.parametrize(
    ("tag", "value", "expected"), CASES, ids=[f"{tag}={value!r}" for tag, value, _ in CASES]
)
def test_a_value_is_read_by_the_type_of_its_tag(tag: str, value: object, expected: object) -> None:
    if expected is None:
        with pytest.raises(OverrideError) as raised:
            overrides.validate({tag: value})
        assert tag.strip() in raised.value.message
        assert raised.value.hint
        return
    typed = overrides.validate({tag: value})[tag.strip()]
    assert typed is None if expected is type(None) else typed == expected
    assert expected is type(None) or type(typed) is type(expected)


def test_tags_are_read_in_any_case() -> None:
    assert overrides.validate({"encut": "500"}) == {"ENCUT": 500.0}


def test_an_unknown_tag_names_the_nearest_one() -> None:
    with pytest.raises(OverrideError, match="ENCTU is no INCAR tag") as raised:
        overrides.validate({"ENCTU": "520"})
    assert "ENCUT" in raised.value.hint


def test_a_tag_like_none_other_is_refused_without_a_guess() -> None:
    with pytest.raises(OverrideError, match="QQQQQQQQQQ is no INCAR tag"):
        overrides.validate({"QQQQQQQQQQ": 1})


def test_what_was_validated_stays_as_it_is_when_validated_again() -> None:
    once = overrides.validate(
        {"ENCUT": "1d2", "MAGMOM": "2*1", "LREAL": "A", "NBANDS": None, "LDAUU": {"Fe": 1.0}}
    )
    assert overrides.validate(once) == once


@pytest.mark.parametrize("value", [object(), "two\nlines", "", [object()]])
def test_what_no_incar_can_hold_is_refused(value: object) -> None:
    with pytest.raises(OverrideError):
        overrides.validate({"ENCUT": value})


def test_values_per_element_are_for_few_tags() -> None:
    with pytest.raises(OverrideError, match="ENCUT takes no values per element"):
        overrides.validate({"ENCUT": {"Fe": 5}})


def test_assignments_are_split_at_the_first_equals_sign() -> None:
    assert overrides.parse(["ENCUT=520", " system = a = b "]) == {"ENCUT": "520", "SYSTEM": "a = b"}


@pytest.mark.parametrize("typed", [["ENCUT"], ["=5"], ["ENCUT="], ["ENCUT=1", "encut=2"]])
def test_what_is_no_assignment_is_refused(typed: list[str]) -> None:
    with pytest.raises(OverrideError):
        overrides.parse(typed)


OFEO = Structure(Lattice.cubic(4.0), ["O", "Fe", "O"], [[0.5, 0.5, 0.5], [0, 0, 0], [0.5, 0, 0]])
SORTED = sorted_order(OFEO)


def test_moments_go_to_the_atoms_in_the_order_of_the_file() -> None:
    bound = overrides.bind(OFEO, {"MAGMOM": [0.1, 5.0, -0.1], "ENCUT": 1.0}, SORTED)
    assert bound.structure.site_properties["magmom"] == [0.1, 5.0, -0.1]
    assert bound.settings == {"ENCUT": 1.0}
    assert "magmom" not in OFEO.site_properties


def test_moments_are_vectors_when_the_calculation_is_noncollinear() -> None:
    bound = overrides.bind(OFEO, {"MAGMOM": [float(i) for i in range(9)], "LSORBIT": True}, SORTED)
    assert bound.structure.site_properties["magmom"][1] == [3.0, 4.0, 5.0]


def test_moments_per_element_replace_those_of_the_file() -> None:
    given = OFEO.copy(site_properties={"magmom": [0.5, 1.0, 0.5]})
    bound = overrides.bind(given, {"MAGMOM": {"Fe": 4.0}}, SORTED)
    assert bound.structure.site_properties["magmom"] == [0.5, 4.0, 0.5]


def test_u_is_given_to_elements_whatever_order_is_written() -> None:
    repeated = overrides.bind(OFEO, {"LDAUU": [0.0, 5.0, 0.0]}, SORTED)
    by_element = overrides.bind(OFEO, {"LDAUU": [0.0, 5.0]}, SORTED)
    assert repeated.settings == by_element.settings == {"LDAUU": {"O": 0.0, "Fe": 5.0}}


def test_lists_per_species_and_per_atom_follow_the_order_that_is_written() -> None:
    assert overrides.bind(OFEO, {"RWIGS": [0.7, 1.2]}, SORTED).settings == {"RWIGS": [1.2, 0.7]}
    assert overrides.bind(OFEO, {"RWIGS": [0.7, 1.2, 0.7]}, (0, 1, 2)).settings == {"RWIGS": [0.7, 1.2, 0.7]}
    moments = overrides.bind(OFEO, {"M_CONSTR": [float(i) for i in range(9)]}, SORTED).settings["M_CONSTR"]
    assert moments == [3.0, 4.0, 5.0, 0.0, 1.0, 2.0, 6.0, 7.0, 8.0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"MAGMOM": [1.0, 2.0]},
        {"MAGMOM": [1.0] * 9},
        {"MAGMOM": [1.0] * 3, "LSORBIT": True},
        {"LDAUU": [1.0]},
        {"LDAUU": [1.0, 5.0, 2.0]},
        {"RWIGS": [1.0] * 4},
    ],
)
def test_a_wrong_number_of_values_or_two_values_for_one_element_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(OverrideError) as raised:
        overrides.bind(OFEO, wrong, SORTED)
    assert next(iter(wrong)) in raised.value.message
