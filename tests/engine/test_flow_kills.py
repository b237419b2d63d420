"""A branching flow that grows survives kills of its worker: same documents, no step twice, no orphan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from scripts import maker_runs

from crystalmath.engine import codes, jobs

from .flow_kills import branching, check, disturbed
from .test_dynamic_flow import importing

if TYPE_CHECKING:
    from crystalmath.engine.session import Session

    from .conftest import Ground

__all__ = ["importing"]

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def reference(importing: Session) -> Any:
    """Return what the flow leaves when nobody disturbs it."""
    codes.ensure_standin(importing)
    pk = maker_runs.submit(importing, branching(delay_s=0.15), "undisturbed")
    assert jobs.wait(importing, pk, timeout=850).state == "finished"
    return maker_runs.recorded(importing, pk)


def test_five_kills_of_the_worker_change_nothing(
    importing: Session, daemon: Session, ground: Ground, reference: Any
) -> None:
    n_kills = 0
    for seed in range(5):
        ended = disturbed(daemon, 5 - n_kills, seed)
        check(daemon, ground, ended, reference)
        n_kills += ended.n_kills
        if n_kills == 5:
            break
    assert n_kills == 5
