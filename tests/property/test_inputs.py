"""Whatever order atoms are given in, each keeps its own moment, flags and position in the written files."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymatgen.core import Lattice, Structure
from pymatgen.io.vasp import Incar, Poscar

from crystalmath import inputs, structures
from crystalmath.errors import StructureError
from crystalmath.inputs import overrides

ATOMS = st.lists(st.sampled_from(["O", "Fe", "Mn", "Li", "S"]), min_size=1, max_size=8)
NUMBERS = st.floats(-20, 20).map(lambda number: round(number, 3))


@settings(max_examples=40, deadline=None)
@given(atoms=ATOMS, data=st.data(), template=st.sampled_from(["static", "LobsterStaticMaker"]))
def test_each_atom_keeps_its_moment_and_flags(atoms: list[str], data: st.DataObject, template: str) -> None:
    """atomate2's set keeps the order, the Lobster set sorts by element."""
    size = len(atoms)
    moments = data.draw(st.lists(NUMBERS, min_size=size, max_size=size))
    flags = data.draw(st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=size, max_size=size))
    structure = Structure(
        Lattice.cubic(8),
        atoms,
        [[index / 8, index / 16, 0.1] for index in range(size)],
        site_properties={"selective_dynamics": flags},
    )
    found = inputs.preview(structure, template, {"MAGMOM": moments, "ISPIN": 2})
    written = structures.read(found.poscar_text).structure
    magmom = Incar.from_str(found.incar_text)["MAGMOM"]
    for position, index in enumerate(found.permutation):
        assert written[position].specie.symbol == atoms[index]
        assert magmom[position] == pytest.approx(moments[index])
        given_flags = written.site_properties.get("selective_dynamics", [[True] * 3] * size)
        assert list(given_flags[position]) == flags[index]
    assert sorted(found.permutation) == list(range(size))


@settings(max_examples=100, deadline=None)
@given(
    values=st.fixed_dictionaries(
        {},
        optional={
            "ENCUT": st.floats(1, 1e4),
            "EDIFF": st.floats(1e-12, 1),
            "NSW": st.integers(0, 1000),
            "LWAVE": st.booleans(),
            "MAGMOM": st.lists(NUMBERS, min_size=1, max_size=5),
            "LDAUL": st.lists(st.integers(-1, 3), min_size=1, max_size=3),
            "NBANDS": st.none(),
        },
    )
)
def test_typed_values_are_read_as_themselves(values: dict[str, object]) -> None:
    assert overrides.validate(values) == values


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(max_size=200) | st.builds("{}\n1.0\n{}".format, st.text(max_size=9), st.text(max_size=150))
)
def test_any_text_is_a_structure_or_a_sentence(text: str) -> None:
    try:
        shown = Poscar(structures.read(text + "\n", format="poscar").structure).get_str()
    except StructureError as error:
        shown = error.message if error.hint else ""
    assert shown
