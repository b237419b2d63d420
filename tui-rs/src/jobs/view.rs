//! Paints the list of jobs: only the rows that can be seen are looked at.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::JobList;
use super::row::Row;
use crate::widget::text::{line, sentence};
use crate::widget::theme;

const WIDTHS: [(&str, u16); 5] =
    [("id", 8), ("state", 15), ("formula", 14), ("template", 16), ("created", 18)];

/// Paint the list into an area.
pub fn draw(list: &JobList, last_words: &str, area: Rect, buffer: &mut Buffer) {
    let Some(body) = head(area, buffer) else { return };
    if list.rows().is_empty() {
        sentence(&emptiness(list, last_words), body, buffer);
        return;
    }
    let height = usize::from(body.height);
    let selected = list.selected_index();
    let top = first_visible(selected.unwrap_or(0), height, list.rows().len());
    for (offset, row) in list.rows().iter().skip(top).take(height).enumerate() {
        let y = body.y + u16::try_from(offset).unwrap_or(u16::MAX);
        draw_row(row, selected == Some(top + offset), Rect { y, height: 1, ..body }, buffer);
    }
}

/// The first row to show, so that the selected one is in sight and the last page is full.
fn first_visible(selected: usize, height: usize, count: usize) -> usize {
    selected.saturating_sub(height / 2).min(count.saturating_sub(height))
}

fn emptiness(list: &JobList, last_words: &str) -> String {
    match &list.failure {
        Some(fault) => format!("{} {}", fault.message, fault.hint()),
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

fn draw_row(row: &Row, is_selected: bool, area: Rect, buffer: &mut Buffer) {
    let base =
        if is_selected { Style::new().add_modifier(Modifier::REVERSED) } else { Style::new() };
    buffer.set_style(area, base);
    if is_selected {
        line("›", area.x, area.y, 1, base, buffer);
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_selected_row_is_always_in_sight() {
        for count in [1, 5, 10, 1000] {
            for selected in 0..count {
                let top = first_visible(selected, 10, count);
                assert!(top <= selected && selected < top + 10, "{selected} of {count}: top {top}");
                assert!(count <= 10 || top + 10 <= count);
            }
        }
    }
}
