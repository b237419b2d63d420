"""POSCAR files: every form that VASP reads, and the place of every fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from crystalmath.errors import StructureError
from crystalmath.vasp import poscar

CELL = "0 2.7 2.7\n2.7 0 2.7\n2.7 2.7 0\n"
PLAIN = f"Si\n1.0\n{CELL}Si\n2\nDirect\n0 0 0\n0.25 0.25 0.25\n"


def test_cell_species_counts_and_positions_are_read() -> None:
    cell = poscar.parse(PLAIN)
    assert not cell.problems
    assert (cell.species, cell.counts, cell.n_atoms) == (("Si",), (2,), 2)
    assert list(cell.fractional) == [(0, 0, 0), (0.25, 0.25, 0.25)]
    assert cell.cartesian_angstrom[1] == pytest.approx((1.35, 1.35, 1.35))
    assert cell.sites == ("Si", "Si")


def test_a_negative_scale_is_the_volume_and_scales_cartesian_positions_too() -> None:
    cell = poscar.parse("Si\n-40.0\n0 1 1\n1 0 1\n1 1 0\nSi\n2\nCartesian\n0 0 0\n0.5 0.5 0.5\n")
    assert cell.volume_angstrom3 == pytest.approx(40.0)
    assert cell.fractional[1] == pytest.approx((0.25, 0.25, 0.25))


def test_three_factors_scale_the_cartesian_components() -> None:
    cell = poscar.parse("x\n2 3 4\n1 0 0\n0 1 0\n0 0 1\nSi\n1\nCartesian\n0.5 0.5 0.5\n")
    assert list(cell.lattice_angstrom) == [(2, 0, 0), (0, 3, 0), (0, 0, 4)]
    assert list(cell.cartesian_angstrom) == [(1.0, 1.5, 2.0)]


def test_files_of_vasp_4_have_no_species() -> None:
    cell = poscar.parse(f"Si C\n1.0\n{CELL}1 1\nDirect\n0 0 0\n0.25 0.25 0.25\n")
    assert cell.counts == (1, 1)
    assert cell.species is cell.sites is None


def test_selective_dynamics_labels_and_fortran_numbers() -> None:
    sites = "0.d0 0 0 T F .true. Fe\n.5 .5 .5 f f f O\n"
    cell = poscar.parse(f"x\n1.0D0 ! a\n{CELL}Fe_pv O/ab12\n1 1\nselective\ndirect\n{sites}")
    assert not cell.problems
    assert cell.species == ("Fe", "O")
    assert list(cell.selective or ()) == [(True, False, True), (False, False, False)]


def test_long_lists_of_species_may_be_wrapped() -> None:
    cell = poscar.parse(f"x\n1.0\n{CELL}Fe Cr\nFe\n1 1\n1\nDirect\n" + "0 0 0\n" * 3)
    assert (cell.species, cell.counts) == (("Fe", "Cr", "Fe"), (1, 1, 1))


def test_velocities_follow_an_empty_line() -> None:
    cell = poscar.parse(PLAIN + "\n0.1 0 0\n0 0.1 0\n")
    assert list(cell.velocities or ()) == [(0.1, 0, 0), (0, 0.1, 0)]
    assert cell.velocities_direct is False


def test_lattice_velocities_come_before_those_of_the_ions() -> None:
    tail = "Lattice velocities and vectors\n1\n" + "0.5 0 0\n" * 6 + "Direct\n0.1 0 0\n0 0.1 0\n"
    cell = poscar.parse(PLAIN + tail)
    assert cell.lattice_velocities is not None
    assert len(cell.lattice_velocities) == 6
    assert cell.velocities_direct is True


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("x\n1 2\n" + CELL, 2, "scale"),
        ("x\n0\n" + CELL, 2, "scale"),
        ("x\n1\n0 1\n", 3, "lattice-vector"),
        (f"x\n1\n{CELL}Si O\n2\nD\n", 7, "species-count"),
        (f"x\n1\n{CELL}Si\n2.5\nD\n0 0 0\n", 7, "counts"),
        (f"x\n1\n{CELL}Si\n1\n0 0 0\n", 8, "mode-missing"),
        (f"x\n1\n{CELL}Si\n2\nD\n0 0 0\n", 7, "too-few-positions"),
        (f"x\n1\n{CELL}Si\n2\nD\n0 0 0\n0 0 a\n", 10, "position"),
        (f"x\n1\n{CELL}Si\n1\nS\nD\n0 0 0 T T\n", 10, "selective-flags"),
        ("", 1, "poscar-ends-early"),
    ],
)
def test_each_fault_has_its_line_and_code(text: str, line: int, code: str) -> None:
    problems = poscar.parse(text).problems
    assert (problems[0].line, problems[0].code) == (line, code)


def test_velocities_are_not_taken_for_missing_positions() -> None:
    text = f"x\n1\n{CELL}Si\n3\nDirect\n0 0 0\n0.5 0.5 0.5\n\n0.1 0 0\n0 0.1 0\n0 0 0.1\n"
    assert [problem.code for problem in poscar.parse(text).problems] == ["too-few-positions"]


def test_reading_a_file_names_it_the_line_and_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "POSCAR"
    path.write_text("x\n1 2\n", encoding="utf-8")
    with pytest.raises(StructureError, match=r"POSCAR, line 2: one or three scale factors"):
        poscar.read(path)
    path.write_text(PLAIN, encoding="utf-8")
    assert poscar.read(path).counts == (2,)
    with pytest.raises(StructureError, match="cannot be read"):
        poscar.read(tmp_path / "nothing")
