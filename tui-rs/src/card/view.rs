//! Paints one job.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::file::OpenFile;
use super::{Card, Pane, facts, plot};
use crate::api::wire::{BandsOfJob, ConvergenceOfJob, JobLog};
use crate::view::layout;
use crate::widget::text::{line, sentence};
use crate::widget::theme;

/// Paint the job into an area.
pub fn draw(card: &Card, area: Rect, buffer: &mut Buffer) {
    let panes = &card.panes;
    match card.pane {
        Pane::Card => draw_card(card, area, buffer),
        Pane::Convergence => match panes.convergence.known() {
            Some(ConvergenceOfJob { convergence: Some(found), .. }) => {
                plot::convergence(found, below_origin(card, area, buffer), buffer);
            }
            _ => sentence(&panes.convergence.excuse("convergence yet"), area, buffer),
        },
        Pane::Bands => match panes.bands.known() {
            Some(BandsOfJob { bands: Some(found) }) => {
                plot::bands(found, below_origin(card, area, buffer), buffer);
            }
            _ => sentence(&panes.bands.excuse("band structure"), area, buffer),
        },
        Pane::Log => match panes.log.known() {
            Some(log) => text(&log_lines(log), card.top, area, buffer),
            None => sentence(&panes.log.excuse("log"), area, buffer),
        },
        Pane::Files => match (&panes.file, panes.files.known()) {
            (Some(file), _) => draw_file(file, card.top, area, buffer),
            (None, Some(_)) => draw_files(card, area, buffer),
            (None, None) => sentence(&panes.files.excuse("files"), area, buffer),
        },
    }
}

/// Say where the numbers of a plot come from when it is not VASP; gives what is left of the area.
fn below_origin(card: &Card, area: Rect, buffer: &mut Buffer) -> Rect {
    if !card.is_standin() || area.height == 0 {
        return area;
    }
    let text = "Computed by the stand-in, which is not VASP.";
    line(text, area.x, area.y, area.width, theme::warning(), buffer);
    Rect { y: area.y + 1, height: area.height - 1, ..area }
}

fn draw_file(file: &OpenFile, top: usize, area: Rect, buffer: &mut Buffer) {
    match &file.failure {
        Some(fault) if !file.known => {
            sentence(&format!("{} {}", fault.message, fault.hint()), area, buffer);
        }
        _ if !file.known => sentence("Loading the file.", area, buffer),
        _ => text(&file.lines, top, area, buffer),
    }
}

fn draw_files(card: &Card, area: Rect, buffer: &mut Buffer) {
    let files = card.panes.listed();
    if files.is_empty() {
        let text = if card.panes.filter.is_empty() {
            "There are no files yet.".to_owned()
        } else {
            format!("No file has {:?} in its name. Press Esc to list all.", card.panes.filter)
        };
        sentence(&text, area, buffer);
    }
    let top = layout::top(0, card.panes.selected, usize::from(area.height), files.len());
    for (y, (index, file)) in (area.y..area.bottom()).zip(files.iter().enumerate().skip(top)) {
        let selected = index == card.panes.selected;
        let style = if selected { theme::selected() } else { Style::new() };
        let mark = if selected { "›" } else { " " };
        let size = file.size_bytes;
        let row = format!("{mark} step {}  {size:>12}  {}", file.step, file.name);
        line(&row, area.x, y, area.width, style, buffer);
    }
}

/// The sides of the job, the shown one marked, for the line of the state.
#[must_use]
pub fn sides(card: &Card, serves: impl Fn(&str) -> bool) -> String {
    let shown = Pane::ALL.iter().filter(|(pane, _, method)| *pane == Pane::Card || serves(method));
    let titles =
        shown.map(
            |(pane, title, _)| {
                if *pane == card.pane { format!("[{title}]") } else { (*title).to_owned() }
            },
        );
    let titles: Vec<String> = titles.collect();
    let titles = titles.join("  ");
    match (card.pane, &card.panes.file) {
        (Pane::Files, Some(file)) if file.known => format!("{titles}   {}", file.summary()),
        (Pane::Files, None) if !card.panes.filter.is_empty() => {
            format!("{titles}   names with {:?}", card.panes.filter)
        }
        _ => titles,
    }
}

fn text<T: AsRef<str>>(lines: &[T], top: usize, area: Rect, buffer: &mut Buffer) {
    let top = top.min(lines.len().saturating_sub(usize::from(area.height)));
    for (y, text) in (area.y..area.bottom()).zip(lines.iter().skip(top)) {
        line(text.as_ref(), area.x, y, area.width, Style::new(), buffer);
    }
}

fn log_lines(log: &JobLog) -> Vec<&str> {
    let name = log.output_name.as_deref().unwrap_or_default();
    let head = if log.output.is_empty() { "" } else { name };
    log.report.lines().chain([head]).chain(log.output.lines()).collect()
}

fn draw_card(card: &Card, area: Rect, buffer: &mut Buffer) {
    let Some(detail) = &card.detail else {
        let text = card.failure.as_ref().map_or_else(
            || format!("Loading job {}.", card.id),
            |fault| format!("{} {}", fault.message, fault.hint()),
        );
        sentence(&text, area, buffer);
        return;
    };
    let lines = facts::lines(facts::with_steps(detail), area.width);
    let top = card.top.min(lines.len().saturating_sub(usize::from(area.height)));
    facts::draw(&lines, top, area, buffer);
}

/// The lines there are to read and to scroll through.
#[must_use]
pub fn lines(card: &Card, width: u16) -> Vec<Cow<'_, str>> {
    match card.pane {
        Pane::Card => {
            let facts = card.detail.as_deref().map(facts::with_steps).unwrap_or_default();
            let text = |fact: facts::Fact| Cow::Owned(format!("{} {}", fact.name, fact.value));
            facts::lines(facts, width).into_iter().map(text).collect()
        }
        Pane::Log => {
            let lines = card.panes.log.known().map(log_lines).unwrap_or_default();
            lines.into_iter().map(Cow::Borrowed).collect()
        }
        Pane::Files => {
            let lines = card.panes.file.as_ref().map(|file| file.lines.as_slice());
            lines.unwrap_or_default().iter().map(|line| Cow::Borrowed(line.as_str())).collect()
        }
        Pane::Convergence | Pane::Bands => Vec::new(),
    }
}
