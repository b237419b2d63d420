//! Paints one job.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Card, Pane, facts, plot};
use crate::api::loaded::Loaded;
use crate::api::wire::{BandsOfJob, ConvergenceOfJob, JobLog};
use crate::view::layout;
use crate::widget::text::{line, sentence};
use crate::widget::theme;

/// Paint the job into an area.
pub fn draw(card: &Card, area: Rect, buffer: &mut Buffer) {
    let height = usize::from(area.height);
    match card.pane {
        Pane::Card => draw_card(card, area, buffer),
        Pane::Convergence => match card.panes.convergence.known() {
            Some(ConvergenceOfJob { convergence: Some(found), .. }) => {
                plot::convergence(found, area, buffer);
            }
            _ => sentence(&card.panes.convergence.excuse("convergence yet"), area, buffer),
        },
        Pane::Bands => match card.panes.bands.known() {
            Some(BandsOfJob { bands: Some(found) }) => plot::bands(found, area, buffer),
            _ => sentence(&card.panes.bands.excuse("band structure"), area, buffer),
        },
        Pane::Log => match card.panes.log.known() {
            Some(log) => text(&log_lines(log), card.top, area, buffer),
            None => sentence(&card.panes.log.excuse("log"), area, buffer),
        },
        Pane::Files => match (&card.panes.file, card.panes.files.known()) {
            (Some(Loaded::Known(part)), _) => {
                let lines: Vec<&str> = part.text.lines().collect();
                text(&lines, card.top, area, buffer);
            }
            (Some(file), _) => sentence(&file.excuse("file"), area, buffer),
            (None, Some(files)) => {
                let top = layout::top(0, card.panes.selected, height, files.files.len());
                let rows = files.files.iter().enumerate().skip(top);
                for (y, (index, file)) in (area.y..area.bottom()).zip(rows) {
                    let selected = index == card.panes.selected;
                    let style = if selected { theme::selected() } else { Style::new() };
                    let mark = if selected { "›" } else { " " };
                    let size = file.size_bytes;
                    let row = format!("{mark} step {}  {size:>12}  {}", file.step, file.name);
                    line(&row, area.x, y, area.width, style, buffer);
                }
            }
            (None, None) => sentence(&card.panes.files.excuse("files"), area, buffer),
        },
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
    titles.join("  ")
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

/// How many lines there are to scroll through.
#[must_use]
pub fn n_lines(card: &Card, width: u16) -> usize {
    match card.pane {
        Pane::Card => {
            let lines = |detail| facts::lines(facts::with_steps(detail), width).len();
            card.detail.as_deref().map_or(0, lines)
        }
        Pane::Log => card.panes.log.known().map_or(0, |log| log_lines(log).len()),
        Pane::Files => match &card.panes.file {
            Some(Loaded::Known(part)) => part.text.lines().count(),
            _ => 0,
        },
        Pane::Convergence | Pane::Bands => 0,
    }
}
