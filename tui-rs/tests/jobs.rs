//! What is done with jobs, and what is seen of them: asked for only where the server serves it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test may fail

mod common;

use common::{calls, from, painted, press, row, type_text};
use crystalmath_tui::api::wire::{
    EngineStatus, Fault, JobState, JobsChanged, JobsRestartParams, Submitted,
};
use crystalmath_tui::card::Pane;
use crystalmath_tui::model::{Model, Notice, Screen};
use crystalmath_tui::msg::{Call, Effect, Msg, Reply, Verb};
use crystalmath_tui::overlay::Overlay;
use crystalmath_tui::update::update;

const METHODS: &[&str] = &[
    "jobs.cancel",
    "jobs.pause",
    "jobs.delete",
    "jobs.label",
    "jobs.tree",
    "jobs.diff",
    "jobs.restart",
    "jobs.log",
    "jobs.files",
    "jobs.read",
    "jobs.watch",
    "inputs.preview",
    "system.status",
    "system.repair",
    "results.convergence",
    "results.bands",
];

fn serving(ids: &[i64], state: JobState) -> Model {
    common::serving(METHODS, ids, state)
}

#[test]
fn what_the_server_does_not_serve_is_said_and_not_asked() {
    let mut model = common::with_jobs(&[1], JobState::Running);
    assert_eq!(press(&mut model, "K").remove(0).effects, []);
    assert!(painted(&model, 100, 30).contains("does not serve jobs.cancel"));
}

#[test]
fn marked_jobs_are_cancelled_after_a_question_that_names_them() {
    let mut model = serving(&[3, 2, 1], JobState::Running);
    press(&mut model, "space space K");
    let question =
        "Cancel 2 jobs: 2 \"label 2 東京\", 3 \"label 3 東京\"? They cannot go on afterwards.";
    assert_eq!(asked(&model), question);
    press(&mut model, "n");
    press(&mut model, "K");
    let effects = press(&mut model, "y").remove(0).effects;
    let expected = [&Call::Control(Verb::Cancel, 2), &Call::Control(Verb::Cancel, 3)];
    assert_eq!(calls(&effects), expected);
}

/// The question that stands above the screen; empty when there is none.
fn asked(model: &Model) -> String {
    match &model.overlay {
        Some(Overlay::Question(question)) => question.text.clone(),
        _ => String::new(),
    }
}

/// What the keys ask, and what a yes to it calls.
fn after_yes(model: &mut Model, keys: &str, question: &str) -> Vec<Call> {
    let before: Vec<Effect> = press(model, keys).into_iter().flat_map(|one| one.effects).collect();
    assert_eq!(calls(&before), [] as [&Call; 0]);
    assert!(asked(model).contains(question), "{question}: {}", asked(model));
    let effects = press(model, "y").remove(0).effects;
    calls(&effects).into_iter().cloned().collect()
}

#[test]
fn a_job_pauses_and_goes_on_after_a_question() {
    let mut model = serving(&[1], JobState::Paused);
    let called = after_yes(&mut model, "p", "Resume job 1 \"label 1 東京\"?");
    assert_eq!(called, [Call::Control(Verb::Resume, 1)]);
    let mut model = serving(&[1], JobState::Running);
    let called = after_yes(&mut model, "p", "Pause job 1 \"label 1 東京\"?");
    assert_eq!(called, [Call::Control(Verb::Pause, 1)]);
}

/// What a restart of the selected job asks of the server.
fn restarted(model: &mut Model, keys: &str, question: &str) -> Vec<JobsRestartParams> {
    let called = after_yes(model, keys, question);
    let params = |call: Call| match call {
        Call::Restart(params) => *params,
        other => panic!("a restart: {other:?}"),
    };
    called.into_iter().map(params).collect()
}

#[test]
fn a_job_is_restarted_after_a_question_and_the_new_one_is_called_after_it() {
    let mut model = serving(&[23], JobState::Failed);
    let question = "Restart job 23 \"label 23 東京\" as a new job?";
    let asked = restarted(&mut model, "R", question);
    assert_eq!((asked.len(), asked[0].id.as_i64()), (1, Some(23)));
    assert_eq!(asked[0].label.as_deref(), Some("label 23 東京 (restart of 23)"));
    press(&mut model, "R y");
    assert!(painted(&model, 100, 30).contains("Job 23 is being restarted already."));
    let done = Submitted { id: 192, uuid: "u".to_owned(), state: JobState::Created };
    update(&mut model, Msg::Reply(Reply::Restarted(23, Ok(done))));
    assert!(painted(&model, 100, 30).contains("Job 192 restarts job 23; F7 shows it."));
    let mut model = serving(&[2, 1], JobState::Failed);
    let question = "Restart 2 jobs: 1 \"label 1 東京\", 2 \"label 2 東京\" as new jobs?";
    assert_eq!(restarted(&mut model, "space space R", question).len(), 2);
}

#[test]
fn a_restart_whose_answer_was_lost_is_asked_for_with_the_same_key() {
    let mut model = serving(&[1], JobState::Failed);
    let before = restarted(&mut model, "R", "Restart job 1");
    update(&mut model, Msg::Lost("It died.".to_owned(), std::time::Instant::now()));
    assert!(painted(&model, 100, 30).contains("the same job is not made twice"));
    let methods = METHODS.iter().map(|name| (*name).to_owned()).collect();
    let server = crystalmath_tui::msg::ServerInfo { methods, ..common::server() };
    update(&mut model, Msg::Ready(server));
    assert_eq!(restarted(&mut model, "R", "Restart job 1"), before);
}

#[test]
fn a_step_stands_for_its_job_and_the_question_says_so() {
    for keys in ["R", "enter R"] {
        let mut model = serving(&[2, 1], JobState::Failed);
        let tree = r#"{"id": 2, "uuid": "u", "name": "relax", "kind": "FlowWorkChain", "state":
            "failed", "exit_status": 1, "exit_message": null, "created_at": "", "modified_at": "",
            "children": [{"id": 20, "uuid": "v", "name": "prepare_vasp", "kind": "prepare_vasp",
            "state": "finished", "exit_status": 0, "exit_message": null, "created_at": "",
            "modified_at": "", "children": []}]}"#;
        press(&mut model, "l");
        update(&mut model, Msg::Reply(Reply::Tree(2, Ok(from(tree)))));
        press(&mut model, "j");
        assert_eq!(model.jobs.selected_id(), Some(20));
        press(&mut model, keys);
        let question = asked(&model);
        assert!(question.starts_with("Restart job 2 \"label 2 東京\" as a new job?"), "{question}");
        assert!(question.ends_with("The whole job is meant, not only its step prepare_vasp."));
        let effects = press(&mut model, "y").remove(0).effects;
        assert!(matches!(calls(&effects)[..], [Call::Restart(params)] if params.id == 2));
    }
}

#[test]
fn what_cannot_be_done_is_said_and_not_asked() {
    for (state, key, told) in [
        (JobState::Finished, "K", "Job 1 \"label 1 東京\" has ended: it is finished."),
        (JobState::Killed, "p", "Job 1 \"label 1 東京\" has ended: it is killed."),
        (
            JobState::Running,
            "R",
            "Job 1 \"label 1 東京\" is running. Only what has ended can be restarted; K",
        ),
        (
            JobState::Queued,
            "D",
            "Job 1 \"label 1 東京\" is queued. Only what has ended can be deleted; K",
        ),
    ] {
        let mut model = serving(&[1], state);
        assert_eq!(press(&mut model, key).remove(0).effects, []);
        assert_eq!(asked(&model), "");
        let Some(notice) = &model.notice else { panic!("{told}") };
        let text = match notice {
            Notice::Done(text) | Notice::News(text) => text.clone(),
            Notice::Failed { message, hint } => format!("{message} {hint}"),
        };
        assert!(text.starts_with(told), "{text}");
    }
}

#[test]
fn of_marked_jobs_those_that_have_ended_are_left_out() {
    let mut model = serving(&[3, 2, 1], JobState::Running);
    let jobs = vec![row(3, JobState::Finished), row(2, JobState::Paused)];
    update(&mut model, Msg::Changed(JobsChanged { jobs, ..JobsChanged::default() }));
    press(&mut model, "a");
    let question = "Pause job 1 \"label 1 東京\"? What runs now goes on to its end. Resume job 2 \"label 2 \
        東京\"? One other has ended already.";
    let called = after_yes(&mut model, "p", question);
    assert_eq!(called, [Call::Control(Verb::Pause, 1), Call::Control(Verb::Resume, 2)]);
}

#[test]
fn a_long_question_leaves_room_for_its_keys() {
    let ids: Vec<i64> = (1..=30).rev().collect();
    let mut model = serving(&ids, JobState::Running);
    press(&mut model, "a K");
    for (width, height) in [(40, 10), (80, 24)] {
        let screen = painted(&model, width, height);
        assert!(screen.contains("Cancel 30 jobs") && screen.contains("y yes · n no"), "{screen}");
    }
    assert!(asked(&model).contains("and 24 more?"));
}

#[test]
fn a_side_of_a_job_is_shown_with_one_key() {
    let mut model = serving(&[1], JobState::Finished);
    let effects = press(&mut model, "B").remove(0).effects;
    assert!(effects.contains(&Effect::Call(Call::Pane(Pane::Bands, 1))));
    assert_eq!((model.screen, model.card.pane), (Screen::Card, Pane::Bands));
    press(&mut model, "F");
    assert_eq!(model.card.pane, Pane::Files);
}

#[test]
fn a_removed_job_leaves_the_list() {
    let mut model = serving(&[2, 1], JobState::Finished);
    press(&mut model, "D y");
    let deleted = from(r#"{"id": 2, "n_nodes": 9, "folders": []}"#);
    update(&mut model, Msg::Reply(Reply::Deleted(2, Ok(deleted))));
    assert_eq!((model.jobs.len(), model.jobs.selected().unwrap().id), (1, 1));
}

#[test]
fn a_label_is_written_in_a_field_of_its_own() {
    let mut model = serving(&[1], JobState::Finished);
    press(&mut model, "L");
    type_text(&mut model, " q");
    let effects = press(&mut model, "enter").remove(0).effects;
    let Some(Call::Label(params)) = calls(&effects).first().copied() else { panic!("{effects:?}") };
    assert_eq!(params.label, "label 1 東京 q");
}

#[test]
fn changes_are_taken_as_they_are_told() {
    let mut model = serving(&[2, 1], JobState::Running);
    press(&mut model, "j");
    let jobs = vec![row(3, JobState::Created), row(1, JobState::Failed)];
    let changed = JobsChanged { jobs, removed: vec![2], all: false };
    let outcome = update(&mut model, Msg::Changed(changed));
    assert!(outcome.dirty && outcome.effects.iter().any(|e| matches!(e, Effect::Notify(_))));
    assert_eq!((model.jobs.len(), model.jobs.selected().unwrap().id), (2, 1));
    assert!(painted(&model, 100, 30).contains("✗ failed"));
    let again = JobsChanged { jobs: vec![row(1, JobState::Failed)], ..JobsChanged::default() };
    assert!(!update(&mut model, Msg::Changed(again)).dirty);
}

#[test]
fn the_sides_of_a_job_are_asked_for_when_they_are_shown() {
    let mut model = serving(&[1], JobState::Running);
    press(&mut model, "enter");
    let effects = press(&mut model, "tab").remove(0).effects;
    assert!(matches!(calls(&effects)[..], [Call::Pane(_, 1)]));
    let steps: Vec<String> = (1..=5)
        .map(|number| {
            let energy = -10.0 - 0.1 * f64::from(number);
            format!(
                r#"{{"number": {number}, "energy_ev": {energy}, "free_energy_ev": {energy},
                "change_ev": null, "max_force_ev_per_angstrom": 0.{number},
                "magnetization_mub": null, "temperature_k": null}}"#
            )
        })
        .collect();
    let found = from(&format!(
        r#"{{"state": "running", "convergence": {{"electronic": [], "ionic": [{}],
        "complete": true}}}}"#,
        steps.join(",")
    ));
    assert!(update(&mut model, Msg::Reply(Reply::Convergence(1, Ok(found)))).dirty);
    let screen = painted(&model, 100, 30);
    assert!(screen.contains("[Convergence]") && screen.contains("energy - last (eV)"), "{screen}");
    press(&mut model, "tab");
    let log = from(r#"{"report": "step 1", "output_name": "OUTCAR", "output": "the end"}"#);
    update(&mut model, Msg::Reply(Reply::Said(1, Ok(log))));
    assert!(painted(&model, 100, 30).contains("the end"));
}

#[test]
fn a_file_of_a_job_is_read_and_left() {
    let mut model = serving(&[1], JobState::Finished);
    press(&mut model, "enter tab tab tab");
    let files = from(
        r#"{"files": [{"name": "INCAR", "step": 1, "size_bytes": 20, "source": "retrieved"},
        {"name": "OUTCAR", "step": 1, "size_bytes": 20000, "source": "retrieved"}]}"#,
    );
    update(&mut model, Msg::Reply(Reply::Files(1, Ok(files))));
    press(&mut model, "j");
    let effects = press(&mut model, "enter").remove(0).effects;
    let Some(Call::ReadFile(1, params)) = calls(&effects).first().copied() else {
        panic!("{effects:?}");
    };
    assert_eq!(params.name, "OUTCAR");
    let part = from(
        r#"{"name": "OUTCAR", "offset": 0, "size_bytes": 20, "text": "vasp.6\nend", "next": null}"#,
    );
    update(&mut model, Msg::Reply(Reply::File(1, Ok(part))));
    assert!(painted(&model, 100, 30).contains("vasp.6"));
    press(&mut model, "q");
    assert!(painted(&model, 100, 30).contains("› step 1"));
    assert_eq!(model.screen, Screen::Card);
}

#[test]
fn an_answer_about_another_job_is_dropped() {
    let mut model = serving(&[2, 1], JobState::Finished);
    press(&mut model, "enter");
    let log = from(r#"{"report": "late", "output_name": null, "output": ""}"#);
    assert!(!update(&mut model, Msg::Reply(Reply::Said(1, Ok(log)))).dirty);
}

#[test]
fn a_sick_engine_is_told_with_the_key_that_repairs_it() {
    let mut model = serving(&[1], JobState::Finished);
    let status = |verdict: &str| status(verdict, "it does not run");
    update(&mut model, Msg::Reply(Reply::Status(Ok(Box::new(status("bad"))))));
    assert!(painted(&model, 100, 30).contains("✗ daemon: it does not run (H repairs it)"));
    let effects = press(&mut model, "H").remove(0).effects;
    assert_eq!(calls(&effects), [&Call::Repair]);
    update(&mut model, Msg::Reply(Reply::Status(Ok(Box::new(status("repaired"))))));
    let screen = painted(&model, 100, 30);
    assert!(screen.contains("repaired") && !screen.contains("does not run"));
}

#[test]
fn a_preview_shows_where_each_value_comes_from_and_what_stands_in_the_way() {
    let mut model = serving(&[1], JobState::Finished);
    press(&mut model, "n");
    type_text(&mut model, "/tmp/POSCAR");
    let effects = press(&mut model, "f5").remove(0).effects;
    assert!(matches!(calls(&effects)[..], [Call::Preview(_)]));
    let found = from(
        r#"{"step": 1, "steps": ["relax 1"], "files": {"KPOINTS": "mesh"}, "incar":
        [{"tag": "ENCUT", "value": "520", "source": "input set"}], "potcar_symbols": ["Si"],
        "potcar_functional": "PBE_54", "permutation": [], "remarks": [{"severity": "error",
        "code": "missing-potcar", "message": "No POTCAR of Si.", "source": "potcars", "step": 1,
        "file": null, "line": null, "url": null}]}"#,
    );
    update(&mut model, Msg::Reply(Reply::Preview(Ok(Box::new(found)))));
    let screen = painted(&model, 100, 30);
    for part in ["error: No POTCAR of Si. [missing-potcar]", "ENCUT", "input set", "Si (PBE_54)"] {
        assert!(screen.contains(part), "{part}: {screen}");
    }
    let refusal = Fault::local("No such file.", "Correct the path.");
    press(&mut model, "esc f5");
    update(&mut model, Msg::Reply(Reply::Preview(Err(refusal))));
    assert!(painted(&model, 100, 30).contains("No such file. Correct the path."));
}

fn status(verdict: &str, finding: &str) -> EngineStatus {
    from(&format!(
        r#"{{"profile": "p", "versions": {{}}, "jobs": {{}}, "watching": {{"mode": "off",
        "reason": null}}, "parts": [{{"name": "daemon", "verdict": "{verdict}",
        "finding": "{finding}", "hint": null}}]}}"#
    ))
}

#[test]
fn an_engine_that_starts_is_no_fault_and_is_looked_at_until_it_has_started() {
    let mut model = serving(&[1], JobState::Finished);
    let starting = || Msg::Reply(Reply::Status(Ok(Box::new(status("bad", "starting")))));
    let waits = update(&mut model, starting()).effects;
    assert!(matches!(waits[..], [Effect::StatusIn(_)]), "{waits:?}");
    let screen = painted(&model, 100, 30);
    assert!(screen.contains("1 finished · the daemon is starting"), "{screen}");
    assert!(!screen.contains('✗') && !screen.contains("repairs it"), "{screen}");
    let effects = update(&mut model, Msg::LookAtEngine).effects;
    assert_eq!(calls(&effects), [&Call::Status]);
    assert!(!update(&mut model, starting()).dirty);
    update(&mut model, Msg::LookAtEngine);
    let well = Msg::Reply(Reply::Status(Ok(Box::new(status("good", "runs")))));
    let outcome = update(&mut model, well);
    assert!(outcome.dirty && outcome.effects.is_empty(), "{outcome:?}");
    assert!(!painted(&model, 100, 30).contains("starting"));
    let changed = JobsChanged { jobs: vec![row(1, JobState::Finished)], ..JobsChanged::default() };
    assert_eq!(update(&mut model, Msg::Changed(changed)).effects, []);
}

#[test]
fn the_engine_is_shown_part_by_part() {
    let mut model = serving(&[1], JobState::Finished);
    update(&mut model, Msg::Reply(Reply::Status(Ok(Box::new(status("good", "it runs"))))));
    press(&mut model, "I");
    let screen = painted(&model, 100, 30);
    assert!(screen.contains("profile    p") && screen.contains("✓ daemon     it runs"), "{screen}");
}
