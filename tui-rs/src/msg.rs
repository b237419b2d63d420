//! What can happen to the model, and what it can ask for.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crossterm::event::KeyEvent;

use crate::api::wire::{
    Fault, JobDetail, JobsGetParams, JobsListParams, JobsPage, JobsSubmitParams, Submitted,
};
use crate::lsp::types::{Action, At, Hover, Proposal, Published, Span, Sync, TextEdit};

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
    /// The server found something in a document.
    Diagnostics(Published),
    /// The server, or the conversation with it, has something for the log.
    Log(String),
    /// The time to look again has come.
    Refresh,
    /// The time to start the server again has come.
    Restart,
    /// What was asked of the disk.
    Disk(Disk),
}

/// What the disk said.
#[derive(Debug)]
pub enum Disk {
    /// To [`Effect::ReadFiles`]: each file that could be read, and why others could not.
    Files(PathBuf, Result<Vec<FileRead>, String>),
    /// To [`Effect::Write`]: the revision that was written.
    Written(PathBuf, usize, Result<(), String>),
    /// To [`Effect::ListFolder`].
    Folder(PathBuf, Result<Vec<Entry>, String>),
}

/// A file that was read, or why it could not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRead {
    /// Which.
    pub path: PathBuf,
    /// Its text.
    pub text: Result<String, String>,
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
    /// To [`Call::Submit`].
    Submit(Result<Submitted, Fault>),
    /// To [`Call::Complete`].
    Complete(At, Result<Vec<Proposal>, Fault>),
    /// To [`Call::Explain`].
    Explain(At, Result<Option<Hover>, Fault>),
    /// To [`Call::Fixes`].
    Fixes(At, Result<Vec<Action>, Fault>),
    /// To [`Call::Format`].
    Format(At, Result<Vec<TextEdit>, Fault>),
}

/// A question for the server.
#[derive(Debug, Clone, PartialEq)]
pub enum Call {
    /// A page of jobs.
    List(JobsListParams),
    /// One job.
    Get(JobsGetParams),
    /// A new job.
    Submit(Box<JobsSubmitParams>),
    /// What can be written at a place.
    Complete(At),
    /// What stands at a place.
    Explain(At),
    /// What can be mended in a span.
    Fixes(At, Span),
    /// The document in order.
    Format(At),
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
    /// Start the server again.
    Restart,
    /// Read files, or the input files of a folder.
    ReadFiles(PathBuf),
    /// Write a text, which has this revision, to a file.
    Write(PathBuf, usize, String),
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
