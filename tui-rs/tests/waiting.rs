//! Answers that come late: they change the screen only for who waits for them.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test may fail

mod common;

use common::{
    editing, file_read, files, page, painted, press, serving, templates, text_of, type_text,
};
use crystalmath_tui::api::wire::{Codes, Fault, JobDetail, JobState, Submitted};
use crystalmath_tui::create::Field;
use crystalmath_tui::lsp::types::Proposal;
use crystalmath_tui::model::{Model, Screen};
use crystalmath_tui::msg::{Call, Disk, Draft, Effect, Msg, Reply, Unwritten};
use crystalmath_tui::overlay::Overlay;
use crystalmath_tui::update::update;

const METHODS: &[&str] = &[
    "codes.list",
    "jobs.delete",
    "jobs.diff",
    "jobs.get",
    "jobs.restart",
    "jobs.submit",
    "jobs.tree",
    "templates.get",
    "templates.list",
];

fn listed() -> Model {
    serving(METHODS, &[3, 2, 1], JobState::Finished)
}

fn made(id: i64) -> Submitted {
    Submitted { id, uuid: "u".to_owned(), state: JobState::Created }
}

/// A list of jobs whose form is submitted and not answered yet.
fn submitting() -> Model {
    let mut model = listed();
    press(&mut model, "n");
    type_text(&mut model, "/tmp/Si.vasp");
    let effects = press(&mut model, "up enter").remove(1).effects;
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Call(Call::Submit(_)))));
    model
}

#[test]
fn who_waits_at_the_form_is_taken_to_the_new_job() {
    let mut model = submitting();
    update(&mut model, Msg::Reply(Reply::Submit(Ok(made(4)))));
    update(&mut model, page(&[4, 3, 2, 1], JobState::Created));
    assert_eq!((model.screen, model.jobs.selected_id()), (Screen::Jobs, Some(4)));
    assert!(!model.form.has_content());
}

#[test]
fn who_writes_elsewhere_is_told_of_the_new_job_and_of_the_key_that_shows_it() {
    let mut model = submitting();
    press(&mut model, "alt-3");
    update(&mut model, files(&[("INCAR", "ENCUT = 520\n")]));
    type_text(&mut model, "D");
    update(&mut model, Msg::Reply(Reply::Submit(Ok(made(4)))));
    update(&mut model, page(&[4, 3, 2, 1], JobState::Created));
    let effects = type_text(&mut model, "yKRp");
    assert!(common::calls(&effects).is_empty(), "{effects:?}");
    assert_eq!((model.screen, model.jobs.selected_id()), (Screen::Editor, Some(3)));
    assert_eq!(common::text_of(&model), "DyKRpENCUT = 520\n");
    assert!(painted(&model, 100, 30).contains("Job 4 is created; F7 shows it."));
    press(&mut model, "alt-1 / x f7");
    assert_eq!((model.screen, model.jobs.selected_id()), (Screen::Jobs, Some(4)));
}

#[test]
fn who_goes_on_in_the_form_stays_there_and_does_not_submit_the_same_twice() {
    let mut model = submitting();
    press(&mut model, "down");
    update(&mut model, Msg::Reply(Reply::Submit(Ok(made(4)))));
    assert_eq!((model.screen, model.form.field()), (Screen::Create, Field::Structure));
    assert!(painted(&model, 100, 30).contains("This is job 4."));
    assert!(!model.form.has_content());
    let key = |model: &mut Model| {
        let effects = update(model, common::key(crossterm::event::KeyCode::F(9))).effects;
        let Some(Call::Submit(params)) = common::calls(&effects).first().copied() else {
            panic!("a submit: {effects:?}")
        };
        params.key.clone()
    };
    let again = key(&mut model);
    update(&mut model, Msg::Reply(Reply::Submit(Err(Fault::local("no", "")))));
    assert_eq!(key(&mut model), again);
    update(&mut model, Msg::Reply(Reply::Submit(Err(Fault::local("no", "")))));
    type_text(&mut model, "2");
    assert_ne!(key(&mut model), again);
}

#[test]
fn a_form_that_became_a_job_while_one_was_elsewhere_is_empty() {
    let mut model = submitting();
    press(&mut model, "alt-1");
    update(&mut model, Msg::Reply(Reply::Submit(Ok(made(4)))));
    press(&mut model, "n");
    assert_eq!(model.form.text(Field::Structure), "");
}

#[test]
fn a_restart_moves_neither_the_selection_nor_the_screen() {
    let mut model = listed();
    press(&mut model, "j R y");
    update(&mut model, Msg::Reply(Reply::Restarted(2, Ok(made(4)))));
    update(&mut model, page(&[4, 3, 2, 1], JobState::Finished));
    assert_eq!((model.screen, model.jobs.selected_id()), (Screen::Jobs, Some(2)));
    press(&mut model, "D");
    assert!(painted(&model, 100, 30).contains("Delete job 2 \"label 2"));
}

#[test]
fn lists_and_texts_are_opened_only_for_who_waits_for_them() {
    let diff = || {
        let text = r#"{"differences": [{"step": 1, "file": "INCAR", "name": "ENCUT",
            "left": "400", "right": "520"}]}"#;
        Msg::Reply(Reply::Diff(Ok(common::from(text))))
    };
    let codes = || Msg::Reply(Reply::Codes(Ok(Codes { codes: Vec::new() })));
    let known = || Msg::Reply(Reply::Templates(Ok(templates())));
    let folder = || Msg::Disk(Disk::Folder("/calc".into(), Ok(Vec::new())));
    let answers: [(&str, &dyn Fn() -> Msg); 4] = [
        ("d", &diff),
        ("n down down down down ctrl-o", &codes),
        ("n down ctrl-o", &known),
        ("n ctrl-o", &folder),
    ];
    for (keys, answer) in answers {
        let mut model = listed();
        press(&mut model, keys);
        update(&mut model, answer());
        assert!(model.overlay.is_some(), "{keys}");
        let mut model = listed();
        press(&mut model, keys);
        press(&mut model, "alt-2");
        type_text(&mut model, "D");
        update(&mut model, answer());
        assert!(model.overlay.is_none(), "{keys}");
    }
}

/// All about job 3, which had one step.
fn known() -> Box<JobDetail> {
    let text = r#"{"job": {"id": 3, "uuid": "u", "label": "", "formula": null, "template": "relax",
        "n_atoms": 2, "state": "finished", "exit_status": 0, "code": "vasp", "foreign": false,
        "exit_message": null, "created_at": "", "modified_at": ""}, "steps": [{"index": 1,
        "name": "relax", "id": 4, "uuid": "s", "state": "finished", "exit_status": 0,
        "exit_message": null, "created_at": "", "modified_at": "", "directory": "/run/1"}],
        "card": {"id": 3, "uuid": "u", "state": "finished", "formula": "Si2", "n_atoms": 2, "step": "",
        "template": "relax", "label": "", "directory": null, "warnings": []},
        "request": {"template": "static", "structure": {"text": "{}"}}}"#;
    Box::new(common::from(text))
}

#[test]
fn the_inputs_of_a_job_do_not_take_the_screen_from_who_has_gone_on() {
    let mut model = listed();
    press(&mut model, "N alt-3");
    update(&mut model, files(&[("INCAR", "")]));
    type_text(&mut model, "x");
    update(&mut model, Msg::Reply(Reply::Glance(3, Ok(known()))));
    assert_eq!(model.screen, Screen::Editor);
    assert!(painted(&model, 100, 30).contains("It is known now what job 3 was given: N shows it."));
}

#[test]
fn who_writes_in_a_card_stays_there_when_its_job_is_deleted() {
    let deleted = || {
        let text = r#"{"id": 3, "n_nodes": 9, "folders": []}"#;
        Msg::Reply(Reply::Deleted(3, Ok(common::from(text))))
    };
    let mut model = listed();
    press(&mut model, "enter D y");
    update(&mut model, deleted());
    assert_eq!(model.screen, Screen::Jobs);
    let mut model = listed();
    press(&mut model, "enter D y /");
    update(&mut model, deleted());
    let effects = type_text(&mut model, "KDyRy");
    assert!(common::calls(&effects).is_empty() && model.screen == Screen::Card);
}

#[test]
fn the_files_of_a_job_do_not_take_the_screen_from_who_has_gone_on() {
    let shown = || Msg::Reply(Reply::Inputs(3, Ok(known())));
    let mut model = listed();
    press(&mut model, "e");
    let effects = update(&mut model, shown()).effects;
    assert!(matches!(effects.as_slice(), [Effect::ReadFiles(_), ..]), "{effects:?}");
    assert_eq!(model.screen, Screen::Editor);
    let mut model = listed();
    press(&mut model, "e n");
    type_text(&mut model, "D");
    assert_eq!(update(&mut model, shown()).effects, []);
    assert_eq!(model.screen, Screen::Create);
    assert!(painted(&model, 100, 30).contains("The steps of job 3 are known now: e shows its"));
}

#[test]
fn proposals_open_above_the_text_only_for_who_waits_for_them() {
    let proposed = |keys: &str| {
        let mut model = editing();
        press(&mut model, "ctrl-space");
        let at = model.editor.document().unwrap().at();
        press(&mut model, keys);
        let item = Proposal { label: "ENCUT".to_owned(), ..Proposal::default() };
        update(&mut model, Msg::Reply(Reply::Complete(at, Ok(vec![item]))));
        model.editor.completion.is_some()
    };
    assert!(proposed(""));
    for keys in ["a", "ctrl-f", "alt-1", "right left", "esc"] {
        assert!(!proposed(keys), "{keys}");
    }
}

fn draft_found() -> Msg {
    let found = vec![Draft { path: "/calc/INCAR".into(), text: "ENCUT = 1".to_owned() }];
    Msg::Disk(Disk::Drafts { found, elsewhere: Vec::new() })
}

#[test]
fn text_of_before_is_offered_to_who_waits_for_the_files_and_told_to_who_writes_elsewhere() {
    let opened = |keys: &str| {
        let mut model = editing();
        press(&mut model, "ctrl-r");
        press(&mut model, keys);
        update(&mut model, draft_found());
        model
    };
    assert!(matches!(opened("").overlay, Some(Overlay::Question(_))));
    let mut model = opened("alt-2");
    assert!(painted(&model, 100, 30).contains("before INCAR was saved; Ctrl-R in the editor"));
    type_text(&mut model, "y");
    assert_eq!((model.form.text(Field::Structure).as_str(), model.overlay.is_none()), ("y", true));
    press(&mut model, "alt-3 ctrl-r y");
    assert_eq!(text_of(&model), "ENCUT = 1");
}

#[test]
fn no_answer_of_the_disk_asks_who_writes_on_or_opens_other_files() {
    let mut model = editing();
    type_text(&mut model, "x");
    let effects = press(&mut model, "ctrl-s").remove(0).effects;
    let Some(Effect::Write(writing)) = effects.first().cloned() else { panic!("{effects:?}") };
    press(&mut model, "right");
    let other = Unwritten::Differs(Box::new(file_read("/calc/INCAR", "ENCUT = 600\n")));
    update(&mut model, Msg::Disk(Disk::Written(writing.path, writing.revision, Err(other))));
    assert!(model.overlay.is_none());
    assert!(painted(&model, 100, 30).contains("Ctrl-S asks what to do with it."));
    press(&mut model, "ctrl-s");
    assert!(model.overlay.is_some());

    let mut model = listed();
    press(&mut model, "e");
    let effects = update(&mut model, Msg::Reply(Reply::Inputs(3, Ok(known())))).effects;
    let Some(Effect::ReadFiles(asked)) = effects.first().cloned() else { panic!("{effects:?}") };
    let read = Ok(vec![file_read("/run/1/INCAR", "ENCUT = 520\n")]);
    update(&mut model, Msg::Disk(Disk::Files(asked, read)));
    let effects = press(&mut model, "alt-w enter").remove(1).effects;
    let Some(Effect::WriteCopies(copies)) = effects.first().cloned() else { panic!("copies") };
    press(&mut model, "right");
    let effects = update(&mut model, Msg::Disk(Disk::Copied(copies, Ok("/mine".into())))).effects;
    assert_eq!(effects, []);
    assert!(painted(&model, 100, 30).contains("The copies are in /mine."));
}

#[test]
fn letters_are_no_commands_while_files_are_read() {
    let mut model = listed();
    press(&mut model, "e");
    update(&mut model, Msg::Reply(Reply::Inputs(3, Ok(known()))));
    let effects = type_text(&mut model, "q1D3H");
    assert_eq!((effects.as_slice(), model.screen), ([].as_slice(), Screen::Editor));
    press(&mut model, "ctrl-q");
    assert_eq!(model.screen, Screen::Jobs);
}
