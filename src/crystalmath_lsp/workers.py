"""The engine workers of a server: one per AiiDA profile, started on first use, replaced when one dies."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import msgspec

from crystalmath.errors import CrystalMathError
from crystalmath_lsp.worker_link import WorkerFaultError, WorkerLink

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Workers"]

_FIRST_S: Final = 0.2
_LONGEST_S: Final = 30.0
_WATCH: Final = msgspec.Raw(b"{}")


class Workers:
    """Own the workers; used from the event loop only."""

    def __init__(self, command: Sequence[str], profile: str | None = None) -> None:
        self._command = tuple(command)
        self.profile = profile
        """The profile of those who do not choose another one; None leaves it to the worker."""
        self._links: dict[str | None, WorkerLink] = {}
        self._listeners: dict[str | None, list[Callable[[str, msgspec.Raw], None]]] = {}
        self._returning: set[asyncio.Task[None]] = set()
        self._closed = False

    async def call(
        self,
        profile: str | None,
        method: str,
        params: msgspec.Raw,
        progress: Callable[[str], None] | None = None,
    ) -> msgspec.Raw:
        """Return the result as JSON text. Raises WorkerFaultError and WorkerError."""
        return await self._link(profile).call(method, params, progress)

    def listen(self, profile: str | None, listener: Callable[[str, msgspec.Raw], None]) -> None:
        """Hand on what the profile's worker tells, and `lost` and `back` when it died and was replaced."""
        self._listeners.setdefault(profile, []).append(listener)

    def leave(self, profile: str | None, listener: Callable[[str, msgspec.Raw], None]) -> None:
        """Hand on no more."""
        listeners = self._listeners.get(profile, [])
        if listener in listeners:
            listeners.remove(listener)

    def close(self, timeout_s: float) -> None:
        """Tell every worker to end once what it stores is stored; does not wait for that."""
        self._closed = True
        for link in self._links.values():
            link.close(timeout_s)

    def _link(self, profile: str | None) -> WorkerLink:
        if profile not in self._links:
            command = self._command if profile is None else (*self._command, profile)
            self._links[profile] = WorkerLink(
                command,
                on_told=lambda method, params: self._tell(profile, method, params),
                on_lost=lambda: self._lost(profile),
            )
        return self._links[profile]

    def _tell(self, profile: str | None, method: str, params: msgspec.Raw) -> None:
        for listener in tuple(self._listeners.get(profile, ())):
            listener(method, params)

    def _lost(self, profile: str | None) -> None:
        """Start the worker again for those who listen to it."""
        if self._listeners.get(profile) and not self._closed:
            self._tell(profile, "lost", _WATCH)
            task = asyncio.get_running_loop().create_task(self._bring_back(profile))
            self._returning.add(task)
            task.add_done_callback(self._returning.discard)

    async def _bring_back(self, profile: str | None) -> None:
        pause_s = _FIRST_S
        while self._listeners.get(profile) and not self._closed:
            await asyncio.sleep(pause_s)
            try:
                await self.call(profile, "jobs.watch", _WATCH)
            except (WorkerFaultError, CrystalMathError):
                pause_s = min(2 * pause_s, _LONGEST_S)
            else:
                self._tell(profile, "back", _WATCH)
                return
