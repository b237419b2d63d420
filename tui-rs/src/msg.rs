//! What can happen to the model, and what it can ask for.

use std::time::Duration;

use crossterm::event::KeyEvent;

use crate::api::wire::{
    Fault, JobDetail, JobsGetParams, JobsListParams, JobsPage, JobsSubmitParams, Submitted,
};

/// Something that happened.
#[derive(Debug)]
pub enum Msg {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(String),
    /// The terminal has another size, or must be painted again.
    Resize,
    /// The server answered the greeting.
    Ready(ServerInfo),
    /// The server cannot be talked with.
    Refused(Fault),
    /// The server is gone.
    Lost(String),
    /// The server answered a call.
    Reply(Reply),
    /// The server, or the conversation with it, has something for the log.
    Log(String),
    /// The time to look again has come.
    Refresh,
}

/// What the server says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerInfo {
    /// Its version.
    pub version: String,
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
}

/// What the model wants to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask the server.
    Call(Call),
    /// Send [`Msg::Refresh`] after this time.
    RefreshIn(Duration),
    /// Start the server again.
    Restart,
    /// End the program.
    Quit,
}
