"""The settings of an editor become the options of a check."""

from __future__ import annotations

import pytest

from crystalmath.vasp.folder import Options
from crystalmath_lsp.settings import SETTINGS, read_options


def test_no_settings_are_the_defaults() -> None:
    assert read_options({}) == (Options(), ())
    assert read_options(dict.fromkeys(SETTINGS)) == (Options(), ())


def test_every_setting_is_read() -> None:
    given = {
        "select": ["syntax"],
        "ignore": ["duplicate-tag"],
        "targetVersion": "6.4.3",
        "allow": ["mytag"],
        "vtst": True,
    }
    expected = Options(
        frozenset({"syntax"}), frozenset({"duplicate-tag", "vtst-tag"}), (6, 4, 3), frozenset({"MYTAG"})
    )
    assert read_options(given) == (expected, ())


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"colour": 1}, '"colour"'),
        ({"select": "syntax"}, '"select"'),
        ({"ignore": ["no-such-rule"]}, '"no-such-rule"'),
        ({"targetVersion": "new"}, '"targetVersion"'),
        ({"targetVersion": [6]}, '"targetVersion"'),
        ({"vtst": "yes"}, '"vtst"'),
        ({"allow": [1]}, '"allow"'),
    ],
)
def test_what_says_nothing_is_named_and_left_out(settings: dict[str, object], named: str) -> None:
    options, (problem,) = read_options(settings)
    assert named in problem
    assert options.target is None


def test_what_belongs_to_the_editors_extension_is_no_mistake() -> None:
    assert read_options({"trace": {"server": "off"}, "server": {"path": "x"}}) == (Options(), ())
