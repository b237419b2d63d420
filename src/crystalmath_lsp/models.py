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
    """One line of the job list; formula, template and n_atoms are null for the processes of others."""

    id: int
    uuid: str
    label: str
    formula: str | None
    template: str | None
    n_atoms: int | None
    state: JobState
    exit_status: int | None
    exit_message: str | None
    created_at: str
    modified_at: str
    foreign: bool


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


class JobDetail(Struct, frozen=True, kw_only=True):
    """A job with its steps and its result; `reason` says why it is paused."""

    job: JobRow
    steps: list[JobStep]
    card: JobCard
    code: str | None
    reason: str | None


class StructureSource(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a structure comes from: the path of a file, or its text."""

    path: str | None = None
    text: str | None = None

    def __post_init__(self) -> None:
        """Refuse both and neither."""
        if (self.path is None) == (self.text is None):
            raise ValueError("exactly one of path and text must be given")


class Resources(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a job asks of the machine; null takes what the code was registered with."""

    ranks: Annotated[int, Meta(ge=1)] | None = None
    threads: Annotated[int, Meta(ge=1)] | None = None
    walltime_s: Annotated[int, Meta(ge=1)] | None = None


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
