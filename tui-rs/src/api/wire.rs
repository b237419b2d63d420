//! Types of the wire contract, written by `scripts/generate_rust_types.py` from `schema/rpc.json`.
//! Do not edit: change the Python models, then run `python -m crystalmath_lsp.schema` and that script.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Version of the contract; client and server must agree on it.
pub const PROTOCOL: i64 = 1;

/// One method of the server: what it takes, what it gives and how long that may last.
pub trait Method {
    /// The name on the wire.
    const NAME: &'static str;
    /// How long the server gives itself to answer.
    const DEADLINE: Duration;
    /// What it takes.
    type Params: Serialize;
    /// What it gives.
    type Result: for<'de> Deserialize<'de>;
}

/// `system.status`
pub enum SystemStatus {}

impl Method for SystemStatus {
    const NAME: &'static str = "system.status";
    const DEADLINE: Duration = Duration::from_secs(60);
    type Params = NoParams;
    type Result = EngineStatus;
}

/// `system.repair`
pub enum SystemRepair {}

impl Method for SystemRepair {
    const NAME: &'static str = "system.repair";
    const DEADLINE: Duration = Duration::from_secs(300);
    type Params = NoParams;
    type Result = EngineStatus;
}

/// `profiles.list`
pub enum ProfilesList {}

impl Method for ProfilesList {
    const NAME: &'static str = "profiles.list";
    const DEADLINE: Duration = Duration::from_secs(30);
    type Params = NoParams;
    type Result = Profiles;
}

/// `profiles.use`
pub enum ProfilesUse {}

impl Method for ProfilesUse {
    const NAME: &'static str = "profiles.use";
    const DEADLINE: Duration = Duration::from_secs(60);
    type Params = ProfileName;
    type Result = Profile;
}

/// `jobs.list`
pub enum JobsList {}

impl Method for JobsList {
    const NAME: &'static str = "jobs.list";
    const DEADLINE: Duration = Duration::from_secs(30);
    type Params = JobsListParams;
    type Result = JobsPage;
}

/// `jobs.get`
pub enum JobsGet {}

impl Method for JobsGet {
    const NAME: &'static str = "jobs.get";
    const DEADLINE: Duration = Duration::from_secs(60);
    type Params = JobsGetParams;
    type Result = JobDetail;
}

/// `jobs.tree`
pub enum JobsTree {}

impl Method for JobsTree {
    const NAME: &'static str = "jobs.tree";
    const DEADLINE: Duration = Duration::from_secs(60);
    type Params = JobsTreeParams;
    type Result = TreeNode;
}

/// `jobs.submit`
pub enum JobsSubmit {}

impl Method for JobsSubmit {
    const NAME: &'static str = "jobs.submit";
    const DEADLINE: Duration = Duration::from_secs(120);
    type Params = JobsSubmitParams;
    type Result = Submitted;
}

/// `jobs.restart`
pub enum JobsRestart {}

impl Method for JobsRestart {
    const NAME: &'static str = "jobs.restart";
    const DEADLINE: Duration = Duration::from_secs(120);
    type Params = JobsRestartParams;
    type Result = Submitted;
}

/// `jobs.watch`
pub enum JobsWatch {}

impl Method for JobsWatch {
    const NAME: &'static str = "jobs.watch";
    const DEADLINE: Duration = Duration::from_secs(60);
    type Params = JobsWatchParams;
    type Result = Watching;
}

/// `jobs.cancel`
pub enum JobsCancel {}

impl Method for JobsCancel {
    const NAME: &'static str = "jobs.cancel";
    const DEADLINE: Duration = Duration::from_secs(120);
    type Params = JobsCancelParams;
    type Result = Controlled;
}

/// `jobs.pause`
pub enum JobsPause {}

impl Method for JobsPause {
    const NAME: &'static str = "jobs.pause";
    const DEADLINE: Duration = Duration::from_secs(120);
    type Params = JobsCancelParams;
    type Result = Controlled;
}

/// `jobs.resume`
pub enum JobsResume {}

impl Method for JobsResume {
    const NAME: &'static str = "jobs.resume";
    const DEADLINE: Duration = Duration::from_secs(120);
    type Params = JobsCancelParams;
    type Result = Controlled;
}

/// `jobs.log`
pub enum JobsLog {}

impl Method for JobsLog {
    const NAME: &'static str = "jobs.log";
    const DEADLINE: Duration = Duration::from_secs(60);
    type Params = JobsLogParams;
    type Result = JobLog;
}

/// `jobs.files`
pub enum JobsFiles {}

impl Method for JobsFiles {
    const NAME: &'static str = "jobs.files";
    const DEADLINE: Duration = Duration::from_secs(60);
    type Params = JobsFilesParams;
    type Result = JobFiles;
}

/// `jobs.read`
pub enum JobsRead {}

impl Method for JobsRead {
    const NAME: &'static str = "jobs.read";
    const DEADLINE: Duration = Duration::from_secs(60);
    type Params = JobsReadParams;
    type Result = FilePart;
}

/// `jobs.diff`
pub enum JobsDiff {}

impl Method for JobsDiff {
    const NAME: &'static str = "jobs.diff";
    const DEADLINE: Duration = Duration::from_secs(60);
    type Params = JobsDiffParams;
    type Result = JobDifferences;
}

/// `jobs.label`
pub enum JobsLabel {}

impl Method for JobsLabel {
    const NAME: &'static str = "jobs.label";
    const DEADLINE: Duration = Duration::from_secs(60);
    type Params = JobsLabelParams;
    type Result = JobRow;
}

/// `jobs.delete`
pub enum JobsDelete {}

impl Method for JobsDelete {
    const NAME: &'static str = "jobs.delete";
    const DEADLINE: Duration = Duration::from_secs(120);
    type Params = JobsDeleteParams;
    type Result = Deleted;
}

/// `codes.list`
pub enum CodesList {}

impl Method for CodesList {
    const NAME: &'static str = "codes.list";
    const DEADLINE: Duration = Duration::from_secs(60);
    type Params = NoParams;
    type Result = Codes;
}

/// `codes.create`
pub enum CodesCreate {}

impl Method for CodesCreate {
    const NAME: &'static str = "codes.create";
    const DEADLINE: Duration = Duration::from_secs(300);
    type Params = CodesCreateParams;
    type Result = Code;
}

/// `codes.use`
pub enum CodesUse {}

impl Method for CodesUse {
    const NAME: &'static str = "codes.use";
    const DEADLINE: Duration = Duration::from_secs(60);
    type Params = CodeName;
    type Result = Codes;
}

/// `codes.delete`
pub enum CodesDelete {}

impl Method for CodesDelete {
    const NAME: &'static str = "codes.delete";
    const DEADLINE: Duration = Duration::from_secs(60);
    type Params = CodeName;
    type Result = Codes;
}

/// `templates.list`
pub enum TemplatesList {}

impl Method for TemplatesList {
    const NAME: &'static str = "templates.list";
    const DEADLINE: Duration = Duration::from_secs(60);
    type Params = NoParams;
    type Result = Templates;
}

/// `templates.get`
pub enum TemplatesGet {}

impl Method for TemplatesGet {
    const NAME: &'static str = "templates.get";
    const DEADLINE: Duration = Duration::from_secs(60);
    type Params = TemplateName;
    type Result = TemplateDetails;
}

/// `inputs.preview`
pub enum InputsPreview {}

impl Method for InputsPreview {
    const NAME: &'static str = "inputs.preview";
    const DEADLINE: Duration = Duration::from_secs(120);
    type Params = InputsPreviewParams;
    type Result = PreviewedInputs;
}

/// `inputs.check`
pub enum InputsCheck {}

impl Method for InputsCheck {
    const NAME: &'static str = "inputs.check";
    const DEADLINE: Duration = Duration::from_secs(120);
    type Params = InputsCheckParams;
    type Result = InputRemarks;
}

/// `inputs.write`
pub enum InputsWrite {}

impl Method for InputsWrite {
    const NAME: &'static str = "inputs.write";
    const DEADLINE: Duration = Duration::from_secs(120);
    type Params = InputsWriteParams;
    type Result = InputsWritten;
}

/// `structures.read`
pub enum StructuresRead {}

impl Method for StructuresRead {
    const NAME: &'static str = "structures.read";
    const DEADLINE: Duration = Duration::from_secs(120);
    type Params = StructureSource;
    type Result = StructureRead;
}

/// `potcars.status`
pub enum PotcarsStatus {}

impl Method for PotcarsStatus {
    const NAME: &'static str = "potcars.status";
    const DEADLINE: Duration = Duration::from_secs(120);
    type Params = PotcarsStatusParams;
    type Result = PotcarNeeds;
}

/// `potcars.index`
pub enum PotcarsIndex {}

impl Method for PotcarsIndex {
    const NAME: &'static str = "potcars.index";
    const DEADLINE: Duration = Duration::from_secs(300);
    type Params = PotcarsIndexParams;
    type Result = PotcarsIndexed;
}

/// `results.get`
pub enum ResultsGet {}

impl Method for ResultsGet {
    const NAME: &'static str = "results.get";
    const DEADLINE: Duration = Duration::from_secs(60);
    type Params = ResultsGetParams;
    type Result = JobCard;
}

/// `results.convergence`
pub enum ResultsConvergence {}

impl Method for ResultsConvergence {
    const NAME: &'static str = "results.convergence";
    const DEADLINE: Duration = Duration::from_secs(60);
    type Params = ResultsConvergenceParams;
    type Result = ConvergenceOfJob;
}

/// `results.bands`
pub enum ResultsBands {}

impl Method for ResultsBands {
    const NAME: &'static str = "results.bands";
    const DEADLINE: Duration = Duration::from_secs(60);
    type Params = ResultsBandsParams;
    type Result = BandsOfJob;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    Asking,
    Created,
    Excepted,
    Failed,
    Finished,
    Killed,
    Paused,
    Queued,
    Running,
    Transferring,
}

impl JobState {
    /// The word on the wire and on the screen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Asking => "asking",
            Self::Created => "created",
            Self::Excepted => "excepted",
            Self::Failed => "failed",
            Self::Finished => "finished",
            Self::Killed => "killed",
            Self::Paused => "paused",
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Transferring => "transferring",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Bad,
    Good,
    Repaired,
    Warning,
}

impl Verdict {
    /// The word on the wire and on the screen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Bad => "bad",
            Self::Good => "good",
            Self::Repaired => "repaired",
            Self::Warning => "warning",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Folder,
    Retrieved,
}

impl Source {
    /// The word on the wire and on the screen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Folder => "folder",
            Self::Retrieved => "retrieved",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Error,
    Hint,
    Information,
    Warning,
}

impl Severity {
    /// The word on the wire and on the screen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Hint => "hint",
            Self::Information => "information",
            Self::Warning => "warning",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputRemarkSource {
    Library,
    Potcars,
    Vasp,
}

impl InputRemarkSource {
    /// The word on the wire and on the screen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Library => "library",
            Self::Potcars => "potcars",
            Self::Vasp => "vasp",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputSettingSource {
    Derived,
    #[serde(rename = "input set")]
    InputSet,
    User,
}

impl InputSettingSource {
    /// The word on the wire and on the screen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Derived => "derived",
            Self::InputSet => "input set",
            Self::User => "user",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    Code,
    Created,
    ExitStatus,
    Formula,
    Label,
    Modified,
    NAtoms,
    State,
    Template,
}

impl Sort {
    /// The word on the wire and on the screen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Created => "created",
            Self::ExitStatus => "exit_status",
            Self::Formula => "formula",
            Self::Label => "label",
            Self::Modified => "modified",
            Self::NAtoms => "n_atoms",
            Self::State => "state",
            Self::Template => "template",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    Broadcasts,
    Off,
    Queries,
}

impl Mode {
    /// The word on the wire and on the screen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Broadcasts => "broadcasts",
            Self::Off => "off",
            Self::Queries => "queries",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Flow,
    Folder,
}

impl Kind {
    /// The word on the wire and on the screen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Flow => "flow",
            Self::Folder => "folder",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TemplateJobKind {
    Python,
    Vasp,
}

impl TemplateJobKind {
    /// The word on the wire and on the screen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Vasp => "vasp",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    Later,
    Start,
}

impl When {
    /// The word on the wire and on the screen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Later => "later",
            Self::Start => "start",
        }
    }
}

/// Energies (absolute) by spin, band and k-point; k-points by their distance along the path.
///
/// `segments` are the first and last k-points of the pieces without a jump. The gap is that of this
/// path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Bands {
    pub distance_per_angstrom: Vec<f64>,
    pub energy_ev: Vec<Vec<Vec<f64>>>,
    pub ticks: Vec<Tick>,
    pub segments: Vec<Vec<i64>>,
    pub fermi_energy_ev: f64,
    pub gap_ev: f64,
    pub is_metal: bool,
    pub is_gap_direct: bool,
    pub vbm_ev: Option<f64>,
    pub cbm_ev: Option<f64>,
}

/// The bands of the last step that followed a path; null when none did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct BandsOfJob {
    pub bands: Option<Bands>,
}

/// A registered VASP; `potcars` is null where the user's own POTCAR folder is used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Code {
    pub id: i64,
    pub label: String,
    pub computer: String,
    pub std: String,
    pub gam: Option<String>,
    pub ncl: Option<String>,
    pub launcher: String,
    pub ranks: i64,
    pub threads: i64,
    pub prepend: String,
    pub potcars: Option<String>,
    pub is_default: bool,
}

/// Name a code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct CodeName {
    pub label: String,
}

/// The registered VASPs, the default first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Codes {
    pub codes: Vec<Code>,
}

/// A VASP of this machine: each executable is started on a tiny input before it is registered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct CodesCreateParams {
    pub label: String,
    pub std: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gam: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ncl: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub launcher: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ranks: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threads: Option<i64>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub prepend: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub potcars: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub make_default: Option<bool>,
}

/// The job after a request to end, pause or go on; `changed` is false when it was so before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Controlled {
    pub id: i64,
    pub uuid: String,
    pub state: JobState,
    pub changed: bool,
}

/// The steps of a run; `complete` is false when its beginning was left out because the files are
/// long.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Convergence {
    pub electronic: Vec<ElectronicStep>,
    pub ionic: Vec<IonicStep>,
    pub complete: bool,
}

/// How a step converges; `convergence` is null while it has written nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConvergenceOfJob {
    pub state: JobState,
    pub convergence: Option<Convergence>,
}

/// What was removed: how many nodes of AiiDA, and which working folders on this machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Deleted {
    pub id: i64,
    pub n_nodes: i64,
    pub folders: Vec<String>,
}

/// One thing that differs: `step` 0 is the job itself; `name` is an INCAR tag, or what else
/// differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Difference {
    pub step: i64,
    pub file: String,
    pub name: String,
    pub left: Option<String>,
    pub right: Option<String>,
}

/// One electronic step of the ionic step `ionic` (from 1): total energy and its change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct ElectronicStep {
    pub ionic: i64,
    pub number: i64,
    pub algorithm: String,
    pub energy_ev: f64,
    pub change_ev: f64,
}

/// One part of the engine, how it is, and the next thing to do where `hint` says so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EnginePart {
    pub name: String,
    pub verdict: Verdict,
    pub finding: String,
    pub hint: Option<String>,
}

/// The engine of a profile: its parts, versions, jobs by state, and how changes are noticed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EngineStatus {
    pub profile: String,
    pub versions: BTreeMap<String, String>,
    pub parts: Vec<EnginePart>,
    pub jobs: BTreeMap<String, i64>,
    pub watching: Watching,
}

/// Say what failed: a JSON-RPC error object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Fault {
    pub code: i64,
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Hint>,
}

/// A part of a file as text (what is no UTF-8 is replaced); `next` is the offset behind it, or
/// null.
///
/// Sizes and offsets are bytes of the file when it is not compressed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct FilePart {
    pub name: String,
    pub offset: i64,
    pub size_bytes: i64,
    pub text: String,
    pub next: Option<i64>,
}

/// One file, of AiiDA's repository (`retrieved`) or of the working folder on this machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileRow {
    pub name: String,
    pub step: i64,
    pub size_bytes: i64,
    pub source: Source,
}

/// Tell the next thing to do about an error.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Hint {
    pub hint: String,
}

/// A remark of the rules (`vasp`), of atomate2 and pymatgen (`library`), or about POTCARs.
///
/// Errors stand in the way of `jobs.submit` unless it waives their code. `line` counts from 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InputRemark {
    pub severity: Severity,
    pub code: String,
    pub message: String,
    pub source: InputRemarkSource,
    pub step: i64,
    pub file: Option<String>,
    pub line: Option<i64>,
    pub url: Option<String>,
}

/// What there is to say about the inputs of a calculation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct InputRemarks {
    pub remarks: Vec<InputRemark>,
}

/// One line of the INCAR and where its value comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InputSetting {
    pub tag: String,
    pub value: String,
    pub source: InputSettingSource,
}

/// Which calculation to check: all its steps, with the POTCARs that go with the code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct InputsCheckParams {
    pub template: String,
    pub structure: StructureSource,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub overrides: BTreeMap<String, serde_json::Value>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, Option<serde_json::Value>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// Of which calculation to show the inputs, of its first VASP run or another one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct InputsPreviewParams {
    pub template: String,
    pub structure: StructureSource,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub overrides: BTreeMap<String, serde_json::Value>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, Option<serde_json::Value>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<i64>,
}

/// Which inputs to write to which folder; other files of these names are left alone unless
/// `overwrite`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct InputsWriteParams {
    pub template: String,
    pub structure: StructureSource,
    pub directory: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overwrite: Option<bool>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub overrides: BTreeMap<String, serde_json::Value>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, Option<serde_json::Value>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<i64>,
}

/// The files that were written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct InputsWritten {
    pub paths: Vec<String>,
}

/// One finished ionic step: E0 (sigma to 0), free energy, VASP's `d E`, the largest force.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct IonicStep {
    pub number: i64,
    pub energy_ev: f64,
    pub free_energy_ev: f64,
    pub change_ev: Option<f64>,
    pub max_force_ev_per_angstrom: Option<f64>,
    pub magnetization_mub: Option<f64>,
    pub temperature_k: Option<f64>,
}

/// The result of a job; null where it has not got that far.
///
/// Energies are E0 (sigma to 0), the pressure carries VASP's sign, the largest force leaves out
/// components
/// that are held fixed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobCard {
    pub id: i64,
    pub uuid: String,
    pub state: JobState,
    pub exit_status: Option<i64>,
    pub exit_message: Option<String>,
    pub formula: String,
    pub n_atoms: i64,
    pub energy_ev: Option<f64>,
    pub energy_per_atom_ev: Option<f64>,
    pub max_force_ev_per_angstrom: Option<f64>,
    pub volume_angstrom3: Option<f64>,
    pub pressure_kbar: Option<f64>,
    pub standin: Option<bool>,
    pub band_gap_ev: Option<f64>,
    pub is_metal: Option<bool>,
    pub magnetization_mub: Option<f64>,
    pub converged_electronic: Option<bool>,
    pub converged_ionic: Option<bool>,
    pub n_ionic_steps: Option<i64>,
    pub step: String,
    pub template: String,
    pub label: String,
    pub directory: Option<String>,
    pub created_at: Option<String>,
    pub warnings: Vec<String>,
}

/// A job with its steps and its result; `reason` says why it is paused.
///
/// `request` is what it was asked for, ready to be sent again with changes; null for a Flow from
/// Python and
/// for the processes of others. `restart_of` is the uuid of the job that it goes on from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobDetail {
    pub job: JobRow,
    pub steps: Vec<JobStep>,
    pub card: JobCard,
    pub reason: Option<String>,
    pub request: Option<JobsSubmitParams>,
    pub restart_of: Option<String>,
}

/// What two jobs were given differently.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct JobDifferences {
    pub differences: Vec<Difference>,
}

/// The files of a job, step by step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct JobFiles {
    pub files: Vec<FileRow>,
}

/// AiiDA's report, and the last lines of the output of the step that is current.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct JobLog {
    pub report: String,
    pub output_name: Option<String>,
    pub output: String,
}

/// One line of the job list; formula, template and n_atoms are null for the processes of others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobRow {
    pub id: i64,
    pub uuid: String,
    pub label: String,
    pub formula: Option<String>,
    pub template: Option<String>,
    pub n_atoms: Option<i64>,
    pub code: Option<String>,
    pub state: JobState,
    pub exit_status: Option<i64>,
    pub exit_message: Option<String>,
    pub created_at: String,
    pub modified_at: String,
    pub foreign: bool,
}

/// One VASP run of a job, counted from 1 in the order of their submission.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobStep {
    pub index: i64,
    pub name: String,
    pub id: i64,
    pub uuid: String,
    pub state: JobState,
    pub exit_status: Option<i64>,
    pub exit_message: Option<String>,
    pub created_at: String,
    pub modified_at: String,
    pub directory: Option<String>,
}

/// Which job to end, pause or go on with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct JobsCancelParams {
    pub id: serde_json::Value,
}

/// Jobs as they are now, and those that are gone; with `all` anything may have changed: list again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct JobsChanged {
    pub jobs: Vec<JobRow>,
    pub removed: Vec<i64>,
    pub all: bool,
}

/// Which job to remove for good.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct JobsDeleteParams {
    pub id: serde_json::Value,
}

/// Which two jobs to compare; without `right`, `left` is compared with what its template gives by
/// itself.
///
/// The values of the template stand on the left then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct JobsDiffParams {
    pub left: serde_json::Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right: Option<serde_json::Value>,
}

/// Of which job to list the files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct JobsFilesParams {
    pub id: serde_json::Value,
}

/// Name a job by its number, its uuid or a unique beginning of that.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct JobsGetParams {
    pub id: serde_json::Value,
}

/// Which job to give which title.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct JobsLabelParams {
    pub id: serde_json::Value,
    pub label: String,
}

/// Which jobs to list, and in which order; `after` is the `next` of the page before.
///
/// A job must fulfil everything that is given. `states` is any of them, `elements` all of them;
/// `label` and
/// `text` (in label, formula and template) are searched whatever their case; of two times the later
/// one is
/// excluded. With `counts` the answer counts the jobs of each state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct JobsListParams {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<Sort>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ascending: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<bool>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<JobState>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub elements: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_status: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_after: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_before: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified_after: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified_before: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ours: Option<bool>,
}

/// Of which job to show the log, with how many lines of its program's output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct JobsLogParams {
    pub id: serde_json::Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n_lines: Option<i64>,
}

/// A page of jobs; `next` is null on the last one, `counts` where they were not asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct JobsPage {
    pub jobs: Vec<JobRow>,
    pub next: Option<String>,
    pub counts: Option<BTreeMap<String, i64>>,
}

/// Which part of which file to read; a negative offset counts from the end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct JobsReadParams {
    pub id: serde_json::Value,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
}

/// Which job to go on from; what is not given is as it was there, `overrides` are put over its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct JobsRestartParams {
    pub id: serde_json::Value,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub overrides: BTreeMap<String, serde_json::Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waive: Option<Vec<String>>,
}

/// What to calculate; a repeated `key` gives the job that it gave before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct JobsSubmitParams {
    pub template: String,
    pub structure: StructureSource,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, Option<serde_json::Value>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub overrides: BTreeMap<String, serde_json::Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waive: Vec<String>,
}

/// Of which job to show all processes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct JobsTreeParams {
    pub id: serde_json::Value,
}

/// Whether to be told of changes from now on by `jobs.changed` and `system.changed`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct JobsWatchParams {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<bool>,
}

/// Nothing to say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct NoParams {}

/// One POTCAR by its header.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Potcar {
    pub path: String,
    pub titel: String,
    pub symbol: String,
    pub element: String,
    pub functional: String,
    pub enmax_ev: Option<f64>,
    pub zval: Option<f64>,
}

/// What a calculation needs in a release: which POTCARs there are, which are missing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct PotcarNeed {
    pub functional: String,
    pub needed: Vec<String>,
    pub missing: Vec<String>,
    pub found: Vec<Potcar>,
}

/// The POTCARs of a calculation, by release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct PotcarNeeds {
    pub needs: Vec<PotcarNeed>,
}

/// Which POTCAR folder to look through and remember; `release` where folder names do not tell it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct PotcarsIndexParams {
    pub directory: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
}

/// How many POTCARs of each release the folder has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct PotcarsIndexed {
    pub releases: BTreeMap<String, i64>,
}

/// Whose POTCARs to look for: those of a template on a structure, where the jobs of a code look.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct PotcarsStatusParams {
    pub template: String,
    pub structure: StructureSource,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// The inputs of one VASP run: files by name, every value with its source.
///
/// `permutation` gives for each written atom its index in the structure that was given; it is empty
/// when
/// the input set builds another cell. POTCARs are named, never shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct PreviewedInputs {
    pub step: i64,
    pub steps: Vec<String>,
    pub files: BTreeMap<String, String>,
    pub incar: Vec<InputSetting>,
    pub potcar_symbols: Vec<String>,
    pub potcar_functional: String,
    pub permutation: Vec<i64>,
    pub remarks: Vec<InputRemark>,
}

/// An AiiDA profile; `current` is the one that this connection uses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Profile {
    pub name: String,
    pub storage: String,
    pub broker: Option<String>,
    pub current: bool,
}

/// Name a profile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct ProfileName {
    pub name: String,
}

/// The AiiDA profiles of this user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Profiles {
    pub profiles: Vec<Profile>,
}

/// What a job asks of the machine; null takes what the code was registered with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Resources {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ranks: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threads: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub walltime_s: Option<i64>,
}

/// Of which job to show the bands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct ResultsBandsParams {
    pub id: serde_json::Value,
}

/// Of which job, and which of its steps (by default the current or last one), to show the
/// convergence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct ResultsConvergenceParams {
    pub id: serde_json::Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<i64>,
}

/// Of which job to show the card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct ResultsGetParams {
    pub id: serde_json::Value,
}

/// A crystal: lattice vectors as rows, one element and one position per atom, in the order of the
/// file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct StructureRead {
    pub source: String,
    pub format: String,
    pub formula: String,
    pub n_atoms: i64,
    pub volume_angstrom3: f64,
    pub lattice_angstrom: Vec<Vec<f64>>,
    pub elements: Vec<String>,
    pub fractional: Vec<Vec<f64>>,
    pub notes: Vec<String>,
}

/// Where a structure comes from: the path of a file, or its text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct StructureSource {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// The job that a submit made, or found under its key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Submitted {
    pub id: i64,
    pub uuid: String,
    pub state: JobState,
}

/// How changes are noticed from now on; `reason` says why there are no broadcasts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SystemChanged {
    pub mode: Mode,
    pub reason: Option<String>,
}

/// A calculation that can be asked for by `name`; `maker` is atomate2's class, empty for `folder`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Template {
    pub name: String,
    pub title: String,
    pub maker: String,
    pub kind: Kind,
    pub curated: bool,
}

/// All about one template. `schema` is the JSON Schema of its parameters.
///
/// `refusal` says why it cannot be run by its name from a structure alone, null where it can.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TemplateDetails {
    pub name: String,
    pub title: String,
    pub about: String,
    pub maker: String,
    pub kind: Kind,
    pub curated: bool,
    pub jobs: Vec<TemplateJob>,
    pub inputs: Vec<TemplateInput>,
    pub packages: Vec<TemplatePackage>,
    pub schema: BTreeMap<String, serde_json::Value>,
    pub refusal: Option<String>,
}

/// What a template is given to work on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct TemplateInput {
    pub name: String,
    pub required: bool,
    pub description: String,
}

/// A job that a template runs from the start, or that its Python jobs may add later.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TemplateJob {
    pub name: String,
    pub kind: TemplateJobKind,
    pub input_set: Option<String>,
    pub when: When,
}

/// Name a template.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct TemplateName {
    pub name: String,
}

/// A package or program that a template needs beside what CrystalMath installs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct TemplatePackage {
    pub name: String,
    pub installed: bool,
}

/// The templates, the curated ones first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Templates {
    pub templates: Vec<Template>,
}

/// A high-symmetry point on the path; `X|U` where the path jumps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Tick {
    pub distance_per_angstrom: f64,
    pub label: String,
}

/// A process with those that it called; `kind` is the name of its class or function.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TreeNode {
    pub id: i64,
    pub uuid: String,
    pub name: String,
    pub kind: String,
    pub state: JobState,
    pub exit_status: Option<i64>,
    pub exit_message: Option<String>,
    pub created_at: String,
    pub modified_at: String,
    pub children: Vec<TreeNode>,
}

/// How changes are noticed from now on; `reason` says why there are no broadcasts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Watching {
    pub mode: Mode,
    pub reason: Option<String>,
}
