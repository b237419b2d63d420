"""KPOINTS files in every mode."""

from __future__ import annotations

import pytest

from crystalmath.vasp import kpoints


@pytest.mark.parametrize(
    ("text", "mode", "mesh", "shift"),
    [
        ("k\n0\nGamma\n4 4 4\n", "gamma", (4, 4, 4), None),
        ("k\n0 ! none\nMonk\n2 4 6 # n\n0.5 0 0\n", "monkhorst", (2, 4, 6), (0.5, 0, 0)),
        ("k\n0\ng\n3*2", "gamma", (2, 2, 2), None),
    ],
)
def test_meshes(text: str, mode: str, mesh: tuple[int, ...], shift: tuple[float, ...] | None) -> None:
    k = kpoints.parse(text)
    assert (k.problems, k.mode, k.mesh, k.shift) == ((), mode, mesh, shift)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("k\n0\nGamma\n4 4 4\n", True),
        ("k\n0\nGamma\n4 4 4\n.5 .5 .5\n", False),
        ("k\n0\nMonk\n4 4 4\n", False),
        ("k\n0\nMonk\n3 3 3\n", True),
        ("k\n0\nMonk\n4 4 1\n.5 .5 0\n", True),
    ],
)
def test_whether_a_mesh_holds_gamma(text: str, holds: bool) -> None:
    assert kpoints.parse(text).gamma_centred is holds


def test_automatic_length_and_generalised_meshes() -> None:
    assert kpoints.parse("k\n0\nAuto\n40 ! n\n").length == 40
    k = kpoints.parse("k\n0\nreciprocal\n.25 0 0\n0 .25 0\n0 0 .25\n.5 .5 .5\n")
    assert (k.mode, k.problems, k.basis and k.basis[0], k.shift) == (
        "generalised",
        (),
        (0.25, 0, 0),
        (0.5, 0.5, 0.5),
    )


def test_lists_have_weights_and_perhaps_tetrahedra() -> None:
    k = kpoints.parse("k\n2\nCartesian\n0 0 0 1.\n0 0 0.5 2. X\nTetrahedra\n1 0.1\n6 1 1 2 2\n")
    assert (k.problems, k.cartesian, k.weights, k.tetrahedra) == ((), True, (1.0, 2.0), 1)


def test_paths_have_segments_and_labels() -> None:
    k = kpoints.parse(
        "k\n16 ! n\nLine-mode\nreciprocal\n0 0 0 ! \\Gamma\n.5 0 .5 X\n\n.5 0 .5 X\n.5 .25 .75 ! W\n// END\n"
    )
    assert k.problems == ()
    assert [(start.label, end.label) for start, end in k.segments] == [("\\Gamma", "X"), ("X", "W")]


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("", 1, "kpoints-ends-early"),
        ("k\nx\n", 2, "kpoints-count"),
        ("k\n0\nG\n4 4\n", 4, "kpoints-mesh"),
        ("k\n0\nG\n4 4 0\n", 4, "kpoints-mesh"),
        ("k\n2\nrec\n0 0 0 1\n", 2, "kpoints-count"),
        ("k\n9\nL\nrec\n0 0 0\n.5 0 0\n.5 0 0\n", 7, "kpoints-path"),
        ("k\n0\n\n4 4 4\n", 3, "kpoints-mode"),
    ],
)
def test_each_fault_has_its_line_and_code(text: str, line: int, code: str) -> None:
    problem = kpoints.parse(text).problems[0]
    assert (problem.line, problem.code) == (line, code)
