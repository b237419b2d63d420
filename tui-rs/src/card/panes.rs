//! What there is to see of a job beside its card.

use crate::api::loaded::Loaded;
use crate::api::wire::{BandsOfJob, ConvergenceOfJob, FilePart, JobFiles, JobLog};
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
    /// The part of a file that is read.
    pub file: Option<Loaded<FilePart>>,
    /// Which file is selected.
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
        self.file = None;
    }

    /// Note how many files there are, so that one of them is selected.
    pub fn move_by(&mut self, rows: isize) {
        let count = self.files.known().map_or(0, |files| files.files.len());
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
