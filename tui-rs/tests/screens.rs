//! What is painted for a model, and what keys and answers make of it: no terminal, no server.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test may fail

mod common;

use std::time::Instant;

use common::{
    ctrl, editing, key, page, painted, press, ready, server, started, type_text, with_jobs,
};
use crossterm::event::KeyCode;
use crystalmath_tui::api::wire::{Fault, JobState, Submitted};
use crystalmath_tui::create::Field;
use crystalmath_tui::model::{Model, Screen};
use crystalmath_tui::msg::{Call, Effect, Msg, Reply};
use crystalmath_tui::overlay::{Overlay, Pick};
use crystalmath_tui::update::{Outcome, update};

#[test]
fn the_jobs_are_asked_for_once_the_server_is_ready() {
    let mut model = started((80, 24));
    let outcome = update(&mut model, Msg::Ready(server()));
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
    assert_eq!(model.form.text(Field::Structure), "q");
}

#[test]
fn ctrl_c_quits_from_every_screen() {
    for screen in [Screen::Jobs, Screen::Create, Screen::Card, Screen::Editor] {
        let mut model = with_jobs(&[1], JobState::Finished);
        model.screen = screen;
        assert_eq!(update(&mut model, ctrl('c')).effects, [Effect::Quit]);
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
fn a_lost_server_leaves_what_was_typed_and_comes_back_by_itself() {
    let mut model = ready();
    press(&mut model, "n");
    type_text(&mut model, "/tmp/x");
    let outcome = update(&mut model, Msg::Lost("The server ended.".to_owned(), Instant::now()));
    assert!(matches!(outcome.effects.as_slice(), [Effect::RestartIn(_)]));
    let screen = painted(&model, 80, 24);
    assert!(screen.contains("/tmp/x") && screen.contains("The server ended."), "{screen}");
    assert_eq!(update(&mut model, Msg::Restart).effects, [Effect::Restart]);
    assert_eq!(update(&mut model, Msg::Restart).effects, []);
}

#[test]
fn a_server_that_dies_again_and_again_waits_for_the_user() {
    let mut model = ready();
    let now = Instant::now();
    for _ in 0..5 {
        let outcome = update(&mut model, Msg::Lost("It died.".to_owned(), now));
        assert!(matches!(outcome.effects.as_slice(), [Effect::RestartIn(_)]));
        update(&mut model, Msg::Restart);
    }
    assert_eq!(update(&mut model, Msg::Lost("It died.".to_owned(), now)).effects, []);
    assert!(painted(&model, 80, 24).contains("Press Ctrl-R"));
    assert_eq!(update(&mut model, ctrl('r')).effects, [Effect::Restart]);
}

#[test]
fn unsaved_text_and_an_open_submit_are_asked_about_before_the_end() {
    let mut model = editing();
    type_text(&mut model, "x");
    assert_eq!(update(&mut model, ctrl('c')).effects, []);
    assert!(painted(&model, 80, 24).contains("INCAR not saved."));
    press(&mut model, "n");
    assert!(painted(&model, 80, 24).contains("●"));
    update(&mut model, ctrl('c'));
    assert_eq!(update(&mut model, ctrl('c')).effects, [Effect::Quit]);
    let mut model = ready();
    submit(&mut model);
    update(&mut model, ctrl('c'));
    assert!(painted(&model, 80, 24).contains("submit is not answered"));
    assert_eq!(press(&mut model, "y").remove(0).effects, [Effect::Quit]);
}

#[test]
fn no_size_is_too_small_to_paint() {
    let mut models =
        vec![started((80, 24)), editing(), with_jobs(&[3, 2, 1], JobState::Running), ready()];
    submit(&mut models[3]);
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

#[test]
fn the_jobs_are_filtered_while_the_filter_is_written() {
    let mut model = with_jobs(&[12, 11, 2], JobState::Finished);
    press(&mut model, "/");
    type_text(&mut model, "q 1");
    assert!(painted(&model, 80, 24).contains("No job fits"));
    press(&mut model, "home backspace");
    update(&mut model, key(KeyCode::Delete));
    assert_eq!(model.jobs.len(), 3 - 1);
    press(&mut model, "enter j");
    assert_eq!(model.jobs.selected().unwrap().id, 11);
    press(&mut model, "esc");
    assert_eq!((model.jobs.len(), model.jobs.selected().unwrap().id), (3, 11));
}

#[test]
fn a_job_that_ends_rings_the_bell() {
    let mut model = with_jobs(&[2, 1], JobState::Running);
    let outcome = update(&mut model, page(&[2, 1], JobState::Finished));
    assert!(outcome.effects.iter().any(|effect| matches!(effect, Effect::Notify(_))));
    assert!(painted(&model, 80, 24).contains("2 jobs ended"));
}

#[test]
fn the_palette_does_what_is_chosen_and_tells_its_key() {
    let mut model = with_jobs(&[1], JobState::Finished);
    press(&mut model, "ctrl-p");
    type_text(&mut model, "new calc");
    let screen = painted(&model, 100, 24);
    assert!(screen.contains("Go to the new calculation") && screen.contains(" n c"), "{screen}");
    press(&mut model, "enter");
    assert_eq!(model.screen, Screen::Create);
}

#[test]
fn the_marked_jobs_are_copied() {
    let mut model = with_jobs(&[3, 2, 1], JobState::Finished);
    press(&mut model, "space space");
    let outcome = press(&mut model, "y").remove(0);
    assert_eq!(outcome.effects, [Effect::Copy("2 3".to_owned())]);
}

#[test]
fn without_colours_nothing_is_coloured_and_everything_said() {
    let mut model = with_jobs(&[1], JobState::Failed);
    model.config.theme = crystalmath_tui::widget::theme::Theme::monochrome();
    let mut terminal = ratatui::Terminal::new(ratatui::backend::TestBackend::new(80, 24)).unwrap();
    terminal.draw(|frame| crystalmath_tui::view::draw(&model, frame)).unwrap();
    let buffer = terminal.backend().buffer();
    assert!(buffer.content.iter().all(|cell| cell.fg == ratatui::style::Color::Reset));
    assert!(painted(&model, 80, 24).contains("✗ failed"));
}

#[test]
fn the_log_is_read_in_its_own_pane() {
    let mut model = with_jobs(&[1], JobState::Finished);
    for number in 0..100 {
        update(&mut model, Msg::Log(format!("line {number}.")));
    }
    press(&mut model, "f12");
    assert!(painted(&model, 80, 24).contains("line 99."));
    press(&mut model, "g");
    assert!(painted(&model, 80, 24).contains("line 0."));
    press(&mut model, "q");
    assert!(!painted(&model, 80, 24).contains("line 0."));
}

#[test]
fn the_palette_knows_commands_by_their_names_and_by_what_people_call_them() {
    for (word, name) in [
        ("cancel", "cancel"),
        ("kill", "cancel"),
        ("stop", "cancel"),
        ("end", "cancel"),
        ("quit", "quit"),
        ("exit", "quit"),
        ("submit", "go-create"),
        ("run", "go-create"),
        ("new", "go-create"),
        ("delete", "delete"),
        ("remove", "delete"),
        ("rm", "delete"),
        ("restart", "restart"),
        ("rerun", "restart"),
        ("pause", "pause"),
        ("resume", "pause"),
        ("label", "label"),
        ("rename", "label"),
        ("compare", "diff"),
        ("bands", "bands"),
        ("band structure", "bands"),
        ("convergence", "convergence"),
        ("files", "files"),
        ("theme", "settings"),
        ("config", "settings"),
        ("profile", "engine"),
        ("status", "engine"),
        ("doctor", "engine"),
        ("repair", "repair"),
        ("help", "help"),
        ("keys", "help"),
        ("editor", "go-editor"),
        ("templates", "go-templates"),
        ("filter", "filter"),
        ("search", "filter"),
        ("sort", "sort"),
        ("log", "log"),
        ("Cancel the", "cancel"),
        ("xyzzy", ""),
        ("delt", ""),
    ] {
        assert_eq!(first_of(with_jobs(&[1], JobState::Finished), word), name, "{word}");
    }
    assert_eq!(found_in_form("submit"), "submit");
    assert_eq!(found_in_form("run"), "submit");
    assert_eq!(found_in_form("empty"), "empty-form");
}

fn found_in_form(words: &str) -> String {
    let mut model = with_jobs(&[1], JobState::Finished);
    press(&mut model, "n");
    first_of(model, words)
}

/// The name of the command that Enter runs in the palette after these words.
fn first_of(mut model: Model, words: &str) -> String {
    press(&mut model, "ctrl-p");
    type_text(&mut model, words);
    let Some(Overlay::Chooser(chooser)) = &model.overlay else { panic!("the palette") };
    match chooser.choice().map(|choice| choice.pick) {
        Some(Pick::Command(command)) => command.name().to_owned(),
        None => String::new(),
        other => panic!("a command: {other:?}"),
    }
}
