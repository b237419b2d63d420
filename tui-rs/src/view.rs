//! Paints the model. Keeps nothing from one frame to the next.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::keys::BINDINGS;
use crate::model::{Link, Model, Notice, Screen};
use crate::widget::text::{line, sentence};
use crate::widget::theme;
use crate::{card, create, jobs};

const MIN_WIDTH: u16 = 40;
const MIN_HEIGHT: u16 = 10;
const LOG_TAIL: usize = 20;

/// Paint a frame.
pub fn draw(model: &Model, frame: &mut Frame<'_>) {
    let area = frame.area();
    if area.width < MIN_WIDTH || area.height < MIN_HEIGHT {
        sentence("The terminal is too small.", area, frame.buffer_mut());
        return;
    }
    let body = Rect { y: area.y + 2, height: area.height - 4, ..area };
    let buffer = frame.buffer_mut();
    title(model, area, buffer);
    notice(model, Rect { y: area.bottom() - 2, height: 1, ..area }, buffer);
    key_bar(model, Rect { y: area.bottom() - 1, height: 1, ..area }, buffer);
    let cursor = match (&model.link, model.screen) {
        (Link::Refused(fault), _) => {
            sentence(&format!("{}\n\n{}", fault.message, fault.hint()), body, buffer);
            None
        }
        (Link::Lost(reason), Screen::Jobs) => {
            lost(model, reason, body, buffer);
            None
        }
        (_, Screen::Jobs) => {
            let last_words = model.log.back().map_or("", String::as_str);
            jobs::view::draw(&model.jobs, last_words, body, buffer);
            None
        }
        (_, Screen::Card) => {
            card::view::draw(&model.card, body, buffer);
            None
        }
        (_, Screen::Create) => create::view::draw(&model.form, body, buffer),
    };
    if let Some(position) = cursor {
        frame.set_cursor_position(position);
    }
}

fn title(model: &Model, area: Rect, buffer: &mut Buffer) {
    let name = match model.screen {
        Screen::Jobs => "CrystalMath · Jobs",
        Screen::Create => "CrystalMath · New calculation",
        Screen::Card => "CrystalMath · Job",
    };
    line(name, area.x, area.y, area.width, theme::strong(), buffer);
    let state = match &model.link {
        Link::Starting => "server: starting".to_owned(),
        Link::Ready(server) => format!("server {}", server.version),
        Link::Refused(_) => "server: refused".to_owned(),
        Link::Lost(_) => "server: lost".to_owned(),
    };
    let width = u16::try_from(state.len()).unwrap_or(area.width).min(area.width);
    line(&state, area.right() - width, area.y, width, theme::faint(), buffer);
}

fn notice(model: &Model, area: Rect, buffer: &mut Buffer) {
    match &model.notice {
        Some(Notice::Done(text)) => {
            line(text, area.x, area.y, area.width, theme::well(), buffer);
        }
        Some(Notice::Failed { message, hint }) => {
            let text = format!("{message} {hint}");
            line(&text, area.x, area.y, area.width, theme::alarm(), buffer);
        }
        None => {}
    }
}

fn key_bar(model: &Model, area: Rect, buffer: &mut Buffer) {
    let titles: Vec<&str> = BINDINGS
        .iter()
        .filter(|binding| binding.screen == model.screen && !binding.title.is_empty())
        .map(|binding| binding.title)
        .chain(["Ctrl-C quit"])
        .collect();
    line(&titles.join("  ·  "), area.x, area.y, area.width, theme::faint(), buffer);
}

fn lost(model: &Model, reason: &str, area: Rect, buffer: &mut Buffer) {
    let skipped = model.log.len().saturating_sub(LOG_TAIL);
    let tail: Vec<&str> = model.log.iter().skip(skipped).map(String::as_str).collect();
    let text = format!("{reason}\nPress r to start it again.\n\n{}", tail.join("\n"));
    sentence(&text, area, buffer);
}
