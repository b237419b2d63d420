//! What can happen to the model, and what it can ask for.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crossterm::event::KeyEvent;

use crate::api::wire::{
    BandsOfJob, Codes, Controlled, ConvergenceOfJob, Deleted, EngineStatus, Fault, FilePart,
    InputRemarks, InputsCheckParams, InputsPreviewParams, JobDetail, JobDifferences, JobFiles,
    JobLog, JobRow, JobsChanged, JobsDiffParams, JobsGetParams, JobsLabelParams, JobsListParams,
    JobsPage, JobsReadParams, JobsRestartParams, JobsSubmitParams, PotcarNeeds,
    PotcarsStatusParams, PreviewedInputs, Submitted, TemplateDetails, Templates, TreeNode,
    Watching,
};
use crate::card::Pane;
use crate::editor::{Recorded, Seen, Stamp};
use crate::lsp::types::{Action, At, Hover, Proposal, Published, Span, Sync, Target, TextEdit};

/// Something that happened.
#[derive(Debug)]
pub enum Msg {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(String),
    /// The wheel of the mouse was turned by so many rows.
    Wheel(isize),
    /// The left button of the mouse was pressed at a column and a row of the screen.
    Click(u16, u16),
    /// The terminal has a size, or must be painted again.
    Resize(u16, u16),
    /// The server answered the greeting.
    Ready(ServerInfo),
    /// The server cannot be talked with.
    Refused(Fault),
    /// The server is gone: why, and when.
    Lost(String, Instant),
    /// The server answered a call.
    Reply(Reply),
    /// Jobs changed.
    Changed(JobsChanged),
    /// The engine is another than it was.
    System,
    /// The server found something in a document.
    Diagnostics(Published),
    /// The server, or the conversation with it, has something for the log.
    Log(String),
    /// The time to look again has come.
    Refresh,
    /// The time to start the server again has come.
    Restart,
    /// The selection has rested long enough to look at it.
    Glance,
    /// The time to look at the engine again has come.
    LookAtEngine,
    /// The time to see whether others changed the files that are open has come.
    Look,
    /// What was asked of the disk.
    Disk(Disk),
}

/// What the disk said.
#[derive(Debug)]
pub enum Disk {
    /// To [`Effect::ReadFiles`]: each file that could be read, and why others could not. The path is whole
    /// now, and files of a calculation are known as that.
    Files(Opening, Result<Vec<FileRead>, String>),
    /// To [`Effect::Look`]: the files that may be others by now.
    Looked(Vec<Sight>),
    /// To [`Effect::Write`]: the revision that was written, and what the file is now.
    Written(PathBuf, usize, Result<Seen, Unwritten>),
    /// To [`Effect::WriteCopies`]: the folder.
    Copied(Copies, Result<PathBuf, String>),
    /// After the files, what was not saved of them when the program last ended, and of which of them
    /// another program keeps the drafts.
    Drafts {
        /// The texts that were not saved.
        found: Vec<Draft>,
        /// The files that another program has open.
        elsewhere: Vec<PathBuf>,
    },
    /// To [`Effect::ListFolder`].
    Folder(PathBuf, Result<Vec<Entry>, String>),
}

/// The text of a file that was not saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Which file.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

/// A file that was read, or why it could not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRead {
    /// Which.
    pub path: PathBuf,
    /// Its text.
    pub text: Result<String, String>,
    /// What it was then; nothing when it is not there.
    pub seen: Option<Seen>,
}

/// Files that are to be opened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Opening {
    /// The folder or the file.
    pub path: PathBuf,
    /// The calculation that they are of, when they are only to be looked at.
    pub recorded: Option<Recorded>,
    /// Which question it is; only the answer to the last one is taken.
    pub number: u64,
}

/// What is known of a file that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Which.
    pub path: PathBuf,
    /// Its stamp; nothing when it was not there.
    pub stamp: Option<Stamp>,
    /// To know an answer that is too late.
    pub generation: u64,
    /// Whether it is read even when its stamp is the same.
    pub is_forced: bool,
}

/// A file that may be another by now, and the generation that was asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// What it is now.
    pub file: FileRead,
    /// What the question knew of it.
    pub generation: u64,
}

/// A text that is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writing {
    /// The file.
    pub path: PathBuf,
    /// The revision of the text.
    pub revision: usize,
    /// The text.
    pub text: String,
    /// What the file must be, or it is not written; nothing when it must not be there.
    pub expected: Option<Seen>,
}

/// Why a text is not written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unwritten {
    /// The file is another than was expected.
    Differs(Box<FileRead>),
    /// It cannot be done.
    Failed(String),
}

/// Copies that are to be made of what is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copies {
    /// The folder, as it was typed.
    pub folder: String,
    /// Names and texts.
    pub files: Vec<(String, String)>,
    /// Whether the copies are to be edited then.
    pub opens: bool,
}

/// An entry of a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Whether it is a file; folders stand first.
    pub is_file: bool,
    /// Its name.
    pub name: String,
}

/// What the server says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServerInfo {
    /// Its version.
    pub version: String,
    /// The methods that it serves.
    pub methods: BTreeSet<String>,
}

/// An answer, or why there is none.
#[derive(Debug)]
pub enum Reply {
    /// To [`Call::List`].
    List(Result<JobsPage, Fault>),
    /// To [`Call::Get`].
    Get(Result<Box<JobDetail>, Fault>),
    /// To [`Call::Glance`] at this job.
    Glance(i64, Result<Box<JobDetail>, Fault>),
    /// To [`Call::Inputs`] of this job.
    Inputs(i64, Result<Box<JobDetail>, Fault>),
    /// To [`Call::Tree`] of this job.
    Tree(i64, Result<TreeNode, Fault>),
    /// To [`Call::Submit`].
    Submit(Result<Submitted, Fault>),
    /// To [`Call::Restart`] of this job.
    Restarted(i64, Result<Submitted, Fault>),
    /// To [`Call::Pane`] with the convergence of this job.
    Convergence(i64, Result<ConvergenceOfJob, Fault>),
    /// To [`Call::Pane`] with the log of this job.
    Said(i64, Result<JobLog, Fault>),
    /// To [`Call::Pane`] with the files of this job.
    Files(i64, Result<JobFiles, Fault>),
    /// To [`Call::Pane`] with the bands of this job.
    Bands(i64, Result<BandsOfJob, Fault>),
    /// To [`Call::ReadFile`] of this job.
    File(i64, Result<FilePart, Fault>),
    /// To [`Call::Control`].
    Controlled(Verb, i64, Result<Controlled, Fault>),
    /// To [`Call::Delete`].
    Deleted(i64, Result<Deleted, Fault>),
    /// To [`Call::Label`].
    Labelled(Result<Box<JobRow>, Fault>),
    /// To [`Call::Diff`].
    Diff(Result<JobDifferences, Fault>),
    /// To [`Call::Watch`].
    Watching(Result<Watching, Fault>),
    /// To [`Call::Status`] and [`Call::Repair`].
    Status(Result<Box<EngineStatus>, Fault>),
    /// To [`Call::Preview`].
    Preview(Result<Box<PreviewedInputs>, Fault>),
    /// To [`Call::Check`].
    Check(Result<InputRemarks, Fault>),
    /// To [`Call::Templates`].
    Templates(Result<Templates, Fault>),
    /// To [`Call::Template`] of this name.
    Template(String, Result<Box<TemplateDetails>, Fault>),
    /// To [`Call::Potcars`].
    Potcars(Box<PotcarsStatusParams>, Result<PotcarNeeds, Fault>),
    /// To [`Call::Codes`].
    Codes(Result<Codes, Fault>),
    /// To [`Call::Complete`].
    Complete(At, Result<Vec<Proposal>, Fault>),
    /// To [`Call::Explain`].
    Explain(At, Result<Option<Hover>, Fault>),
    /// To [`Call::Fixes`].
    Fixes(At, Result<Vec<Action>, Fault>),
    /// To [`Call::Format`].
    Format(At, Result<Vec<TextEdit>, Fault>),
    /// To [`Call::Define`].
    Define(At, Result<Vec<Target>, Fault>),
}

/// A question for the server.
#[derive(Debug, Clone, PartialEq)]
pub enum Call {
    /// A page of jobs.
    List(Box<JobsListParams>),
    /// One job.
    Get(JobsGetParams),
    /// One job, for the pane beside the list.
    Glance(i64),
    /// One job, for the input files of its steps.
    Inputs(i64),
    /// The steps of a job.
    Tree(i64),
    /// A new job.
    Submit(Box<JobsSubmitParams>),
    /// A side of a job.
    Pane(Pane, i64),
    /// A part of a file of a job.
    ReadFile(i64, JobsReadParams),
    /// A job is to end, to pause or to go on.
    Control(Verb, i64),
    /// A job is to be removed for good.
    Delete(i64),
    /// A job is to have another label.
    Label(JobsLabelParams),
    /// A job is to go on from where another ended.
    Restart(Box<JobsRestartParams>),
    /// What two jobs were given differently.
    Diff(JobsDiffParams),
    /// Changes of jobs are to be told.
    Watch,
    /// How the engine is.
    Status,
    /// The engine is to be repaired.
    Repair,
    /// The inputs of a calculation.
    Preview(Box<InputsPreviewParams>),
    /// What there is to say about the inputs of a calculation.
    Check(Box<InputsCheckParams>),
    /// The templates there are.
    Templates,
    /// All about one template.
    Template(String),
    /// The POTCARs that a calculation needs.
    Potcars(Box<PotcarsStatusParams>),
    /// The codes there are.
    Codes,
    /// What can be written at a place.
    Complete(At),
    /// What stands at a place.
    Explain(At),
    /// What can be mended in a span.
    Fixes(At, Span),
    /// The document in order.
    Format(At),
    /// Where that is which a place speaks of.
    Define(At),
}

/// What a job is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// To end.
    Cancel,
    /// To pause.
    Pause,
    /// To go on.
    Resume,
}

/// What the model wants to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask the server.
    Call(Call),
    /// Tell the server about a document.
    Tell(Sync),
    /// Send [`Msg::Refresh`] after this time.
    RefreshIn(Duration),
    /// Send [`Msg::Restart`] after this time.
    RestartIn(Duration),
    /// Send [`Msg::Glance`] after this time, and not after the one that was asked for before.
    GlanceIn(Duration),
    /// Send [`Msg::LookAtEngine`] after this time, and not after the one that was asked for before.
    StatusIn(Duration),
    /// Start the server again.
    Restart,
    /// Read files, or the input files of a folder.
    ReadFiles(Opening),
    /// See which of these files are others by now.
    Look(Vec<Known>),
    /// Write a text to a file, unless the file is another than is expected.
    Write(Writing),
    /// Write copies into a folder, over nothing that differs.
    WriteCopies(Copies),
    /// List a folder.
    ListFolder(PathBuf),
    /// Put a text on the clipboard of the terminal.
    Copy(String),
    /// Tell the terminal's user, who may look elsewhere.
    Notify(String),
    /// Paint everything again.
    Redraw,
    /// Stop until the shell calls.
    Suspend,
    /// End the program.
    Quit,
}
