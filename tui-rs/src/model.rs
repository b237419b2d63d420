//! The whole state of the program.

use std::collections::VecDeque;

use crate::api::wire::Fault;
use crate::card::Card;
use crate::create::Form;
use crate::jobs::JobList;
use crate::msg::ServerInfo;

const LOG_LINES: usize = 2000;

/// What is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Screen {
    /// The list of jobs.
    #[default]
    Jobs,
    /// A new calculation.
    Create,
    /// One job.
    Card,
}

/// How it stands with the server.
#[derive(Debug, Default)]
pub enum Link {
    /// It has been started and did not answer yet.
    #[default]
    Starting,
    /// It serves.
    Ready(ServerInfo),
    /// It answered, but cannot be talked with.
    Refused(Fault),
    /// It is gone.
    Lost(String),
}

/// A sentence for the line above the keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// Something went well.
    Done(String),
    /// Something did not, with the next thing to do.
    Failed {
        /// What failed.
        message: String,
        /// What to do.
        hint: String,
    },
}

impl From<Fault> for Notice {
    fn from(fault: Fault) -> Self {
        let hint = fault.hint().to_owned();
        Self::Failed { message: fault.message, hint }
    }
}

/// The state; only [`crate::update::update`] changes it.
#[derive(Debug, Default)]
pub struct Model {
    /// How it stands with the server.
    pub link: Link,
    /// What is on the screen.
    pub screen: Screen,
    /// The jobs.
    pub jobs: JobList,
    /// The new calculation.
    pub form: Form,
    /// The job that is open.
    pub card: Card,
    /// What was last told to the user.
    pub notice: Option<Notice>,
    /// The last lines of the server's log.
    pub log: VecDeque<String>,
}

impl Model {
    /// Keep a line of the log, and forget the oldest.
    pub fn log(&mut self, line: String) {
        if self.log.len() >= LOG_LINES {
            self.log.pop_front();
        }
        self.log.push_back(line);
    }
}
