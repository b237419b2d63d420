"""Whatever part of a starved daemon is killed, every job ends well and ran once, with nobody looking on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .storm import PARTS, Storm

if TYPE_CHECKING:
    from collections.abc import Callable

    from crystalmath.engine.session import Session
    from crystalmath.engine.submit import Submitted

    from .conftest import Ground

N_KILLS = 6


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", [1])
def test_jobs_survive_a_storm_of_kills_on_a_busy_machine(
    daemon: Session, static: Callable[..., Submitted], ground: Ground, seed: int
) -> None:
    storm = Storm(daemon, static, seed)
    witness = storm.rage(N_KILLS)
    print(f"\n{storm.summary(N_KILLS, witness)}", flush=True)
    assert storm.not_right(ground.n_starts) == []


def test_every_part_is_among_the_victims() -> None:
    assert len(PARTS) <= N_KILLS
