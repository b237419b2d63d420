"""Parts of files are cut between characters."""

from __future__ import annotations

import pytest

from crystalmath_lsp.calls_jobs import _whole_characters


@pytest.mark.parametrize("text", ["abc", "aä", "a東", "a🙂", "🙂🙂"])
def test_a_cut_character_is_left_for_the_next_part(text: str) -> None:
    data = text.encode()
    for end in range(4, len(data) + 1):
        part = _whole_characters(data[:end])
        assert text.startswith(part.decode())
        assert end - len(part) < 4
    assert _whole_characters(data) == data


def test_bytes_that_are_no_text_are_not_held_back_for_ever() -> None:
    assert _whole_characters(b"\xff\xfe\xff\xfe") in {b"\xff\xfe\xff\xfe", b"\xff\xfe\xff"}
    assert _whole_characters(b"\x80\x80\x80\x80") == b"\x80\x80\x80\x80"
    assert _whole_characters(b"\xe6") == b"\xe6"
