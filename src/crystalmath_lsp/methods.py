"""The one table of methods: name, params, result, handler, deadline and where it runs.

A row stands here when its library function exists. `initialize` announces the rows, `schema/rpc.json` and
the Rust types are written from them, the front process and the worker dispatch by them; there is no other
dispatch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from crystalmath_lsp import models, models_setup

if TYPE_CHECKING:
    import msgspec

__all__ = ["METHODS", "NOTIFICATIONS", "Method"]


@dataclass(frozen=True, slots=True)
class Method:
    """Describe one method; `handler` is `module:function`, imported where the method runs.

    A handler of the worker takes the worker's `Engine` and the params and returns the result. One thread of
    the worker writes, another one `reads`, so that a look does not wait for what is being stored.
    """

    name: str
    params: type[msgspec.Struct]
    result: type[msgspec.Struct]
    handler: str
    deadline_s: float
    runs_in: Literal["worker", "server"]
    stores: bool = False
    """Whether it changes something: a worker that is told to end finishes such a call first."""
    reads: bool = False


def _row(
    name: str,
    params: type[msgspec.Struct],
    result: type[msgspec.Struct],
    function: str,
    deadline_s: float,
    *,
    stores: bool = False,
    reads: bool = False,
) -> Method:
    return Method(name, params, result, f"crystalmath_lsp.{function}", deadline_s, "worker", stores, reads)


_M, _S = models, models_setup

_ROWS: Final = (
    _row("system.status", _S.NoParams, _S.EngineStatus, "calls_setup:status", 60),
    _row("system.repair", _S.NoParams, _S.EngineStatus, "calls_setup:repair", 300, stores=True),
    _row("profiles.list", _S.NoParams, _S.Profiles, "calls_setup:list_profiles", 30),
    Method("profiles.use", _S.ProfileName, _S.Profile, "crystalmath_lsp.dispatcher", 60, "server"),
    _row("jobs.list", _M.JobsListParams, _M.JobsPage, "calls_jobs:list_jobs", 30, reads=True),
    _row("jobs.get", _M.JobsGetParams, _M.JobDetail, "calls_jobs:get_job", 60, reads=True),
    _row("jobs.tree", _M.JobsTreeParams, _M.TreeNode, "calls_jobs:tree", 60, reads=True),
    _row("jobs.submit", _M.JobsSubmitParams, _M.Submitted, "calls_jobs:submit", 120, stores=True),
    _row("jobs.restart", _M.JobsRestartParams, _M.Submitted, "calls_jobs:restart", 120, stores=True),
    _row("jobs.watch", _M.JobsWatchParams, _M.Watching, "calls_jobs:watch", 60),
    _row("jobs.cancel", _M.JobsCancelParams, _M.Controlled, "calls_jobs:cancel", 120, stores=True),
    _row("jobs.pause", _M.JobsCancelParams, _M.Controlled, "calls_jobs:pause", 120, stores=True),
    _row("jobs.resume", _M.JobsCancelParams, _M.Controlled, "calls_jobs:resume", 120, stores=True),
    _row("jobs.log", _M.JobsLogParams, _M.JobLog, "calls_jobs:log", 60, reads=True),
    _row("jobs.files", _M.JobsFilesParams, _M.JobFiles, "calls_jobs:files", 60, reads=True),
    _row("jobs.read", _M.JobsReadParams, _M.FilePart, "calls_jobs:read", 60, reads=True),
    _row("jobs.diff", _M.JobsDiffParams, _M.JobDifferences, "calls_jobs:diff", 60, reads=True),
    _row("jobs.label", _M.JobsLabelParams, _M.JobRow, "calls_jobs:label", 60, stores=True),
    _row("jobs.delete", _M.JobsDeleteParams, _M.Deleted, "calls_jobs:delete", 120, stores=True),
    _row("codes.list", _S.NoParams, _S.Codes, "calls_setup:list_codes", 60),
    _row("codes.create", _S.CodesCreateParams, _S.Code, "calls_setup:create_code", 300, stores=True),
    _row("codes.use", _S.CodeName, _S.Codes, "calls_setup:use_code", 60, stores=True),
    _row("codes.delete", _S.CodeName, _S.Codes, "calls_setup:delete_code", 60, stores=True),
    _row("templates.list", _S.NoParams, _S.Templates, "calls_inputs:list_templates", 60),
    _row("templates.get", _S.TemplateName, _S.TemplateDetails, "calls_inputs:get_template", 60),
    _row("inputs.preview", _S.InputsPreviewParams, _S.PreviewedInputs, "calls_inputs:preview", 120),
    _row("inputs.check", _S.InputsCheckParams, _S.InputRemarks, "calls_inputs:check", 120),
    _row("inputs.write", _S.InputsWriteParams, _S.InputsWritten, "calls_inputs:write", 120, stores=True),
    _row("structures.read", _M.StructureSource, _S.StructureRead, "calls_inputs:read_structure", 120),
    _row("potcars.status", _S.PotcarsStatusParams, _S.PotcarNeeds, "calls_setup:potcars_status", 120),
    _row(
        "potcars.index",
        _S.PotcarsIndexParams,
        _S.PotcarsIndexed,
        "calls_setup:index_potcars",
        300,
        stores=True,
    ),
    _row("results.get", _S.ResultsGetParams, _M.JobCard, "calls_inputs:get_card", 60, reads=True),
    _row(
        "results.convergence",
        _S.ResultsConvergenceParams,
        _S.ConvergenceOfJob,
        "calls_inputs:get_convergence",
        60,
        reads=True,
    ),
    _row("results.bands", _S.ResultsBandsParams, _S.BandsOfJob, "calls_inputs:get_bands", 60, reads=True),
)

METHODS: dict[str, Method] = {row.name: row for row in _ROWS}

NOTIFICATIONS: dict[str, type[msgspec.Struct]] = {
    "jobs.changed": models.JobsChanged,
    "system.changed": models.SystemChanged,
}
"""What a client is told after `jobs.watch`."""
