//! What there is to see of a job beside its card.

use super::file::OpenFile;
use crate::api::loaded::Loaded;
use crate::api::wire::{BandsOfJob, ConvergenceOfJob, FileRow, JobFiles, JobLog};
use crate::msg::Call;

/// A side of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pane {
    /// Its result and its steps.
    #[default]
    Card,
    /// How it converges.
    Convergence,
    /// What the engine and the program had to say.
    Log,
    /// Its files.
    Files,
    /// Its band structure.
    Bands,
}

impl Pane {
    /// All panes in the order of the screen, with the methods that fill them.
    pub const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Card, "Card", "jobs.get"),
        (Self::Convergence, "Convergence", "results.convergence"),
        (Self::Log, "Log", "jobs.log"),
        (Self::Files, "Files", "jobs.files"),
        (Self::Bands, "Bands", "results.bands"),
    ];
}

/// What is known of each.
#[derive(Debug, Default)]
pub struct Panes {
    /// How it converges.
    pub convergence: Loaded<ConvergenceOfJob>,
    /// What was said.
    pub log: Loaded<JobLog>,
    /// Its files.
    pub files: Loaded<JobFiles>,
    /// The bands.
    pub bands: Loaded<BandsOfJob>,
    /// The file that is read.
    pub file: Option<OpenFile>,
    /// What the names of the files must contain to be listed, in lower case.
    pub filter: String,
    /// Which of the listed files is selected.
    pub selected: usize,
}

impl Panes {
    /// The question that fills a pane; `again` asks for what is known too, for it may have changed.
    pub fn ask(&mut self, pane: Pane, id: i64, again: bool) -> Option<Call> {
        let wanted = match pane {
            Pane::Card => return None,
            Pane::Convergence => wants(&mut self.convergence, again),
            Pane::Log => wants(&mut self.log, again),
            Pane::Files => wants(&mut self.files, again),
            Pane::Bands => wants(&mut self.bands, again),
        };
        wanted.then_some(Call::Pane(pane, id))
    }

    /// The server that was asked is gone.
    pub fn forget_questions(&mut self) {
        self.convergence.forget_question();
        self.log.forget_question();
        self.files.forget_question();
        self.bands.forget_question();
        if let Some(file) = &mut self.file {
            file.forget_question();
        }
    }

    /// The files that are listed.
    #[must_use]
    pub fn listed(&self) -> Vec<&FileRow> {
        let files = self.files.known().map(|found| found.files.as_slice()).unwrap_or_default();
        files.iter().filter(|file| file.name.to_lowercase().contains(&self.filter)).collect()
    }

    /// List only the files whose names contain a text.
    pub fn set_filter(&mut self, text: &str) {
        self.filter = text.to_lowercase();
        self.selected = 0;
    }

    /// Select another of the listed files.
    pub fn move_by(&mut self, rows: isize) {
        let count = self.listed().len();
        self.selected = self.selected.saturating_add_signed(rows).min(count.saturating_sub(1));
    }
}

fn wants<T: PartialEq>(loaded: &mut Loaded<T>, again: bool) -> bool {
    let wanted = match loaded {
        Loaded::Unknown => true,
        Loaded::Asked => false,
        Loaded::Known(_) | Loaded::Failed(_) => again,
    };
    if wanted {
        loaded.ask();
    }
    wanted
}
