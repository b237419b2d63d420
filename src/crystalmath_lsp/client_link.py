"""One client's way to the workers: its profile, and what it is told of changes.

A client that does not read is told less often, never wrong: of each job the latest row is kept until it can
be written, and rows are written in the order in which the worker saw them.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import msgspec

from crystalmath.errors import ProfileError
from crystalmath_lsp import messages
from crystalmath_lsp.models import SystemChanged, Watching
from crystalmath_lsp.models_setup import Profile, ProfileName, Profiles

if TYPE_CHECKING:
    from collections.abc import Callable

    from crystalmath_lsp.workers import Workers

__all__ = ["ClientLink"]

_FULL_BYTES: Final = 512 * 1024
_AGAIN_S: Final = 0.05


class _Row(msgspec.Struct):
    id: int


class _Changes(msgspec.Struct):
    """What is to be told, as it arrives from the worker and as it is written."""

    jobs: list[msgspec.Raw]
    removed: list[int]
    all: bool


class _On(msgspec.Struct):
    on: bool = True


class ClientLink:
    """Call the worker of the client's profile; lives on the event loop."""

    def __init__(
        self, workers: Workers, write: Callable[[bytes], None], backlog_bytes: Callable[[], int]
    ) -> None:
        self._workers = workers
        self._write = write
        self._backlog_bytes = backlog_bytes
        self._profile = workers.profile
        self._watching = False
        self._rows: dict[int, msgspec.Raw] = {}
        self._removed: set[int] = set()
        self._all = False
        self._scheduled = False

    async def call(
        self, method: str, params: msgspec.Raw, progress: Callable[[str], None] | None = None
    ) -> msgspec.Raw:
        """Return the result as JSON text. Raises WorkerFaultError and CrystalMathErrors."""
        if method == "profiles.use":
            return await self._use(msgspec.json.decode(params, type=ProfileName).name)
        if method == "jobs.watch" and not msgspec.json.decode(params, type=_On).on:
            self.leave()
            return msgspec.Raw(msgspec.json.encode(Watching(mode="off", reason=None)))
        if method == "jobs.watch":
            return await self._watch(params, progress)
        return await self._workers.call(self._profile, method, params, progress)

    def leave(self) -> None:
        """Be told no more."""
        self._workers.leave(self._profile, self._told)
        self._watching = False
        self._rows.clear()
        self._removed.clear()

    async def _watch(self, params: msgspec.Raw, progress: Callable[[str], None] | None) -> msgspec.Raw:
        """Listen before the worker answers, so that nothing falls between."""
        profile = self._profile
        if not self._watching:
            self._workers.listen(profile, self._told)
            self._watching = True
        try:
            return await self._workers.call(profile, "jobs.watch", params, progress)
        except BaseException:
            self.leave()
            raise

    async def _use(self, name: str) -> msgspec.Raw:
        listed = await self._workers.call(self._profile, "profiles.list", msgspec.Raw(b"{}"))
        rows = msgspec.json.decode(listed, type=Profiles).profiles
        found = next((row for row in rows if row.name == name), None)
        if found is None:
            named = ", ".join(row.name for row in rows) or "none"
            raise ProfileError(
                f"There is no AiiDA profile '{name}'; there are: {named}",
                hint=f"Make it with: crystalmath --profile {name} init",
            )
        watched = self._watching
        self.leave()
        self._profile = name
        if watched:
            await self._watch(msgspec.Raw(b"{}"), None)
            self._take(_Changes([], [], True))
        chosen = Profile(name=found.name, storage=found.storage, broker=found.broker, current=True)
        return msgspec.Raw(msgspec.json.encode(chosen))

    def _told(self, method: str, params: msgspec.Raw) -> None:
        if method == "jobs.changed":
            self._take(msgspec.json.decode(params, type=_Changes))
            return
        self._write_changes()  # nothing overtakes them
        if method == "lost":
            reason = "The engine worker died and is started again"
            self._write(
                messages.write_notification("system.changed", SystemChanged(mode="off", reason=reason))
            )
        elif method == "back":
            self._take(_Changes([], [], True))
        else:
            self._write(messages.write_notification(method, params))

    def _take(self, changes: _Changes) -> None:
        for row in changes.jobs:
            pk = msgspec.json.decode(row, type=_Row).id
            self._rows.pop(pk, None)  # what is written last was seen last
            self._rows[pk] = row
            self._removed.discard(pk)
        for pk in changes.removed:
            self._rows.pop(pk, None)
            self._removed.add(pk)
        self._all |= changes.all
        if not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        if self._backlog_bytes() > _FULL_BYTES:
            asyncio.get_running_loop().call_later(_AGAIN_S, self._flush)
            return
        self._scheduled = False
        self._write_changes()

    def _write_changes(self) -> None:
        changes = _Changes(list(self._rows.values()), sorted(self._removed), self._all)
        self._rows, self._removed, self._all = {}, set(), False
        if changes.jobs or changes.removed or changes.all:
            self._write(messages.write_notification("jobs.changed", changes))
