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
    """Describe one method; `handler` is `module:function`, imported where the method runs."""

    name: str
    params: type[msgspec.Struct]
    result: type[msgspec.Struct]
    handler: str
    deadline_s: float
    runs_in: Literal["worker"]
    stores: bool = False
    """Whether it changes something: a worker that is told to end finishes such a call first."""


_ROWS = (
    Method(
        "jobs.list", models.JobsListParams, models.JobsPage, "crystalmath_lsp.jobs:list_jobs", 30, "worker"
    ),
    Method("jobs.get", models.JobsGetParams, models.JobDetail, "crystalmath_lsp.jobs:get", 60, "worker"),
    Method(
        "jobs.submit",
        models.JobsSubmitParams,
        models.Submitted,
        "crystalmath_lsp.jobs:submit",
        120,
        "worker",
        stores=True,
    ),
)

METHODS: dict[str, Method] = {row.name: row for row in _ROWS}
