//! The whole state of the program.

use std::collections::VecDeque;

use crate::api::wire::Fault;
use crate::awaited::Awaited;
use crate::card::Card;
use crate::config::Config;
use crate::create::Form;
use crate::editor::Editor;
use crate::health::Health;
use crate::jobs::{Glance, JobList, Restarts};
use crate::keymap::Scope;
use crate::msg::ServerInfo;
use crate::overlay::Overlay;
use crate::overlay::chooser::Purpose;
use crate::rpc::backoff::Backoff;
use crate::search::Search;
use crate::templates::Browser;
use crate::widget::input::Input;

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
    /// The editor of input files.
    Editor,
    /// The catalogue of templates.
    Templates,
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
    /// It died and is started again in a moment.
    Waiting(String),
    /// It is gone, and stays so until the user wants it.
    Lost(String),
}

/// A sentence for the line above the keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// Something went well.
    Done(String),
    /// Something happened by itself; it stays while text is written, for nobody waited for it.
    News(String),
    /// Something did not, with the next thing to do.
    Failed {
        /// What failed.
        message: String,
        /// What to do.
        hint: String,
    },
}

impl Notice {
    /// Something did not go well.
    #[must_use]
    pub fn failed(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Failed { message: message.into(), hint: hint.into() }
    }
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
    /// What the user has set.
    pub config: Config,
    /// The columns and the rows of the terminal.
    pub size: (u16, u16),
    /// How it stands with the server.
    pub link: Link,
    /// How the engine is.
    pub health: Health,
    /// Whether the server tells of changes by itself.
    pub watching: bool,
    /// How often it died.
    pub backoff: Backoff,
    /// What is on the screen.
    pub screen: Screen,
    /// What stands above it.
    pub overlay: Option<Overlay>,
    /// The jobs.
    pub jobs: JobList,
    /// The selected job, for the pane beside the list.
    pub glance: Glance,
    /// The filter of the jobs, while it is written.
    pub filtering: Option<Input>,
    /// The new calculation.
    pub form: Form,
    /// Other forms that are filled and not submitted yet; the last one was put aside last.
    pub forms_aside: Vec<Form>,
    /// The catalogue of templates.
    pub templates: Browser,
    /// The job that is open.
    pub card: Card,
    /// The input files that are edited.
    pub editor: Editor,
    /// What is looked for in what is read.
    pub search: Search,
    /// The job that is to be asked for again with changes, once it is known what it was.
    pub resubmitting: Option<i64>,
    /// The jobs that are being restarted.
    pub restarts: Restarts,
    /// The job that was made last from here.
    pub made: Option<i64>,
    /// What the user waits for and has done nothing since.
    pub awaited: Option<Awaited>,
    /// What a file is being chosen for.
    pub browsing: Purpose,
    /// What was last told to the user.
    pub notice: Option<Notice>,
    /// The last lines of the server's log.
    pub log: VecDeque<String>,
}

impl Model {
    /// A program that has just been started.
    #[must_use]
    pub fn new(config: Config, size: (u16, u16)) -> Self {
        Self { config, size, ..Self::default() }
    }

    /// Keep a line of the log, and forget the oldest.
    pub fn log(&mut self, line: String) {
        if self.log.len() >= LOG_LINES {
            self.log.pop_front();
        }
        self.log.push_back(line);
    }

    /// Where keys have a meaning now, the innermost place first.
    #[must_use]
    pub fn scopes(&self) -> &'static [Scope] {
        match (&self.overlay, self.screen) {
            (Some(Overlay::Chooser(_)), _) => &[Scope::Chooser, Scope::Anywhere],
            (Some(Overlay::Reader(_)), _) | (None, Screen::Card) if self.search.input.is_some() => {
                &[Scope::Form, Scope::Anywhere]
            }
            (Some(Overlay::Reader(_)), _) if self.search.is_on() => {
                &[Scope::Found, Scope::Reader, Scope::Anywhere]
            }
            (Some(Overlay::Reader(_)), _) => &[Scope::Reader, Scope::Anywhere],
            (Some(Overlay::Question(_)), _) => &[Scope::Question, Scope::Anywhere],
            (None, Screen::Jobs) if self.filtering.is_some() => &[Scope::Form, Scope::Anywhere],
            (None, Screen::Jobs) => {
                &[Scope::Jobs, Scope::Job, Scope::List, Scope::Screen, Scope::Anywhere]
            }
            (None, Screen::Card) if self.search.is_on() => &[
                Scope::Found,
                Scope::Card,
                Scope::Job,
                Scope::List,
                Scope::Screen,
                Scope::Anywhere,
            ],
            (None, Screen::Card) => {
                &[Scope::Card, Scope::Job, Scope::List, Scope::Screen, Scope::Anywhere]
            }
            (Some(Overlay::Sheet(_)), _) => &[Scope::Sheet, Scope::Anywhere],
            (Some(Overlay::Prompt(_)), _) => &[Scope::Form, Scope::Anywhere],
            (None, Screen::Create) => &[Scope::Create, Scope::Form, Scope::Anywhere],
            (None, Screen::Templates) if self.templates.searching.is_some() => {
                &[Scope::Form, Scope::Anywhere]
            }
            (None, Screen::Templates) => {
                &[Scope::Templates, Scope::List, Scope::Screen, Scope::Anywhere]
            }
            // Who waits for the files may be writing already.
            (None, Screen::Editor) if self.editor.documents.is_empty() && !self.editor.loading => {
                &[Scope::Editor, Scope::Screen, Scope::Anywhere]
            }
            (None, Screen::Editor) => &[Scope::Editor, Scope::Anywhere],
        }
    }

    /// Whether the server serves a method.
    #[must_use]
    pub fn serves(&self, method: &str) -> bool {
        matches!(&self.link, Link::Ready(server) if server.methods.contains(method))
    }

    /// What would be lost if the program ended now, in words.
    #[must_use]
    pub fn unsaved(&self) -> Option<String> {
        let names = self.editor.unsaved();
        let text = (!names.is_empty()).then(|| format!("{} not saved.", names.join(", ")));
        let forms = self.forms_aside.iter().chain([&self.form]);
        let n_forms = forms.filter(|form| form.has_content()).count();
        let form = match n_forms {
            _ if self.form.pending => Some("A submit is not answered yet.".to_owned()),
            0 => None,
            1 => Some("The new calculation is not submitted.".to_owned()),
            count => Some(format!("{count} new calculations are not submitted.")),
        };
        text.into_iter().chain(form).reduce(|one, other| format!("{one} {other}"))
    }

    /// Take in that the user did something: from now on this alone is waited for.
    pub fn wait_only_for(&mut self, awaited: Option<Awaited>) {
        self.awaited = awaited;
        if awaited.is_none() {
            self.form.choosing = None;
        }
    }
}
