"""What travels about the engine and its surroundings: profiles, codes, templates, inputs, results."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from crystalmath_lsp.models import (  # noqa: TC001 - msgspec reads the annotations
    JobId,
    JobState,
    ParameterValue,
    SettingValue,
    StructureSource,
    Watching,
)

__all__ = [
    "Bands",
    "BandsOfJob",
    "Code",
    "CodeName",
    "Codes",
    "CodesCreateParams",
    "Convergence",
    "ConvergenceOfJob",
    "ElectronicStep",
    "EnginePart",
    "EngineStatus",
    "InputRemark",
    "InputRemarks",
    "InputSetting",
    "InputsCheckParams",
    "InputsPreviewParams",
    "InputsWriteParams",
    "InputsWritten",
    "IonicStep",
    "NoParams",
    "Potcar",
    "PotcarNeed",
    "PotcarNeeds",
    "PotcarsIndexParams",
    "PotcarsIndexed",
    "PotcarsStatusParams",
    "PreviewedInputs",
    "Profile",
    "ProfileName",
    "Profiles",
    "ResultsBandsParams",
    "ResultsConvergenceParams",
    "ResultsGetParams",
    "StructureRead",
    "Template",
    "TemplateDetails",
    "TemplateInput",
    "TemplateJob",
    "TemplateName",
    "TemplatePackage",
    "Templates",
    "Tick",
]


class NoParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing to say."""


class EnginePart(Struct, frozen=True, kw_only=True):
    """One part of the engine, how it is, and the next thing to do where `hint` says so."""

    name: str
    verdict: Literal["good", "repaired", "warning", "bad"]
    finding: str
    hint: str | None


class EngineStatus(Struct, frozen=True, kw_only=True):
    """The engine of a profile: its parts, versions, jobs by state, and how changes are noticed."""

    profile: str
    versions: dict[str, str]
    parts: list[EnginePart]
    jobs: dict[str, int]
    watching: Watching


class Profile(Struct, frozen=True, kw_only=True):
    """An AiiDA profile; `current` is the one that this connection uses."""

    name: str
    storage: str
    broker: str | None
    current: bool


class Profiles(Struct, frozen=True, kw_only=True):
    """The AiiDA profiles of this user."""

    profiles: list[Profile]


class ProfileName(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Name a profile."""

    name: str


class Code(Struct, frozen=True, kw_only=True):
    """A registered VASP; `potcars` is null where the user's own POTCAR folder is used."""

    id: int
    label: str
    computer: str
    std: str
    gam: str | None
    ncl: str | None
    launcher: str
    ranks: int
    threads: int
    prepend: str
    potcars: str | None
    is_default: bool


class Codes(Struct, frozen=True, kw_only=True):
    """The registered VASPs, the default first."""

    codes: list[Code]


class CodesCreateParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A VASP of this machine: each executable is started on a tiny input before it is registered."""

    label: str
    std: str
    gam: str | None = None
    ncl: str | None = None
    launcher: str = ""
    ranks: Annotated[int, Meta(ge=1)] | None = None
    threads: Annotated[int, Meta(ge=1)] | None = None
    prepend: str = ""
    potcars: str | None = None
    make_default: bool = False


class CodeName(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Name a code."""

    label: str


class Potcar(Struct, frozen=True, kw_only=True):
    """One POTCAR by its header."""

    path: str
    titel: str
    symbol: str
    element: str
    functional: str
    enmax_ev: float | None
    zval: float | None


class PotcarNeed(Struct, frozen=True, kw_only=True):
    """What a calculation needs in a release: which POTCARs there are, which are missing."""

    functional: str
    needed: list[str]
    missing: list[str]
    found: list[Potcar]


class PotcarsStatusParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose POTCARs to look for: those of a template on a structure, where the jobs of a code look."""

    template: str
    structure: StructureSource
    code: str | None = None


class PotcarNeeds(Struct, frozen=True, kw_only=True):
    """The POTCARs of a calculation, by release."""

    needs: list[PotcarNeed]


class PotcarsIndexParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which POTCAR folder to look through and remember; `release` where folder names do not tell it."""

    directory: str
    release: str | None = None


class PotcarsIndexed(Struct, frozen=True, kw_only=True):
    """How many POTCARs of each release the folder has."""

    releases: dict[str, int]


class Template(Struct, frozen=True, kw_only=True):
    """A calculation that can be asked for by `name`; `maker` is atomate2's class, empty for `folder`."""

    name: str
    title: str
    maker: str
    kind: Literal["flow", "folder"]
    curated: bool


class Templates(Struct, frozen=True, kw_only=True):
    """The templates, the curated ones first."""

    templates: list[Template]


class TemplateJob(Struct, frozen=True, kw_only=True):
    """A job that a template runs from the start, or that its Python jobs may add later."""

    name: str
    kind: Literal["vasp", "python"]
    input_set: str | None
    when: Literal["start", "later"]


class TemplateInput(Struct, frozen=True, kw_only=True):
    """What a template is given to work on."""

    name: str
    required: bool
    description: str


class TemplatePackage(Struct, frozen=True, kw_only=True):
    """A package or program that a template needs beside what CrystalMath installs."""

    name: str
    installed: bool


class TemplateDetails(Struct, frozen=True, kw_only=True):
    """All about one template. `schema` is the JSON Schema of its parameters.

    `refusal` says why it cannot be run by its name from a structure alone, null where it can.
    """

    name: str
    title: str
    about: str
    maker: str
    kind: Literal["flow", "folder"]
    curated: bool
    jobs: list[TemplateJob]
    inputs: list[TemplateInput]
    packages: list[TemplatePackage]
    schema: dict[str, Any]
    refusal: str | None


class TemplateName(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Name a template."""

    name: str


class InputsPreviewParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of which calculation to show the inputs, of its first VASP run or another one."""

    template: str
    structure: StructureSource
    overrides: dict[str, SettingValue] = msgspec.field(default_factory=dict)
    parameters: dict[str, ParameterValue] = msgspec.field(default_factory=dict)
    step: Annotated[int, Meta(ge=1)] = 1


class InputSetting(Struct, frozen=True, kw_only=True):
    """One line of the INCAR and where its value comes from."""

    tag: str
    value: str
    source: Literal["input set", "derived", "user"]


class InputRemark(Struct, frozen=True, kw_only=True):
    """A remark of the rules (`vasp`), of atomate2 and pymatgen (`library`), or about POTCARs.

    Errors stand in the way of `jobs.submit` unless it waives their code. `line` counts from 1.
    """

    severity: Literal["error", "warning", "information", "hint"]
    code: str
    message: str
    source: Literal["vasp", "library", "potcars"]
    step: int
    file: str | None
    line: int | None
    url: str | None


class PreviewedInputs(Struct, frozen=True, kw_only=True):
    """The inputs of one VASP run: files by name, every value with its source.

    `permutation` gives for each written atom its index in the structure that was given; it is empty when
    the input set builds another cell. POTCARs are named, never shown.
    """

    step: int
    steps: list[str]
    files: dict[str, str]
    incar: list[InputSetting]
    potcar_symbols: list[str]
    potcar_functional: str
    permutation: list[int]
    remarks: list[InputRemark]


class InputsCheckParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which calculation to check: all its steps, with the POTCARs that go with the code."""

    template: str
    structure: StructureSource
    overrides: dict[str, SettingValue] = msgspec.field(default_factory=dict)
    parameters: dict[str, ParameterValue] = msgspec.field(default_factory=dict)
    code: str | None = None


class InputRemarks(Struct, frozen=True, kw_only=True):
    """What there is to say about the inputs of a calculation."""

    remarks: list[InputRemark]


class InputsWriteParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which inputs to write to which folder; other files of these names are left alone unless `overwrite`."""

    template: str
    structure: StructureSource
    directory: str
    overwrite: bool = False
    overrides: dict[str, SettingValue] = msgspec.field(default_factory=dict)
    parameters: dict[str, ParameterValue] = msgspec.field(default_factory=dict)
    step: Annotated[int, Meta(ge=1)] = 1


class InputsWritten(Struct, frozen=True, kw_only=True):
    """The files that were written."""

    paths: list[str]


class StructureRead(Struct, frozen=True, kw_only=True):
    """A crystal: lattice vectors as rows, one element and one position per atom, in the order of the file."""

    source: str
    format: str
    formula: str
    n_atoms: int
    volume_angstrom3: float
    lattice_angstrom: list[list[float]]
    elements: list[str]
    fractional: list[list[float]]
    notes: list[str]


class ResultsGetParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of which job to show the card."""

    id: JobId


class ResultsConvergenceParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of which job, and which of its steps (by default the current or last one), to show the convergence."""

    id: JobId
    step: Annotated[int, Meta(ge=1)] | None = None


class ElectronicStep(Struct, frozen=True, kw_only=True):
    """One electronic step of the ionic step `ionic` (from 1): total energy and its change."""

    ionic: int
    number: int
    algorithm: str
    energy_ev: float
    change_ev: float


class IonicStep(Struct, frozen=True, kw_only=True):
    """One finished ionic step: E0 (sigma to 0), free energy, VASP's `d E`, the largest force."""

    number: int
    energy_ev: float
    free_energy_ev: float
    change_ev: float | None
    max_force_ev_per_angstrom: float | None
    magnetization_mub: float | None
    temperature_k: float | None


class Convergence(Struct, frozen=True, kw_only=True):
    """The steps of a run; `complete` is false when its beginning was left out because the files are long."""

    electronic: list[ElectronicStep]
    ionic: list[IonicStep]
    complete: bool


class ConvergenceOfJob(Struct, frozen=True, kw_only=True):
    """How a step converges; `convergence` is null while it has written nothing."""

    state: JobState
    convergence: Convergence | None


class ResultsBandsParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of which job to show the bands."""

    id: JobId


class Tick(Struct, frozen=True, kw_only=True):
    """A high-symmetry point on the path; `X|U` where the path jumps."""

    distance_per_angstrom: float
    label: str


class Bands(Struct, frozen=True, kw_only=True):
    """Energies (absolute) by spin, band and k-point; k-points by their distance along the path.

    `segments` are the first and last k-points of the pieces without a jump. The gap is that of this path.
    """

    distance_per_angstrom: list[float]
    energy_ev: list[list[list[float]]]
    ticks: list[Tick]
    segments: list[list[int]]
    fermi_energy_ev: float
    gap_ev: float
    is_metal: bool
    is_gap_direct: bool
    vbm_ev: float | None
    cbm_ev: float | None


class BandsOfJob(Struct, frozen=True, kw_only=True):
    """The bands of the last step that followed a path; null when none did."""

    bands: Bands | None
