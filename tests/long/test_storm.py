"""120 kills in twelve parts: `pytest -s tests/long/test_storm.py -k 2003` repeats the part of one seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.engine.storm import Storm

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.conftest import Ground

    from crystalmath.engine.session import Session
    from crystalmath.engine.submit import Submitted


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(2000, 2012))
def test_jobs_survive_a_storm_of_kills_on_a_busy_machine(
    daemon: Session, static: Callable[..., Submitted], ground: Ground, seed: int
) -> None:
    storm = Storm(daemon, static, seed)
    witness = storm.rage(10)
    print(f"\n{storm.summary(10, witness)}", flush=True)
    assert storm.not_right(ground.n_starts) == []
