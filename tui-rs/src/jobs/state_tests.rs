use super::super::tree::tests::node;
use super::*;
use crate::api::wire::{JobRow, JobsChanged, JobsPage};

pub fn row(id: i64) -> JobRow {
    JobRow {
        id,
        uuid: format!("uuid-{id}"),
        label: format!("job {id}"),
        formula: Some("Si2".to_owned()),
        template: Some("relax".to_owned()),
        n_atoms: Some(2),
        code: None,
        state: JobState::Finished,
        exit_status: Some(0),
        exit_message: None,
        created_at: "2026-11-22T10:00:00Z".to_owned(),
        modified_at: "2026-11-22T10:00:00Z".to_owned(),
        foreign: false,
    }
}

fn page(ids: &[i64], next: Option<&str>) -> JobsPage {
    JobsPage {
        jobs: ids.iter().copied().map(row).collect(),
        next: next.map(str::to_owned),
        counts: None,
    }
}

fn ids(list: &JobList) -> Vec<i64> {
    list.rows.iter().map(|row| row.id).collect()
}

#[test]
fn pages_are_asked_for_until_the_list_is_complete() {
    let mut list = JobList::default();
    assert!(list.refresh().is_some());
    let (next, _) = list.take(page(&[9, 8], Some("8")));
    assert_eq!(next.unwrap().after.as_deref(), Some("8"));
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
    list.take(page(&[6, 5, 3], Some("3")));
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

#[test]
fn a_filter_keeps_the_selection_where_it_can() {
    let mut list = JobList::default();
    list.take(page(&[12, 11, 2, 1], None));
    list.select(2);
    list.set_filter(Filter::parse("job 1"));
    assert_eq!((list.len(), list.selected().unwrap().id), (3, 12));
    list.select(11);
    list.set_filter(Filter::parse(""));
    assert_eq!((list.len(), list.selected().unwrap().id), (4, 11));
}

#[test]
fn marks_are_jobs_and_go_with_them() {
    let mut list = JobList::default();
    list.take(page(&[3, 2, 1], None));
    assert_eq!(list.targets(), [3]);
    list.toggle_mark();
    list.toggle_mark();
    assert_eq!(list.targets(), [2, 3]);
    list.take(page(&[3, 1], None));
    assert_eq!(list.targets(), [3]);
    list.toggle_all_marks();
    assert_eq!(list.targets(), [1, 3]);
    list.toggle_all_marks();
    assert!(list.marked().is_empty());
}

#[test]
fn a_job_that_ends_is_told_once() {
    let mut list = JobList::default();
    let mut running = page(&[2, 1], None);
    running.jobs[0].state = JobState::Running;
    list.take(running);
    assert!(list.take_ended().is_empty());
    list.take(page(&[2, 1], None));
    assert_eq!(list.take_ended(), [(2, JobState::Finished)]);
    assert!(list.take_ended().is_empty());
}

fn unfolded() -> JobList {
    let mut list = JobList::default();
    list.take(page(&[4, 3, 2, 1], None));
    list.select(3);
    assert_eq!(list.unfold(), Some(Call::Tree(3)));
    let inner = node(31, vec![node(32, vec![])]);
    list.take_tree(3, Ok(node(3, vec![node(30, vec![]), inner])));
    list
}

fn lines(list: &JobList) -> Vec<i64> {
    let id = |line: Line<'_>| match line {
        Line::Job(row) => row.id,
        Line::Step(_, step) => step.id,
    };
    (0..list.len()).filter_map(|index| list.line(index)).map(id).collect()
}

#[test]
fn steps_stand_below_their_job_and_can_be_selected() {
    let mut list = unfolded();
    assert_eq!(lines(&list), [4, 3, 30, 31, 2, 1]);
    list.move_by(2);
    assert_eq!((list.selected_id(), list.selected().unwrap().id), (Some(31), 3));
    assert_eq!(list.targets(), [3]);
    assert_eq!(list.unfold(), None);
    assert_eq!(lines(&list), [4, 3, 30, 31, 32, 2, 1]);
    list.unfold();
    assert_eq!(list.selected_id(), Some(32));
    list.fold();
    assert_eq!(list.selected_id(), Some(31));
    list.fold();
    list.fold();
    assert_eq!((list.selected_id(), list.len()), (Some(3), 6));
    list.fold();
    assert_eq!(lines(&list), [4, 3, 2, 1]);
}

#[test]
fn a_selected_step_stays_selected_through_live_updates() {
    let mut list = unfolded();
    list.move_by(2);
    list.top = 2;
    let changed = JobsChanged { jobs: vec![row(5)], removed: vec![2], all: false };
    list.apply(changed);
    assert_eq!(lines(&list), [5, 4, 3, 30, 31, 1]);
    assert_eq!((list.selected_id(), list.top), (Some(31), 3));

    list.take_tree(3, Ok(node(3, vec![node(30, vec![])])));
    assert_eq!(list.selected_id(), Some(3));
}

#[test]
fn new_jobs_come_into_sight_at_the_top_of_the_list() {
    let mut list = JobList::default();
    list.take(page(&[3, 2, 1], None));
    list.apply(JobsChanged { jobs: vec![row(4)], ..JobsChanged::default() });
    assert_eq!((list.top, list.selected().unwrap().id), (0, 3));
}

#[test]
fn steps_follow_their_job_in_any_order_and_through_a_filter() {
    let mut list = unfolded();
    list.set_order(list.order().turned());
    assert_eq!(lines(&list), [1, 2, 3, 30, 31, 4]);
    list.set_filter(Filter::parse("id:3"));
    assert_eq!((lines(&list), list.n_shown()), (vec![3, 30, 31], 1));
    list.set_filter(Filter::parse("id:4"));
    assert_eq!(lines(&list), [4]);
}

#[test]
fn with_very_many_jobs_a_line_is_found_without_looking_at_all() {
    let mut list = JobList::default();
    let all: Vec<i64> = (1..=5000).rev().collect();
    list.take(page(&all, None));
    list.select(2500);
    list.unfold();

    list.take_tree(2500, Ok(node(2500, vec![node(9000, vec![])])));
    assert_eq!(list.len(), 5001);
    let lowest = list.line(5000);
    assert!(matches!(lowest, Some(Line::Job(row)) if row.id == 1));
    list.move_to_end(true);
    assert_eq!((list.selected_index(), list.selected_id()), (Some(5000), Some(1)));
}
