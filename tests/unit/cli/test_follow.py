"""What is printed while a job is followed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from crystalmath.cli import follow
from crystalmath.engine import rows, watch

if TYPE_CHECKING:
    import pytest

    from crystalmath.engine.states import State


def test_a_pause_is_said_once_with_its_reason_and_the_way_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    states: tuple[State, ...] = ("running", "paused", "paused", "finished")
    seen = [watch.Progress(7, state, None, 0) for state in states]
    monkeypatch.setattr(watch, "follow", lambda *_given, **_named: iter(seen))
    monkeypatch.setattr(rows, "get", lambda *_given: SimpleNamespace(reason="upload failed"))
    follow.follow(cast("Any", None), 7, quiet=True)
    said = capsys.readouterr().err
    assert said == "Job 7 is paused: upload failed\nHint: Once the reason is gone: crystalmath resume 7\n"
