//! What becomes of the editor when keys are pressed and answers come.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::document::Document;
use super::popup::Completion;
use super::state::Editor;
use crate::keymap::Command;
use crate::lsp::types::{Action, At, Hover, Proposal, Span, Target, TextEdit};
use crate::msg::{Call, Effect};

/// Take a key that is no command; tells whether it meant anything.
pub fn key(editor: &mut Editor, key: KeyEvent, page: usize) -> bool {
    if editor.find.is_some() {
        return find_key(editor, key);
    }
    if editor.completion.is_some() && completion_key(editor, key) {
        return true;
    }
    let Some(document) = editor.document_mut() else { return false };
    if document.is_read_only && is_text(key) {
        return false;
    }
    let known = text_key(document, key, page);
    if known {
        narrow(editor);
    }
    known
}

/// Whether a key would change the text.
#[must_use]
pub const fn writes(editor: &Editor, key: KeyEvent) -> bool {
    editor.find.is_none() && is_text(key)
}

const fn is_text(key: KeyEvent) -> bool {
    match key.code {
        KeyCode::Char(_) => key.modifiers.difference(KeyModifiers::SHIFT).is_empty(),
        KeyCode::Enter | KeyCode::Tab | KeyCode::Backspace | KeyCode::Delete => true,
        _ => false,
    }
}

/// Whether a command changes the text, or proposes to.
#[must_use]
pub const fn changes_text(command: Command) -> bool {
    matches!(
        command,
        Command::Undo
            | Command::Redo
            | Command::Cut
            | Command::Complete
            | Command::Fix
            | Command::Format
    )
}

fn find_key(editor: &mut Editor, key: KeyEvent) -> bool {
    if key.code == KeyCode::Enter {
        editor.needle = editor.find.take().map(|input| input.text()).unwrap_or_default();
        find_next(editor, true);
        return true;
    }
    editor.find.as_mut().is_some_and(|input| input.key(key))
}

fn find_next(editor: &mut Editor, forward: bool) {
    let needle = editor.needle.clone();
    if let Some(document) = editor.document_mut() {
        document.buffer.find(&needle, forward);
    }
}

fn completion_key(editor: &mut Editor, key: KeyEvent) -> bool {
    let Some(completion) = &mut editor.completion else { return false };
    match key.code {
        KeyCode::Down => completion.move_by(1),
        KeyCode::Up => completion.move_by(-1),
        KeyCode::PageDown => completion.move_by(8),
        KeyCode::PageUp => completion.move_by(-8),
        KeyCode::Enter | KeyCode::Tab => accept(editor),
        _ => return false,
    }
    true
}

fn accept(editor: &mut Editor) {
    let Some(completion) = editor.completion.take() else { return };
    let Some(item) = completion.choice() else { return };
    let text = if item.insert_text.is_empty() { &item.label } else { &item.insert_text };
    let Some(document) = editor.document_mut() else { return };
    let end = document.buffer.cursor();
    let mut start = end;
    start.character = start.character.saturating_sub(completion.n_replaced());
    document.buffer.replace(&[(Span { start, end }, text.clone())]);
    let mut behind = start;
    behind.character += text.chars().count();
    document.buffer.go(behind, false);
}

/// Keep the proposals that still fit.
fn narrow(editor: &mut Editor) {
    let word = editor.document().map(|document| document.buffer.word_before());
    let fits = editor
        .completion
        .as_mut()
        .is_some_and(|completion| completion.narrow(&word.unwrap_or_default()));
    if !fits {
        editor.completion = None;
    }
}

fn text_key(document: &mut Document, key: KeyEvent, page: usize) -> bool {
    let select = key.modifiers.contains(KeyModifiers::SHIFT);
    let word = key.modifiers.contains(KeyModifiers::CONTROL);
    let plain = key.modifiers.difference(KeyModifiers::SHIFT).is_empty();
    let page = isize::try_from(page.max(1)).unwrap_or(isize::MAX);
    let buffer = &mut document.buffer;
    match key.code {
        KeyCode::Char(character) if plain => buffer.insert(character.encode_utf8(&mut [0; 4])),
        KeyCode::Enter => buffer.insert("\n"),
        KeyCode::Tab => buffer.insert("\t"),
        KeyCode::Backspace => buffer.backspace(),
        KeyCode::Delete => buffer.delete(),
        KeyCode::Left if word => buffer.move_word(false, select),
        KeyCode::Right if word => buffer.move_word(true, select),
        KeyCode::Left => buffer.move_by(-1, select),
        KeyCode::Right => buffer.move_by(1, select),
        KeyCode::Up => buffer.move_lines(-1, select),
        KeyCode::Down => buffer.move_lines(1, select),
        KeyCode::PageUp => buffer.move_lines(-page, select),
        KeyCode::PageDown => buffer.move_lines(page, select),
        KeyCode::Home if word => buffer.move_to_end(false, select),
        KeyCode::End if word => buffer.move_to_end(true, select),
        KeyCode::Home => buffer.move_in_line(false, select),
        KeyCode::End => buffer.move_in_line(true, select),
        _ => return false,
    }
    true
}

/// Write what was pasted, with line feeds for whatever the terminal made of them.
pub fn paste(editor: &mut Editor, text: &str) -> bool {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    if let Some(input) = &mut editor.find {
        input.insert(&text);
        return true;
    }
    editor.completion = None;
    let Some(document) = editor.document_mut().filter(|document| !document.is_read_only) else {
        return false;
    };
    document.buffer.insert(&text);
    true
}

/// Do a command; the effects are those beside what the server must be told of the text.
pub fn obey(editor: &mut Editor, command: Command) -> Vec<Effect> {
    let Some(document) = editor.document_mut() else { return Vec::new() };
    match command {
        Command::Undo => {
            document.buffer.undo();
        }
        Command::Redo => {
            document.buffer.redo();
        }
        Command::Cut => return vec![Effect::Copy(document.buffer.cut())],
        Command::Copy => {
            return document.buffer.selected_text().map(Effect::Copy).into_iter().collect();
        }
        Command::SelectAll => document.buffer.select_all(),
        Command::Find => editor.find = Some(crate::widget::input::Input::new(&editor.needle)),
        Command::FindNext => find_next(editor, true),
        Command::FindPrevious => find_next(editor, false),
        Command::NextProblem => {
            editor.next_problem(true);
        }
        Command::PreviousProblem => {
            editor.next_problem(false);
        }
        Command::NextFile => editor.next_file(true),
        Command::PreviousFile => editor.next_file(false),
        Command::Complete => return vec![Effect::Call(Call::Complete(document.at()))],
        Command::Hover => return vec![Effect::Call(Call::Explain(document.at()))],
        Command::Define => return vec![Effect::Call(Call::Define(document.at()))],
        Command::Format => return vec![Effect::Call(Call::Format(document.at()))],
        Command::Fix => {
            let at = document.at();
            let span = document.finding().map(|found| found.range);
            let span = span.unwrap_or(Span { start: at.place, end: at.place });
            return vec![Effect::Call(Call::Fixes(at, span))];
        }
        _ => {}
    }
    Vec::new()
}

/// What the server must be told of all that was changed.
pub fn changes(editor: &mut Editor) -> Vec<Effect> {
    editor.documents.iter_mut().filter_map(Document::changed).map(Effect::Tell).collect()
}

/// Show proposals, unless the text is another by now.
pub fn propose(editor: &mut Editor, at: &At, items: Vec<Proposal>) -> bool {
    let current = editor
        .document()
        .filter(|document| document.is_current(at) && document.buffer.cursor() == at.place);
    let Some(document) = current else { return false };
    editor.completion = Completion::new(items, &document.buffer.word_before());
    editor.completion.is_some()
}

/// Make edits, unless the text is another by now; tells whether it was changed.
pub fn edit(editor: &mut Editor, at: &At, edits: &[TextEdit]) -> bool {
    let is_open = |document: &&mut Document| document.is_current(at) && !document.is_read_only;
    let Some(document) = editor.by_uri(&at.uri).filter(is_open) else {
        return false;
    };
    if !edits.is_empty() {
        let edits: Vec<(Span, String)> =
            edits.iter().map(|edit| (edit.range, edit.new_text.clone())).collect();
        document.buffer.replace(&edits);
    }
    !edits.is_empty()
}

/// Make the edits of an offered change in the documents that are open.
pub fn mend(editor: &mut Editor, at: &At, action: &Action) -> bool {
    let current = editor.by_uri(&at.uri).is_some_and(|document| document.is_current(at));
    let mut changed = false;
    for (uri, edits) in action.edit.changes.iter().filter(|_| current) {
        let Some(document) = editor.by_uri(uri) else { continue };
        let version = document.at();
        changed |= edit(editor, &version, edits);
    }
    changed
}

/// Go to the first of these places that is in an open file; tells whether there is one.
pub fn go(editor: &mut Editor, targets: &[Target]) -> bool {
    let place = |target: &Target| {
        let index = editor.documents.iter().position(|document| document.uri() == target.uri)?;
        Some((index, target.range.start))
    };
    let Some((index, start)) = targets.iter().find_map(place) else { return false };
    editor.active = index;
    editor.completion = None;
    if let Some(document) = editor.document_mut() {
        document.buffer.go(start, false);
    }
    true
}

/// The text of a hover as lines, without the marks of Markdown.
#[must_use]
pub fn plain(hover: &Hover) -> Vec<String> {
    let strip = |line: &str| line.replace("**", "").replace('`', "");
    hover.contents.value.lines().map(strip).collect()
}
