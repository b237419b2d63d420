//! What there is to say of a job, line by line.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::api::wire::{JobCard, JobDetail, JobStep};
use crate::jobs::row::minutes;
use crate::widget::text::{line, wrapped};
use crate::widget::theme;

/// How wide the names are.
pub const NAME_WIDTH: u16 = 16;

/// Something known of a job.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// What it is called.
    pub name: &'static str,
    /// What it is.
    pub value: String,
    /// How it looks.
    pub style: Style,
}

/// The facts broken into lines: a name stands in the first line of its value.
#[must_use]
pub fn lines(facts: Vec<Fact>, width: u16) -> Vec<Fact> {
    let room = usize::from(width.saturating_sub(NAME_WIDTH)).max(8);
    let broken = |fact: Fact| {
        let parts = wrapped(&[fact.value], room).into_iter().enumerate();
        parts.map(move |(index, value)| Fact {
            name: if index == 0 { fact.name } else { "" },
            value,
            style: fact.style,
        })
    };
    facts.into_iter().flat_map(broken).collect()
}

/// All that is known of a job.
#[must_use]
pub fn of_job(detail: &JobDetail) -> Vec<Fact> {
    let (job, card) = (&detail.job, &detail.card);
    let state = format!("{} {}", job.state.glyph(), job.state.word());
    let ended = job.exit_message.as_ref().map(|text| ended(text, job.exit_status));
    let formula = job.formula.as_ref();
    let plain = |(name, value): (&'static str, Option<String>)| {
        Some(Fact { name, value: value?, style: Style::new() })
    };
    let mut facts = vec![
        Fact { name: "job", value: format!("{}  {}", job.id, job.label), style: Style::new() },
        Fact { name: "state", value: state, style: theme::of_state(job.state) },
    ];
    facts.extend(ended.map(|value| Fact { name: "ended", value, style: theme::alarm() }));
    let known = [
        ("reason", detail.reason.clone()),
        ("template", job.template.clone()),
        ("formula", formula.map(|formula| format!("{formula} ({} atoms)", card.n_atoms))),
        ("code", job.code.clone()),
        ("created", Some(minutes(&job.created_at))),
    ];
    facts.extend(known.into_iter().chain(results(card)).filter_map(plain));
    if card.standin == Some(true) {
        let value = "the stand-in, which is not VASP".to_owned();
        facts.push(Fact { name: "computed by", value, style: theme::warning() });
    }
    facts.extend(plain(("files", card.directory.clone())));
    let warning =
        |text: &String| Fact { name: "warning", value: text.clone(), style: theme::alarm() };
    facts.extend(card.warnings.iter().map(warning));
    facts
}

/// All that is known of a job, then its steps.
#[must_use]
pub fn with_steps(detail: &JobDetail) -> Vec<Fact> {
    let mut facts = of_job(detail);
    facts.push(Fact { name: "", value: String::new(), style: Style::new() });
    facts.extend(detail.steps.iter().map(of_step));
    facts
}

fn of_step(step: &JobStep) -> Fact {
    let (state, index) = (step.state, step.index);
    let mut value = format!("{index}. {} {} {}", state.glyph(), state.word(), step.name);
    if let Some(message) = &step.exit_message {
        value = format!("{value}: {}", ended(message, step.exit_status));
    }
    let name = if index == 1 { "steps" } else { "" };
    Fact { name, value, style: theme::of_state(state) }
}

/// Paint facts, from the line `top` on.
pub fn draw(facts: &[Fact], top: usize, area: Rect, buffer: &mut Buffer) {
    for (y, fact) in (area.y..area.bottom()).zip(facts.iter().skip(top)) {
        line(fact.name, area.x, y, NAME_WIDTH.min(area.width), theme::faint(), buffer);
        let x = area.x + NAME_WIDTH.min(area.width);
        line(&fact.value, x, y, area.right().saturating_sub(x), fact.style, buffer);
    }
}

fn ended(message: &str, status: Option<i64>) -> String {
    status.map_or_else(|| message.to_owned(), |status| format!("{message} (exit {status})"))
}

fn results(card: &JobCard) -> impl Iterator<Item = (&'static str, Option<String>)> {
    let number = |value: Option<f64>, unit: &str| value.map(|value| format!("{value:.6} {unit}"));
    let gap = if card.is_metal == Some(true) {
        Some("none, a metal".to_owned())
    } else {
        number(card.band_gap_ev, "eV")
    };
    [
        ("energy", number(card.energy_ev, "eV")),
        ("energy per atom", number(card.energy_per_atom_ev, "eV")),
        ("largest force", number(card.max_force_ev_per_angstrom, "eV/Å")),
        ("volume", number(card.volume_angstrom3, "Å³")),
        ("pressure", number(card.pressure_kbar, "kB")),
        ("band gap", gap),
        ("magnetization", number(card.magnetization_mub, "μB")),
        ("converged", converged(card)),
    ]
    .into_iter()
}

/// Whether electrons and ions converged.
fn converged(card: &JobCard) -> Option<String> {
    let word = |yes: bool| if yes { "yes" } else { "no" };
    match (card.converged_electronic, card.converged_ionic) {
        (None, None) => None,
        (Some(true), Some(true)) => Some("yes".to_owned()),
        (Some(one), None) => Some(format!("electrons {}", word(one))),
        (None, Some(one)) => Some(format!("ions {}", word(one))),
        (Some(one), Some(other)) => Some(format!("electrons {}, ions {}", word(one), word(other))),
    }
}
