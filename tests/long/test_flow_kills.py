"""Thirty kills of the worker amid branching flows that grow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.engine.flow_kills import check, disturbed
from tests.engine.test_dynamic_flow import importing
from tests.engine.test_flow_kills import reference

if TYPE_CHECKING:
    from tests.engine.conftest import Ground

    from crystalmath.engine.session import Session

__all__ = ["importing", "reference"]


def test_thirty_kills_of_the_worker_change_nothing(
    importing: Session, daemon: Session, ground: Ground, reference: Any
) -> None:
    n_kills, seed = 0, 100
    while n_kills < 30:
        ended = disturbed(daemon, min(5, 30 - n_kills), seed)
        check(daemon, ground, ended, reference)
        n_kills, seed = n_kills + ended.n_kills, seed + 1
        assert seed < 140
