//! One job: its steps and its result.

pub mod view;

use crate::api::wire::{Fault, JobDetail, JobsGetParams};

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
    /// The first line on the screen.
    pub top: usize,
}

impl Card {
    /// Open a job.
    pub fn open(&mut self, id: i64) -> JobsGetParams {
        *self = Self { id, pending: true, ..Self::default() };
        JobsGetParams { id: id.into() }
    }

    /// Look again; nothing when an answer is awaited already, or when nothing can change any more.
    pub fn refresh(&mut self) -> Option<JobsGetParams> {
        let is_active = self.detail.as_ref().is_none_or(|detail| detail.job.state.is_active());
        if self.pending || !is_active {
            return None;
        }
        self.pending = true;
        Some(JobsGetParams { id: self.id.into() })
    }

    /// Move by lines; painting stops at the last one.
    pub fn move_by(&mut self, lines: isize) {
        let count = self.detail.as_ref().map_or(0, |detail| view::n_lines(detail));
        self.top = self.top.saturating_add_signed(lines).min(count.saturating_sub(1));
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
