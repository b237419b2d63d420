"""Reading structures: every format keeps what the file says, every fault is a sentence with its place."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import numpy as np
import pytest
from ase import Atoms
from ase.io import write as ase_write
from pymatgen.core import Lattice, Structure
from pymatgen.io.vasp import Poscar

from crystalmath import structures
from crystalmath.errors import StructureError

if TYPE_CHECKING:
    from pathlib import Path

NACL = """NaCl by hand
1.0
5.64 0 0
0 5.64 0
0 0 5.64
Cl Na
1 1
Selective dynamics
Direct
0.5 0.5 0.5 F F T
0.0 0.0 0.0 T T T

0.001 0.0 0.0
0.0 0.002 0.0
"""

ODD_CELL = """odd cell
{scale}
4.1 0.3 0.7
0.2 5.3 0.1
1.1 0.9 6.7
Fe O
1 1
{mode}
0.1 0.7 0.3
1.3 2.1 0.9
"""

CIF = """data_demo
_cell_length_a 4.2
_cell_length_b 4.2
_cell_length_c 4.2
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_symmetry_space_group_name_H-M 'P 1'
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
_atom_site_occupancy
Mg1 Mg 0 0 0 {occupancy}
O1 O 0.5 0.5 0.5 1
"""


def _written(directory: Path, name: str, text: str) -> Path:
    path = directory / name
    path.write_text(text)
    return path


def test_a_poscar_keeps_order_flags_and_velocities(tmp_path: Path) -> None:
    read = structures.read(_written(tmp_path, "POSCAR", NACL))
    assert read.format == "poscar"
    assert [site.specie.symbol for site in read.structure] == ["Cl", "Na"]
    assert read.structure.site_properties["selective_dynamics"] == [[False, False, True], [True, True, True]]
    assert read.structure.site_properties["velocities"] == [[0.001, 0.0, 0.0], [0.0, 0.002, 0.0]]


@pytest.mark.parametrize("scale", ["1.0", "3.1415926535", "-173.3", "0.1 0.2 0.3"])
@pytest.mark.parametrize("mode", ["Direct", "Cartesian"])
def test_a_poscar_gives_the_bits_that_pymatgen_computes(scale: str, mode: str) -> None:
    """Positions are written with 16 digits, so a last bit lost would show in the POSCAR of every job."""
    text = ODD_CELL.format(scale=scale, mode=mode)
    ours = structures.read(text).structure
    if len(scale.split()) == 3:
        assert ours.lattice.matrix[0] == pytest.approx([0.41, 0.06, 0.21])
        return
    theirs = Poscar.from_str(text).structure
    np.testing.assert_array_equal(ours.lattice.matrix, theirs.lattice.matrix)
    if not (
        mode == "Cartesian" and scale.startswith("-")
    ):  # pymatgen multiplies positions by the volume there
        np.testing.assert_array_equal(ours.frac_coords, theirs.frac_coords)


def test_cartesian_positions_under_a_volume_are_scaled_like_the_cell() -> None:
    text = "cube\n-64.0\n1 0 0\n0 1 0\n0 0 1\nFe\n1\nCartesian\n0.25 0.5 0.75\n"
    read = structures.read(text).structure
    assert read.lattice.abc == pytest.approx((4.0, 4.0, 4.0))
    assert read.frac_coords[0] == pytest.approx([0.25, 0.5, 0.75])


def test_elements_behind_the_positions_make_up_for_missing_names() -> None:
    text = "old\n1.0\n4 0 0\n0 4 0\n0 0 4\n1 1\nDirect\n0 0 0 Fe\n0.5 0.5 0.5 O\n"
    assert [site.specie.symbol for site in structures.read(text).structure] == ["Fe", "O"]


@pytest.mark.parametrize("name", ["CONTCAR", "relaxed.vasp", "my.POSCAR.2", "POSCAR.gz", "noname"])
def test_a_poscar_is_recognised_by_name_or_content(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(NACL.encode()) if name.endswith(".gz") else NACL.encode())
    assert structures.read(path).format == "poscar"


def test_formats_of_pymatgen_and_ase_give_the_same_crystal(tmp_path: Path) -> None:
    crystal = Structure(
        Lattice.from_parameters(4, 5, 6, 80, 95, 100), ["Mg", "O"], [[0, 0, 0], [0.4, 0.5, 0.6]]
    )
    for name in ("a.cif", "a.json", "a.yaml", "a.xsf", "a.cssr", "POSCAR"):
        crystal.to(filename=str(tmp_path / name))
    ase_write(tmp_path / "a.extxyz", crystal.to_ase_atoms())
    ase_write(tmp_path / "a.xyz", crystal.to_ase_atoms())
    ase_write(tmp_path / "a.res", crystal.to_ase_atoms())
    for path in sorted(tmp_path.iterdir()):
        read = structures.read(path).structure
        assert read.composition == crystal.composition, path.name
        assert read.volume == pytest.approx(crystal.volume, rel=1e-3), path.name
        assert read.get_distance(0, 1) == pytest.approx(crystal.get_distance(0, 1), rel=1e-3), path.name


def test_moments_of_ase_and_json_survive(tmp_path: Path) -> None:
    atoms = Atoms("Fe2", cell=[2.8, 2.8, 2.8], pbc=True, scaled_positions=[[0, 0, 0], [0.5, 0.5, 0.5]])
    atoms.set_initial_magnetic_moments([2.0, -2.0])
    assert structures.of(atoms).structure.site_properties["magmom"] == [2.0, -2.0]
    structures.of(atoms).structure.to(filename=str(tmp_path / "fe.json"))
    assert structures.read(tmp_path / "fe.json").structure.site_properties["magmom"] == [2.0, -2.0]


def test_a_density_is_read_up_to_its_grid() -> None:
    text = ODD_CELL.format(scale="1.0", mode="Direct")
    assert structures.read(text + "\n 2 2 2\n 1 2 3 4 5 6 7 8\n", format="chgcar").structure.num_sites == 2


BROKEN = {
    "empty": ("", "POSCAR", "is empty"),
    "blank": (" \n\t\n", "POSCAR", "is empty"),
    "too few positions": (
        NACL.replace("1 1\n", "1 3\n").partition("\n\n")[0],
        "POSCAR",
        "line 7: the counts announce 4",
    ),
    "names and counts differ": (NACL.replace("1 1\n", "1 1 1\n"), "POSCAR", "line 7: 2 species but 3 counts"),
    "no number": (NACL.replace("0.5 0.5 0.5", "0.5 abc 0.5"), "POSCAR", "line 10"),
    "no number in the cell": (NACL.replace("0 5.64 0\n", "0 x 0\n"), "POSCAR", "line 4"),
    "flat cell": (NACL.replace("0 0 5.64", "5.64 5.64 0"), "POSCAR", "the cell is flat"),
    "unknown element": (NACL.replace("Cl Na", "Cl Xx"), "POSCAR", "line 6: 'Xx' is no chemical element"),
    "VASP 4": (NACL.replace("Cl Na\n", ""), "POSCAR", "line 6: the element names are missing"),
    "a molecule": ("2\n\nH 0 0 0\nH 0 0 0.74\n", "h2.xyz", "has no cell"),
    "partial occupancy": (CIF.format(occupancy="0.5"), "half.cif", "atom 1 is only partly there"),
    "cut CIF": (CIF.partition("_atom_site_fract_y")[0], "cut.cif", "cannot be read as CIF"),
    "JSON of something else": ('{"a": 1}', "a.json", "no structure of pymatgen"),
    "cut JSON": ('{"lattice": ', "a.json", "cannot be read as JSON"),
    "cut XML": ("<?xml version='1.0'?><modeling>", "vasprun.xml", "cannot be read as vasprun.xml"),
    "binary": ("PK\x03\x04\x00\x00", "POSCAR", "is a binary file"),
    "prose": ("Dear colleague,\nplease find\n", "letter.txt", "is in no format that is known"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_file_is_a_sentence_with_the_file_and_the_next_step(tmp_path: Path, fault: str) -> None:
    text, name, expected = BROKEN[fault]
    path = _written(tmp_path, name, text)
    with pytest.raises(StructureError) as raised:
        structures.read(path)
    assert expected in raised.value.message
    assert str(path) in raised.value.message
    assert raised.value.hint


def test_a_missing_file_says_so_and_names_the_one_in_another_case(tmp_path: Path) -> None:
    _written(tmp_path, "POSCAR", NACL)
    with pytest.raises(StructureError, match="does not exist") as raised:
        structures.read(tmp_path / "poscar")
    assert str(tmp_path / "POSCAR") in raised.value.hint


def test_a_folder_with_a_poscar_is_pointed_at(tmp_path: Path) -> None:
    with pytest.raises(StructureError, match="is a folder"):
        structures.read(tmp_path)
    _written(tmp_path, "POSCAR", NACL)
    with pytest.raises(StructureError, match="holds a POSCAR") as raised:
        structures.read(tmp_path)
    assert "run folder" in raised.value.hint


def test_a_cut_gzip_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "POSCAR.gz").write_bytes(gzip.compress(NACL.encode())[:40])
    with pytest.raises(StructureError, match="cannot be read"):
        structures.read(tmp_path / "POSCAR.gz")


def test_an_unknown_format_name_is_refused() -> None:
    with pytest.raises(StructureError, match="no structure format 'cube9'"):
        structures.read(NACL, format="cube9")


def test_what_is_no_structure_is_refused() -> None:
    with pytest.raises(StructureError, match="int is no structure"):
        structures.of(3)


def test_remarks_of_the_library_are_kept_and_not_printed(recwarn: pytest.WarningsRecorder) -> None:
    read = structures.read(CIF.format(occupancy="1").replace("0.5 0.5 0.5", "0.3333 0.6667 0.5"))
    assert any("rounded" in note for note in read.notes)
    assert not recwarn.list


@pytest.mark.parametrize("atoms", [1, 100, 1000])
def test_structures_of_any_size_come_back(atoms: int) -> None:
    crystal = (
        Structure(Lattice.cubic(2.87), ["Fe"], [[0, 0, 0]])
        * {1: (1, 1, 1), 100: (5, 5, 4), 1000: (10, 10, 10)}[atoms]
    )
    assert structures.read(str(Poscar(crystal))).structure.num_sites == atoms
