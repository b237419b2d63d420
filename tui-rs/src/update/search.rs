//! Looking for a text in what is read: the log, a file, a comparison, a card.

use std::borrow::Cow;

use super::input;
use crate::card::Pane;
use crate::model::{Model, Notice, Screen};
use crate::msg::Effect;
use crate::overlay::Overlay;
use crate::search::Step;
use crate::view::layout;

/// By what the line of an error is known, in lower case and in the order of their weight.
const SIGNS: &[&str] =
    &["very bad news", "error", "failed", "warning in", "not converge", "killed", "refus"];

/// Begin to write what is looked for.
pub fn begin(model: &mut Model) {
    let top = top(model);
    model.search.begin(top);
    if lists_files(model) {
        model.card.panes.set_filter("");
    }
}

/// A key of what is written; tells whether it meant anything. The first hit is shown at once.
pub fn write(
    model: &mut Model,
    change: impl FnOnce(&mut crate::widget::input::Input) -> bool,
) -> bool {
    let Some(input) = &mut model.search.input else { return false };
    let known = change(input);
    let text = input.text();
    if lists_files(model) {
        model.card.panes.set_filter(&text);
    } else {
        model.search.typed();
        let _nothing_yet = jump(model, Step::Here);
    }
    known
}

/// What is written is what is looked for.
pub fn accept(model: &mut Model) -> Vec<Effect> {
    model.search.input = None;
    if lists_files(model) {
        model.search.clear();
        return Vec::new();
    }
    go(model, Step::Here)
}

/// Go to another line with the text, and say which of how many it is.
pub fn go(model: &mut Model, step: Step) -> Vec<Effect> {
    if model.search.needle().is_empty() {
        return Vec::new();
    }
    let found = jump(model, step);
    let ends = found.is_none_or(|hit| hit.wrapped) && step != Step::Before;
    let more = if ends { go_on_reading(model) } else { None };
    model.search.waiting = more.is_some();
    let needle = model.search.needle();
    let text = match found {
        _ if more.is_some() => format!("Reading on for {needle:?}."),
        None => format!("{needle:?} does not stand here."),
        Some(hit) => {
            let round = if hit.wrapped { ", from the other end" } else { "" };
            format!("Line {}, {} of {} with {needle:?}{round}", hit.line + 1, hit.number, hit.count)
        }
    };
    model.notice = Some(Notice::Done(text));
    more.into_iter().collect()
}

/// A part of the file came that was awaited.
pub fn on_part(model: &mut Model) -> Vec<Effect> {
    if std::mem::take(&mut model.search.waiting) { go(model, Step::Next) } else { Vec::new() }
}

/// Show the line of the error, when the log that has come is looked into for it.
pub fn on_log(model: &mut Model) {
    if !std::mem::take(&mut model.card.seeks_error) {
        return;
    }
    let lines = lines(model);
    let shown = |sign: &&&str| lines.iter().rposition(|line| line.to_lowercase().contains(**sign));
    let found = SIGNS.iter().find_map(|sign| Some((*sign, shown(&sign)?)));
    let Some((sign, line)) = found else {
        model.notice = Some(Notice::Done("The log tells of no error.".to_owned()));
        return;
    };
    model.search.set(sign, line);
    show(model, line);
}

fn go_on_reading(model: &mut Model) -> Option<Effect> {
    let reads = model.overlay.is_none() && model.screen == Screen::Card;
    let file =
        model.card.panes.file.as_mut().filter(|_| reads && model.card.pane == Pane::Files)?;
    file.more(model.card.id).map(Effect::Call)
}

fn jump(model: &mut Model, step: Step) -> Option<crate::search::Hit> {
    let hit = model.search.find(&lines(model), step)?;
    if model.search.input.is_none() {
        model.search.at = hit.line;
    }
    show(model, hit.line);
    Some(hit)
}

/// Whether the list of files is on the screen, which is narrowed and not looked through.
fn lists_files(model: &Model) -> bool {
    let card = &model.card;
    model.overlay.is_none() && card.pane == Pane::Files && card.panes.file.is_none()
}

fn lines(model: &Model) -> Vec<Cow<'_, str>> {
    match &model.overlay {
        Some(Overlay::Reader(reader)) => {
            crate::overlay::view::lines(model, reader).into_iter().map(Cow::Owned).collect()
        }
        _ => crate::card::view::lines(&model.card, model.size.0),
    }
}

fn top(model: &Model) -> usize {
    match &model.overlay {
        Some(Overlay::Reader(reader)) => {
            let (count, height) = input::reader_size(model);
            reader.top.min(count.saturating_sub(height))
        }
        _ => model.card.top,
    }
}

/// Scroll to a line, unless it is in sight.
fn show(model: &mut Model, line: usize) {
    let (_, reader_height) = input::reader_size(model);
    let height =
        if model.overlay.is_some() { reader_height } else { layout::body_height(model.size) };
    let top = top(model);
    if (top..top + height).contains(&line) {
        return;
    }
    let top = line.saturating_sub(height / 3);
    match &mut model.overlay {
        Some(Overlay::Reader(reader)) => reader.top = top,
        _ => model.card.top = top,
    }
}
