"""Sixty kills: whatever is killed, every job ends as it should and its program was started once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.engine.kills import cases
from tests.engine.test_kills import killing

from crystalmath.engine import jobs

if TYPE_CHECKING:
    from tests.engine.conftest import Ground
    from tests.engine.kills import Range, Victim

__all__ = ["killing"]


@pytest.mark.parametrize(("victim", "seed"), cases(60, first_seed=1000))
def test_a_job_survives_the_kill_and_runs_once(
    killing: Range,
    ground: Ground,
    victim: Victim,
    seed: int,
) -> None:
    pk = killing.survive(victim, seed)
    assert ground.n_starts(jobs.steps(killing.session, pk)[0].directory) == 1
