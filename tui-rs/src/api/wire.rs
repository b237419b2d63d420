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

/// `jobs.submit`
pub enum JobsSubmit {}

impl Method for JobsSubmit {
    const NAME: &'static str = "jobs.submit";
    const DEADLINE: Duration = Duration::from_secs(120);
    type Params = JobsSubmitParams;
    type Result = Submitted;
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

/// Say what failed: a JSON-RPC error object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Fault {
    pub code: i64,
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Hint>,
}

/// Tell the next thing to do about an error.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Hint {
    pub hint: String,
}

/// The result of a job in a few numbers; energies are E0 (sigma to 0), pressures carry VASP's sign.
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
    pub standin: bool,
}

/// A job with its steps and, once there is one, its result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobDetail {
    pub job: JobRow,
    pub steps: Vec<JobStep>,
    pub card: Option<JobCard>,
}

/// One line of the job list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobRow {
    pub id: i64,
    pub uuid: String,
    pub label: String,
    pub formula: String,
    pub template: String,
    pub state: JobState,
    pub created_at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_status: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n_atoms: Option<i64>,
}

/// One VASP run of a job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobStep {
    pub id: i64,
    pub uuid: String,
    pub name: String,
    pub state: JobState,
    pub created_at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_status: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_message: Option<String>,
}

/// Name a job by its number, its uuid or a unique beginning of that.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct JobsGetParams {
    pub id: serde_json::Value,
}

/// Which jobs to list, newest first; `after` is the `next` of the page before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct JobsListParams {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<i64>,
}

/// A page of jobs; `next` is null on the last one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct JobsPage {
    pub jobs: Vec<JobRow>,
    pub next: Option<i64>,
}

/// What to calculate; a repeated `key` gives the job that it gave before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct JobsSubmitParams {
    pub template: String,
    pub structure: StructureSource,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, serde_json::Value>,
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

/// What a calculation asks of its computer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Resources {
    #[serde(default)]
    pub n_machines: i64,
    #[serde(default)]
    pub n_ranks_per_machine: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wallclock_s: Option<i64>,
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
