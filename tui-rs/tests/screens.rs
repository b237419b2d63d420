//! What is painted for a model, and what keys and answers make of it: no terminal, no server.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test may fail

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use crystalmath_tui::api::wire::{Fault, JobRow, JobState, JobsPage, Submitted};
use crystalmath_tui::model::{Model, Screen};
use crystalmath_tui::msg::{Call, Effect, Msg, Reply, ServerInfo};
use crystalmath_tui::update::{Outcome, update};
use crystalmath_tui::view;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

fn row(id: i64, state: JobState) -> JobRow {
    JobRow {
        id,
        uuid: format!("uuid-{id}"),
        label: format!("label {id} 東京"),
        formula: Some("Si2".to_owned()),
        template: Some("relax".to_owned()),
        n_atoms: Some(2),
        state,
        exit_status: None,
        exit_message: None,
        created_at: "2026-11-22T10:00:00.000+00:00".to_owned(),
        modified_at: "2026-11-22T10:00:00.000+00:00".to_owned(),
        foreign: false,
    }
}

fn page(ids: &[i64], state: JobState) -> Msg {
    let jobs = ids.iter().map(|&id| row(id, state)).collect();
    Msg::Reply(Reply::List(Ok(JobsPage { jobs, next: None })))
}

fn key(code: KeyCode) -> Msg {
    Msg::Key(KeyEvent::new(code, KeyModifiers::NONE))
}

fn ready() -> Model {
    let mut model = Model::default();
    update(&mut model, Msg::Ready(ServerInfo { version: "0.1.0".to_owned() }));
    model
}

fn with_jobs(ids: &[i64], state: JobState) -> Model {
    let mut model = ready();
    update(&mut model, page(ids, state));
    model
}

fn painted(model: &Model, width: u16, height: u16) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| view::draw(model, frame)).unwrap();
    terminal.backend().to_string()
}

fn type_text(model: &mut Model, text: &str) {
    for character in text.chars() {
        update(model, key(KeyCode::Char(character)));
    }
}

#[test]
fn the_jobs_are_asked_for_once_the_server_is_ready() {
    let mut model = Model::default();
    let outcome = update(&mut model, Msg::Ready(ServerInfo { version: "1".to_owned() }));
    assert!(matches!(outcome.effects.as_slice(), [Effect::Call(Call::List(_))]));
    assert!(painted(&model, 80, 24).contains("Loading jobs"));
}

#[test]
fn a_job_is_painted_with_a_word_and_a_sign_for_its_state() {
    let screen = painted(&with_jobs(&[7], JobState::Failed), 100, 24);
    assert!(screen.contains("› 7") && screen.contains("✗ failed") && screen.contains("label 7"));
}

#[test]
fn no_jobs_is_told_as_that_and_a_failure_as_that() {
    assert!(painted(&with_jobs(&[], JobState::Created), 80, 24).contains("No jobs yet"));
    let mut model = ready();
    let fault = Fault::local("The engine worker died.", "Ask again.");
    update(&mut model, Msg::Reply(Reply::List(Err(fault))));
    let screen = painted(&model, 80, 24);
    assert!(screen.contains("The engine worker died. Ask again."), "{screen}");
    assert!(!screen.contains("No jobs yet"));
}

#[test]
fn what_the_engine_says_is_shown_while_the_jobs_are_loading() {
    let mut model = ready();
    assert!(update(&mut model, Msg::Log("Making the profile".to_owned())).dirty);
    assert!(painted(&model, 80, 24).contains("Making the profile"));
    update(&mut model, page(&[], JobState::Created));
    assert!(!update(&mut model, Msg::Log("Something else".to_owned())).dirty);
}

#[test]
fn an_unchanged_list_is_not_painted_again() {
    let mut model = with_jobs(&[2, 1], JobState::Finished);
    assert!(!update(&mut model, page(&[2, 1], JobState::Finished)).dirty);
    assert!(update(&mut model, page(&[2, 1], JobState::Failed)).dirty);
}

#[test]
fn the_same_key_means_quit_in_the_list_and_a_letter_in_the_form() {
    let mut model = with_jobs(&[1], JobState::Finished);
    assert_eq!(update(&mut model, key(KeyCode::Char('q'))).effects, [Effect::Quit]);
    update(&mut model, key(KeyCode::Char('n')));
    assert_eq!(update(&mut model, key(KeyCode::Char('q'))).effects, []);
    assert_eq!(model.form.fields[0].1.text(), "q");
}

#[test]
fn ctrl_c_quits_from_every_screen() {
    for screen in [Screen::Jobs, Screen::Create, Screen::Card] {
        let mut model = with_jobs(&[1], JobState::Finished);
        model.screen = screen;
        let pressed = Msg::Key(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL));
        assert_eq!(update(&mut model, pressed).effects, [Effect::Quit]);
    }
}

fn submit(model: &mut Model) -> Outcome {
    update(model, key(KeyCode::Char('n')));
    type_text(model, "/tmp/Si.vasp");
    update(model, key(KeyCode::BackTab));
    update(model, key(KeyCode::Enter))
}

#[test]
fn a_submit_in_flight_takes_no_second_enter() {
    let mut model = ready();
    let outcome = submit(&mut model);
    let [Effect::Call(Call::Submit(params))] = outcome.effects.as_slice() else {
        panic!("one submit: {outcome:?}");
    };
    assert_eq!(params.structure.path.as_deref(), Some("/tmp/Si.vasp"));
    assert_eq!(update(&mut model, key(KeyCode::Enter)).effects, []);
}

#[test]
fn a_submitted_job_is_selected_when_it_comes() {
    let mut model = with_jobs(&[2, 1], JobState::Finished);
    submit(&mut model);
    let done = Submitted { id: 3, uuid: "u".to_owned(), state: JobState::Created };
    update(&mut model, Msg::Reply(Reply::Submit(Ok(done))));
    assert_eq!(model.screen, Screen::Jobs);
    update(&mut model, page(&[3, 2, 1], JobState::Finished));
    assert_eq!(model.jobs.selected().unwrap().id, 3);
}

#[test]
fn a_refused_submit_keeps_what_was_typed() {
    let mut model = ready();
    submit(&mut model);
    let fault = Fault::local("Line 3 is no number.", "Correct it.");
    update(&mut model, Msg::Reply(Reply::Submit(Err(fault))));
    let screen = painted(&model, 80, 24);
    assert!(screen.contains("/tmp/Si.vasp") && screen.contains("Line 3 is no number. Correct it."));
}

#[test]
fn a_lost_server_leaves_what_was_typed_and_can_be_started_again() {
    let mut model = ready();
    update(&mut model, key(KeyCode::Char('n')));
    type_text(&mut model, "/tmp/x");
    update(&mut model, Msg::Lost("The server ended.".to_owned()));
    assert!(painted(&model, 80, 24).contains("/tmp/x"));
    update(&mut model, key(KeyCode::Esc));
    assert!(painted(&model, 80, 24).contains("The server ended."));
    assert_eq!(update(&mut model, key(KeyCode::Char('r'))).effects, [Effect::Restart]);
}

#[test]
fn no_size_is_too_small_to_paint() {
    let mut models = vec![Model::default(), with_jobs(&[3, 2, 1], JobState::Running), ready()];
    submit(&mut models[2]);
    let mut card = with_jobs(&[3], JobState::Running);
    update(&mut card, key(KeyCode::Enter));
    models.push(card);
    for model in &models {
        for width in 1..60 {
            for height in 1..16 {
                painted(model, width, height);
            }
        }
    }
}

#[test]
fn a_frame_of_a_hundred_thousand_jobs_looks_only_at_those_in_sight() {
    let ids: Vec<i64> = (1..=100_000).rev().collect();
    let mut model = with_jobs(&ids, JobState::Finished);
    update(&mut model, key(KeyCode::End));
    let screen = painted(&model, 120, 40);
    assert!(screen.contains("› 1 ") && !screen.contains("label 99"));
}
