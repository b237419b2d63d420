//! What is done with jobs, and what is seen of them: asked for only where the server serves it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test may fail

mod common;

use common::{calls, from, painted, press, row, type_text};
use crystalmath_tui::api::wire::{Fault, JobState, JobsChanged};
use crystalmath_tui::model::{Model, Screen};
use crystalmath_tui::msg::{Call, Effect, Msg, Reply, Verb};
use crystalmath_tui::update::update;

const METHODS: &[&str] = &[
    "jobs.cancel",
    "jobs.pause",
    "jobs.delete",
    "jobs.label",
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
fn marked_jobs_are_ended_after_a_question_that_names_them() {
    let mut model = serving(&[3, 2, 1], JobState::Running);
    press(&mut model, "space space K");
    assert!(painted(&model, 100, 30).contains("End 2 jobs: 2, 3?"));
    press(&mut model, "n");
    press(&mut model, "K");
    let effects = press(&mut model, "y").remove(0).effects;
    let expected = [&Call::Control(Verb::Cancel, 2), &Call::Control(Verb::Cancel, 3)];
    assert_eq!(calls(&effects), expected);
}

#[test]
fn a_paused_job_goes_on_and_another_pauses() {
    let mut model = serving(&[1], JobState::Paused);
    let effects = press(&mut model, "p").remove(0).effects;
    assert_eq!(calls(&effects), [&Call::Control(Verb::Resume, 1)]);
    let mut model = serving(&[1], JobState::Running);
    let effects = press(&mut model, "p").remove(0).effects;
    assert_eq!(calls(&effects), [&Call::Control(Verb::Pause, 1)]);
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
    let status = |verdict: &str| {
        from(&format!(
            r#"{{"profile": "p", "versions": {{}}, "jobs": {{}}, "watching": {{"mode": "off",
            "reason": null}}, "parts": [{{"name": "daemon", "verdict": "{verdict}",
            "finding": "it does not run", "hint": null}}]}}"#
        ))
    };
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
