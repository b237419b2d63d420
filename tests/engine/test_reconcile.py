"""Each moment at which a submit can be killed leaves something that the next command puts right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from crystalmath.engine import jobs, reconcile, seam_aiida
from crystalmath.engine.index import LABEL_PREFIX

from .conftest import add_builder, addition

if TYPE_CHECKING:
    from crystalmath.engine.index import Entry
    from crystalmath.engine.session import Session


pytestmark = pytest.mark.usefixtures("unwatched")


@pytest.fixture
def entry() -> Entry:
    made: Entry = addition()
    return made


def builder(adder: str, entry: Entry) -> Any:
    made = add_builder(adder)
    made.metadata.label = LABEL_PREFIX + entry.key
    return made


def n_nodes(pk: int) -> int:
    from aiida import orm

    return int(orm.QueryBuilder().append(orm.Node, filters={"id": pk}).count())


def test_a_key_that_was_only_reserved_is_given_free(daemon: Session, entry: Entry) -> None:
    daemon.index.reserve(entry)  # and killed here
    reconcile.recover(daemon)
    assert daemon.index.find(entry.key) is None


def test_a_process_without_a_checkpoint_is_removed_with_its_key_and_inputs(
    daemon: Session, adder: str, entry: Entry
) -> None:
    from aiida import orm

    daemon.index.reserve(entry)
    pk, _ = seam_aiida.store_process(builder(adder, entry))
    node = orm.load_node(pk)
    inputs = [node.inputs.x.pk, node.inputs.y.pk]
    node.delete_checkpoint()  # as if killed before it was written
    reconcile.recover(daemon)
    assert [n_nodes(gone) for gone in (pk, *inputs)] == [0, 0, 0]
    assert n_nodes(orm.load_code(adder).pk) == 1
    assert daemon.index.find(entry.key) is None


def test_a_process_that_was_stored_is_found_by_its_label_and_handed_over(
    daemon: Session, adder: str, entry: Entry
) -> None:
    daemon.index.reserve(entry)
    pk, uuid = seam_aiida.store_process(builder(adder, entry))  # and killed here
    reconcile.recover(daemon)
    found = daemon.index.find(entry.key)
    assert found is not None
    assert (found.pk, found.uuid) == (pk, uuid)
    assert jobs.wait(daemon, pk, timeout=500).state == "finished"


def test_a_process_that_was_noted_is_handed_over(daemon: Session, adder: str, entry: Entry) -> None:
    daemon.index.reserve(entry)
    pk, uuid = seam_aiida.store_process(builder(adder, entry))
    daemon.index.stored(entry.key, pk, uuid)  # and killed here
    assert reconcile.lost(daemon) == (pk,)
    reconcile.recover(daemon)
    assert jobs.wait(daemon, pk, timeout=500).state == "finished"


def test_a_process_that_was_handed_over_is_left_alone(daemon: Session, adder: str, entry: Entry) -> None:
    daemon.index.reserve(entry)
    pk, uuid = seam_aiida.store_process(builder(adder, entry))
    daemon.index.stored(entry.key, pk, uuid)
    seam_aiida.continue_task(pk, 60.0)  # and killed here
    assert reconcile.revive(daemon) == ()
    assert jobs.wait(daemon, pk, timeout=500).state == "finished"


def test_a_job_whose_node_was_deleted_is_no_longer_looked_after(daemon: Session, entry: Entry) -> None:
    daemon.index.reserve(entry)
    daemon.index.stored(entry.key, 10**9, "gone")
    reconcile.recover(daemon)
    assert 10**9 not in {known.pk for known in daemon.index.unended()}
