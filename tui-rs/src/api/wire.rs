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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobDetail {
    pub job: JobRow,
    pub steps: Vec<JobStep>,
    pub card: JobCard,
    pub code: Option<String>,
    pub reason: Option<String>,
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
