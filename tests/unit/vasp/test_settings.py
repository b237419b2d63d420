"""Settings come from a mapping, and what is wrong in it is said."""

from __future__ import annotations

import pytest

from crystalmath.errors import InputError
from crystalmath.vasp.check import check
from crystalmath.vasp.folder import Folder
from crystalmath.vasp.settings import Settings


def test_settings_are_read_from_lists_and_words_however_the_keys_are_joined() -> None:
    found = Settings.from_mapping(
        {"select": ["magnetism", "unknown-tag"], "ignore": "u-off, u-range", "targetVersion": "6.4.3",
         "allow": ("lmine",), "vtst": True}
    )  # fmt: skip
    assert found == Settings(
        frozenset({"magnetism", "unknown-tag"}),
        frozenset({"u-off", "u-range"}),
        (6, 4, 3),
        frozenset({"LMINE"}),
        True,
    )
    assert Settings.from_mapping({"target-version": None}) == Settings()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"selct": []}, "there is no setting selct"),
        ({"ignore": ["unknown-tags"]}, "there is no rule unknown-tags"),
        ({"ignore": 3}, "ignore is 3, no list of names"),
        ({"ignore": [3]}, "no list of names"),
        ({"target_version": "six"}, "six is no version of VASP"),
        ({"target_version": 6.4}, "6.4 is no version of VASP"),
        ({"vtst": "yes"}, "neither true nor false"),
    ],
)
def test_what_is_wrong_is_said(given: dict[str, object], said: str) -> None:
    with pytest.raises(InputError) as caught:
        Settings.from_mapping(given)
    assert said in caught.value.message
    assert caught.value.hint


def test_settings_decide_what_is_found() -> None:
    texts = {"INCAR": "LMINE = T\nIOPT = 3\nNPAR = 1\nNCORE = 1\n"}

    def codes(**given: object) -> set[str]:
        return {one.code for one in check(Folder(texts, options=Settings.from_mapping(given)))}  # type: ignore[arg-type]  # keys are kinds

    assert codes() >= {"unknown-tag", "vtst-tag", "npar-and-ncore"}
    assert "unknown-tag" not in codes(allow="lmine")
    assert "vtst-tag" not in codes(vtst=True)
    assert codes(select="parallel") == {"npar-and-ncore"}
    assert "npar-and-ncore" not in codes(ignore=["parallel"])
