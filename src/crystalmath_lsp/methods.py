"""The one table of methods: name, params, result, handler, deadline and where it runs.

A row stands here when its library function exists. `initialize` announces the rows, `schema/rpc.json` and
the Rust types are written from them, the front process and the worker dispatch by them; there is no other
dispatch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from crystalmath_lsp import models

if TYPE_CHECKING:
    import msgspec

__all__ = ["METHODS", "Method"]


@dataclass(frozen=True, slots=True)
class Method:
    """Describe one method; `handler` is `module:function`, imported where the method runs.

    A handler of the worker takes the worker's `Engine` and the params and returns the result.
    """

    name: str
    params: type[msgspec.Struct]
    result: type[msgspec.Struct]
    handler: str
    deadline_s: float
    runs_in: Literal["worker"]
    stores: bool = False
    """Whether it changes something: a worker that is told to end finishes such a call first."""


def _in_worker(
    name: str,
    params: type[msgspec.Struct],
    result: type[msgspec.Struct],
    function: str,
    deadline_s: float,
    *,
    stores: bool = False,
) -> Method:
    handler = f"crystalmath_lsp.engine_calls:{function}"
    return Method(name, params, result, handler, deadline_s, "worker", stores)


_ROWS = (
    _in_worker("jobs.list", models.JobsListParams, models.JobsPage, "list_jobs", 30),
    _in_worker("jobs.get", models.JobsGetParams, models.JobDetail, "get_job", 60),
    _in_worker("jobs.submit", models.JobsSubmitParams, models.Submitted, "submit", 120, stores=True),
)

METHODS: dict[str, Method] = {row.name: row for row in _ROWS}
