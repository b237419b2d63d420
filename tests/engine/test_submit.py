"""A submitted job is stored once, runs once and is found by its key."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from crystalmath.engine import jobs
from crystalmath.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from crystalmath.engine.session import Session
    from crystalmath.engine.submit import Submitted

    from .conftest import Ground


def n_labelled(key: str) -> int:
    from aiida import orm

    return int(orm.QueryBuilder().append(orm.ProcessNode, filters={"label": f"cm:{key}"}).count())


def test_a_submitted_job_runs_once_and_finishes(
    daemon: Session, add: Callable[..., Submitted], ground: Ground
) -> None:
    done = jobs.wait(daemon, add().id, timeout=500)
    assert (done.state, done.exit_status, done.exit_message) == ("finished", 0, None)
    assert done.steps[0].directory is not None
    assert ground.n_starts(done.steps[0].directory) == 1


def test_the_same_key_gives_the_same_job(daemon: Session, add: Callable[..., Submitted]) -> None:
    key = uuid.uuid4().hex
    first, second = add(key=key), add(key=key)
    assert (first.id, first.uuid) == (second.id, second.uuid)
    assert n_labelled(key) == 1


def test_a_key_with_a_different_request_is_refused(add: Callable[..., Submitted]) -> None:
    key = uuid.uuid4().hex
    first = add(key=key, digest="one")
    with pytest.raises(InputError, match=f"belongs to job {first.id}"):
        add(key=key, digest="two")
    assert n_labelled(key) == 1


def test_a_key_keeps_its_job_when_the_index_is_lost(daemon: Session, add: Callable[..., Submitted]) -> None:
    key = uuid.uuid4().hex
    first = add(key=key, label="mine")
    daemon.remake_index()
    entry = daemon.index.find(key)
    assert entry is not None
    assert (entry.pk, entry.uuid, entry.label, entry.template) == (first.id, first.uuid, "mine", "add")
    assert add(key=key).id == first.id


def test_a_builder_that_cannot_be_made_leaves_no_job(daemon: Session) -> None:
    from crystalmath.engine import submit

    from .conftest import addition

    key = uuid.uuid4().hex

    def broken() -> None:
        raise RuntimeError("no inputs")

    with pytest.raises(RuntimeError, match="no inputs"):
        submit.submit_builder(daemon, addition(key), broken)
    assert n_labelled(key) == 0
    assert daemon.index.find(key) is None


def test_a_process_that_cannot_be_stored_gives_its_key_free(daemon: Session, adder: str) -> None:
    from crystalmath.engine import submit

    from .conftest import add_builder, addition

    key = uuid.uuid4().hex
    builder = add_builder(adder)
    builder.metadata.options.resources = {"num_machines": "many"}
    with pytest.raises(ValueError, match="num_machines"):
        submit.submit_builder(daemon, addition(key), lambda: builder)
    assert daemon.index.find(key) is None
    assert submit.submit_builder(daemon, addition(key), lambda: add_builder(adder)).id
