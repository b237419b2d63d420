"""A loaded AiiDA profile, ready to use: what every public function of the engine takes.

Only one thread of a process may write through AiiDA's ORM, and a failed write poisons what follows
until it is rolled back. So a session belongs to the thread that opened it, and each public function
begins with `Session.begin`. Keep ids between calls, not nodes.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from crystalmath import paths
from crystalmath.engine.faults import storage_faults
from crystalmath.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crystalmath.engine.index import Index

__all__ = ["Session", "open"]


def _nobody(_sentence: str) -> None:
    """Announce to nobody."""


@dataclass(slots=True)
class Session:
    """One AiiDA profile loaded in this process.

    `embedded` is true when its broker is the ZeroMQ one that lives in the daemon, which we supervise;
    a group's RabbitMQ is not ours to restart. `directory` holds our index and lock of this profile.
    """

    profile: str
    uuid: str
    directory: Path
    embedded: bool
    announce: Callable[[str], None] = _nobody
    broker_sockets: str | None = None  # the broker that this process is connected to
    seen: dict[int, str] = field(default_factory=dict)  # pk -> time of modification, of the last look
    _thread: int = field(default_factory=threading.get_ident)
    _index: Index | None = None

    def reader(self) -> Session:
        """Return a session of the calling thread, to read with: any number may, one thread may write."""
        return replace(self, broker_sockets=None, seen={}, _thread=threading.get_ident(), _index=None)

    def begin(self) -> None:
        """Start a call: fresh data, nothing left of a failed write. Raises EngineError in a second thread."""
        from aiida.manage import get_manager

        if threading.get_ident() != self._thread:
            raise EngineError(
                "The engine was called from a second thread of this process",
                hint="Make all calls from the thread that opened the profile: AiiDA can write from one only.",
            )
        with storage_faults(f"The profile '{self.profile}' cannot be read"):
            storage = get_manager().get_profile_storage()
            if hasattr(storage, "get_session"):
                storage.get_session().rollback()

    @property
    def index(self) -> Index:
        """The file of client keys and job rows of this profile, opened on first use."""
        if self._index is None:
            from crystalmath.engine.index import Index

            self._index = Index.of(self)
        return self._index

    def remake_index(self) -> None:
        """Put a damaged index aside and make it anew from AiiDA."""
        from crystalmath.engine.index import Index

        self.index.put_aside()
        self._index = Index.of(self)

    def forget_index(self) -> None:
        """Open the index again at its next use."""
        self._index = None

    def aiida_profile(self) -> Any:
        """Return AiiDA's own profile object."""
        from aiida.manage import get_manager

        return get_manager().get_profile()


def open(  # noqa: A001 - the verb of the engine
    profile: str | None = None,
    *,
    create: bool | None = None,
    announce: Callable[[str], None] | None = None,
    recover: bool = True,
) -> Session:
    """Load the AiiDA profile (default: `$CRYSTALMATH_PROFILE` or `crystalmath`) and return a session.

    The default profile is made when it is not there; `create` True makes any, False none. `announce`
    gets a sentence for each thing that is made or repaired. With `recover`, jobs that a crash left
    behind are handed to the daemon again, and the daemon is brought up when any job is unfinished.
    Raises ProfileError and StorageError.
    """
    from crystalmath.engine import profile as profiles

    tell = announce or _nobody
    name = profile or paths.profile_name()
    loaded = profiles.load(name, create=create, announce=tell)
    directory = paths.home() / "profiles" / loaded.uuid
    with storage_faults("CrystalMath's own folder cannot be used"):
        directory.mkdir(parents=True, exist_ok=True)
    embedded = loaded.process_control_backend == "core.zeromq"
    session = Session(profile=name, uuid=loaded.uuid, directory=directory, embedded=embedded, announce=tell)
    if recover:
        from crystalmath.engine import reconcile

        reconcile.recover(session)
    return session
