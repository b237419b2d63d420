"""A work chain that goes on when the first of its children has ended; AiiDA's own waits for all of them.

It replaces two private methods of AiiDA's WorkChain; a contract test pins what they rely on.
"""

from __future__ import annotations

import functools
import inspect
from typing import Any

from aiida import orm
from aiida.engine import WorkChain
from aiida.engine.processes.process import ProcessState

__all__ = ["WakingWorkChain", "drifted"]


class WakingWorkChain(WorkChain):  # type: ignore[misc] # aiida is untyped here
    """Wake whenever a child ends; the outline then awaits the others again."""

    def _action_awaitables(self) -> None:
        """Ask once for each child to be told of its end, however often it is awaited."""
        watched = self.__dict__.setdefault("_watched_children", set())
        for awaitable in self._awaitables:
            if awaitable.pk not in watched:
                watched.add(awaitable.pk)
                told = functools.partial(self.call_soon, self._on_awaitable_finished, awaitable)
                self.runner.call_on_process_finish(awaitable.pk, told)

    def _on_awaitable_finished(self, awaitable: Any) -> None:
        """Take the ended child from those that are awaited, and go on."""
        current = next((one for one in self._awaitables if one.pk == awaitable.pk), None)
        if current is None:
            return  # the round that was running when it ended has seen it
        self._resolve_awaitable(current, orm.load_node(awaitable.pk))
        if self.state == ProcessState.WAITING:
            self.resume()


def drifted() -> tuple[str, ...]:
    """Return a sentence for each private name of AiiDA's WorkChain that is not what we rely on."""
    act = inspect.getsource(WorkChain._action_awaitables)
    finish = inspect.getsource(WorkChain._on_awaitable_finished)
    step = inspect.getsource(WorkChain._do_step)
    ask = ("call_on_process_finish(awaitable.pk", "self.call_soon, self._on_awaitable_finished, awaitable")
    end = ("self._resolve_awaitable(awaitable, value)", "self.resume()")
    checks = {
        "WorkChain asks for its children in another way.": all(words in act for words in ask),
        "WorkChain takes the end of a child in another way.": all(words in finish for words in end),
        "WorkChain no longer empties its awaitables before each step.": "self._awaitables = []" in step,
    }
    return tuple(sentence for sentence, holds in checks.items() if not holds)
