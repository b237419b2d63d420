//! The steps of jobs in the list, and the pane beside it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test may fail

mod common;

use common::{calls, from, page, painted, press, row, serving};
use crystalmath_tui::api::wire::{Fault, JobState, JobsChanged, TreeNode};
use crystalmath_tui::model::Model;
use crystalmath_tui::msg::{Call, Effect, Msg, Reply};
use crystalmath_tui::update::update;

const METHODS: &[&str] = &["jobs.get", "jobs.tree", "jobs.watch", "jobs.log"];

fn step(id: i64, state: &str, children: &str) -> String {
    format!(
        r#"{{"id": {id}, "uuid": "u{id}", "name": "relax {id}", "kind": "VaspCalcJob",
        "state": "{state}", "exit_status": 410, "exit_message": "It did not converge.",
        "created_at": "", "modified_at": "", "children": [{children}]}}"#
    )
}

fn tree(state: &str) -> TreeNode {
    let below = [step(20, "finished", ""), step(21, state, &step(22, "running", ""))].join(",");
    from(&step(2, state, &below))
}

fn listed(width: u16) -> Model {
    let mut model = serving(METHODS, &[3, 2, 1], JobState::Running);
    update(&mut model, Msg::Resize(width, 30));
    model
}

fn unfolded(width: u16) -> Model {
    let mut model = listed(width);
    press(&mut model, "j");
    let effects = press(&mut model, "l").remove(0).effects;
    assert_eq!(calls(&effects)[0], &Call::Tree(2));
    update(&mut model, Msg::Reply(Reply::Tree(2, Ok(tree("failed")))));
    model
}

#[test]
fn a_job_unfolds_to_its_steps_and_folds_again() {
    let mut model = unfolded(100);
    let screen = painted(&model, 100, 30);
    assert!(screen.contains("└ relax 20: It did not converge."), "{screen}");
    assert!(screen.contains("✗ failed       └+ relax 21"), "{screen}");
    assert!(screen.contains("It did not converge. (exit 410)"), "{screen}");
    press(&mut model, "j j right");
    assert!(painted(&model, 100, 30).contains("  └ relax 22"));
    press(&mut model, "left left h");
    assert!(!painted(&model, 100, 30).contains("relax 20"));
}

#[test]
fn all_trees_fold_and_unfold_with_one_key() {
    let mut model = unfolded(100);
    press(&mut model, "t");
    assert!(!painted(&model, 100, 30).contains("relax 20"));
    press(&mut model, "t");
    let screen = painted(&model, 100, 30);
    assert!(screen.contains("relax 20") && screen.contains("relax 22"), "{screen}");
}

#[test]
fn a_step_is_opened_and_its_job_is_what_is_acted_on() {
    let mut model = unfolded(100);
    press(&mut model, "j");
    assert_eq!((model.jobs.selected_id(), model.jobs.targets()), (Some(20), vec![2]));
    let effects = press(&mut model, "enter").remove(0).effects;
    assert!(matches!(calls(&effects)[0], Call::Get(params) if params.id == 20));
}

#[test]
fn a_change_of_an_open_job_asks_for_its_steps_again() {
    let mut model = unfolded(100);
    let told = |ids: &[i64]| {
        let jobs = ids.iter().map(|id| row(*id, JobState::Running)).collect();
        Msg::Changed(JobsChanged { jobs, ..JobsChanged::default() })
    };
    assert_eq!(update(&mut model, told(&[1, 3])).effects, []);
    assert_eq!(update(&mut model, told(&[2])).effects, [Effect::Call(Call::Tree(2))]);
    assert_eq!(update(&mut model, told(&[2])).effects, []);
    let outcome = update(&mut model, Msg::Reply(Reply::Tree(2, Ok(tree("finished")))));
    assert_eq!(outcome.effects, [Effect::Call(Call::Tree(2))]);
    assert!(painted(&model, 100, 30).contains("✓ finished     └+ relax 21"));
}

#[test]
fn without_news_the_steps_of_a_running_job_are_looked_at_with_the_list() {
    let mut model = unfolded(100);
    press(&mut model, "r");
    let effects = update(&mut model, page(&[3, 2, 1], JobState::Running)).effects;
    assert_eq!(calls(&effects), [&Call::Tree(2)]);
}

#[test]
fn steps_that_cannot_be_had_are_told_and_the_job_folds() {
    let mut model = listed(100);
    press(&mut model, "l");
    assert!(painted(&model, 100, 30).contains("› 3      …"));
    let fault = Fault::local("The worker died.", "Ask again.");
    update(&mut model, Msg::Reply(Reply::Tree(3, Err(fault))));
    let screen = painted(&model, 100, 30);
    assert!(screen.contains("The worker died. Ask again.") && !screen.contains('…'), "{screen}");
}

#[test]
fn steps_are_asked_for_again_by_a_server_that_was_started_anew() {
    let mut model = unfolded(100);
    update(&mut model, Msg::Lost("gone".to_owned(), std::time::Instant::now()));
    let methods = METHODS.iter().map(|name| (*name).to_owned()).collect();
    let server = crystalmath_tui::msg::ServerInfo { methods, ..common::server() };
    let effects = update(&mut model, Msg::Ready(server)).effects;
    assert!(effects.contains(&Effect::Call(Call::Tree(2))), "{effects:?}");
}

fn n_glances(effects: &[Effect]) -> usize {
    effects.iter().filter(|effect| matches!(effect, Effect::Call(Call::Glance(_)))).count()
}

#[test]
fn the_selected_job_is_looked_at_once_it_rests_and_only_where_there_is_room() {
    let mut model = listed(120);
    let effects = press(&mut model, "j").remove(0).effects;
    assert!(matches!(effects[..], [Effect::GlanceIn(_)]), "{effects:?}");
    let effects = update(&mut model, Msg::Glance).effects;
    assert_eq!(effects, [Effect::Call(Call::Glance(2))]);
    let moved: Vec<Effect> =
        press(&mut model, "j k j k j").into_iter().flat_map(|outcome| outcome.effects).collect();
    assert_eq!(n_glances(&moved), 0);
    let mut narrow = listed(100);
    assert_eq!(press(&mut narrow, "j").remove(0).effects, []);
}

#[test]
fn the_pane_shows_the_result_the_error_and_the_folder() {
    let mut model = listed(120);
    assert!(painted(&model, 120, 30).contains("│ job             3  label 3"));
    update(&mut model, Msg::Glance);
    let detail = from(
        r#"{"job": {"id": 3, "uuid": "u", "label": "silicon", "formula": "Si2", "template": "relax",
        "n_atoms": 2, "state": "failed", "exit_status": 410, "code": "vasp", "foreign": false,
        "exit_message": "The electrons did not converge in sixty steps.",
        "created_at": "", "modified_at": ""}, "steps": [], "card": {"id": 3, "uuid": "u",
        "state": "failed", "formula": "Si2", "n_atoms": 2, "energy_ev": -10.84, "standin": true,
        "step": "", "template": "relax", "label": "", "directory": "/work/8a/2c", "warnings": []}}"#,
    );
    update(&mut model, Msg::Reply(Reply::Glance(3, Ok(Box::new(detail)))));
    let screen = painted(&model, 120, 30);
    for part in ["-10.840000 eV", "The electrons did not", "(exit 410)", "/work/8a/2c", "stand-in"]
    {
        assert!(screen.contains(part), "{part}: {screen}");
    }
    press(&mut model, "j");
    assert!(!painted(&model, 120, 30).contains("-10.840000 eV"));
}
