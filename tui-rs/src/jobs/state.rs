//! The jobs known, and which of them is selected.

use super::row::Row;
use crate::api::wire::{Fault, JobsListParams, JobsPage};

/// The jobs, newest first. The selection is a job, not a place in the list.
#[derive(Debug, Default)]
pub struct JobList {
    rows: Vec<Row>,
    selected: Option<i64>,
    /// Whether the list was ever complete.
    pub loaded: bool,
    /// Whether an answer is awaited.
    pub pending: bool,
    /// Why the last look failed.
    pub failure: Option<Fault>,
}

impl JobList {
    /// All rows.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Where the selected job stands.
    #[must_use]
    pub fn selected_index(&self) -> Option<usize> {
        let id = self.selected?;
        // Newest first, so the ids fall.
        self.rows.binary_search_by(|row| id.cmp(&row.id)).ok()
    }

    /// The selected job.
    #[must_use]
    pub fn selected(&self) -> Option<&Row> {
        self.rows.get(self.selected_index()?)
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

    /// Move the selection by so many rows, as far as there are any.
    pub fn move_by(&mut self, rows: isize) {
        let from = self.selected_index().unwrap_or(0);
        let last = self.rows.len().saturating_sub(1);
        let to = from.saturating_add_signed(rows).min(last);
        self.selected = self.rows.get(to).map(|row| row.id);
    }

    /// Select the first or the last row.
    pub fn move_to_end(&mut self, last: bool) {
        let row = if last { self.rows.last() } else { self.rows.first() };
        self.selected = row.map(|row| row.id);
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
        self.rows.splice(begin..end, page);
        true
    }

    /// When the selected job is no more, select the one that takes its place.
    fn keep_selection_near(&mut self, page: &[Row], begin: usize, end: usize) {
        let Some(index) = self.selected_index().filter(|index| (begin..end).contains(index)) else {
            return;
        };
        let id = self.selected.unwrap_or_default();
        if page.binary_search_by(|row| id.cmp(&row.id)).is_err() {
            let heir = page.get(index - begin).or(page.last());
            self.selected = heir.map(|row| row.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::wire::{JobRow, JobState};

    pub fn row(id: i64) -> JobRow {
        JobRow {
            id,
            uuid: format!("uuid-{id}"),
            label: format!("job {id}"),
            formula: Some("Si2".to_owned()),
            template: Some("relax".to_owned()),
            n_atoms: Some(2),
            state: JobState::Finished,
            exit_status: Some(0),
            exit_message: None,
            created_at: "2026-11-22T10:00:00Z".to_owned(),
            modified_at: "2026-11-22T10:00:00Z".to_owned(),
            foreign: false,
        }
    }

    fn page(ids: &[i64], next: Option<i64>) -> JobsPage {
        JobsPage { jobs: ids.iter().copied().map(row).collect(), next }
    }

    fn ids(list: &JobList) -> Vec<i64> {
        list.rows().iter().map(|row| row.id).collect()
    }

    #[test]
    fn pages_are_asked_for_until_the_list_is_complete() {
        let mut list = JobList::default();
        assert!(list.refresh().is_some());
        let (next, _) = list.take(page(&[9, 8], Some(8)));
        assert_eq!(next.unwrap().after, Some(8));
        assert!(list.refresh().is_none());
        assert!(list.take(page(&[7, 6], None)).0.is_none());
        assert_eq!(ids(&list), [9, 8, 7, 6]);
        assert!(list.loaded && !list.pending);
    }

    #[test]
    fn a_new_job_leaves_the_selection_where_it_was() {
        let mut list = JobList::default();
        list.take(page(&[3, 2, 1], None));
        list.move_by(1);
        list.take(page(&[4, 3, 2, 1], None));
        assert_eq!(list.selected().unwrap().id, 2);
    }

    #[test]
    fn a_first_page_keeps_the_older_jobs_and_drops_the_deleted_ones() {
        let mut list = JobList::default();
        list.take(page(&[5, 4, 3, 2, 1], None));
        list.take(page(&[6, 5, 3], Some(3)));
        assert_eq!(ids(&list), [6, 5, 3, 2, 1]);
    }

    #[test]
    fn a_deleted_job_hands_its_selection_on() {
        let mut list = JobList::default();
        list.take(page(&[3, 2, 1], None));
        list.select(2);
        list.take(page(&[3, 1], None));
        assert_eq!(list.selected().unwrap().id, 1);
    }

    #[test]
    fn an_equal_page_changes_nothing() {
        let mut list = JobList::default();
        assert!(list.take(page(&[2, 1], None)).1);
        assert!(!list.take(page(&[2, 1], None)).1);
    }

    #[test]
    fn the_selection_stops_at_both_ends() {
        let mut list = JobList::default();
        list.move_by(1);
        assert!(list.selected().is_none());
        list.take(page(&[3, 2, 1], None));
        list.move_by(-5);
        assert_eq!(list.selected().unwrap().id, 3);
        list.move_by(50);
        assert_eq!(list.selected().unwrap().id, 1);
    }
}
