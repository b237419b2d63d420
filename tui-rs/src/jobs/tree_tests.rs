use super::*;

pub fn node(id: i64, children: Vec<TreeNode>) -> TreeNode {
    TreeNode {
        id,
        uuid: format!("uuid-{id}"),
        name: format!("step {id}"),
        kind: "VaspCalcJob".to_owned(),
        state: JobState::Finished,
        exit_status: Some(0),
        exit_message: None,
        created_at: "2026-11-22T10:00:00Z".to_owned(),
        modified_at: "2026-11-22T10:00:00Z".to_owned(),
        children,
    }
}

fn ids(trees: &Trees, job: i64) -> Vec<i64> {
    trees.lines(job).iter().map(|step| step.id).collect()
}

fn opened() -> Trees {
    let mut trees = Trees::default();
    assert!(trees.open_job(1).is_some());
    let inner = node(3, vec![node(4, vec![])]);
    assert_eq!(trees.take(1, Ok(node(1, vec![node(2, vec![]), inner]))), (None, true));
    trees
}

#[test]
fn a_job_shows_its_steps_and_a_step_what_is_below_it() {
    let mut trees = opened();
    assert_eq!(ids(&trees, 1), [2, 3]);
    trees.set_open(1, 3, true);
    assert_eq!(ids(&trees, 1), [2, 3, 4]);
    assert_eq!(trees.lines(1)[2].above, 3);
    trees.set_open(1, 1, false);
    assert!(ids(&trees, 1).is_empty());
}

#[test]
fn everything_is_closed_and_what_is_known_is_opened() {
    let mut trees = opened();
    trees.toggle_all();
    assert_eq!((ids(&trees, 1), trees.fold(1)), (vec![], Fold::Closed));
    trees.toggle_all();
    assert_eq!(ids(&trees, 1), [2, 3, 4]);
}

#[test]
fn a_change_while_an_answer_is_awaited_is_asked_for_afterwards() {
    let mut trees = opened();
    assert_eq!(trees.changed([1, 2]).len(), 1);
    assert_eq!(trees.changed([1]), []);
    let (next, _) = trees.take(1, Ok(node(1, vec![])));
    assert!(matches!(next, Some(Call::Tree(1))));
    assert_eq!(trees.take(1, Ok(node(1, vec![]))), (None, false));
    trees.set_open(1, 1, false);
    assert_eq!(trees.changed([1]), []);
}

#[test]
fn a_failed_answer_closes_what_never_came_and_keeps_what_is_known() {
    let mut trees = Trees::default();
    trees.open_job(1);
    assert_eq!(trees.fold(1), Fold::Loading);
    trees.take(1, Err(Fault::local("no", "")));
    assert_eq!(trees.fold(1), Fold::Closed);
    let mut trees = opened();
    trees.changed([1]);
    trees.take(1, Err(Fault::local("no", "")));
    assert_eq!(ids(&trees, 1), [2, 3]);
}
