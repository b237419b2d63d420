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
    let mut y = area.y;
    for (name, value, style) in facts(detail) {
        if y >= area.bottom() {
            return;
        }
        line(name, area.x, y, NAME_WIDTH.min(area.width), theme::faint(), buffer);
        let x = area.x + NAME_WIDTH;
        line(&value, x, y, area.right().saturating_sub(x), style, buffer);
        y += 1;
    }
    for step in &detail.steps {
        y += 1;
        if y >= area.bottom() {
            return;
        }
        line(&describe(step), area.x, y, area.width, theme::of_state(step.state), buffer);
    }
}

fn describe(step: &JobStep) -> String {
    let message = step.exit_message.as_deref().unwrap_or_default();
    format!("{} {}  {} {}  {message}", step.state.glyph(), step.name, step.id, step.state.word())
}

fn facts(detail: &JobDetail) -> Vec<(&'static str, String, Style)> {
    let job = &detail.job;
    let plain = Style::new();
    let mut facts = vec![
        ("job", format!("{}  {}", job.id, job.label), plain),
        (
            "state",
            format!("{} {}", job.state.glyph(), job.state.word()),
            theme::of_state(job.state),
        ),
        ("template", job.template.clone(), plain),
        ("formula", job.formula.clone(), plain),
        ("created", job.created_at.clone(), plain),
    ];
    facts.extend(detail.card.iter().flat_map(results).map(|(name, value)| (name, value, plain)));
    facts
}

fn results(card: &JobCard) -> Vec<(&'static str, String)> {
    let numbers = [
        ("energy", card.energy_ev, "eV"),
        ("energy per atom", card.energy_per_atom_ev, "eV"),
        ("largest force", card.max_force_ev_per_angstrom, "eV/Å"),
        ("volume", card.volume_angstrom3, "Å³"),
        ("pressure", card.pressure_kbar, "kB"),
    ];
    let mut lines = Vec::new();
    if let Some(message) = &card.exit_message {
        lines.push((
            "ended",
            format!("{} (exit {})", message, card.exit_status.unwrap_or_default()),
        ));
    }
    lines.extend(numbers.iter().filter_map(|(name, value, unit)| {
        value.map(|value| (*name, format!("{value:.6} {unit}")))
    }));
    if card.standin {
        lines.push(("made by", "the stand-in, which is not VASP".to_owned()));
    }
    lines
}
