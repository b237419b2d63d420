from __future__ import annotations

from crystalmath.inputs import seam_atomate2


def test_upstream_is_what_we_rely_on() -> None:
    assert seam_atomate2.drifted() == ()
