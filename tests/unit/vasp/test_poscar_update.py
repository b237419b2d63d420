"""An edited POSCAR is read again only where it changed, with the same result."""

from __future__ import annotations

import random

from crystalmath.vasp import poscar

EDGE = 10


def text(seed: int = 1, mode: str = "Direct") -> str:
    rng = random.Random(seed)
    rows = [
        f"{(i + rng.uniform(-0.1, 0.1)) / EDGE:.8f} {j / EDGE:.8f} {k / EDGE:.8f}"
        for i in range(EDGE) for j in range(EDGE) for k in range(EDGE)
    ]  # fmt: skip
    return f"x\n30\n1 0 0\n0 1 0\n0 0 1\nSi\n{EDGE**3}\n{mode}\n" + "\n".join(rows) + "\n"


def same(one: poscar.Poscar, two: poscar.Poscar) -> bool:
    pairs = [[pair[:2] for pair in cell.close_pairs] for cell in (one, two)]
    return one.positions == two.positions and one.problems == two.problems and pairs[0] == pairs[1]


def test_one_changed_position_gives_what_reading_all_gives() -> None:
    for mode in ("Direct", "Cartesian"):
        before = poscar.parse(text(mode=mode))
        assert before.close_pairs == []
        lines = before.text.split("\n")
        lines[500] = lines[501]
        after = "\n".join(lines)
        updated = poscar.update(before, after)
        assert len(updated.close_pairs) == 1
        assert same(updated, poscar.parse(after))


def test_a_pair_that_is_moved_apart_is_forgotten() -> None:
    lines = text().split("\n")
    lines[500] = lines[501]
    before = poscar.parse("\n".join(lines))
    assert len(before.close_pairs) == 1
    updated = poscar.update(before, text())
    assert updated.close_pairs == []


def test_other_edits_are_read_as_a_whole() -> None:
    before = poscar.parse(text())
    for old, new in (
        ("x\n", "y\n"),
        ("\n1000\n", "\n1001\n"),
        ("Direct", "Cartesian"),
        ("0.90000000\n", "oops\n"),
    ):
        after = before.text.replace(old, new, 1)
        assert same(poscar.update(before, after), poscar.parse(after))
