"""Names of POTCAR releases."""

from __future__ import annotations

import pytest
from pymatgen.io.vasp.inputs import PotcarSingle

from crystalmath.potcars import functionals


def test_the_folders_are_those_of_pymatgen() -> None:
    for name, folder in PotcarSingle.functional_dir.items():
        assert name in functionals.same_release(name) or functionals.of_folder(folder) == "LDA"
        assert functionals.of_folder(folder) in functionals.KNOWN


@pytest.mark.parametrize(
    ("folder", "release"),
    [
        ("potpaw_PBE.54", "PBE_54"),
        ("POTPAW_PBE_54", "PBE_54_W_HASH"),
        ("potpaw_PBE", "PBE"),
        ("potpaw", "LDA"),
        ("potpaw_LDA.64", "LDA_64"),
        ("POT_PAW_PBE_54", "PBE_54"),
        ("my_potcars", None),
    ],
)
def test_a_folder_name_tells_its_release(folder: str, release: str | None) -> None:
    assert functionals.of_folder(folder) == release
