"""The names of the POTCARs that the user has, looked for in a thread when they are first wanted."""

from __future__ import annotations

import asyncio
import sys

from crystalmath.errors import CrystalMathError

__all__ = ["PotcarNames"]


class PotcarNames:
    """Know the symbols (`Fe_pv`) of the user's library; lives on the event loop."""

    def __init__(self) -> None:
        self._names: tuple[str, ...] = ()
        self._looking: asyncio.Task[None] | None = None

    def known(self) -> tuple[str, ...]:
        """Return the names known by now; the first call begins to look."""
        if self._looking is None:
            self._looking = asyncio.get_running_loop().create_task(self._look())
        return self._names

    async def found(self) -> tuple[str, ...]:
        """Return the names once the library has been looked through."""
        self.known()
        assert self._looking is not None
        await asyncio.wait([self._looking])
        return self._names

    async def _look(self) -> None:
        try:
            self._names = await asyncio.to_thread(_symbols)
        except CrystalMathError as error:
            print(f"crystalmath-server: the POTCARs are not known: {error}", file=sys.stderr)


def _symbols() -> tuple[str, ...]:
    from crystalmath import potcars

    return tuple(sorted({entry.symbol for entry in potcars.library().entries}))
