//! Paints one job.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::Card;
use crate::api::wire::{JobCard, JobDetail, JobStep};
use crate::widget::text::{line, sentence};
use crate::widget::theme;

const NAME_WIDTH: u16 = 16;

/// Paint the job into an area.
pub fn draw(card: &Card, area: Rect, buffer: &mut Buffer) {
    let Some(detail) = &card.detail else {
        let text = card.failure.as_ref().map_or_else(
            || format!("Loading job {}.", card.id),
            |fault| format!("{} {}", fault.message, fault.hint()),
        );
        sentence(&text, area, buffer);
        return;
    };
    let facts = facts(detail);
    let count = n_lines(detail);
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
pub fn n_lines(detail: &JobDetail) -> usize {
    facts(detail).len() + 1 + detail.steps.len()
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
        ("code", detail.job.code.clone()),
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
