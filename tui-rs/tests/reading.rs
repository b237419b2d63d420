//! Looking for text in what is read, and the short ways from a failed job to why and what next.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test may fail

mod common;

use common::{calls, from, painted, press, serving, type_text};
use crystalmath_tui::api::wire::{JobState, JobsDiffParams};
use crystalmath_tui::card::Pane;
use crystalmath_tui::model::{Model, Screen};
use crystalmath_tui::msg::{Call, Effect, Msg, Reply};
use crystalmath_tui::update::update;

const METHODS: &[&str] =
    &["jobs.get", "jobs.log", "jobs.files", "jobs.read", "jobs.diff", "jobs.submit"];

fn serving_all(ids: &[i64]) -> Model {
    serving(METHODS, ids, JobState::Failed)
}

fn log(output: &str) -> Msg {
    let text = serde_json::to_string(output).unwrap();
    let log = format!(r#"{{"report": "a report", "output_name": "vasp.out", "output": {text}}}"#);
    Msg::Reply(Reply::Said(1, Ok(from(&log))))
}

fn with_log() -> Model {
    let mut model = serving_all(&[1]);
    press(&mut model, "enter tab");
    let lines: Vec<String> = (1..=100).map(|n| format!("line {n} of Energy")).collect();
    update(&mut model, log(&lines.join("\n")));
    model
}

#[test]
fn a_text_is_found_while_it_is_written_and_then_from_hit_to_hit() {
    let mut model = with_log();
    press(&mut model, "/");
    type_text(&mut model, "line 50 ");
    assert!(painted(&model, 100, 30).contains("line 50 of"));
    press(&mut model, "enter");
    assert!(painted(&model, 100, 30).contains("1 of 1 with \"line 50 \""));
    press(&mut model, "/");
    type_text(&mut model, "ENERGY");
    press(&mut model, "enter n");
    let screen = painted(&model, 100, 30);
    assert!(screen.contains(" of 100 with \"energy\""), "{screen}");
    press(&mut model, "N N N");
    assert_eq!(model.screen, Screen::Card);
    press(&mut model, "esc N");
    assert_eq!(model.search.needle(), "");
}

#[test]
fn what_is_written_to_be_found_is_text_and_escape_leaves_the_search() {
    let mut model = with_log();
    press(&mut model, "/");
    type_text(&mut model, "qnK?");
    assert_eq!((model.search.needle(), model.screen), ("qnk?", Screen::Card));
    press(&mut model, "enter");
    assert!(painted(&model, 100, 30).contains("does not stand here"));
    press(&mut model, "esc");
    assert!(!model.search.is_on());
    press(&mut model, "esc");
    assert_eq!(model.screen, Screen::Jobs);
}

#[test]
fn a_text_above_a_screen_is_looked_through_too() {
    let mut model = serving_all(&[1]);
    press(&mut model, "? /");
    type_text(&mut model, "palette");
    press(&mut model, "enter");
    assert!(model.search.is_on());
    press(&mut model, "n esc q");
    assert!(model.overlay.is_none() && model.screen == Screen::Jobs);
    let mut model = serving_all(&[1]);
    press(&mut model, "? / enter");
    assert!(!model.search.is_on());
}

fn with_files() -> Model {
    let mut model = serving_all(&[1]);
    press(&mut model, "enter tab tab");
    assert_eq!(model.card.pane, Pane::Files);
    let file = |name: &str| {
        format!(r#"{{"name": "{name}", "step": 1, "size_bytes": 600000, "source": "folder"}}"#)
    };
    let files = ["INCAR", "OUTCAR", "vasprun.xml"].map(file).join(",");
    let files = from(&format!(r#"{{"files": [{files}]}}"#));
    update(&mut model, Msg::Reply(Reply::Files(1, Ok(files))));
    model
}

#[test]
fn the_files_are_narrowed_by_a_part_of_their_names() {
    let mut model = with_files();
    press(&mut model, "/");
    type_text(&mut model, "out");
    let screen = painted(&model, 100, 30);
    assert!(screen.contains("OUTCAR") && !screen.contains("vasprun.xml"), "{screen}");
    press(&mut model, "enter");
    let effects = press(&mut model, "enter").remove(0).effects;
    assert!(matches!(calls(&effects)[..], [Call::ReadFile(1, p)] if p.name == "OUTCAR"));
    press(&mut model, "q q");
    assert!(painted(&model, 100, 30).contains("vasprun.xml"));
    assert_eq!(model.screen, Screen::Card);
}

fn part(offset: i64, text: &str, next: Option<i64>) -> Msg {
    let (text, next) =
        (serde_json::to_string(text).unwrap(), serde_json::to_string(&next).unwrap());
    let part = format!(
        r#"{{"name": "OUTCAR", "offset": {offset}, "size_bytes": 600000, "text": {text}, "next": {next}}}"#
    );
    Msg::Reply(Reply::File(1, Ok(from(&part))))
}

fn reading() -> Model {
    let mut model = with_files();
    press(&mut model, "j enter");
    let lines: Vec<String> = (1..=500).map(|n| format!("ion {n}")).collect();
    update(&mut model, part(0, &lines.join("\n"), Some(262_144)));
    model
}

fn offsets(effects: &[Effect]) -> Vec<Option<i64>> {
    let offset = |call: &Call| match call {
        Call::ReadFile(_, params) => params.offset,
        _ => None,
    };
    calls(effects).into_iter().map(offset).collect()
}

#[test]
fn the_next_part_of_a_long_file_comes_when_its_end_is_near() {
    let mut model = reading();
    assert_eq!(press(&mut model, "j").remove(0).effects, []);
    for _ in 0..40 {
        press(&mut model, "ctrl-d");
    }
    update(&mut model, part(262_144, "\nthe last line", None));
    press(&mut model, "G");
    assert!(painted(&model, 100, 30).contains("the last line"));
}

#[test]
fn the_end_of_a_long_file_is_read_without_what_lies_between() {
    let mut model = reading();
    let effects = press(&mut model, "G").remove(0).effects;
    assert_eq!(offsets(&effects), [Some(-262_144)]);
    update(&mut model, part(337_856, "nearly\nthe end", None));
    assert!(painted(&model, 100, 30).contains("the end"));
    let effects = press(&mut model, "g").remove(0).effects;
    assert_eq!(offsets(&effects), [Some(0)]);
}

#[test]
fn a_search_goes_on_in_the_part_that_is_not_known_yet() {
    let mut model = reading();
    press(&mut model, "/");
    type_text(&mut model, "voluntary context");
    let effects = press(&mut model, "enter").remove(0).effects;
    assert_eq!(offsets(&effects), [Some(262_144)]);
    update(&mut model, part(262_144, "\nx\n Voluntary context switches", None));
    let screen = painted(&model, 100, 30);
    assert!(screen.contains("Voluntary context") && screen.contains("1 of 1"), "{screen}");
}

#[test]
fn the_line_of_the_error_is_one_key_away() {
    let mut model = serving_all(&[1]);
    let effects = press(&mut model, "E").remove(0).effects;
    assert!(calls(&effects).contains(&&Call::Pane(Pane::Log, 1)), "{effects:?}");
    let lines: Vec<String> = (1..=90).map(|n| format!("DAV: {n}")).collect();
    update(&mut model, log(&format!("{}\n ERROR: it stops\n more", lines.join("\n"))));
    assert!(painted(&model, 100, 30).contains("ERROR: it stops"));
    update(&mut model, log("another"));
    assert!(!painted(&model, 100, 30).contains("tells of no error"));
}

#[test]
fn what_was_changed_in_the_inputs_is_one_key_away() {
    let mut model = serving_all(&[2, 1]);
    let effects = press(&mut model, "d").remove(0).effects;
    let defaults = JobsDiffParams { left: 2.into(), right: None };
    assert_eq!(calls(&effects), [&Call::Diff(defaults)]);
    let found = from(
        r#"{"differences": [{"step": 1, "file": "INCAR", "name": "ENCUT", "left": "520",
        "right": "200"}]}"#,
    );
    update(&mut model, Msg::Reply(Reply::Diff(Ok(found))));
    assert!(painted(&model, 100, 30).contains("ENCUT: 520 → 200"));
    press(&mut model, "q space space");
    let effects = press(&mut model, "d").remove(0).effects;
    let both = JobsDiffParams { left: 1.into(), right: Some(2.into()) };
    assert_eq!(calls(&effects), [&Call::Diff(both)]);
}

#[test]
fn a_prepared_resubmit_is_one_key_away() {
    let mut model = serving_all(&[1]);
    let effects = press(&mut model, "N").remove(0).effects;
    assert_eq!(calls(&effects), [&Call::Glance(1)]);
    let detail = from(
        r#"{"job": {"id": 1, "uuid": "u", "label": "si", "state": "failed", "foreign": false,
        "created_at": "", "modified_at": ""}, "steps": [], "card": {"id": 1, "uuid": "u",
        "state": "failed", "formula": "Si2", "n_atoms": 2, "step": "", "template": "relax",
        "label": "", "warnings": []}, "request": {"template": "relax", "structure":
        {"path": "/tmp/Si.vasp"}, "overrides": {"ENCUT": 200}, "label": "si"}}"#,
    );
    update(&mut model, Msg::Reply(Reply::Glance(1, Ok(Box::new(detail)))));
    let screen = painted(&model, 100, 30);
    assert!(model.screen == Screen::Create && screen.contains("ENCUT = 200"), "{screen}");
}
