"""The settings of an editor become those of a check; one wrong part does not spoil the others."""

from __future__ import annotations

import pytest

from crystalmath.vasp.settings import Settings
from crystalmath_lsp.settings import read_settings


def test_no_settings_are_the_defaults() -> None:
    assert read_settings({}) == (Settings(), ())
    assert read_settings({"select": None, "vtst": None, "ignore": []}) == (Settings(), ())


def test_every_setting_is_read() -> None:
    given = {
        "select": ["syntax", "values"],
        "ignore": ["duplicate-tag"],
        "targetVersion": "6.4.3",
        "allow": ["mytag"],
        "vtst": True,
    }
    expected = Settings(
        frozenset({"syntax", "values"}),
        frozenset({"duplicate-tag"}),
        (6, 4, 3),
        frozenset({"MYTAG"}),
        vtst=True,
    )
    assert read_settings(given) == (expected, ())


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"colour": 1}, "colour"),
        ({"select": ["no-such-rule"]}, "no-such-rule"),
        ({"targetVersion": "new"}, "new"),
        ({"targetVersion": [6]}, "6"),
        ({"vtst": "yes"}, "vtst"),
        ({"allow": [1]}, "allow"),
    ],
)
def test_what_says_nothing_is_named_and_left_out(wrong: dict[str, object], named: str) -> None:
    settings, (problem,) = read_settings({"ignore": ["duplicate-tag"], **wrong})
    assert named in problem
    assert settings == Settings(ignore=frozenset({"duplicate-tag"}))


def test_a_wrong_name_in_a_list_leaves_the_others() -> None:
    settings, (problem,) = read_settings({"ignore": ["duplicate-tag", "nonsense", "unknown-tag"]})
    assert "nonsense" in problem
    assert settings.ignore == {"duplicate-tag", "unknown-tag"}


def test_what_belongs_to_the_editors_extension_is_no_mistake() -> None:
    assert read_settings({"trace": {"server": "off"}, "server": {"path": "x"}}) == (Settings(), ())
