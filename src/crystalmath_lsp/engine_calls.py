"""The AiiDA profile of a worker, loaded (or made) when it is first needed.

Nothing heavy is imported before the first call.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from crystalmath.engine.job_watch import JobWatch
    from crystalmath.engine.session import Session

__all__ = ["Engine"]


class Engine:
    """What handlers are given: the session of the thread that they run in.

    One thread opens the profile and writes; another reads, with a session of its own.
    """

    def __init__(self, profile: str | None) -> None:
        self._profile = profile
        self._sessions: dict[int, Session] = {}
        self._owner: Session | None = None
        self.progress: Callable[[str], None] = _nobody
        self.notify: Callable[[str, object], None] = _told_nobody
        self.in_owner: Callable[[Callable[[], None]], None] = _run
        self.watch: JobWatch | None = None

    @property
    def profile(self) -> str:
        """The name of the profile."""
        from crystalmath import paths

        return self._profile or paths.profile_name()

    @property
    def is_open(self) -> bool:
        """Whether the profile has been loaded."""
        return self._owner is not None

    @property
    def session(self) -> Session:
        """The loaded profile, for the thread that asks; a failure is tried again by the next call."""
        if self._owner is None:
            from crystalmath import engine

            self._owner = engine.open(self._profile, announce=self._announce)
            self._sessions[threading.get_ident()] = self._owner
        mine = threading.get_ident()
        if mine not in self._sessions:
            self._sessions[mine] = self._owner.reader()
        return self._sessions[mine]

    def _announce(self, sentence: str) -> None:
        print(f"crystalmath worker: {sentence}", file=sys.stderr)
        self.progress(sentence)


def _nobody(_sentence: str) -> None:
    """Tell nobody."""


def _told_nobody(_method: str, _params: object) -> None:
    """Tell nobody."""


def _run(action: Callable[[], None]) -> None:
    action()
