//! Paints one job.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Card, Pane, plot};
use crate::api::loaded::Loaded;
use crate::api::wire::{BandsOfJob, ConvergenceOfJob, JobCard, JobDetail, JobLog, JobStep};
use crate::view::layout;
use crate::widget::text::{line, sentence};
use crate::widget::theme;

const NAME_WIDTH: u16 = 16;

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
    let facts = facts(detail);
    let count = facts.len() + 1 + detail.steps.len();
    let top = card.top.min(count.saturating_sub(usize::from(area.height)));
    let steps = std::iter::once(None).chain(detail.steps.iter().map(Some));
    let lines = facts.iter().map(Line::Fact).chain(steps.map(Line::Step));
    for (y, shown) in (area.y..area.bottom()).zip(lines.skip(top)) {
        match shown {
            Line::Fact((name, value, style)) => {
                line(name, area.x, y, NAME_WIDTH.min(area.width), theme::faint(), buffer);
                let x = area.x + NAME_WIDTH;
                line(value, x, y, area.right().saturating_sub(x), *style, buffer);
            }
            Line::Step(None) => {}
            Line::Step(Some(step)) => {
                let style = theme::of_state(step.state);
                line(&describe(step), area.x, y, area.width, style, buffer);
            }
        }
    }
}

enum Line<'a> {
    Fact(&'a (&'static str, String, Style)),
    Step(Option<&'a JobStep>),
}

/// How many lines there are to scroll through.
#[must_use]
pub fn n_lines(card: &Card) -> usize {
    match card.pane {
        Pane::Card => {
            card.detail.as_ref().map_or(0, |detail| facts(detail).len() + 1 + detail.steps.len())
        }
        Pane::Log => card.panes.log.known().map_or(0, |log| log_lines(log).len()),
        Pane::Files => match &card.panes.file {
            Some(Loaded::Known(part)) => part.text.lines().count(),
            _ => 0,
        },
        Pane::Convergence | Pane::Bands => 0,
    }
}

fn describe(step: &JobStep) -> String {
    let message = step.exit_message.as_deref().unwrap_or_default();
    let state = step.state;
    format!("{}. {} {} {}  {message}", step.index, state.glyph(), state.word(), step.name)
}

fn facts(detail: &JobDetail) -> Vec<(&'static str, String, Style)> {
    let (job, card) = (&detail.job, &detail.card);
    let state = format!("{} {}", job.state.glyph(), job.state.word());
    let mut facts = vec![
        ("job", format!("{}  {}", job.id, job.label), Style::new()),
        ("state", state, theme::of_state(job.state)),
    ];
    let optional = [
        ("ended", job.exit_message.as_ref().map(|text| ended(text, job.exit_status))),
        ("reason", detail.reason.clone()),
        ("template", job.template.clone()),
        (
            "formula",
            job.formula.as_ref().map(|formula| format!("{formula} ({} atoms)", card.n_atoms)),
        ),
        ("code", job.code.clone()),
        ("created", Some(job.created_at.clone())),
    ];
    let known = optional.into_iter().chain(results(card));
    facts.extend(known.filter_map(|(name, value)| value.map(|value| (name, value, Style::new()))));
    facts.extend(card.warnings.iter().map(|text| ("warning", text.clone(), theme::alarm())));
    facts
}

fn ended(message: &str, status: Option<i64>) -> String {
    status.map_or_else(|| message.to_owned(), |status| format!("{message} (exit {status})"))
}

fn results(card: &JobCard) -> impl Iterator<Item = (&'static str, Option<String>)> {
    let number = |value: Option<f64>, unit: &str| value.map(|value| format!("{value:.6} {unit}"));
    let yes = |value: Option<bool>| value.map(|value| if value { "yes" } else { "no" }.to_owned());
    let gap = if card.is_metal == Some(true) {
        Some("none, a metal".to_owned())
    } else {
        number(card.band_gap_ev, "eV")
    };
    let standin =
        (card.standin == Some(true)).then(|| "the stand-in, which is not VASP".to_owned());
    [
        ("energy", number(card.energy_ev, "eV")),
        ("energy per atom", number(card.energy_per_atom_ev, "eV")),
        ("largest force", number(card.max_force_ev_per_angstrom, "eV/Å")),
        ("volume", number(card.volume_angstrom3, "Å³")),
        ("pressure", number(card.pressure_kbar, "kB")),
        ("band gap", gap),
        ("magnetization", number(card.magnetization_mub, "μB")),
        ("converged", yes(card.converged_ionic.or(card.converged_electronic))),
        ("computed by", standin),
        ("files", card.directory.clone()),
    ]
    .into_iter()
}
