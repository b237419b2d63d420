//! Paints the list of jobs: only the rows that can be seen are looked at.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::row::Row;
use super::tree::{Fold, Step};
use super::{JobList, Line};
use crate::api::wire::JobState;
use crate::view::layout;
use crate::widget::text::{line, sentence};
use crate::widget::theme;

/// The columns before the label; the first has room for the number and the sign of the fold.
const COLUMNS: [(&str, u16); 5] =
    [("id", 9), ("state", 15), ("formula", 14), ("template", 16), ("created", 18)];
const NARROW: [(&str, u16); 4] = [("id", 9), ("state", 15), ("formula", 11), ("template", 13)];
/// Where the sign of the fold stands.
const FOLD_AT: u16 = 9;
/// Below this there is no room for all columns and the label.
const MIN_WIDTH_FOR_ALL: u16 = 96;

/// Paint the list into an area.
pub fn draw(list: &JobList, last_words: &str, area: Rect, buffer: &mut Buffer) {
    let columns = columns(area.width);
    let Some(body) = head(columns, area, buffer) else { return };
    if list.is_empty() {
        sentence(&emptiness(list, last_words), body, buffer);
        return;
    }
    let height = usize::from(body.height);
    let selected = list.selected_index();
    let top = layout::top(list.top, selected.unwrap_or(0), height, list.len());
    for (y, index) in (body.y..body.bottom()).zip(top..list.len()) {
        let Some(shown) = list.line(index) else { return };
        let area = Rect { y, height: 1, ..body };
        let base = if selected == Some(index) { theme::selected() } else { Style::new() };
        buffer.set_style(area, base);
        if selected == Some(index) {
            line("›", area.x, area.y, 1, base, buffer);
        }
        match shown {
            Line::Job(row) => {
                if list.marked().contains(&row.id) {
                    line("*", area.x + 1, area.y, 1, base, buffer);
                }
                draw_row(row, list.trees.fold(row.id), base, columns, area, buffer);
            }
            Line::Step(_, step) => draw_step(step, base, columns, area, buffer),
        }
    }
}

const fn columns(width: u16) -> &'static [(&'static str, u16)] {
    if width < MIN_WIDTH_FOR_ALL { &NARROW } else { &COLUMNS }
}

/// What the line of the state says: how many jobs of each state, and what of them is shown.
#[must_use]
pub fn summary(list: &JobList) -> String {
    if list.n_known() == 0 {
        return String::new();
    }
    let mut parts = Vec::new();
    if !list.filter().is_empty() {
        parts.push(format!("{} shown: {}", list.n_shown(), list.filter().text()));
    }
    if !list.marked().is_empty() {
        parts.push(format!("{} marked", list.marked().len()));
    }
    if !list.order().is_default() {
        let arrow = if list.order().reversed { "↑" } else { "↓" };
        parts.push(format!("by {} {arrow}", list.order().title()));
    }
    parts.extend(list.counts().iter().map(|(state, count)| format!("{count} {state}")));
    parts.join(" · ")
}

fn emptiness(list: &JobList, last_words: &str) -> String {
    match &list.failure {
        Some(fault) => format!("{} {}", fault.message, fault.hint()),
        None if list.n_known() > 0 => "No job fits the filter. Press Esc to show all.".to_owned(),
        None if list.loaded => "No jobs yet. Press n to begin one.".to_owned(),
        None => format!("Loading jobs; the engine takes a few seconds to start.\n\n{last_words}"),
    }
}

fn head(columns: &[(&str, u16)], area: Rect, buffer: &mut Buffer) -> Option<Rect> {
    let mut x = area.x + 2;
    for (title, width) in columns {
        line(
            title,
            x,
            area.y,
            (*width).min(area.right().saturating_sub(x)),
            theme::faint(),
            buffer,
        );
        x = x.saturating_add(*width);
    }
    line("label", x, area.y, area.right().saturating_sub(x), theme::faint(), buffer);
    let body = Rect { y: area.y + 1, height: area.height.checked_sub(1)?, ..area };
    (body.height > 0).then_some(body)
}

fn draw_row(
    row: &Row,
    fold: Fold,
    base: Style,
    columns: &[(&str, u16)],
    area: Rect,
    buffer: &mut Buffer,
) {
    let state = state(row.state);
    let id = row.id.to_string();
    let cells = [
        (id.as_str(), base),
        (state.as_str(), base.patch(theme::of_state(row.state))),
        (&*row.formula, base),
        (&*row.template, base),
        (&*row.created, base.patch(theme::faint())),
    ];
    let mut x = area.x + 2;
    for ((text, style), (_, width)) in cells.iter().zip(columns) {
        let room = width.saturating_sub(1).min(area.right().saturating_sub(x));
        line(text, x, area.y, room, *style, buffer);
        x = x.saturating_add(*width);
    }
    line(&row.label, x, area.y, area.right().saturating_sub(x), base, buffer);
    let sign = match fold {
        Fold::Closed => "",
        Fold::Loading => "…",
        Fold::Open => "-",
    };
    line(sign, area.x + FOLD_AT, area.y, 1, base, buffer);
}

/// A step: its number and state stand below those of the job, its name is indented by its depth.
fn draw_step(step: &Step, base: Style, columns: &[(&str, u16)], area: Rect, buffer: &mut Buffer) {
    let room = |x: u16, width: u16| width.min(area.right().saturating_sub(x));
    let mut x = area.x + 2;
    let widths: Vec<u16> = columns.iter().take(2).map(|(_, width)| *width).collect();
    let texts =
        [(step.id.to_string(), theme::faint()), (state(step.state), theme::of_state(step.state))];
    for ((text, style), width) in texts.iter().zip(&widths) {
        line(text, x, area.y, room(x, width.saturating_sub(1)), base.patch(*style), buffer);
        x = x.saturating_add(*width);
    }
    let sign = match (step.has_steps, step.is_open) {
        (false, _) => "└",
        (true, true) => "└-",
        (true, false) => "└+",
    };
    let indent = " ".repeat(usize::from(step.depth) * 2);
    let mut text = format!("{indent}{sign} {}", step.name);
    if !step.message.is_empty() {
        text = format!("{text}: {}", step.message);
    } else if !step.kind.is_empty() {
        text = format!("{text}  [{}]", step.kind);
    }
    let style = if step.message.is_empty() { base } else { base.patch(theme::alarm()) };
    line(&text, x, area.y, room(x, u16::MAX), style, buffer);
}

fn state(state: JobState) -> String {
    format!("{} {}", state.glyph(), state.word())
}
