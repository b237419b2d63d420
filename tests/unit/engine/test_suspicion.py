"""What the watchdog suspects of a look, and when it acts on a suspicion."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crystalmath.engine.suspicion import Active, BrokerSign, Sight, Suspicion, Vigil, suspicions
from crystalmath.engine.task_files import Task

NOW_S = 10_000.0
HOUR_AGO_S = NOW_S - 3600.0
RUNNING = Task(7, is_handed_out=True, since_s=NOW_S - 600.0)
GOOD = Sight(
    now_s=NOW_S,
    has_supervisor=True,
    broker=BrokerSign(started_at_s=HOUR_AGO_S, wrote_at_s=NOW_S - 3.0, task_subscribers=1),
    workers=(HOUR_AGO_S + 1.0,),
    tasks=(RUNNING,),
    active=(Active(7, modified_at_s=NOW_S - 500.0),),
)
SIGN = GOOD.broker
assert SIGN is not None
WAITING = Task(7, is_handed_out=False, since_s=NOW_S - 60.0)
YOUNG = (NOW_S - 10.0,)


def found(sight: Sight) -> list[str]:
    return [str(one) for one in suspicions(sight)]


@pytest.mark.parametrize(
    "sight",
    [
        pytest.param(GOOD, id="a job runs"),
        pytest.param(replace(GOOD, tasks=(), active=()), id="nothing runs"),
        pytest.param(replace(GOOD, tasks=(replace(WAITING, since_s=NOW_S - 2.0),)), id="a task just came"),
        pytest.param(replace(GOOD, tasks=(WAITING,), workers=YOUNG), id="a worker comes up"),
        pytest.param(
            replace(GOOD, broker=replace(SIGN, task_subscribers=0), workers=YOUNG, tasks=(), active=()),
            id="it has not subscribed yet",
        ),
        pytest.param(
            replace(GOOD, tasks=(replace(RUNNING, since_s=NOW_S - 5.0),)), id="a task was just taken"
        ),
    ],
)
def test_nothing_is_suspicious_where(sight: Sight) -> None:
    assert found(sight) == []


@pytest.mark.parametrize(
    ("sight", "sentence"),
    [
        (replace(GOOD, has_supervisor=False), "the supervisor is gone"),
        (replace(GOOD, broker=None), "the broker is gone"),
        (replace(GOOD, broker=replace(SIGN, wrote_at_s=NOW_S - 40.0)), "the broker is silent"),
        (replace(GOOD, workers=()), "there is no worker"),
        (replace(GOOD, broker=replace(SIGN, task_subscribers=0)), "the worker is deaf"),
        (
            replace(GOOD, broker=BrokerSign(NOW_S - 4.0, NOW_S - 4.0, 0), workers=(NOW_S - 9.0,)),
            "the worker is deaf",
        ),
        (replace(GOOD, tasks=(WAITING,)), "process 7: its task is not taken"),
        (replace(GOOD, workers=YOUNG), "process 7: its task is with a dead worker"),
        (
            replace(GOOD, active=(Active(7, modified_at_s=NOW_S - 700.0),)),
            "process 7: its task was taken and nothing happened",
        ),
        (replace(GOOD, tasks=()), "process 7: it has no task"),
        (replace(GOOD, reserved=("a key",)), "a submission was cut short"),
    ],
)
def test_a_look_that_is_not_right_gives_its_suspicion(sight: Sight, sentence: str) -> None:
    assert found(sight) == [sentence]


def test_a_suspicion_is_due_when_it_has_lasted() -> None:
    vigil, one = Vigil(), Suspicion("it has no task", 7)
    assert [vigil.due(iter([one]), now_s) for now_s in (0.0, 9.0, 10.0)] == [(), (), (one,)]


def test_a_suspicion_that_went_away_begins_anew() -> None:
    vigil, one = Vigil(), Suspicion("it has no task", 7)
    assert [vigil.due(iter(seen), now_s) for seen, now_s in (([one], 0.0), ([], 9.0), ([one], 10.0))] == [
        ()
    ] * 3


def test_what_a_healthy_daemon_can_look_like_is_followed_up_once() -> None:
    vigil, one = Vigil(), Suspicion("its task was taken and nothing happened", 7)
    assert vigil.due(iter([one]), 0.0) == (one,)
    vigil.acted((one,), 0.0)
    assert vigil.due(iter([one]), 10_000.0) == ()


def test_what_cannot_be_right_is_acted_on_again_after_longer_and_longer_pauses() -> None:
    vigil, one = Vigil(), Suspicion("the supervisor is gone")
    acted = []
    for now_s in range(2000):
        if vigil.due(iter([one]), float(now_s)):
            vigil.acted((one,), float(now_s))
            acted.append(now_s)
    assert acted == [0, 30, 90, 210, 450, 930, 1530]
