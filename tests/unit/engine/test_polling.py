"""The scheduler is asked often about young jobs and seldom about old ones."""

from __future__ import annotations

import pytest

from crystalmath.engine.polling import LONGEST_S, interval_s, youngest_age_s


@pytest.mark.parametrize(("age_s", "seconds"), [(0, 1), (4, 1), (40, 10), (3600, 120), (1e6, 120)])
def test_the_interval_is_a_quarter_of_the_age_between_the_bounds(age_s: float, seconds: float) -> None:
    assert interval_s(age_s, 1.0) == seconds


def test_a_computer_that_wants_fewer_looks_gets_fewer() -> None:
    assert interval_s(0, 30.0) == 30.0
    assert interval_s(1e6, 300.0) == 300.0 > LONGEST_S


def test_the_first_hour_takes_about_fifty_looks() -> None:
    now_s, looks = 0.0, 0
    while now_s < 3600:
        now_s += interval_s(now_s, 1.0)
        looks += 1
    assert 45 <= looks <= 55


def test_the_youngest_job_counts() -> None:
    assert youngest_age_s("young", ["1"], 100.0) == 0.0
    assert youngest_age_s("young", ["1"], 160.0) == 60.0
    assert youngest_age_s("young", ["1", "2"], 170.0) == 0.0
    assert youngest_age_s("young", ["1", "2"], 180.0) == 10.0


def test_a_job_that_is_asked_about_alone_does_not_make_the_others_young() -> None:
    youngest_age_s("alone", ["1", "2"], 0.0)
    assert youngest_age_s("alone", ["1"], 100.0) == 100.0
    assert youngest_age_s("alone", ["1", "2"], 101.0) == 101.0


def test_a_number_that_returns_after_long_is_a_new_job() -> None:
    youngest_age_s("again", ["1"], 0.0)
    assert youngest_age_s("again", ["1"], 1000.0) == 0.0


def test_jobs_of_two_computers_with_one_number_are_two() -> None:
    youngest_age_s("here", ["1"], 0.0)
    assert youngest_age_s("there", ["1"], 50.0) == 0.0


def test_no_job_is_no_age() -> None:
    assert youngest_age_s("none", [], 5.0) == 0.0
