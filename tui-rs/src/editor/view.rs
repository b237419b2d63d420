//! Paints the files that are edited, side by side where there is room.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::document::Document;
use super::on_disk::Theirs;
use super::state::Editor;
use crate::lsp::types::{Diagnostic, Place};
use crate::overlay::view::menu;
use crate::text::width;
use crate::view::layout;
use crate::widget::text::{line, sentence};
use crate::widget::theme;

const MIN_PANE_WIDTH: u16 = 38;
const MIN_GUTTER: usize = 5;

/// What the line of the state says.
#[must_use]
pub fn summary(editor: &Editor) -> String {
    let folder = editor.folder.as_ref().map(|folder| folder.display().to_string());
    let errors = |document: &Document| document.diagnostics.iter().filter(|d| d.is_error()).count();
    let n_errors: usize = editor.documents.iter().map(errors).sum();
    let n_all: usize = editor.documents.iter().map(|document| document.diagnostics.len()).sum();
    let Some(mut text) = folder else { return String::new() };
    if let Some(recorded) = &editor.recorded {
        text = format!("{}, read only · {text}", recorded.name);
    }
    if n_all > 0 {
        let others = n_all - n_errors;
        text = format!("{text} · {n_errors} errors, {others} other problems");
    }
    // Not every file has a pane where the screen is narrow.
    let unsaved = editor.unsaved();
    if !unsaved.is_empty() {
        text = format!("{text} · not saved: {}", unsaved.join(", "));
    }
    text
}

/// Paint the editor into an area; gives the place of the cursor.
pub fn draw(editor: &Editor, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    if editor.documents.is_empty() {
        let text = match (&editor.failure, editor.loading) {
            (_, true) => "Reading the files.",
            (Some(reason), _) => reason,
            (None, _) => "No input files are open. Press Ctrl-O to choose a folder or a file.",
        };
        sentence(text, area, buffer);
        return None;
    }
    let below = Rect { y: area.bottom() - 1, height: 1, ..area };
    let panes = Rect { height: area.height - 1, ..area };
    let (first, count) = visible(editor, panes.width);
    let pane_width = panes.width / u16::try_from(count).unwrap_or(1).max(1);
    let mut cursor = None;
    for (x, (index, document)) in (0..)
        .map(|column| panes.x + column * pane_width)
        .zip(editor.documents.iter().enumerate().skip(first).take(count))
    {
        let is_last = index + 1 == first + count;
        let width = if is_last { panes.right() - x } else { pane_width - 1 };
        let pane = Rect { x, width, ..panes };
        let place = pane_of(document, index == editor.active, pane, buffer);
        if index == editor.active {
            cursor = place;
        }
    }
    if let Some(input) = &editor.find {
        return Some(crate::view::prompt("find: ", input, below, buffer));
    }
    finding(editor, below, buffer);
    completion(editor, cursor?, panes, buffer);
    cursor
}

/// Which files are shown: as many as there is room for, the active one among them.
fn visible(editor: &Editor, width: u16) -> (usize, usize) {
    let room = usize::from((width / MIN_PANE_WIDTH).max(1));
    let count = editor.documents.len().min(room);
    let first = (editor.active + 1).saturating_sub(count);
    (first, count)
}

fn finding(editor: &Editor, area: Rect, buffer: &mut Buffer) {
    let Some(document) = editor.document() else { return };
    let Place { line: number, character } = document.buffer.cursor();
    let place = format!("{}:{}", number + 1, character + 1);
    let room = u16::try_from(place.len()).unwrap_or(0);
    line(&place, area.right().saturating_sub(room), area.y, room, theme::faint(), buffer);
    if let Some(found) = document.finding() {
        let code = found.code.as_ref().and_then(|code| code.as_str()).unwrap_or_default();
        let text = format!("{} {} [{code}]", sign(found), found.message);
        let width = area.width.saturating_sub(room + 1);
        line(&text, area.x, area.y, width, style_of(found), buffer);
    }
}

fn completion(editor: &Editor, cursor: Position, area: Rect, buffer: &mut Buffer) {
    let Some(completion) = &editor.completion else { return };
    let rows: Vec<(String, String)> = completion
        .fitting()
        .into_iter()
        .map(|item| (item.label.clone(), item.detail.clone()))
        .collect();
    menu(&rows, completion.selected(), cursor, area, buffer);
}

const fn sign(found: &Diagnostic) -> &'static str {
    match found.severity {
        Some(1) | None => "✗",
        Some(2) => "!",
        Some(_) => "·",
    }
}

fn style_of(found: &Diagnostic) -> Style {
    match found.severity {
        Some(1) | None => theme::alarm(),
        Some(2) => theme::warning(),
        Some(_) => theme::faint(),
    }
}

/// Paint one file with its name; gives the place of the cursor when it has it.
fn pane_of(document: &Document, active: bool, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let mark = if document.is_unsaved() { "●" } else { " " };
    let name = format!("{mark} {}{}", document.name(), state(document));
    let gutter = gutter(document);
    let style = if active { theme::heading() } else { theme::faint() };
    buffer.set_style(Rect { height: 1, ..area }, style);
    line(&name, area.x, area.y, area.width, style, buffer);
    let text = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let height = usize::from(text.height);
    let cursor = document.buffer.cursor();
    let top = layout::top(document.top, cursor.line, height, document.buffer.n_lines());
    let room = usize::from(text.width.saturating_sub(gutter + 1));
    let column = width::column(document.buffer.line(cursor.line).chars(), cursor.character);
    let left = if active { column.saturating_sub(room) } else { 0 };
    for (y, number) in (text.y..text.bottom()).zip(top..document.buffer.n_lines()) {
        text_line(document, number, left, Rect { y, height: 1, ..text }, buffer);
    }
    let x = text.x + gutter + u16::try_from(column - left.min(column)).ok()?;
    let y = text.y + u16::try_from(cursor.line.checked_sub(top)?).ok()?;
    (active && y < text.bottom()).then_some(Position { x: x.min(text.right() - 1), y })
}

/// What is not usual about a file.
const fn state(document: &Document) -> &'static str {
    match &document.on_disk.theirs {
        Some((Theirs::Gone, _)) => " (removed from the disk)",
        Some(_) => " (changed on disk)",
        None if document.is_read_only => " (read only)",
        None => "",
    }
}

/// How wide the column of the line numbers is, with the sign of a finding before and a blank behind.
fn gutter(document: &Document) -> u16 {
    let n_digits = document.buffer.n_lines().to_string().len();
    u16::try_from((n_digits + 2).max(MIN_GUTTER)).unwrap_or(u16::MAX)
}

fn text_line(document: &Document, number: usize, left: usize, area: Rect, buffer: &mut Buffer) {
    let here = || document.diagnostics.iter().filter(|found| found.range.start.line == number);
    let worst = here().min_by_key(|found| found.severity.unwrap_or(1));
    let gutter = gutter(document);
    let digits = format!("{:>width$}", number + 1, width = usize::from(gutter - 1));
    line(&digits, area.x, area.y, gutter - 1, theme::faint(), buffer);
    if let Some(found) = worst {
        line(sign(found), area.x, area.y, 1, style_of(found), buffer);
    }
    let text = document.buffer.line(number);
    let x0 = area.x + gutter;
    let comment = comment_begin(document, &text);
    let selection = document.buffer.selection();
    let mut column = 0;
    for (index, character) in text.chars().enumerate() {
        let cells = width::of_char(character, column);
        let place = Place { line: number, character: index };
        if column >= left {
            let Ok(offset) = u16::try_from(column - left) else { break };
            let x = x0.saturating_add(offset);
            if x >= area.right() {
                break;
            }
            let mut style =
                if comment.is_some_and(|at| index >= at) { theme::faint() } else { Style::new() };
            if let Some(found) = here().find(|found| in_span(found, place)) {
                style = style.patch(style_of(found)).patch(theme::underlined());
            }
            if selection.is_some_and(|span| span.start <= place && place < span.end) {
                style = style.patch(theme::selected());
            }
            paint(character, x, cells, style, area, buffer);
        }
        column += cells;
    }
    if let Some(found) = worst {
        let x =
            x0.saturating_add(u16::try_from(column.saturating_sub(left) + 2).unwrap_or(u16::MAX));
        if x < area.right() {
            let text = format!("{} {}", sign(found), found.message);
            line(&text, x, area.y, area.right() - x, style_of(found).patch(theme::faint()), buffer);
        }
    }
}

fn in_span(found: &Diagnostic, place: Place) -> bool {
    let span = found.range;
    (span.start <= place && place < span.end) || (span.start == span.end && span.start == place)
}

/// Put a character on the screen; what is no character for a screen is shown as a sign.
fn paint(character: char, x: u16, cells: usize, style: Style, area: Rect, buffer: &mut Buffer) {
    let room = u16::try_from(cells).unwrap_or(0).min(area.right().saturating_sub(x));
    if character == '\t' {
        buffer.set_style(Rect { x, width: room, ..area }, style);
    } else if character.is_control() {
        line("␍", x, area.y, room, theme::faint(), buffer);
    } else if cells == 0 {
        if let Some(cell) = x.checked_sub(1).and_then(|x| buffer.cell_mut((x, area.y))) {
            let joined = format!("{}{character}", cell.symbol());
            cell.set_symbol(&joined);
        }
    } else {
        line(character.encode_utf8(&mut [0; 4]), x, area.y, room, style, buffer);
    }
}

/// Where the comment of a line begins.
fn comment_begin(document: &Document, text: &str) -> Option<usize> {
    if document.is_incar() {
        return text.chars().position(|character| matches!(character, '#' | '!'));
    }
    text.chars().position(|character| character == '!')
}
