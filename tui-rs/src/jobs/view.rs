//! Paints the list of jobs: only the rows that can be seen are looked at.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::JobList;
use super::row::Row;
use crate::view::layout;
use crate::widget::text::{line, sentence};
use crate::widget::theme;

const WIDTHS: [(&str, u16); 5] =
    [("id", 8), ("state", 15), ("formula", 14), ("template", 16), ("created", 18)];

/// Paint the list into an area.
pub fn draw(list: &JobList, last_words: &str, area: Rect, buffer: &mut Buffer) {
    let Some(body) = head(area, buffer) else { return };
    if list.is_empty() {
        sentence(&emptiness(list, last_words), body, buffer);
        return;
    }
    let height = usize::from(body.height);
    let selected = list.selected_index();
    let top = layout::top(list.top, selected.unwrap_or(0), height, list.len());
    for (y, index) in (body.y..body.bottom()).zip(top..list.len()) {
        let Some(row) = list.row(index) else { return };
        let look = Look {
            is_selected: selected == Some(index),
            is_marked: list.marked().contains(&row.id),
        };
        draw_row(row, look, Rect { y, height: 1, ..body }, buffer);
    }
}

/// What the line of the state says: how many jobs of each state, and what of them is shown.
#[must_use]
pub fn summary(list: &JobList) -> String {
    if list.n_known() == 0 {
        return String::new();
    }
    let mut parts = Vec::new();
    if !list.filter().is_empty() {
        parts.push(format!("{} shown: {}", list.len(), list.filter().text()));
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

#[derive(Clone, Copy)]
struct Look {
    is_selected: bool,
    is_marked: bool,
}

fn emptiness(list: &JobList, last_words: &str) -> String {
    match &list.failure {
        Some(fault) => format!("{} {}", fault.message, fault.hint()),
        None if list.n_known() > 0 => "No job fits the filter. Press Esc to show all.".to_owned(),
        None if list.loaded => "No jobs yet. Press n to begin one.".to_owned(),
        None => format!("Loading jobs; the engine takes a few seconds to start.\n\n{last_words}"),
    }
}

fn head(area: Rect, buffer: &mut Buffer) -> Option<Rect> {
    let mut x = area.x + 2;
    for (title, width) in WIDTHS {
        line(title, x, area.y, width.min(area.right().saturating_sub(x)), theme::faint(), buffer);
        x = x.saturating_add(width);
    }
    line("label", x, area.y, area.right().saturating_sub(x), theme::faint(), buffer);
    let body = Rect { y: area.y + 1, height: area.height.checked_sub(1)?, ..area };
    (body.height > 0).then_some(body)
}

fn draw_row(row: &Row, look: Look, area: Rect, buffer: &mut Buffer) {
    let base = if look.is_selected { theme::selected() } else { Style::new() };
    buffer.set_style(area, base);
    let sign = match (look.is_selected, look.is_marked) {
        (true, false) => "›",
        (true, true) => "›*",
        (false, true) => " *",
        (false, false) => "",
    };
    line(sign, area.x, area.y, 2, base, buffer);
    let state = format!("{} {}", row.state.glyph(), row.state.word());
    let id = row.id.to_string();
    let cells = [
        (id.as_str(), base),
        (state.as_str(), base.patch(theme::of_state(row.state))),
        (&*row.formula, base),
        (&*row.template, base),
        (&*row.created, base.patch(theme::faint())),
    ];
    let mut x = area.x + 2;
    for ((text, style), (_, width)) in cells.iter().zip(WIDTHS) {
        let room = width.saturating_sub(1).min(area.right().saturating_sub(x));
        line(text, x, area.y, room, *style, buffer);
        x = x.saturating_add(width);
    }
    line(&row.label, x, area.y, area.right().saturating_sub(x), base, buffer);
}
