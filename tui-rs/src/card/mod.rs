//! One job: its result, its steps, how it converges, its log, files and bands.

pub mod facts;
pub mod file;
pub mod panes;
pub mod plot;
pub mod view;

use crate::api::wire::{Fault, JobDetail, JobsGetParams};
use crate::msg::Call;

pub use panes::{Pane, Panes};

/// The job that is open.
#[derive(Debug, Default)]
pub struct Card {
    /// Its number.
    pub id: i64,
    /// What is known about it.
    pub detail: Option<Box<JobDetail>>,
    /// Whether an answer is awaited.
    pub pending: bool,
    /// Why the last look failed.
    pub failure: Option<Fault>,
    /// Which side is shown.
    pub pane: Pane,
    /// What is known of the other sides.
    pub panes: Panes,
    /// The first line on the screen.
    pub top: usize,
    /// Whether the end of the file is gone to once it has come.
    pub at_end: bool,
    /// Whether the line of the error is looked for once the log has come.
    pub seeks_error: bool,
}

impl Card {
    /// Open a job.
    pub fn open(&mut self, id: i64) -> JobsGetParams {
        *self = Self { id, pending: true, ..Self::default() };
        JobsGetParams { id: id.into() }
    }

    /// Look again; nothing when an answer is awaited already, or when nothing can change any more.
    pub fn refresh(&mut self) -> Vec<Call> {
        let is_active = self.detail.as_ref().is_none_or(|detail| detail.job.state.is_active());
        let mut calls: Vec<Call> =
            self.panes.ask(self.pane, self.id, is_active).into_iter().collect();
        if !self.pending && is_active {
            self.pending = true;
            calls.push(Call::Get(JobsGetParams { id: self.id.into() }));
        }
        calls
    }

    /// Look again at all that is shown, whether it may have changed or not.
    pub fn look_again(&mut self) -> Vec<Call> {
        let mut calls: Vec<Call> = self.panes.ask(self.pane, self.id, true).into_iter().collect();
        if !std::mem::replace(&mut self.pending, true) {
            calls.push(Call::Get(JobsGetParams { id: self.id.into() }));
        }
        calls
    }

    /// Whether it is known to be able to change by itself.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.detail.as_ref().is_some_and(|detail| detail.job.state.is_active())
    }

    /// Go to another side of the job.
    pub fn next_pane(&mut self, forward: bool, serves: impl Fn(&str) -> bool) -> Option<Call> {
        let shown: Vec<Pane> = Pane::ALL
            .iter()
            .filter(|(pane, _, method)| *pane == Pane::Card || serves(method))
            .map(|(pane, _, _)| *pane)
            .collect();
        let here = shown.iter().position(|pane| *pane == self.pane).unwrap_or(0);
        let step = if forward { 1 } else { shown.len().saturating_sub(1) };
        self.pane = shown.get((here + step) % shown.len().max(1)).copied().unwrap_or_default();
        self.top = 0;
        self.panes.ask(self.pane, self.id, false)
    }

    /// Move by lines, or by files; painting stops at the last one.
    pub fn move_by(&mut self, lines: isize, width: u16) {
        if self.pane == Pane::Files && self.panes.file.is_none() {
            self.panes.move_by(lines);
            return;
        }
        let count = match (self.pane, &self.panes.file) {
            (Pane::Files, Some(file)) => file.lines.len(),
            _ => view::lines(self, width).len(),
        };
        self.top = self.top.saturating_add_signed(lines).min(count.saturating_sub(1));
    }

    /// The server that was asked is gone.
    pub fn forget_questions(&mut self) {
        self.pending = false;
        self.panes.forget_questions();
    }

    /// Show a side of the job.
    pub fn show(&mut self, pane: Pane) -> Option<Call> {
        self.pane = pane;
        self.top = 0;
        self.panes.file = None;
        self.panes.ask(pane, self.id, false)
    }

    /// Whether its numbers are not those of VASP.
    #[must_use]
    pub fn is_standin(&self) -> bool {
        self.detail.as_ref().is_some_and(|detail| detail.card.standin == Some(true))
    }

    /// Take an answer in; tells whether anything changed.
    pub fn take(&mut self, answer: Result<Box<JobDetail>, Fault>) -> bool {
        match answer {
            Ok(detail) if detail.job.id != self.id => false,
            Ok(detail) => {
                self.pending = false;
                self.failure = None;
                let changed = self.detail.as_ref() != Some(&detail);
                self.detail = Some(detail);
                changed
            }
            Err(fault) => {
                self.pending = false;
                self.failure = Some(fault);
                true
            }
        }
    }
}
