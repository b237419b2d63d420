"""Notice what becomes of jobs: woken by the daemon's broadcasts, asking once a second without them.

The scheduler's queued to running is written to the node and never broadcast, and broadcasts may be lost, so
the database is asked in any case. What is told comes from the database alone: a broadcast only says when to
look. Nothing is lost over a restart of the daemon or of its broker, which only makes the looks rarer until
this process listens to the new one.
"""

from __future__ import annotations

import threading
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from crystalmath.engine import broker, daemon, list_sweep, reconcile, seam_aiida
from crystalmath.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable

    from crystalmath.engine.list_table import JobRow
    from crystalmath.engine.session import Session

__all__ = ["JobWatch", "Mode"]

_LOOK_S: Final = 1.0
_SHORTEST_S: Final = 0.03  # between two looks, however many broadcasts come
_BROKER_S: Final = 1.0
_CARE_S: Final = 15.0
_GONE_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Mode:
    """How changes are noticed; `reason` says why there are no broadcasts."""

    mode: Literal["broadcasts", "queries"]
    reason: str | None = None


class JobWatch:
    """Look from a thread of its own, with a session of its own, until the process ends.

    `in_owner` runs an action in the thread that owns `session`: only that one may connect to the broker.
    `on_change` is given the jobs that are not as they were and the ids of those that are gone.
    """

    def __init__(
        self,
        session: Session,
        *,
        in_owner: Callable[[Callable[[], None]], None],
        on_change: Callable[[tuple[JobRow, ...], tuple[int, ...]], None],
        on_mode: Callable[[Mode], None],
    ) -> None:
        self._session = session
        self._in_owner = in_owner
        self._on_change = on_change
        self._on_mode = on_mode
        self._event = threading.Event()
        self._asked = threading.Event()  # the owner has been asked to see to the connection
        self._name = "cm-jobs-" + uuid.uuid4().hex
        self._listening_to: object = None
        self.mode = Mode("queries", "The connection to the broker is being made")

    def start(self) -> None:
        """Connect, bring the list up to date and begin to look; called by the owner of the session."""
        self._connect()
        list_sweep.refresh(self._session)
        threading.Thread(target=self._run, name="watch", daemon=True).start()

    def _run(self) -> None:
        session = self._session.reader()
        broker_at = care_at = gone_at = time.monotonic()
        while True:
            self._event.wait(_LOOK_S)
            self._event.clear()
            looked_at = time.monotonic()
            self._look(session)
            if looked_at - gone_at > _GONE_S:
                gone_at = looked_at
                self._find_gone(session)
            if looked_at - broker_at > _BROKER_S:
                broker_at = looked_at
                self._see_to_broker()
            if looked_at - care_at > _CARE_S:
                care_at = looked_at
                self._in_owner(self._care)
            time.sleep(max(0.0, _SHORTEST_S - (time.monotonic() - looked_at)))

    def _look(self, session: Session) -> None:
        try:
            changed = list_sweep.refresh(session)
        except (
            EngineError
        ) as error:  # a database that is busy or away: the next look finds what this one lost
            self._set(Mode("queries", error.message))
            return
        if changed:
            self._on_change(changed, ())

    def _find_gone(self, session: Session) -> None:
        try:
            gone = list_sweep.prune(session, session.index.table.newest(500))
        except EngineError as error:
            self._set(Mode("queries", error.message))
            return
        if gone:
            self._on_change((), gone)

    def _see_to_broker(self) -> None:
        """Ask the owner to connect when the broker is another one than we listen to."""
        if not self._asked.is_set() and self._broker() != self._listening_to:
            self._asked.set()
            self._in_owner(self._connect)

    def _broker(self) -> object:
        """Return what tells one broker from the next; a group's RabbitMQ reconnects by itself."""
        if not self._session.embedded:
            return "rabbitmq"
        files = seam_aiida.broker_files(self._session.aiida_profile())
        try:
            return files.sockets.read_text()
        except OSError:
            return None

    def _connect(self) -> None:
        self._asked.clear()
        before = self._broker()
        try:
            communicator = self._communicator()
        except (EngineError, ConnectionError) as error:
            self._listening_to = before if before is None else object()  # try again
            self._set(Mode("queries", str(error)))
            return
        communicator.add_broadcast_subscriber(self._wake, self._name)
        self._listening_to = before
        self._set(Mode("broadcasts"))
        self._event.set()

    def _communicator(self) -> Any:
        from aiida.common.exceptions import ConfigurationError
        from aiida.manage import get_manager

        try:
            if self._session.embedded:
                broker.connect(self._session, wait_s=0.0)
            return get_manager().get_communicator()
        except ConfigurationError as error:
            raise EngineError(
                f"The profile '{self._session.profile}' has no broker", hint="Make one with: crystalmath init"
            ) from error

    def _care(self) -> None:
        """Bring the daemon back while jobs need it; what cannot be had is told by the mode."""
        try:
            if reconcile.unfinished(self._session):
                daemon.ensure(self._session, listening=True)
                reconcile.revive(self._session)
        except EngineError as error:
            self._session.announce(f"{error.message}. {error.hint}")

    def _wake(self, *_arguments: object, **_named: object) -> None:
        self._event.set()

    def _set(self, mode: Mode) -> None:
        if mode != self.mode:
            self.mode = mode
            self._on_mode(mode)
