"""Whatever the text is: nothing is lost, nothing raises, formatting and fixing keep their promises."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crystalmath.vasp import incar, kpoints, poscar, potcar
from crystalmath.vasp.check import check
from crystalmath.vasp.fixing import fix_folder
from crystalmath.vasp.folder import Folder
from crystalmath.vasp.formatter import format_incar
from crystalmath.vasp.source import SEVERITIES

PIECES = st.sampled_from(
    [
        "ENCUT",
        "ISPIN",
        "MAGMOM",
        "NSW",
        "SYSTEM",
        "LWAVE",
        "ALGO",
        "ENCUTT",
        "IMAGE_1",
        "LDAUU",
        "IBRION",
        "=",
        " = ",
        ";",
        " ",
        "  ",
        "\n",
        "\r\n",
        "\\\n",
        "\\ \n",
        "\\",
        "#",
        "!",
        '"',
        "{",
        "}",
        "/",
        "\t",
        "1",
        "2.5",
        "1d-5",
        "3*0.0",
        ".T.",
        ".TURE.",
        "500 eV",
        "free text",
        "# crystalmath: ignore[unknown-tag]",
        "\x0c",
        "\xa0",
        "\udc80",
        "é",
        "0",
        "-1",
        ",",
        "*",
    ]
)
INCARS = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=60)
NUMBERS = st.sampled_from(
    ["0", "1", "0.5", "-0.25", "1.0D0", "3*0.5", "x", "", "T", "F", "1e400", "nan", "0.25 Fe", "1,2"]
)
LINES = st.lists(NUMBERS, max_size=6).map(" ".join) | st.sampled_from(
    [
        "Si",
        "Fe O",
        "Direct",
        "Cartesian",
        "Selective dynamics",
        "",
        "4",
        "1 1",
        "4 0 0",
        "0 4 0",
        "0 0 4",
        "Gamma",
        "Line-mode",
        "reciprocal",
        "Lattice velocities",
        "Tetrahedra",
        "0 0 0",
        "20",
    ]
)
FILES = st.lists(LINES, max_size=16).map("\n".join) | st.text(max_size=80)
CALM = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@CALM
@given(INCARS)
def test_the_tokens_of_an_incar_are_its_text(text: str) -> None:
    tree = incar.parse(text)
    assert "".join(token.text for token in tree.tokens) == text
    assert all(text[s.span.start : s.span.end].startswith(s.name) for s in tree.statements)


@CALM
@given(INCARS)
def test_formatting_keeps_statements_comments_and_text_and_is_idempotent(text: str) -> None:
    after = format_incar(text)
    one, two = incar.parse(text), incar.parse(after)
    assert [(s.tag, s.value.split()) for s in one.statements] == [
        (s.tag, s.value.split()) for s in two.statements
    ]
    kept = {"comment", "text", "quoted"}
    assert [t.text for t in one.tokens if t.kind in kept] == [t.text for t in two.tokens if t.kind in kept]
    assert format_incar(after) == after


@CALM
@given(FILES)
def test_no_reader_raises(text: str) -> None:
    cell, mesh = poscar.parse(text), kpoints.parse(text)
    potcar.parse(text)
    if not cell.problems:
        assert len(cell.fractional) == cell.n_atoms == len(cell.position_lines)
    assert all(
        1 <= p.line <= len(cell.source.lines) and p.column >= 1 for p in (*cell.problems, *mesh.problems)
    )


@CALM
@given(INCARS, FILES, FILES)
def test_no_rule_raises_and_every_place_lies_in_its_file(one: str, two: str, three: str) -> None:
    folder = Folder({"INCAR": one, "POSCAR": two, "KPOINTS": three}, present=frozenset({"INCAR"}))
    for finding in check(folder):
        lines = folder.texts[finding.path].split("\n")  # type: ignore[index]  # paths are the kinds here
        assert 1 <= finding.line <= finding.end_line <= len(lines)
        assert finding.column >= 1
        assert finding.end_line > finding.line or finding.end_column > finding.column
        assert finding.url.startswith("https://")


@CALM
@given(INCARS)
def test_fixes_leave_fewer_findings_of_the_worst_severity_that_changes(text: str) -> None:
    folder = Folder({"INCAR": text})
    for unsafe in (False, True):
        fixed = fix_folder(folder, unsafe=unsafe)
        before, after = (Counter(finding.severity for finding in check(one)) for one in (folder, fixed))
        assert [after[s] for s in SEVERITIES] <= [before[s] for s in SEVERITIES]


@CALM
@given(st.lists(st.tuples(*[st.floats(0, 0.999)] * 3), min_size=2, max_size=40), st.booleans())
def test_numpy_and_plain_python_find_the_same_close_pairs(
    positions: list[tuple[float, float, float]], skew: bool
) -> None:
    from crystalmath.vasp import cells, neighbours

    lattice = ((3.0, 0.0, 0.0), (1.2 if skew else 0.0, 3.0, 0.0), (0.3, 0.0, 2.5))
    plain = sorted(set(cells.close_pairs(lattice, positions, 0.5)))
    inside = neighbours.inside_cell(lattice, [value for row in positions for value in row], cartesian=False)
    fast = neighbours.close_pairs(lattice, inside, 0.5)
    assert [pair[:2] for pair in plain] == [pair[:2] for pair in fast]
