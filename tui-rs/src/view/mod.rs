//! Paints the model. Keeps nothing from one frame to the next.

pub mod layout;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::keymap::{Command, Scope};
use crate::model::{Link, Model, Notice, Screen};
use crate::widget::text::{line, sentence};
use crate::widget::theme;
use crate::{card, create, editor, jobs, overlay, templates};

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
    let height = area.height - layout::ABOVE - layout::BELOW;
    let body = Rect { y: area.y + layout::ABOVE, height, ..area };
    let buffer = frame.buffer_mut();
    title(model, area, buffer);
    state(model, Rect { y: area.y + 1, height: 1, ..area }, buffer);
    notice(model, Rect { y: area.bottom() - 2, height: 1, ..area }, buffer);
    let cursor = screen(model, body, buffer);
    key_bar(model, Rect { y: area.bottom() - 1, height: 1, ..area }, buffer);
    let above = overlay::view::draw(model, body, buffer);
    model.config.theme.resolve(buffer);
    let cursor = if model.overlay.is_some() { above } else { cursor };
    if let Some(position) = cursor {
        frame.set_cursor_position(position);
    }
}

fn screen(model: &Model, body: Rect, buffer: &mut Buffer) -> Option<Position> {
    match (&model.link, model.screen) {
        (Link::Refused(fault), _) => {
            sentence(&format!("{}\n\n{}", fault.message, fault.hint()), body, buffer);
            None
        }
        (Link::Waiting(_) | Link::Lost(_), Screen::Jobs) if !model.jobs.loaded => {
            last_words(model, body, buffer);
            None
        }
        (_, Screen::Jobs) => {
            let last_words = model.log.back().map_or("", String::as_str);
            let (width, pane) = layout::list_and_pane(body.width);
            jobs::view::draw(&model.jobs, last_words, Rect { width, ..body }, buffer);
            let pane = Rect { x: body.x + width, width: pane, ..body };
            jobs::pane::draw(model, pane, buffer);
            let input = model.filtering.as_ref()?;
            let area = Rect { y: body.bottom(), height: 1, ..body };
            Some(prompt("filter: ", input, area, buffer))
        }
        (_, Screen::Card) => {
            card::view::draw(&model.card, body, buffer);
            model.search.mark(body, buffer);
            searching(model, body, buffer)
        }
        (_, Screen::Create) => create::view::draw(&model.form, body, buffer),
        (_, Screen::Templates) => {
            let log = model.log.back().map_or("", String::as_str);
            templates::view::draw(&model.templates, log, body, buffer)
        }
        (_, Screen::Editor) => editor::view::draw(&model.editor, body, buffer),
    }
}

/// The field for what is looked for, while it is written.
pub fn searching(model: &Model, body: Rect, buffer: &mut Buffer) -> Option<Position> {
    let input = model.search.input.as_ref()?;
    Some(prompt("search: ", input, Rect { y: body.bottom(), height: 1, ..body }, buffer))
}

/// Paint a field for one line with its name; gives the place of the cursor.
pub fn prompt(
    name: &str,
    input: &crate::widget::input::Input,
    area: Rect,
    buffer: &mut Buffer,
) -> Position {
    let blank = " ".repeat(usize::from(area.width));
    line(&blank, area.x, area.y, area.width, theme::plain(), buffer);
    let width = u16::try_from(name.chars().count()).unwrap_or(0).min(area.width / 2);
    line(name, area.x, area.y, width, theme::strong(), buffer);
    let room = area.width.saturating_sub(width);
    let (visible, column) = input.window(room);
    line(&visible, area.x + width, area.y, room, theme::plain(), buffer);
    Position { x: area.x + width + column, y: area.y }
}

fn title(model: &Model, area: Rect, buffer: &mut Buffer) {
    let name = match model.screen {
        Screen::Jobs => "CrystalMath · Jobs",
        Screen::Create => "CrystalMath · New calculation",
        Screen::Card => "CrystalMath · Job",
        Screen::Editor => "CrystalMath · Editor",
        Screen::Templates => "CrystalMath · Templates",
    };
    line(name, area.x, area.y, area.width, theme::strong(), buffer);
    let state = match &model.link {
        Link::Starting => "server: starting".to_owned(),
        Link::Ready(server) => format!("server {}", server.version),
        Link::Refused(_) => "server: refused".to_owned(),
        Link::Waiting(_) => "server: lost, coming back".to_owned(),
        Link::Lost(_) => "server: lost".to_owned(),
    };
    let width = u16::try_from(state.len()).unwrap_or(area.width).min(area.width);
    line(&state, area.right() - width, area.y, width, theme::faint(), buffer);
}

/// How it stands: with the server when there is something wrong, else with what is on the screen.
fn state(model: &Model, area: Rect, buffer: &mut Buffer) {
    if let Some(text) = covered_news(model) {
        line(text, area.x, area.y, area.width, theme::well(), buffer);
        return;
    }
    let (text, style) = match (&model.link, model.screen) {
        (Link::Waiting(reason), _) => {
            (format!("{reason} It is started again in a moment."), theme::alarm())
        }
        (Link::Lost(reason), _) => {
            (format!("{reason} Press Ctrl-R to start it again."), theme::alarm())
        }
        (_, Screen::Jobs) => match sick(model) {
            Some(text) => (text, theme::alarm()),
            None => (counts(model), theme::faint()),
        },
        (_, Screen::Editor) => (editor::view::summary(&model.editor), theme::faint()),
        (_, Screen::Card) => {
            (card::view::sides(&model.card, |method| model.serves(method)), theme::faint())
        }
        (_, Screen::Templates) => (templates::view::summary(&model.templates), theme::faint()),
        (_, Screen::Create) => (forms(model), theme::faint()),
    };
    line(&text, area.x, area.y, area.width, style, buffer);
}

/// The news, while a filter or a search is written in the line of the notices.
fn covered_news(model: &Model) -> Option<&str> {
    let is_covered = match model.screen {
        Screen::Jobs => model.filtering.is_some(),
        Screen::Templates => model.templates.searching.is_some(),
        Screen::Card => model.search.input.is_some(),
        Screen::Create | Screen::Editor => false,
    };
    match &model.notice {
        Some(Notice::News(text)) if is_covered => Some(text),
        _ => None,
    }
}

/// What is wrong with the engine, and the key that repairs it.
fn sick(model: &Model) -> Option<String> {
    let part = model.health.fault()?;
    let keys = model.config.keymap.keys_of(&[Scope::Screen], Command::Repair);
    Some(format!("✗ {}: {} ({keys} repairs it)", part.name, part.finding))
}

/// How many jobs there are of each state, and what of the engine is on its way up.
fn counts(model: &Model) -> String {
    let summary = jobs::view::summary(&model.jobs);
    let Some(part) = model.health.rising() else { return summary };
    let rising = format!("the {} is starting", part.name);
    if summary.is_empty() { rising } else { format!("{summary} · {rising}") }
}

/// Where the form comes from, and whether there are others.
fn forms(model: &Model) -> String {
    let origin = model.form.origin.map(|id| format!("with the inputs of job {id}"));
    let keys = model.config.keymap.keys_of(model.scopes(), Command::OtherForm);
    let others = match model.forms_aside.len() {
        0 => None,
        1 => Some(format!("another form is kept ({keys} shows it)")),
        count => Some(format!("{count} other forms are kept ({keys} shows the next)")),
    };
    let parts: Vec<String> = origin.into_iter().chain(others).collect();
    parts.join(" · ")
}

fn notice(model: &Model, area: Rect, buffer: &mut Buffer) {
    match &model.notice {
        Some(Notice::Done(text) | Notice::News(text)) => {
            line(text, area.x, area.y, area.width, theme::well(), buffer);
        }
        Some(Notice::Failed { message, hint }) => {
            let text = format!("{message} {hint}");
            line(&text, area.x, area.y, area.width, theme::alarm(), buffer);
        }
        None => {}
    }
}

/// The keys, as many as there is room for; how to see all of them always has room.
fn key_bar(model: &Model, area: Rect, buffer: &mut Buffer) {
    let mut commands = Vec::new();
    let (mut titles, mut help) = (Vec::new(), String::new());
    for binding in model.config.keymap.of(model.scopes()).filter(|binding| binding.shown) {
        if commands.contains(&binding.command) {
            continue;
        }
        commands.push(binding.command);
        let title = format!("{} {}", binding.key.title(), binding.command.title());
        if binding.command == Command::Help {
            help = format!(" · {title}");
        } else {
            titles.push(title);
        }
    }
    let mut text = String::new();
    for title in titles {
        let next = if text.is_empty() { title } else { format!("{text} · {title}") };
        if next.chars().count() + help.chars().count() > usize::from(area.width) {
            break;
        }
        text = next;
    }
    line(&(text + &help), area.x, area.y, area.width, theme::faint(), buffer);
}

fn last_words(model: &Model, area: Rect, buffer: &mut Buffer) {
    let skipped = model.log.len().saturating_sub(LOG_TAIL);
    let tail: Vec<&str> = model.log.iter().skip(skipped).map(String::as_str).collect();
    sentence(&tail.join("\n"), area, buffer);
}
