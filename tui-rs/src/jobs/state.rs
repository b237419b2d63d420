//! The jobs known, and which of them is selected.

use std::collections::{BTreeMap, HashSet};

use super::arrange::{Filter, Order, arrange};
use super::lines::{Line, Lines};
use super::row::Row;
use super::tree::{Fold, Step, Trees};
use crate::api::wire::{Fault, JobState};
use crate::msg::Call;

/// The jobs, newest first, and what of them is shown in which order. The selection is a job or a step
/// of one, not a place in the list.
#[derive(Debug, Default)]
pub struct JobList {
    pub(super) rows: Vec<Row>,
    /// The rows that are shown, unless it is all of them as they are.
    pub(super) shown: Option<Vec<u32>>,
    pub(super) filter: Filter,
    pub(super) order: Order,
    pub(super) selected: Option<i64>,
    /// The step of the selected job that is selected.
    step: Option<i64>,
    pub(super) marked: HashSet<i64>,
    /// The steps of jobs.
    pub trees: Trees,
    lines: Lines,
    /// The first row on the screen.
    pub top: usize,
    /// Whether the list was ever complete.
    pub loaded: bool,
    /// Whether an answer is awaited.
    pub pending: bool,
    /// Why the last look failed.
    pub failure: Option<Fault>,
    pub(super) ended: Vec<(i64, JobState)>,
    pub(super) counts: BTreeMap<&'static str, usize>,
}

impl JobList {
    /// How many jobs are known.
    #[must_use]
    pub fn n_known(&self) -> usize {
        self.rows.len()
    }

    /// How many lines are shown: jobs and steps.
    #[must_use]
    pub fn len(&self) -> usize {
        self.n_shown() + self.lines.n_steps()
    }

    /// How many jobs are shown.
    #[must_use]
    pub fn n_shown(&self) -> usize {
        self.shown.as_ref().map_or(self.rows.len(), Vec::len)
    }

    /// Whether no line is shown.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What a line shows.
    #[must_use]
    pub fn line(&self, index: usize) -> Option<Line<'_>> {
        let (shown, step) = self.lines.at(index);
        let row = self.row(shown)?;
        match step {
            None => Some(Line::Job(row)),
            Some(step) => Some(Line::Step(row, self.trees.lines(row.id).get(step)?)),
        }
    }

    /// The job that is shown at a place among the jobs.
    fn row(&self, shown: usize) -> Option<&Row> {
        match &self.shown {
            Some(places) => self.rows.get(usize::try_from(*places.get(shown)?).ok()?),
            None => self.rows.get(shown),
        }
    }

    /// The job of a number.
    #[must_use]
    pub fn find(&self, id: i64) -> Option<&Row> {
        self.rows.get(self.place_of(id)?)
    }

    pub(super) fn place_of(&self, id: i64) -> Option<usize> {
        // Newest first, so the ids fall.
        self.rows.binary_search_by(|row| id.cmp(&row.id)).ok()
    }

    /// Where a job is shown among the jobs.
    fn shown_place(&self, id: i64) -> Option<usize> {
        let place = self.place_of(id)?;
        let Some(shown) = &self.shown else { return Some(place) };
        let place = u32::try_from(place).ok()?;
        if self.order.is_default() {
            shown.binary_search(&place).ok()
        } else {
            shown.iter().position(|other| *other == place)
        }
    }

    /// The line of the selected job or step.
    #[must_use]
    pub fn selected_index(&self) -> Option<usize> {
        let job = self.selected?;
        let line = self.lines.of_job(self.shown_place(job)?);
        let steps = self.trees.lines(job);
        let step = self.step.and_then(|id| steps.iter().position(|step| step.id == id));
        Some(line + step.map_or(0, |index| index + 1))
    }

    /// The selected job, or the one whose step is selected.
    #[must_use]
    pub fn selected(&self) -> Option<&Row> {
        match self.line(self.selected_index()?)? {
            Line::Job(row) | Line::Step(row, _) => Some(row),
        }
    }

    /// The selected step, when it is one.
    #[must_use]
    pub fn selected_step(&self) -> Option<&Step> {
        match self.line(self.selected_index()?)? {
            Line::Job(_) => None,
            Line::Step(_, step) => Some(step),
        }
    }

    /// The number of the selected process: of the job or of its step.
    #[must_use]
    pub fn selected_id(&self) -> Option<i64> {
        self.selected_step().map(|step| step.id).or_else(|| self.selected().map(|row| row.id))
    }

    /// Whether a job in the list may still change by itself.
    #[must_use]
    pub fn has_active(&self) -> bool {
        self.rows.iter().any(|row| row.state.is_active())
    }

    /// Select a job, whether it is in the list yet or not.
    pub fn select(&mut self, id: i64) {
        self.selected = Some(id);
        self.step = None;
    }

    /// Select what a line shows.
    pub fn select_index(&mut self, index: usize) {
        let (job, step) = match self.line(index) {
            None => return,
            Some(Line::Job(row)) => (row.id, None),
            Some(Line::Step(row, step)) => (row.id, Some(step.id)),
        };
        (self.selected, self.step) = (Some(job), step);
    }

    /// Show what is below the selected job or step, or go there when it is shown.
    pub fn unfold(&mut self) -> Option<Call> {
        let job = self.selected()?.id;
        let (fold, id, has_steps) = match self.selected_step() {
            None => (self.trees.fold(job), job, true),
            Some(step) => {
                (if step.is_open { Fold::Open } else { Fold::Closed }, step.id, step.has_steps)
            }
        };
        let mut call = None;
        match fold {
            Fold::Open => self.move_by(1),
            Fold::Closed if id == job => call = self.trees.open_job(job),
            Fold::Closed if has_steps => self.trees.set_open(job, id, true),
            Fold::Closed | Fold::Loading => {}
        }
        self.measure();
        call
    }

    /// Hide what is below the selected job or step, or go to what it is below of.
    pub fn fold(&mut self) {
        let Some(job) = self.selected().map(|row| row.id) else { return };
        match self.selected_step().map(|step| (step.id, step.above, step.is_open)) {
            None => self.trees.set_open(job, job, false),
            Some((id, _, true)) => self.trees.set_open(job, id, false),
            Some((_, above, false)) => self.step = (above != job).then_some(above),
        }
        self.measure();
    }

    /// Note that other lines are shown.
    pub fn measure(&mut self) {
        let open: Vec<(usize, usize)> = self
            .trees
            .open_jobs()
            .filter_map(|job| Some((self.shown_place(job)?, self.trees.lines(job).len())))
            .collect();
        self.lines = Lines::new(open);
    }

    /// Move the selection by so many rows, as far as there are any.
    pub fn move_by(&mut self, rows: isize) {
        let from = self.selected_index().unwrap_or(0);
        let last = self.len().saturating_sub(1);
        self.select_index(from.saturating_add_signed(rows).min(last));
    }

    /// Select the first or the last row.
    pub fn move_to_end(&mut self, last: bool) {
        let index = if last { self.len().saturating_sub(1) } else { 0 };
        self.select_index(index);
    }

    /// What is shown of the jobs.
    #[must_use]
    pub const fn filter(&self) -> &Filter {
        &self.filter
    }

    /// In which order.
    #[must_use]
    pub const fn order(&self) -> Order {
        self.order
    }

    /// Show only what a filter lets through.
    pub fn set_filter(&mut self, filter: Filter) {
        self.filter = filter;
        self.arrange();
    }

    /// Show the jobs in another order.
    pub fn set_order(&mut self, order: Order) {
        self.order = order;
        self.arrange();
    }

    fn arrange(&mut self) {
        self.shown = arrange(&self.rows, &self.filter, self.order);
        self.measure();
        if self.selected_index().is_none() && self.loaded {
            self.move_to_end(false);
        }
    }

    /// The marked jobs.
    #[must_use]
    pub const fn marked(&self) -> &HashSet<i64> {
        &self.marked
    }

    /// Mark the selected job, or unmark it, and go to the next one.
    pub fn toggle_mark(&mut self) {
        if let Some(id) = self.selected().map(|row| row.id) {
            if !self.marked.remove(&id) {
                self.marked.insert(id);
            }
            self.move_by(1);
        }
    }

    /// Mark all rows that are shown; when all are marked, unmark them.
    pub fn toggle_all_marks(&mut self) {
        let shown: Vec<i64> =
            (0..self.n_shown()).filter_map(|place| self.row(place)).map(|row| row.id).collect();
        if shown.iter().all(|id| self.marked.contains(id)) {
            self.marked.clear();
        } else {
            self.marked.extend(shown);
        }
    }

    /// Forget the marks.
    pub fn unmark(&mut self) {
        self.marked.clear();
    }

    /// What an action acts on: the marked jobs, or the selected one.
    #[must_use]
    pub fn targets(&self) -> Vec<i64> {
        if self.marked.is_empty() {
            return self.selected().map(|row| row.id).into_iter().collect();
        }
        let mut ids: Vec<i64> = self.marked.iter().copied().collect();
        ids.sort_unstable();
        ids
    }

    /// How many jobs there are of each state.
    #[must_use]
    pub const fn counts(&self) -> &BTreeMap<&'static str, usize> {
        &self.counts
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
