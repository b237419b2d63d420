"""Licensed text is handed out under no name."""

from __future__ import annotations

import pytest

from crystalmath.engine import files


@pytest.mark.parametrize(
    ("name", "private"),
    [
        ("POTCAR", True),
        ("POTCAR.gz", True),
        ("POTCAR.orig", True),
        ("POTCAR_Fe", True),
        ("potcar", True),
        ("POTCAR.spec", False),
        ("POSCAR", False),
        ("OUTCAR.gz", False),
    ],
)
def test_a_potential_is_private_whatever_the_copy_is_called(name: str, private: bool) -> None:
    assert files._is_private(name) is private
