"""The pictures of the README show the screens as they are."""

from __future__ import annotations

import pytest
from scripts.pictures import PICTURES, SCREENS, picture


@pytest.mark.parametrize("name", SCREENS)
def test_a_picture_is_drawn_from_the_snapshot_as_it_is(name: str) -> None:
    drawn = (PICTURES / f"{name}.svg").read_text(encoding="utf-8")
    assert drawn == picture(name), "run: python -m scripts.pictures"


def test_what_is_no_part_of_the_screen_is_left_out() -> None:
    assert "Hidden by" not in picture("jobs")
