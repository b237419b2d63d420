//! Paints what stands above the screen.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::widgets::{Block, Clear, Widget};

use super::{Chooser, Overlay, Reader, Source};
use crate::create;
use crate::keymap::Scope;
use crate::model::{Model, Screen};
use crate::view::layout;
use crate::widget::text::{line, wrapped};
use crate::widget::theme;

/// Paint it into the body of the screen; gives the place of the cursor.
pub fn draw(model: &Model, body: Rect, buffer: &mut Buffer) -> Option<Position> {
    match model.overlay.as_ref()? {
        Overlay::Chooser(chooser) => Some(draw_chooser(chooser, body, buffer)),
        Overlay::Reader(reader) => {
            let inside = frame(&reader.title, body, buffer);
            draw_reader(model, reader, inside, buffer);
            model.search.mark(inside, buffer);
            crate::view::searching(model, body, buffer)
        }
        Overlay::Sheet(sheet) => create::sheet_view::draw(sheet, &model.form, body, buffer),
        Overlay::Prompt(prompt) => {
            let height = body.height.min(3);
            let y = body.y + (body.height - height) / 2;
            let inside = frame(&prompt.title, Rect { y, height, ..body }, buffer);
            Some(crate::view::prompt("› ", &prompt.input, inside, buffer))
        }
        Overlay::Question(question) => {
            draw_question(&question.text, body, buffer);
            None
        }
    }
}

/// What is asked stands above the keys, and what there is no room for is left out of the sentence.
fn draw_question(text: &str, body: Rect, buffer: &mut Buffer) {
    const KEYS: &str = "y yes · n no";
    const BESIDE: u16 = 4; // the frame, a blank line and the keys
    let lines = wrapped(&[text.to_owned()], usize::from(body.width.saturating_sub(2)));
    let wanted = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(BESIDE);
    let height = body.height.min(wanted);
    let y = body.y + (body.height - height) / 2;
    let inside = frame("Sure?", Rect { y, height, ..body }, buffer);
    let n_lines = usize::from(inside.height.saturating_sub(2));
    for (y, text) in (inside.y..).zip(lines.iter().take(n_lines)) {
        line(text, inside.x, y, inside.width, Style::new(), buffer);
    }
    if inside.height > 0 {
        line(KEYS, inside.x, inside.bottom() - 1, inside.width, Style::new(), buffer);
    }
}

/// Clear an area and put a frame round it; gives what is inside.
pub fn frame(title: &str, area: Rect, buffer: &mut Buffer) -> Rect {
    Clear.render(area, buffer);
    let block = Block::bordered().title(format!(" {title} "));
    let inside = block.inner(area);
    block.render(area, buffer);
    inside
}

/// Paint a list to choose from; gives the place of the cursor.
pub fn draw_chooser(chooser: &Chooser, body: Rect, buffer: &mut Buffer) -> Position {
    let inside = frame(&chooser.title, body, buffer);
    let cursor = crate::view::prompt("› ", &chooser.input, Rect { height: 1, ..inside }, buffer);
    let fitting = chooser.fitting();
    let height = usize::from(inside.height.saturating_sub(1));
    let top = layout::top(0, chooser.selected(), height, fitting.len());
    if fitting.is_empty() && height > 0 {
        line("Nothing fits.", inside.x, inside.y + 1, inside.width, theme::faint(), buffer);
    }
    let visible = fitting.iter().enumerate().skip(top).take(height);
    for (y, (index, choice)) in (inside.y + 1..).zip(visible) {
        let row = Rect { y, height: 1, ..inside };
        let is_selected = index == chooser.selected();
        let style = if is_selected { theme::selected() } else { Style::new() };
        buffer.set_style(row, style);
        let mark = if is_selected { "›" } else { " " };
        let text = format!("{mark} {}", choice.title);
        let detail = u16::try_from(choice.detail.chars().count()).unwrap_or(0);
        let detail = detail.min(row.width / 2);
        line(&text, row.x, y, row.width.saturating_sub(detail + 1), style, buffer);
        line(&choice.detail, row.right() - detail, y, detail, style.patch(theme::faint()), buffer);
    }
    cursor
}

fn draw_reader(model: &Model, reader: &Reader, area: Rect, buffer: &mut Buffer) {
    let height = usize::from(area.height);
    let top = reader.top.min(n_lines(model, reader).saturating_sub(height));
    let rows = area.y..area.bottom();
    let style = theme::plain();
    match &reader.source {
        Source::Lines(lines) => {
            for (y, text) in rows.zip(wrapped(lines, usize::from(area.width)).iter().skip(top)) {
                line(text, area.x, y, area.width, style, buffer);
            }
        }
        Source::Log => {
            if model.log.is_empty() {
                line("Nothing was said yet.", area.x, area.y, area.width, theme::faint(), buffer);
            }
            for (y, text) in rows.zip(model.log.iter().skip(top)) {
                line(text, area.x, y, area.width, style, buffer);
            }
        }
        Source::Inputs => {
            let lines = create::inputs::lines(&model.form, usize::from(area.width));
            for (y, (text, style)) in rows.zip(lines.iter().skip(top)) {
                line(text, area.x, y, area.width, *style, buffer);
            }
        }
        Source::Keys => {
            for (y, text) in rows.zip(keys(model).iter().skip(top)) {
                line(text, area.x, y, area.width, style, buffer);
            }
        }
    }
}

/// How many lines a text to read has.
#[must_use]
pub fn n_lines(model: &Model, reader: &Reader) -> usize {
    match &reader.source {
        Source::Log => model.log.len(),
        Source::Lines(_) | Source::Inputs | Source::Keys => lines(model, reader).len(),
    }
}

/// The lines of a text to read.
#[must_use]
pub fn lines(model: &Model, reader: &Reader) -> Vec<String> {
    match &reader.source {
        Source::Lines(lines) => wrapped(lines, reader_width(model.size)),
        Source::Inputs => {
            let lines = create::inputs::lines(&model.form, reader_width(model.size));
            lines.into_iter().map(|(text, _)| text).collect()
        }
        Source::Log => model.log.iter().cloned().collect(),
        Source::Keys => keys(model),
    }
}

/// How many of them are seen: the body without the frame.
#[must_use]
pub fn reader_height(size: (u16, u16)) -> usize {
    layout::body_height(size).saturating_sub(2)
}

fn reader_width(size: (u16, u16)) -> usize {
    usize::from(size.0.saturating_sub(2))
}

/// What the keys do on the screen below.
fn keys(model: &Model) -> Vec<String> {
    let scopes: &[Scope] = match model.screen {
        Screen::Jobs => &[Scope::Jobs, Scope::Job, Scope::List, Scope::Screen, Scope::Anywhere],
        Screen::Card => {
            &[Scope::Card, Scope::Found, Scope::Job, Scope::List, Scope::Screen, Scope::Anywhere]
        }
        Screen::Create => {
            &[Scope::Create, Scope::Form, Scope::Sheet, Scope::Chooser, Scope::Anywhere]
        }
        Screen::Templates => &[Scope::Templates, Scope::List, Scope::Screen, Scope::Anywhere],
        Screen::Editor => &[Scope::Editor, Scope::Chooser, Scope::Anywhere],
    };
    let mut lines = Vec::new();
    for scope in scopes {
        let mut commands = Vec::new();
        for binding in model.config.keymap.of_scope(*scope) {
            if !commands.contains(&binding.command) {
                commands.push(binding.command);
            }
        }
        for command in commands {
            let keys = model.config.keymap.keys_of(&[*scope], command);
            lines.push(format!("{keys:14} {}", command.about()));
        }
        lines.push(String::new());
    }
    lines.pop();
    lines
}

/// A row that is proposed beside the cursor of the editor.
pub fn menu(
    rows: &[(String, String)],
    selected: usize,
    cursor: Position,
    area: Rect,
    buffer: &mut Buffer,
) {
    const MAX_ROWS: usize = 8;
    let count = rows.len().min(MAX_ROWS);
    let height = u16::try_from(count).unwrap_or(0).min(area.height);
    let longest =
        rows.iter().map(|(title, detail)| title.len() + detail.len() + 3).max().unwrap_or(0);
    let width = u16::try_from(longest.clamp(12, 50)).unwrap_or(50).min(area.width);
    let below = cursor.y + 1;
    let y = if below + height <= area.bottom() {
        below
    } else {
        cursor.y.saturating_sub(height).max(area.y)
    };
    let x = cursor.x.min(area.right().saturating_sub(width));
    let area = Rect { x, y, width, height }.intersection(area);
    Clear.render(area, buffer);
    let top = layout::top(0, selected, usize::from(height), rows.len());
    for (y, (index, (title, detail))) in
        (area.y..area.bottom()).zip(rows.iter().enumerate().skip(top))
    {
        let style = if index == selected {
            theme::selected()
        } else {
            Style::new().add_modifier(Modifier::UNDERLINED)
        };
        buffer.set_style(Rect { y, height: 1, ..area }, style);
        line(&format!("{title}  {detail}"), area.x, y, area.width, style, buffer);
    }
}
