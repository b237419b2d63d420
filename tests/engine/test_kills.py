"""Whatever is killed, every job ends as it should and its program was started once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crystalmath.engine import jobs

from .kills import DELAY_S, VICTIMS, Range, cases

if TYPE_CHECKING:
    from collections.abc import Callable

    from crystalmath.engine.session import Session
    from crystalmath.engine.submit import Submitted

    from .conftest import Ground
    from .kills import Victim

CLIENT = Path(__file__).with_name("killed_client.py")


@pytest.fixture
def killing(daemon: Session, static: Callable[..., Submitted], silicon: Path) -> Range:
    """Return where static runs are submitted and killed."""

    def client(victim: Victim, key: str) -> list[str]:
        overrides = [f"SYSTEM=Si standin:delay={DELAY_S}", "ENCUT=200"]
        return [sys.executable, str(CLIENT), victim, key, str(silicon), *overrides]

    return Range(daemon, lambda key: static(DELAY_S, key), client)


@pytest.mark.parametrize(("victim", "seed"), cases(8))
def test_a_job_survives_the_kill_and_runs_once(
    killing: Range, ground: Ground, victim: Victim, seed: int
) -> None:
    pk = killing.survive(victim, seed)
    assert ground.n_starts(jobs.steps(killing.session, pk)[0].directory) == 1


def test_every_victim_is_among_the_eight() -> None:
    assert {case.values[0] for case in cases(8)} == set(VICTIMS)
