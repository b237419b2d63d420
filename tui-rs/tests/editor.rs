//! The editor: what is typed arrives, what is undone goes, and the server has the same text.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test may fail

mod common;

use common::{
    INCAR, ctrl, editing, files, misspelt, painted, press, ready, text_of, type_text, written,
};
use crystalmath_tui::lsp::types::{Action, At, Hover, Proposal, Sync, TextEdit};
use crystalmath_tui::model::Screen;
use crystalmath_tui::msg::{Call, Disk, Effect, Msg, Reply, Unwritten};
use crystalmath_tui::text::Buffer;
use crystalmath_tui::update::update;

fn asked(effects: &[Effect]) -> &Call {
    let call = effects.iter().find_map(|effect| match effect {
        Effect::Call(call) => Some(call),
        _ => None,
    });
    call.unwrap_or_else(|| panic!("{effects:?}"))
}

fn from<T: for<'de> serde::Deserialize<'de>>(text: &str) -> T {
    serde_json::from_str(text).unwrap()
}

#[test]
fn every_printable_character_tab_and_a_long_paste_arrive() {
    let mut model = ready();
    press(&mut model, "3");
    update(&mut model, files(&[("INCAR", "")]));
    let typed: String = (' '..='~')
        .chain("\t\näöüßéñ東京🙂ǅ".chars())
        .chain(('\u{300}'..='\u{36f}').filter(|character| !character.is_control()))
        .collect();
    type_text(&mut model, &typed);
    assert_eq!(text_of(&model), typed);
    let pasted: String = typed.chars().cycle().take(10_000).collect();
    update(&mut model, Msg::Paste(pasted.replace('\n', "\r")));
    assert_eq!(text_of(&model), format!("{typed}{pasted}"));
    update(&mut model, ctrl('z'));
    assert_eq!(text_of(&model), typed);
    update(&mut model, ctrl('y'));
    assert_eq!(text_of(&model), format!("{typed}{pasted}"));
}

/// Ten thousand edits and steps back and forth, beside a list of characters that does the same.
#[test]
fn edits_and_their_undoing_agree_with_a_plain_text() {
    let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
    let mut below = |bound: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % u64::try_from(bound).unwrap()).unwrap()
    };
    let texts = ["a", "\n", "ENCUT = 1\n", "東京", "\t", "x y\nz"];
    let mut buffer = Buffer::new("start\n");
    let mut states = vec![buffer.text()];
    for _ in 0..10_000 {
        let before = buffer.text();
        match below(8) {
            0..=2 => buffer.insert(texts[below(texts.len())]),
            3 => buffer.backspace(),
            4 => buffer.move_by(isize::try_from(below(40)).unwrap() - 20, below(2) == 0),
            5 => buffer.move_lines(isize::try_from(below(6)).unwrap() - 3, below(2) == 0),
            6 => buffer.delete(),
            _ => buffer.replace(&[(
                crystalmath_tui::lsp::types::Span { start: buffer.cursor(), end: buffer.cursor() },
                "r".to_owned(),
            )]),
        }
        if buffer.text() != before {
            states.push(before);
        }
        if buffer.text().len() > 4000 {
            buffer.select_all();
            buffer.delete();
        }
    }
    let last = buffer.text();
    while buffer.undo() {}
    assert_eq!(buffer.text(), "start\n");
    assert!(!buffer.is_changed());
    while buffer.redo() {}
    assert_eq!(buffer.text(), last);
}

#[test]
fn letters_typed_in_a_row_are_undone_at_once() {
    let mut model = editing();
    type_text(&mut model, "abc");
    press(&mut model, "left");
    type_text(&mut model, "def");
    press(&mut model, "ctrl-z");
    assert_eq!(text_of(&model), format!("abc{INCAR}"));
    press(&mut model, "ctrl-z");
    assert_eq!(text_of(&model), INCAR);
}

#[test]
fn the_server_is_told_before_it_is_asked() {
    let mut model = editing();
    type_text(&mut model, "E");
    let outcome = update(&mut model, Msg::Key(crossterm_key(' ')));
    assert!(matches!(asked(&outcome.effects), Call::Complete(at) if at.place.character == 1));
    type_text(&mut model, "N");
    let outcome = update(&mut model, Msg::Key(crossterm_key(' ')));
    let Call::Complete(at) = asked(&outcome.effects).clone() else { panic!("asked") };
    assert!(matches!(outcome.effects.first(), Some(Effect::Call(_))));
    let items = vec![
        Proposal { label: "ENCUT".to_owned(), detail: "real".to_owned(), ..Proposal::default() },
        Proposal { label: "ENAUG".to_owned(), ..Proposal::default() },
    ];
    update(&mut model, Msg::Reply(Reply::Complete(at, Ok(items))));
    assert!(painted(&model, 80, 24).contains("ENCUT  real"));
    type_text(&mut model, "C");
    assert!(!painted(&model, 80, 24).contains("ENAUG"));
    press(&mut model, "enter");
    assert_eq!(text_of(&model), format!("ENCUT{INCAR}"));
}

fn crossterm_key(letter: char) -> crossterm::event::KeyEvent {
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
    KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL)
}

#[test]
fn escape_closes_what_stands_above_the_text_and_never_leaves_it() {
    let mut model = editing();
    for typed in ["LO", "LORBIT = "] {
        type_text(&mut model, typed);
        let before = text_of(&model);
        let outcome = update(&mut model, Msg::Key(crossterm_key(' ')));
        let Call::Complete(at) = asked(&outcome.effects).clone() else { panic!("asked") };
        let item = Proposal { label: "LORBIT".to_owned(), ..Proposal::default() };
        let value = Proposal { label: "11".to_owned(), ..Proposal::default() };
        update(&mut model, Msg::Reply(Reply::Complete(at, Ok(vec![item, value]))));
        assert!(model.editor.completion.is_some());
        press(&mut model, "ctrl-f esc");
        assert!(model.editor.find.is_none() && model.editor.completion.is_some());
        press(&mut model, "esc");
        assert!(model.editor.completion.is_none());
        press(&mut model, "esc esc");
        assert_eq!((model.screen, text_of(&model)), (Screen::Editor, before));
    }
    press(&mut model, "ctrl-q");
    assert_eq!(model.screen, Screen::Jobs);
}

#[test]
fn line_numbers_are_whole_however_many_there_are() {
    let mut model = ready();
    press(&mut model, "3");
    let lines = "0 0 0\n".repeat(100_008);
    update(&mut model, files(&[("POSCAR", &lines)]));
    update(&mut model, common::ctrl_end());
    let screen = painted(&model, 80, 24);
    assert!(screen.contains(" 100008 0 0 0") && screen.contains(" 100009 "), "{screen}");
}

#[test]
fn proposals_for_an_older_text_are_dropped() {
    let mut model = editing();
    let outcome = update(&mut model, Msg::Key(crossterm_key(' ')));
    let Call::Complete(at) = asked(&outcome.effects).clone() else { panic!("asked") };
    type_text(&mut model, "Z");
    let items = vec![Proposal { label: "ZAB_VDW".to_owned(), ..Proposal::default() }];
    update(&mut model, Msg::Reply(Reply::Complete(at, Ok(items))));
    assert!(model.editor.completion.is_none());
}

#[test]
fn a_finding_is_shown_where_it_is_and_its_fix_is_made() {
    let mut model = editing();
    let screen = painted(&model, 120, 24);
    assert!(screen.contains("0 errors, 1 other problems"), "{screen}");
    assert_eq!(press(&mut model, "f8").len(), 1);
    assert!(painted(&model, 120, 24).contains("! VASP knows no tag ISMAER"));
    let outcome = press(&mut model, "f4").remove(0);
    let Call::Fixes(at, _) = asked(&outcome.effects).clone() else { panic!("asked") };
    let action: Action = from(
        r#"{"title": "Write ISMEAR", "edit": {"changes": {"file:///calc/INCAR": [{"newText":
        "ISMEAR", "range": {"start": {"line": 2, "character": 0}, "end": {"line": 2,
        "character": 6}}}]}}}"#,
    );
    update(&mut model, Msg::Reply(Reply::Fixes(at, Ok(vec![action]))));
    assert!(painted(&model, 80, 24).contains("Write ISMEAR"));
    let outcome = press(&mut model, "enter").remove(0);
    assert!(text_of(&model).ends_with("ISMEAR = 0\n"));
    assert!(matches!(outcome.effects.as_slice(), [Effect::Tell(Sync::Change { .. })]));
}

#[test]
fn formatting_is_one_step_and_is_refused_for_an_older_text() {
    let mut model = editing();
    let edit: TextEdit = from(
        r#"{"newText": "ENCUT  = 520", "range": {"start": {"line": 1, "character": 0},
        "end": {"line": 1, "character": 11}}}"#,
    );
    let outcome = press(&mut model, "f6").remove(0);
    let Call::Format(at) = asked(&outcome.effects).clone() else { panic!("asked") };
    update(&mut model, Msg::Reply(Reply::Format(at.clone(), Ok(vec![edit.clone()]))));
    assert!(text_of(&model).contains("ENCUT  = 520"));
    press(&mut model, "ctrl-z");
    assert_eq!(text_of(&model), INCAR);
    update(&mut model, Msg::Reply(Reply::Format(at, Ok(vec![edit]))));
    assert_eq!(text_of(&model), INCAR);
}

#[test]
fn an_explanation_is_read_and_left() {
    let mut model = editing();
    press(&mut model, "f8 f2");
    let hover: Hover = from(r#"{"contents": {"kind": "markdown", "value": "**ISMEAR**\n`-5`"}}"#);
    let at =
        At { uri: String::new(), version: 1, place: crystalmath_tui::lsp::types::Place::default() };
    update(&mut model, Msg::Reply(Reply::Explain(at, Ok(Some(hover)))));
    let screen = painted(&model, 80, 24);
    assert!(
        screen.contains("VASP knows no tag") && screen.contains("ISMEAR") && screen.contains("-5")
    );
    press(&mut model, "q");
    assert_eq!(text_of(&model), INCAR);
}

#[test]
fn a_save_writes_what_is_there_and_later_typing_is_unsaved_again() {
    let mut model = editing();
    assert_eq!(press(&mut model, "ctrl-s").remove(0).effects, []);
    type_text(&mut model, "a");
    let outcome = press(&mut model, "ctrl-s").remove(0);
    let [Effect::Write(writing)] = outcome.effects.as_slice() else {
        panic!("{outcome:?}");
    };
    assert_eq!(writing.text, format!("a{INCAR}"));
    type_text(&mut model, "b");
    update(&mut model, written(writing));
    assert_eq!(model.editor.unsaved(), ["INCAR"]);
    press(&mut model, "ctrl-z");
    assert_eq!(model.editor.unsaved(), Vec::<String>::new());
    let failed = Err(Unwritten::Failed("disk full".to_owned()));
    let refused = Msg::Disk(Disk::Written(writing.path.clone(), 0, failed));
    update(&mut model, refused);
    assert!(painted(&model, 80, 24).contains("disk full"));
}

#[test]
fn other_files_are_opened_only_after_a_question_when_text_would_be_lost() {
    let mut model = editing();
    type_text(&mut model, "a");
    press(&mut model, "ctrl-o");
    let listing = Disk::Folder("/other".into(), Ok(Vec::new()));
    update(&mut model, Msg::Disk(listing));
    press(&mut model, "enter");
    assert!(painted(&model, 80, 24).contains("Open other files instead?"));
    let effects = press(&mut model, "y").remove(0).effects;
    let is_asked =
        |effect: &Effect| matches!(effect, Effect::ReadFiles(asked) if *asked.path == *"/other");
    assert!(effects.iter().any(is_asked));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Tell(Sync::Close { .. }))));
}

#[test]
fn text_is_found_whatever_its_case_and_round_the_end() {
    let mut model = editing();
    press(&mut model, "ctrl-f");
    type_text(&mut model, "encut");
    press(&mut model, "enter");
    let place = |model: &crystalmath_tui::model::Model| {
        let place = model.editor.document().unwrap().buffer.cursor();
        (place.line, place.character)
    };
    assert_eq!(place(&model), (1, 0));
    press(&mut model, "end ctrl-f enter");
    assert_eq!(place(&model), (1, 0));
}

#[test]
fn wide_characters_and_tabs_put_the_cursor_where_it_belongs() {
    let mut buffer = Buffer::new("東京x\n\tab\nabcdefghij\n");
    buffer.move_lines(2, false);
    buffer.move_in_line(true, false);
    buffer.move_lines(-1, false);
    assert_eq!((buffer.cursor().line, buffer.cursor().character), (1, 3));
    buffer.move_lines(-1, false);
    assert_eq!((buffer.cursor().line, buffer.cursor().character), (0, 3));
}

#[test]
fn findings_stay_until_newer_ones_come() {
    let mut model = editing();
    assert!(update(&mut model, Msg::Diagnostics(misspelt())).dirty);
    let none = crystalmath_tui::lsp::types::Published { diagnostics: Vec::new(), ..misspelt() };
    update(&mut model, Msg::Diagnostics(none));
    assert!(!painted(&model, 120, 24).contains("ISMEAR is meant"));
}

#[test]
fn a_value_leads_to_its_ion_in_another_file() {
    let mut model = editing();
    let effects = press(&mut model, "alt-.").remove(0).effects;
    let Call::Define(at) = asked(&effects).clone() else { panic!("{effects:?}") };
    let target = from(
        r#"[{"uri": "file:///calc/POSCAR", "range": {"start": {"line": 9, "character": 0},
        "end": {"line": 9, "character": 14}}}]"#,
    );
    update(&mut model, Msg::Reply(Reply::Define(at.clone(), Ok(target))));
    let document = model.editor.document().unwrap();
    assert_eq!((document.name().as_str(), document.buffer.cursor().line), ("POSCAR", 9));
    update(&mut model, Msg::Reply(Reply::Define(at, Ok(Vec::new()))));
    assert!(painted(&model, 80, 24).contains("nothing to go to"));
}

#[test]
fn a_text_is_found_forwards_and_backwards_and_round() {
    let mut buffer = Buffer::new("Two one\ntwo two\n");
    let mut at = |forward| {
        assert!(buffer.find("two", forward));
        let place = buffer.cursor();
        (place.line, place.character)
    };
    assert_eq!([at(true), at(true), at(true)], [(1, 0), (1, 4), (0, 0)]);
    assert_eq!([at(false), at(false), at(false)], [(1, 4), (1, 0), (0, 0)]);
}
