//! Keys, pastes and the mouse.

use crossterm::event::{KeyEvent, KeyEventKind};

use super::{Outcome, commands, editing, search};
use crate::create::Typed;
use crate::editor;
use crate::jobs::arrange::Filter;
use crate::keymap::Scope;
use crate::model::{Model, Notice, Screen};
use crate::overlay::Overlay;
use crate::view::layout;

/// A key goes to the text that is written, unless it is a command where one is.
pub fn on_key(model: &mut Model, key: KeyEvent) -> Outcome {
    if key.kind == KeyEventKind::Release {
        return Outcome::NOTHING;
    }
    let page = page(model);
    if editor_has_popup(model) && editor::update::key(&mut model.editor, key, page) {
        return Outcome::PAINT;
    }
    if let Some(command) = model.config.keymap.command(model.scopes(), key) {
        let had_notice = model.notice.take().is_some();
        let outcome = commands::obey(model, command);
        return Outcome { dirty: outcome.dirty || had_notice, ..outcome };
    }
    match &mut model.overlay {
        Some(Overlay::Chooser(chooser)) => {
            let known = chooser.input.key(key);
            if known {
                chooser.narrowed();
            }
            return Outcome::paint_if(known);
        }
        Some(Overlay::Prompt(prompt)) => return Outcome::paint_if(prompt.input.key(key)),
        Some(Overlay::Sheet(sheet)) => return Outcome::paint_if(sheet.writing().key(key)),
        Some(Overlay::Reader(_)) if model.search.input.is_some() => {
            return Outcome::paint_if(search::write(model, |input| input.key(key)));
        }
        Some(Overlay::Reader(_) | Overlay::Question(_)) => return Outcome::NOTHING,
        None => {}
    }
    match model.screen {
        Screen::Jobs => Outcome::paint_if(filter_key(model, |input| input.key(key))),
        Screen::Create => form_key(model, key),
        Screen::Editor => editor_key(model, key, page),
        Screen::Templates => Outcome::paint_if(search_key(model, |input| input.key(key))),
        Screen::Card => Outcome::paint_if(search::write(model, |input| input.key(key))),
    }
}

fn form_key(model: &mut Model, key: KeyEvent) -> Outcome {
    match model.form.key(key) {
        Typed::Taken => Outcome::PAINT,
        Typed::Unknown => Outcome::NOTHING,
        Typed::Sealed => {
            model.notice = Some(sealed());
            Outcome::PAINT
        }
    }
}

/// A letter does not throw away what was pasted.
fn sealed() -> Notice {
    Notice::failed("A structure is pasted here.", "Backspace removes it, Ctrl-Z brings it back.")
}

fn editor_key(model: &mut Model, key: KeyEvent, page: usize) -> Outcome {
    if editor::update::writes(&model.editor, key) && editing::is_refused(model) {
        return Outcome::PAINT;
    }
    let known = editor::update::key(&mut model.editor, key, page);
    if known && !matches!(model.notice, Some(Notice::News(_))) {
        model.notice = None;
    }
    Outcome::paint_if(known)
}

/// While something is proposed or looked for, Enter, Tab and the arrows belong to that.
fn editor_has_popup(model: &Model) -> bool {
    model.overlay.is_none()
        && model.screen == Screen::Editor
        && (model.editor.completion.is_some() || model.editor.find.is_some())
        && model.scopes().contains(&Scope::Editor)
}

fn filter_key(
    model: &mut Model,
    change: impl FnOnce(&mut crate::widget::input::Input) -> bool,
) -> bool {
    let Some(input) = &mut model.filtering else { return false };
    let known = change(input);
    let text = input.text();
    if text != model.jobs.filter().text() {
        model.jobs.set_filter(Filter::parse(&text));
    }
    known
}

fn search_key(
    model: &mut Model,
    change: impl FnOnce(&mut crate::widget::input::Input) -> bool,
) -> bool {
    let Some(input) = &mut model.templates.searching else { return false };
    let known = change(input);
    let text = input.text();
    model.templates.search(&text);
    known
}

/// A paste is one edit of the text that is written; elsewhere it means nothing, and that is said.
pub fn on_paste(model: &mut Model, text: &str) -> Outcome {
    match &mut model.overlay {
        Some(Overlay::Chooser(chooser)) => {
            chooser.input.insert(text);
            chooser.narrowed();
            return Outcome::PAINT;
        }
        Some(Overlay::Prompt(prompt)) => {
            prompt.input.insert(text);
            return Outcome::PAINT;
        }
        Some(Overlay::Sheet(sheet)) => {
            sheet.writing().insert(text);
            return Outcome::PAINT;
        }
        Some(Overlay::Reader(_)) if model.search.input.is_some() => {}
        Some(Overlay::Reader(_) | Overlay::Question(_)) => return Outcome::NOTHING,
        None => {}
    }
    if model.search.input.is_some() {
        return Outcome::paint_if(search::write(model, |input| {
            input.insert(text);
            true
        }));
    }
    let is_taken = match model.screen {
        Screen::Jobs => filter_key(model, |input| {
            input.insert(text);
            true
        }),
        Screen::Create if model.form.paste(text) => true,
        Screen::Create => {
            let hint = "Wait until it is answered.";
            let is_pending = model.form.pending;
            let waits = || Notice::failed("The calculation is being submitted.", hint);
            model.notice = Some(if is_pending { waits() } else { sealed() });
            return Outcome::PAINT;
        }
        Screen::Editor => {
            let is_refused = model.editor.find.is_none() && editing::is_refused(model);
            is_refused || editor::update::paste(&mut model.editor, text)
        }
        Screen::Templates => search_key(model, |input| {
            input.insert(text);
            true
        }),
        Screen::Card => false,
    };
    if !is_taken {
        let hint = "Paste into a field or into the editor.";
        model.notice = Some(Notice::failed("Nothing is written here.", hint));
    }
    Outcome::PAINT
}

/// The wheel moves what has rows.
pub fn on_wheel(model: &mut Model, rows: isize) -> Outcome {
    let (count, height) = reader_size(model);
    match (&mut model.overlay, model.screen) {
        (Some(Overlay::Reader(reader)), _) => reader.move_by(rows, count, height),
        (Some(Overlay::Chooser(chooser)), _) => chooser.move_by(rows),
        (Some(Overlay::Sheet(sheet)), _) => sheet.move_by(rows, &model.form.parameters),
        (Some(Overlay::Question(_) | Overlay::Prompt(_)), _) | (None, Screen::Create) => {
            return Outcome::NOTHING;
        }
        (None, Screen::Jobs) => model.jobs.move_by(rows),
        (None, Screen::Templates) => model.templates.move_by(rows),
        (None, Screen::Card) => model.card.move_by(rows, model.size.0),
        (None, Screen::Editor) => {
            if let Some(document) = model.editor.document_mut() {
                document.buffer.move_lines(rows, false);
            }
        }
    }
    Outcome::PAINT
}

/// A click selects the row of the list.
pub fn on_click(model: &mut Model, row: u16) -> Outcome {
    let Some(first) = layout::list_rows(model.size).first_row(row) else { return Outcome::NOTHING };
    if model.overlay.is_some() || model.screen != Screen::Jobs {
        return Outcome::NOTHING;
    }
    model.jobs.select_index(model.jobs.top + first);
    Outcome::PAINT
}

/// How many rows a screen of what is on the screen has.
pub fn page(model: &Model) -> usize {
    match model.screen {
        Screen::Jobs => layout::list_rows(model.size).height,
        Screen::Create | Screen::Card | Screen::Editor | Screen::Templates => {
            layout::body_height(model.size)
        }
    }
}

/// How many lines the text to read has, and how many of them are seen.
pub fn reader_size(model: &Model) -> (usize, usize) {
    match &model.overlay {
        Some(Overlay::Reader(reader)) => {
            let lines = crate::overlay::view::n_lines(model, reader);
            (lines, crate::overlay::view::reader_height(model.size))
        }
        _ => (0, 0),
    }
}

/// Scroll so that what is selected can be seen, and no further.
pub fn keep_in_sight(model: &mut Model) {
    let rows = layout::list_rows(model.size).height;
    let selected = model.jobs.selected_index().unwrap_or(0);
    model.jobs.top = layout::top(model.jobs.top, selected, rows, model.jobs.len());
    let rows = layout::body_height(model.size);
    let browser = &mut model.templates;
    browser.top = layout::top(browser.top, browser.selected_index(), rows, browser.len());
    let height = layout::text_height(model.size);
    for document in &mut model.editor.documents {
        let line = document.buffer.cursor().line;
        document.top = layout::top(document.top, line, height, document.buffer.n_lines());
    }
}
