//! What the server tells of jobs: pages of the list, and changes.

use std::collections::BTreeMap;

use super::arrange::arrange;
use super::row::Row;
use super::state::JobList;
use crate::api::wire::{Fault, JobState, JobsChanged, JobsListParams, JobsPage, TreeNode};
use crate::msg::Call;

impl JobList {
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
        let (jobs, is_last) = (page.jobs.into_iter().map(Row::from).collect(), page.next.is_none());
        let changed = self.steadily(|list| list.merge(jobs, is_last)) || self.failure.is_some();
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
        self.steadily(|list| list.change(changed))
    }

    /// Change rows, and keep those on the screen where they are; at the top of the list new ones come
    /// into sight instead.
    fn steadily<T>(&mut self, change: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.selected_index();
        let done = change(self);
        if let (Some(before), Some(after), true) = (before, self.selected_index(), self.top > 0) {
            self.top = (self.top + after).saturating_sub(before);
        }
        done
    }

    /// The steps of a job are known, or why not. Gives what to ask next, and whether other lines are
    /// shown now.
    pub fn take_tree(&mut self, id: i64, answer: Result<TreeNode, Fault>) -> (Option<Call>, bool) {
        self.steadily(|list| {
            let outcome = list.trees.take(id, answer);
            list.measure();
            outcome
        })
    }

    /// Hide all steps; when none is shown, show all that are known.
    pub fn fold_all(&mut self) {
        self.steadily(|list| {
            list.trees.toggle_all();
            list.measure();
        });
    }

    /// The questions for the steps of the open jobs, when nobody tells of their changes.
    pub fn ask_trees(&mut self, only_active: bool) -> Vec<Call> {
        let open = self.trees.all_open();
        let asked = open
            .into_iter()
            .filter(|id| !only_active || self.find(*id).is_some_and(|row| row.state.is_active()));
        let asked: Vec<i64> = asked.collect();
        self.trees.changed(asked)
    }

    fn change(&mut self, changed: JobsChanged) -> bool {
        let mut any = false;
        for id in changed.removed {
            if let Some(place) = self.place_of(id) {
                self.rows.remove(place);
                self.marked.remove(&id);
                self.trees.remove(id);
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
        self.measure();
        self.counts = count(&self.rows);
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

/// How many rows have each state.
fn count(rows: &[Row]) -> BTreeMap<&'static str, usize> {
    // A word is looked up for each state and not for each row, of which there may be very many.
    let mut counts: Vec<(JobState, usize)> = Vec::new();
    for row in rows {
        match counts.iter_mut().find(|(state, _)| *state == row.state) {
            Some((_, count)) => *count += 1,
            None => counts.push((row.state, 1)),
        }
    }
    counts.into_iter().map(|(state, count)| (state.word(), count)).collect()
}
