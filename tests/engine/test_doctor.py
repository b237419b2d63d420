"""The doctor sees each part as it is, repairs what can be repaired and says what to do about the rest."""

from __future__ import annotations

import signal
import sqlite3
from typing import TYPE_CHECKING

import pytest
from tests.e2e.waiting import has_ended

from crystalmath.engine import daemon as daemons
from crystalmath.engine import doctor, jobs, seam_aiida

from .conftest import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from crystalmath.engine.doctor import Part
    from crystalmath.engine.session import Session
    from crystalmath.engine.submit import Submitted

PARTS = {
    "storage",
    "home",
    "index",
    "computer",
    "code",
    "potcars",
    "circus",
    "broker",
    "worker",
    "watchdog",
    "jobs",
    "aiida",
}


def verdicts(parts: tuple[Part, ...]) -> dict[str, str]:
    return {part.name: part.verdict for part in parts}


def test_everything_is_looked_at_and_a_sound_engine_is_good(daemon: Session) -> None:
    doctor.examine(daemon)
    found = verdicts(doctor.examine(daemon))
    assert set(found) == PARTS
    assert set(found.values()) <= {"good", "warning"}
    assert found["circus"] == found["broker"] == found["worker"] == "good"


def kill_circus(session: Session) -> None:
    circus = daemons.supervisor(session)
    assert circus is not None
    circus.send_signal(signal.SIGKILL)
    wait_until(lambda: has_ended(circus), "circus is gone")


@pytest.mark.usefixtures("unwatched")
def test_a_dead_daemon_is_seen_and_repaired(daemon: Session) -> None:
    kill_circus(daemon)
    looked = verdicts(doctor.examine(daemon, repair=False))
    assert (looked["circus"], looked["strays"]) == ("bad", "warning")
    assert daemons.supervisor(daemon) is None
    assert verdicts(doctor.examine(daemon))["circus"] == "repaired"
    assert daemons.health(daemon).good


def test_a_daemon_that_nobody_needs_is_no_fault(daemon: Session) -> None:
    daemons.stop(daemon)
    looked = {part.name: part for part in doctor.examine(daemon, repair=False)}
    assert "circus" not in looked
    assert (looked["daemon"].verdict, looked["daemon"].hint) == ("good", None)
    assert daemons.supervisor(daemon) is None


@pytest.mark.parametrize(
    "found", [daemons.Health(True, "starting", "deaf"), daemons.Health(True, "answers", "starting")]
)
def test_what_is_on_its_way_up_is_starting_and_not_bad(
    daemon: Session, monkeypatch: pytest.MonkeyPatch, found: daemons.Health
) -> None:
    monkeypatch.setattr(daemons, "health", lambda session: found)
    looked = {part.name: part for part in doctor.examine(daemon, repair=False)}
    assert (looked["worker"].verdict, looked["worker"].finding) == ("warning", "starting")
    assert "bad" not in verdicts(tuple(looked.values())).values()


def test_a_bad_part_has_the_next_step(daemon: Session) -> None:
    kill_circus(daemon)
    bad = [part for part in doctor.examine(daemon, repair=False) if part.verdict == "bad"]
    assert bad
    assert all(part.hint for part in bad)
    daemons.ensure(daemon)


def test_a_damaged_index_is_put_aside_and_made_anew_with_every_job(
    daemon: Session, add: Callable[..., Submitted]
) -> None:
    submitted = add(key="kept", label="my job")
    content = bytearray(daemon.index.path.read_bytes())
    daemon.index.close()
    daemon.index.path.write_bytes(content[:100] + b"\xff" * (len(content) - 100))
    daemon.forget_index()
    found = daemon.index.find("kept")
    assert found is not None
    assert (found.pk, found.label, found.template) == (submitted.id, "my job", "add")
    assert list(daemon.directory.glob("index.sqlite.damaged-*"))
    assert verdicts(doctor.examine(daemon))["index"] == "good"


def test_jobs_that_the_index_lacks_are_added(daemon: Session, add: Callable[..., Submitted]) -> None:
    submitted = add(key="missing")
    with sqlite3.connect(daemon.index.path) as other:
        other.execute("DELETE FROM jobs WHERE key = 'missing'")
    [part] = [part for part in doctor.examine(daemon) if part.name == "index"]
    assert (part.verdict, part.finding) == ("repaired", "1 jobs were missing or gone and are put right")
    assert jobs.get(daemon, submitted.id).foreign is False


@pytest.mark.usefixtures("unwatched")
def test_a_job_that_never_reached_the_daemon_is_reported_and_handed_over(daemon: Session, adder: str) -> None:
    from crystalmath.engine.index import LABEL_PREFIX

    from .conftest import add_builder, addition

    entry = addition()
    builder = add_builder(adder)
    builder.metadata.label = LABEL_PREFIX + entry.key
    pk, uuid = seam_aiida.store_process(builder)
    daemon.index.reserve(entry)
    daemon.index.stored(entry.key, pk, uuid)
    looked = [part for part in doctor.examine(daemon, repair=False) if part.name == "jobs"]
    assert (looked[0].verdict, str(pk) in looked[0].finding) == ("bad", True)
    repaired = [part for part in doctor.examine(daemon) if part.name == "jobs"]
    assert (repaired[0].verdict, str(pk) in repaired[0].finding) == ("repaired", True)
    assert jobs.wait(daemon, pk, timeout=500).state == "finished"


def test_a_part_that_cannot_be_looked_at_is_bad_and_the_others_are_seen(
    daemon: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seam_aiida, "drifted", lambda: ("AiiDA has moved.",))
    found = {part.name: part for part in doctor.examine(daemon)}
    assert (found["aiida"].verdict, found["aiida"].finding) == ("bad", "AiiDA has moved.")
    assert set(found) == PARTS


def test_a_profile_that_does_not_exist_is_a_bad_part(daemon: Session) -> None:
    [part] = doctor.examine_profile("typo", repair=False)
    assert (part.name, part.verdict) == ("profile", "bad")
    assert part.hint
