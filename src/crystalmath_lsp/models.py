"""What travels between clients and the server: one struct per params object and per result.

The keys are CrystalMath's everywhere: units end the name, times are ISO 8601 in UTC and end in `_at`.
`schema/rpc.json` is written from these structs and the Rust types from that.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

__all__ = [
    "MAX_JOBS_PER_PAGE",
    "PROTOCOL",
    "JobCard",
    "JobDetail",
    "JobRow",
    "JobState",
    "JobStep",
    "JobsGetParams",
    "JobsListParams",
    "JobsPage",
    "JobsSubmitParams",
    "Resources",
    "StructureSource",
    "Submitted",
]

PROTOCOL = 1
"""Version of this contract; client and server must agree on it."""

MAX_JOBS_PER_PAGE = 2000

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

SettingValue = str | int | float | bool | list[str | int | float | bool]


class JobRow(Struct, frozen=True, kw_only=True):
    """One line of the job list."""

    id: int
    uuid: str
    label: str
    formula: str
    template: str
    state: JobState
    created_at: str
    exit_status: int | None = None
    n_atoms: int | None = None


class JobsListParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which jobs to list, newest first; `after` is the `next` of the page before."""

    limit: Annotated[int, Meta(ge=1, le=MAX_JOBS_PER_PAGE)] = MAX_JOBS_PER_PAGE
    after: int | None = None


class JobsPage(Struct, frozen=True, kw_only=True):
    """A page of jobs; `next` is null on the last one."""

    jobs: list[JobRow]
    next: int | None


class JobsGetParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Name a job by its number, its uuid or a unique beginning of that."""

    id: int | str


class JobStep(Struct, frozen=True, kw_only=True):
    """One VASP run of a job."""

    id: int
    uuid: str
    name: str
    state: JobState
    created_at: str
    exit_status: int | None = None
    exit_message: str | None = None


class JobCard(Struct, frozen=True, kw_only=True):
    """The result of a job in a few numbers; energies are E0 (sigma to 0), pressures carry VASP's sign."""

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
    standin: bool


class JobDetail(Struct, frozen=True, kw_only=True):
    """A job with its steps and, once there is one, its result."""

    job: JobRow
    steps: list[JobStep]
    card: JobCard | None


class StructureSource(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a structure comes from: the path of a file, or its text."""

    path: str | None = None
    text: str | None = None

    def __post_init__(self) -> None:
        """Refuse both and neither."""
        if (self.path is None) == (self.text is None):
            raise ValueError("exactly one of path and text must be given")


class Resources(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a calculation asks of its computer."""

    n_machines: Annotated[int, Meta(ge=1)] = 1
    n_ranks_per_machine: Annotated[int, Meta(ge=1)] = 1
    wallclock_s: Annotated[int, Meta(ge=1)] | None = None


class JobsSubmitParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to calculate; a repeated `key` gives the job that it gave before."""

    template: str
    structure: StructureSource
    parameters: dict[str, SettingValue] = msgspec.field(default_factory=dict)
    overrides: dict[str, SettingValue] = msgspec.field(default_factory=dict)
    code: str | None = None
    resources: Resources | None = None
    label: str = ""
    key: str | None = None
    waive: list[str] = msgspec.field(default_factory=list)


class Submitted(Struct, frozen=True, kw_only=True):
    """The job that a submit made, or found under its key."""

    id: int
    uuid: str
    state: JobState
