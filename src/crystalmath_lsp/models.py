"""What travels between clients and the server: one struct per params object and per result.

The keys are CrystalMath's everywhere: units end the name, times are ISO 8601 in UTC and end in `_at`.
`schema/rpc.json` is written from these structs and the Rust types from that.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

__all__ = [
    "MAX_CHUNK_BYTES",
    "MAX_JOBS_PER_PAGE",
    "PROTOCOL",
    "Controlled",
    "Deleted",
    "Difference",
    "FilePart",
    "FileRow",
    "JobCard",
    "JobDetail",
    "JobDifferences",
    "JobFiles",
    "JobId",
    "JobLog",
    "JobRow",
    "JobState",
    "JobStep",
    "JobsCancelParams",
    "JobsChanged",
    "JobsDeleteParams",
    "JobsDiffParams",
    "JobsFilesParams",
    "JobsGetParams",
    "JobsLabelParams",
    "JobsListParams",
    "JobsLogParams",
    "JobsPage",
    "JobsReadParams",
    "JobsRestartParams",
    "JobsSubmitParams",
    "JobsTreeParams",
    "JobsWatchParams",
    "ParameterValue",
    "Resources",
    "SettingValue",
    "SortKey",
    "StructureSource",
    "Submitted",
    "SystemChanged",
    "TreeNode",
    "Watching",
]

PROTOCOL = 1
"""Version of this contract; client and server must agree on it."""

MAX_JOBS_PER_PAGE = 2000
MAX_CHUNK_BYTES = 256 * 1024

JobState = Literal[
    "created",
    "queued",
    "running",
    "transferring",
    "paused",
    "asking",
    "finished",
    "failed",
    "excepted",
    "killed",
]

SortKey = Literal[
    "created",
    "modified",
    "state",
    "formula",
    "template",
    "label",
    "code",
    "n_atoms",
    "exit_status",
]

ParameterValue = str | int | float | bool | list[Any] | dict[str, Any] | None
SettingValue = str | int | float | bool | list[str | int | float | bool]


class JobRow(Struct, frozen=True, kw_only=True):
    """One line of the job list; formula, template and n_atoms are null for the processes of others."""

    id: int
    uuid: str
    label: str
    formula: str | None
    template: str | None
    n_atoms: int | None
    code: str | None
    state: JobState
    exit_status: int | None
    exit_message: str | None
    created_at: str
    modified_at: str
    foreign: bool


JobId = int | str


class JobsListParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which jobs to list, and in which order; `after` is the `next` of the page before.

    A job must fulfil everything that is given. `states` is any of them, `elements` all of them; `label` and
    `text` (in label, formula and template) are searched whatever their case; of two times the later one is
    excluded. With `counts` the answer counts the jobs of each state.
    """

    limit: Annotated[int, Meta(ge=1, le=MAX_JOBS_PER_PAGE)] = MAX_JOBS_PER_PAGE
    after: str | None = None
    sort: SortKey = "created"
    ascending: bool = False
    counts: bool = False
    states: list[JobState] = msgspec.field(default_factory=list)
    template: str | None = None
    code: str | None = None
    formula: str | None = None
    elements: list[str] = msgspec.field(default_factory=list)
    label: str | None = None
    text: str | None = None
    exit_status: int | None = None
    created_after: str | None = None
    created_before: str | None = None
    modified_after: str | None = None
    modified_before: str | None = None
    ours: bool = False


class JobsPage(Struct, frozen=True, kw_only=True):
    """A page of jobs; `next` is null on the last one, `counts` where they were not asked for."""

    jobs: list[JobRow]
    next: str | None
    counts: dict[str, int] | None


class JobsGetParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Name a job by its number, its uuid or a unique beginning of that."""

    id: int | str


class JobStep(Struct, frozen=True, kw_only=True):
    """One VASP run of a job, counted from 1 in the order of their submission."""

    index: int
    name: str
    id: int
    uuid: str
    state: JobState
    exit_status: int | None
    exit_message: str | None
    created_at: str
    modified_at: str
    directory: str | None


class JobCard(Struct, frozen=True, kw_only=True):
    """The result of a job; null where it has not got that far.

    Energies are E0 (sigma to 0), the pressure carries VASP's sign, the largest force leaves out components
    that are held fixed.
    """

    id: int
    uuid: str
    state: JobState
    exit_status: int | None
    exit_message: str | None
    formula: str
    n_atoms: int
    energy_ev: float | None
    energy_per_atom_ev: float | None
    max_force_ev_per_angstrom: float | None
    volume_angstrom3: float | None
    pressure_kbar: float | None
    standin: bool | None
    band_gap_ev: float | None
    is_metal: bool | None
    magnetization_mub: float | None
    converged_electronic: bool | None
    converged_ionic: bool | None
    n_ionic_steps: int | None
    step: str
    template: str
    label: str
    directory: str | None
    created_at: str | None
    warnings: list[str]


class StructureSource(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where a structure comes from: the path of a file, or its text."""

    path: str | None = None
    text: str | None = None

    def __post_init__(self) -> None:
        """Refuse both and neither."""
        if (self.path is None) == (self.text is None):
            raise ValueError("exactly one of path and text must be given")


class Resources(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a job asks of the machine; null takes what the code was registered with."""

    ranks: Annotated[int, Meta(ge=1)] | None = None
    threads: Annotated[int, Meta(ge=1)] | None = None
    walltime_s: Annotated[int, Meta(ge=1)] | None = None


class JobsSubmitParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What to calculate; a repeated `key` gives the job that it gave before."""

    template: str
    structure: StructureSource
    parameters: dict[str, ParameterValue] = msgspec.field(default_factory=dict)
    overrides: dict[str, SettingValue] = msgspec.field(default_factory=dict)
    code: str | None = None
    resources: Resources | None = None
    label: str = ""
    key: str | None = None
    waive: list[str] = msgspec.field(default_factory=list)


class JobDetail(Struct, frozen=True, kw_only=True):
    """A job with its steps and its result; `reason` says why it is paused.

    `request` is what it was asked for, ready to be sent again with changes; null for a Flow from Python and
    for the processes of others. `restart_of` is the uuid of the job that it goes on from.
    """

    job: JobRow
    steps: list[JobStep]
    card: JobCard
    reason: str | None
    request: JobsSubmitParams | None
    restart_of: str | None


class Submitted(Struct, frozen=True, kw_only=True):
    """The job that a submit made, or found under its key."""

    id: int
    uuid: str
    state: JobState


class JobsRestartParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which job to go on from; what is not given is as it was there, `overrides` are put over its own."""

    id: JobId
    overrides: dict[str, SettingValue] = msgspec.field(default_factory=dict)
    code: str | None = None
    label: str | None = None
    key: str | None = None
    waive: list[str] | None = None


class JobsCancelParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which job to end, pause or go on with."""

    id: JobId


class Controlled(Struct, frozen=True, kw_only=True):
    """The job after a request to end, pause or go on; `changed` is false when it was so before."""

    id: int
    uuid: str
    state: JobState
    changed: bool


class JobsLabelParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which job to give which title."""

    id: JobId
    label: str


class JobsDeleteParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which job to remove for good."""

    id: JobId


class Deleted(Struct, frozen=True, kw_only=True):
    """What was removed: how many nodes of AiiDA, and which working folders on this machine."""

    id: int
    n_nodes: int
    folders: list[str]


class JobsTreeParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of which job to show all processes."""

    id: JobId


class TreeNode(Struct, frozen=True, kw_only=True):
    """A process with those that it called; `kind` is the name of its class or function."""

    id: int
    uuid: str
    name: str
    kind: str
    state: JobState
    exit_status: int | None
    exit_message: str | None
    created_at: str
    modified_at: str
    children: list[TreeNode]


class JobsLogParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of which job to show the log, with how many lines of its program's output."""

    id: JobId
    n_lines: Annotated[int, Meta(ge=1, le=5000)] = 100


class JobLog(Struct, frozen=True, kw_only=True):
    """AiiDA's report, and the last lines of the output of the step that is current."""

    report: str
    output_name: str | None
    output: str


class JobsFilesParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of which job to list the files."""

    id: JobId


class FileRow(Struct, frozen=True, kw_only=True):
    """One file, of AiiDA's repository (`retrieved`) or of the working folder on this machine."""

    name: str
    step: int
    size_bytes: int
    source: Literal["retrieved", "folder"]


class JobFiles(Struct, frozen=True, kw_only=True):
    """The files of a job, step by step."""

    files: list[FileRow]


class JobsReadParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which part of which file to read; a negative offset counts from the end."""

    id: JobId
    name: str
    offset: int = 0
    limit: Annotated[int, Meta(ge=1, le=MAX_CHUNK_BYTES)] = MAX_CHUNK_BYTES


class FilePart(Struct, frozen=True, kw_only=True):
    """A part of a file as text (what is no UTF-8 is replaced); `next` is the offset behind it, or null.

    Sizes and offsets are bytes of the file when it is not compressed.
    """

    name: str
    offset: int
    size_bytes: int
    text: str
    next: int | None


class JobsDiffParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which two jobs to compare; without `right`, `left` is compared with what its template gives by itself.

    The values of the template stand on the left then.
    """

    left: JobId
    right: JobId | None = None


class Difference(Struct, frozen=True, kw_only=True):
    """One thing that differs: `step` 0 is the job itself; `name` is an INCAR tag, or what else differs."""

    step: int
    file: str
    name: str
    left: str | None
    right: str | None


class JobDifferences(Struct, frozen=True, kw_only=True):
    """What two jobs were given differently."""

    differences: list[Difference]


class JobsWatchParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether to be told of changes from now on by `jobs.changed` and `system.changed`."""

    on: bool = True


class Watching(Struct, frozen=True, kw_only=True):
    """How changes are noticed from now on; `reason` says why there are no broadcasts."""

    mode: Literal["broadcasts", "queries", "off"]
    reason: str | None


class JobsChanged(Struct, frozen=True, kw_only=True):
    """Jobs as they are now, and those that are gone; with `all` anything may have changed: list again."""

    jobs: list[JobRow]
    removed: list[int]
    all: bool


class SystemChanged(Struct, frozen=True, kw_only=True):
    """How changes are noticed from now on; `reason` says why there are no broadcasts."""

    mode: Literal["broadcasts", "queries", "off"]
    reason: str | None
