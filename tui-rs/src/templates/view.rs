//! Paints the catalogue: the templates on the left, all about the selected one on the right.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::{Browser, details};
use crate::api::loaded::Loaded;
use crate::widget::text::{line, sentence};
use crate::widget::theme;

const MIN_LIST_WIDTH: u16 = 24;
const MAX_LIST_WIDTH: u16 = 44;

/// Paint it; gives the place of the cursor while something is looked for.
pub fn draw(browser: &Browser, log: &str, body: Rect, buffer: &mut Buffer) -> Option<Position> {
    match &browser.list {
        Loaded::Known(_) if browser.is_empty() => sentence(&nothing(browser), body, buffer),
        Loaded::Known(_) => draw_list(browser, body, buffer),
        Loaded::Failed(_) => {
            let text = format!("{}\n\nCtrl-R asks again.", browser.list.excuse("templates"));
            sentence(&text, body, buffer);
        }
        Loaded::Unknown | Loaded::Asked => {
            let text =
                format!("Loading templates; the engine takes a few seconds to start.\n\n{log}");
            sentence(&text, body, buffer);
        }
    }
    let input = browser.searching.as_ref()?;
    let area = Rect { y: body.bottom(), height: 1, ..body };
    Some(crate::view::prompt("search: ", input, area, buffer))
}

fn nothing(browser: &Browser) -> String {
    if browser.needle().is_empty() {
        "The server has no templates.".to_owned()
    } else {
        format!("No template fits {:?}. Press Esc to show all.", browser.needle())
    }
}

/// The width of the list in a screen of this width.
const fn list_width(width: u16) -> u16 {
    let wanted = width * 2 / 5;
    if wanted < MIN_LIST_WIDTH {
        MIN_LIST_WIDTH
    } else if wanted > MAX_LIST_WIDTH {
        MAX_LIST_WIDTH
    } else {
        wanted
    }
}

fn draw_list(browser: &Browser, body: Rect, buffer: &mut Buffer) {
    let width = list_width(body.width).min(body.width);
    let rows = (browser.top..).zip(browser.rows(browser.top));
    for (y, (index, template)) in (body.y..body.bottom()).zip(rows) {
        let is_selected = index == browser.selected_index();
        let style = match (is_selected, browser.in_details) {
            (true, false) => theme::selected(),
            (true, true) => theme::strong(),
            (false, _) => Style::new(),
        };
        let row = Rect { y, width, height: 1, ..body };
        buffer.set_style(row, style);
        let sign = if is_selected { "›" } else { " " };
        line(&format!("{sign} {}", template.name), row.x, y, width, style, buffer);
    }
    let x = body.x + width + 1;
    let rest = Rect { x, width: body.right().saturating_sub(x), ..body };
    for y in body.y..body.bottom() {
        line("│", body.x + width, y, 1, theme::faint(), buffer);
    }
    draw_details(browser, rest, buffer);
}

fn draw_details(browser: &Browser, area: Rect, buffer: &mut Buffer) {
    let area = Rect { x: area.x + 1, width: area.width.saturating_sub(1), ..area };
    let lines = details::lines(browser, usize::from(area.width));
    let height = usize::from(area.height);
    let top = browser.scroll.min(lines.len().saturating_sub(height));
    let n_below = lines.len().saturating_sub(top + height);
    for (y, (text, style)) in (area.y..area.bottom()).zip(lines.iter().skip(top)) {
        line(text, area.x, y, area.width, *style, buffer);
    }
    if n_below > 0 && area.height > 0 {
        let note = format!("… {} lines more (Tab, then ↓)", n_below + 1);
        let y = area.bottom() - 1;
        line(&" ".repeat(usize::from(area.width)), area.x, y, area.width, theme::plain(), buffer);
        line(&note, area.x, y, area.width, theme::faint(), buffer);
    }
}

/// How many lines the details can be moved by on a screen of this size.
#[must_use]
pub fn max_scroll(browser: &Browser, size: (u16, u16)) -> usize {
    let width = usize::from(size.0.saturating_sub(list_width(size.0) + 2));
    let height = crate::view::layout::body_height(size);
    details::lines(browser, width).len().saturating_sub(height)
}

/// What is shown, for the line above.
#[must_use]
pub fn summary(browser: &Browser) -> String {
    let Some(all) = browser.list.known() else { return String::new() };
    let mut parts = vec![format!("{} templates", all.len())];
    if !browser.needle().is_empty() {
        parts.push(format!("{} fit {:?}", browser.len(), browser.needle()));
    }
    if browser.in_details {
        parts.push("reading (Tab goes back to the list)".to_owned());
    }
    parts.join(" · ")
}
