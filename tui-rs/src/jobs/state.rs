//! The jobs known, and which of them is selected.

use std::collections::{BTreeMap, HashSet};

use super::arrange::{Filter, Order, arrange};
use super::row::Row;
use crate::api::wire::{Fault, JobState, JobsChanged, JobsListParams, JobsPage};

/// The jobs, newest first, and what of them is shown in which order. The selection is a job, not a
/// place in the list.
#[derive(Debug, Default)]
pub struct JobList {
    rows: Vec<Row>,
    /// The rows that are shown, unless it is all of them as they are.
    shown: Option<Vec<u32>>,
    filter: Filter,
    order: Order,
    selected: Option<i64>,
    marked: HashSet<i64>,
    /// The first row on the screen.
    pub top: usize,
    /// Whether the list was ever complete.
    pub loaded: bool,
    /// Whether an answer is awaited.
    pub pending: bool,
    /// Why the last look failed.
    pub failure: Option<Fault>,
    ended: Vec<(i64, JobState)>,
    counts: BTreeMap<&'static str, usize>,
}

impl JobList {
    /// How many jobs are known.
    #[must_use]
    pub fn n_known(&self) -> usize {
        self.rows.len()
    }

    /// How many rows are shown.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shown.as_ref().map_or(self.rows.len(), Vec::len)
    }

    /// Whether no row is shown.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row that is shown at a place.
    #[must_use]
    pub fn row(&self, index: usize) -> Option<&Row> {
        match &self.shown {
            Some(shown) => self.rows.get(usize::try_from(*shown.get(index)?).ok()?),
            None => self.rows.get(index),
        }
    }

    /// The job of a number.
    #[must_use]
    pub fn find(&self, id: i64) -> Option<&Row> {
        self.rows.get(self.place_of(id)?)
    }

    fn place_of(&self, id: i64) -> Option<usize> {
        // Newest first, so the ids fall.
        self.rows.binary_search_by(|row| id.cmp(&row.id)).ok()
    }

    /// Where the selected job is shown.
    #[must_use]
    pub fn selected_index(&self) -> Option<usize> {
        let place = self.place_of(self.selected?)?;
        match &self.shown {
            Some(shown) => {
                let place = u32::try_from(place).ok()?;
                if self.order.is_default() {
                    shown.binary_search(&place).ok()
                } else {
                    shown.iter().position(|other| *other == place)
                }
            }
            None => Some(place),
        }
    }

    /// The selected job.
    #[must_use]
    pub fn selected(&self) -> Option<&Row> {
        self.row(self.selected_index()?)
    }

    /// Whether a job in the list may still change by itself.
    #[must_use]
    pub fn has_active(&self) -> bool {
        self.rows.iter().any(|row| row.state.is_active())
    }

    /// Select a job, whether it is in the list yet or not.
    pub fn select(&mut self, id: i64) {
        self.selected = Some(id);
    }

    /// Select the row that is shown at a place.
    pub fn select_index(&mut self, index: usize) {
        if let Some(row) = self.row(index) {
            self.selected = Some(row.id);
        }
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
            (0..self.len()).filter_map(|index| self.row(index)).map(|row| row.id).collect();
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

    /// Begin to look from the newest job on; nothing when an answer is awaited already.
    pub fn refresh(&mut self) -> Option<JobsListParams> {
        if self.pending {
            return None;
        }
        self.pending = true;
        Some(JobsListParams::default())
    }

    /// Take a page in. Gives the next one to ask for while the list is not complete, and whether
    /// anything changed.
    pub fn take(&mut self, page: JobsPage) -> (Option<JobsListParams>, bool) {
        let changed = self
            .merge(page.jobs.into_iter().map(Row::from).collect(), page.next.is_none())
            || self.failure.is_some();
        self.failure = None;
        if self.selected.is_none() {
            self.move_to_end(false);
        }
        if let (Some(after), false) = (page.next, self.loaded) {
            return (
                Some(JobsListParams { after: Some(after), ..JobsListParams::default() }),
                changed,
            );
        }
        self.pending = false;
        let first_time = !std::mem::replace(&mut self.loaded, true);
        (None, changed || first_time)
    }

    /// Take over what the server told by itself; tells whether anything changed.
    pub fn apply(&mut self, changed: JobsChanged) -> bool {
        let mut any = false;
        for id in changed.removed {
            if let Some(place) = self.place_of(id) {
                self.rows.remove(place);
                self.marked.remove(&id);
                if self.selected == Some(id) {
                    let last = self.rows.len().saturating_sub(1);
                    self.selected = self.rows.get(place.min(last)).map(|row| row.id);
                }
                any = true;
            }
        }
        // While the list is being loaded, the pages still to come bring the new jobs.
        let jobs = if self.loaded { changed.jobs } else { Vec::new() };
        for job in jobs {
            any |= self.put(Row::from(job));
        }
        if any {
            self.rearrange();
        }
        any
    }

    fn put(&mut self, row: Row) -> bool {
        match self.rows.binary_search_by(|other| row.id.cmp(&other.id)) {
            Ok(place) => {
                let Some(before) = self.rows.get_mut(place).filter(|before| **before != row) else {
                    return false;
                };
                if before.state.is_active() && !row.state.is_active() {
                    self.ended.push((row.id, row.state));
                }
                *before = row;
            }
            Err(place) => self.rows.insert(place, row),
        }
        true
    }

    fn rearrange(&mut self) {
        self.shown = arrange(&self.rows, &self.filter, self.order);
        self.counts.clear();
        for row in &self.rows {
            *self.counts.entry(row.state.word()).or_default() += 1;
        }
        if self.selected.is_none() {
            self.move_to_end(false);
        }
    }

    /// Note that the look failed.
    pub fn fail(&mut self, fault: Fault) {
        self.pending = false;
        self.failure = Some(fault);
    }

    /// Replace the stretch of the list that a page covers; the last page reaches to the end.
    fn merge(&mut self, mut page: Vec<Row>, is_last: bool) -> bool {
        page.sort_by_key(|row| std::cmp::Reverse(row.id));
        let (Some(newest), Some(oldest)) = (page.first(), page.last()) else {
            return is_last && !self.loaded && !std::mem::take(&mut self.rows).is_empty();
        };
        // While the list is being loaded, a page begins where the one before ended.
        let newest = if self.loaded { i64::MAX } else { newest.id };
        let oldest = if is_last { i64::MIN } else { oldest.id };
        let begin = self.rows.partition_point(|row| row.id > newest);
        let end = self.rows.partition_point(|row| row.id >= oldest).max(begin);
        if self.rows.get(begin..end) == Some(page.as_slice()) {
            return false;
        }
        self.keep_selection_near(&page, begin, end);
        self.note_ended(page.as_slice(), begin, end);
        self.rows.splice(begin..end, page);
        if !self.marked.is_empty() {
            let rows = &self.rows;
            self.marked.retain(|id| rows.binary_search_by(|row| id.cmp(&row.id)).is_ok());
        }
        self.rearrange();
        true
    }

    /// Note the jobs that were active and are so no more.
    fn note_ended(&mut self, page: &[Row], begin: usize, end: usize) {
        if !self.loaded {
            return;
        }
        for before in self.rows.get(begin..end).unwrap_or_default() {
            let after = page.binary_search_by(|row| before.id.cmp(&row.id)).ok();
            let after = after.and_then(|index| page.get(index));
            if let Some(row) =
                after.filter(|row| !row.state.is_active() && before.state.is_active())
            {
                self.ended.push((row.id, row.state));
            }
        }
    }

    /// The jobs that ended since this was last asked.
    pub fn take_ended(&mut self) -> Vec<(i64, JobState)> {
        std::mem::take(&mut self.ended)
    }

    /// When the selected job is no more, select the one that takes its place.
    fn keep_selection_near(&mut self, page: &[Row], begin: usize, end: usize) {
        let Some(id) = self.selected else { return };
        let Some(index) = self.place_of(id).filter(|index| (begin..end).contains(index)) else {
            return;
        };
        if page.binary_search_by(|row| id.cmp(&row.id)).is_err() {
            let heir = page.get(index - begin).or(page.last());
            self.selected = heir.map(|row| row.id);
        }
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
