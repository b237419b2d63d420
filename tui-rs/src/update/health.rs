//! How the engine is: asked when something happened to it, and again until all is well.

use super::Outcome;
use crate::api::wire::{EngineStatus, Fault, Verdict};
use crate::model::{Model, Notice};
use crate::msg::Effect;
use crate::overlay::{Overlay, Reader, Source};

/// What there is to say about the settings.
const SETTINGS: &[&str] = &[
    "Settings and themes are read at the start from ~/.config/crystalmath/tui.toml;",
    "crystalmath-tui --config FILE names another file.",
    "",
    "mouse = true        click and wheel",
    "bell = false        do not tell the terminal when a job ends",
    "colour = false      no colours",
    "ascii = true        no signs beyond ASCII",
    "",
    "[theme]             what things look like, by role",
    "alarm = \"bold light-red\"",
    "selected = \"black on 252\"",
    "",
    "[keys.jobs]         what keys mean, by place",
    "x = \"refresh\"",
    "",
    "Roles and colours stand in docs/howto/terminal.md; crystalmath-tui keys prints places and commands.",
    "The profile is named by crystalmath-server's environment: CRYSTALMATH_PROFILE.",
];

/// Look at it now.
pub fn look(model: &mut Model) -> Option<Effect> {
    model.serves("system.status").then(|| model.health.look()).flatten().map(Effect::Call)
}

/// The time to look again has come.
pub fn look_again(model: &mut Model) -> Option<Effect> {
    let is_served = model.serves("system.status");
    is_served.then(|| model.health.look_again()).flatten().map(Effect::Call)
}

/// Repair it.
pub fn repair(model: &mut Model) -> Vec<Effect> {
    model.notice = Some(Notice::Done("Repairing the engine; this takes some seconds.".to_owned()));
    vec![Effect::Call(model.health.repair())]
}

/// How the engine is.
pub fn on_status(model: &mut Model, answer: Result<Box<EngineStatus>, Fault>) -> Outcome {
    let dirty = match answer {
        Ok(status) => {
            let (changed, repaired) = model.health.take(status);
            if repaired {
                model.notice = Some(Notice::Done("The engine is repaired.".to_owned()));
            }
            changed || repaired
        }
        Err(fault) => {
            let matters = model.health.fail();
            if matters {
                model.notice = Some(fault.into());
            }
            matters
        }
    };
    let again = model.health.next_look().map(Effect::StatusIn);
    Outcome { effects: again.into_iter().collect(), dirty }
}

/// Show what is known of it, part by part.
pub fn show(model: &mut Model) -> Vec<Effect> {
    let lines = match model.health.status() {
        Some(status) => told(status),
        None => vec!["It is not known yet how the engine is.".to_owned()],
    };
    model.search.clear();
    model.overlay = Some(Overlay::Reader(Reader::new("The engine", Source::Lines(lines))));
    look(model).into_iter().collect()
}

fn told(status: &EngineStatus) -> Vec<String> {
    let mut lines = vec![format!("profile    {}", status.profile)];
    lines.extend(status.versions.iter().map(|(name, version)| format!("{name:10} {version}")));
    lines.push(String::new());
    for part in &status.parts {
        let sign = match part.verdict {
            Verdict::Good | Verdict::Repaired => "✓",
            Verdict::Warning => "!",
            Verdict::Bad => "✗",
        };
        lines.push(format!("{sign} {:10} {}", part.name, part.finding));
        lines.extend(part.hint.iter().map(|hint| format!("             {hint}")));
    }
    lines
}

/// Tell where the settings come from, and what can be set.
pub fn show_settings(model: &mut Model) {
    let lines = SETTINGS.iter().map(|line| (*line).to_owned()).collect();
    model.search.clear();
    model.overlay = Some(Overlay::Reader(Reader::new("Settings", Source::Lines(lines))));
}

/// Jobs changed: what was not well may be so now.
pub fn on_activity(model: &mut Model) -> Option<Effect> {
    model.health.on_activity().map(Effect::StatusIn)
}

/// What follows from a call for the status: used where one is asked at the connection.
pub fn first_look(model: &mut Model) -> Option<Effect> {
    model.health.forget_question();
    look(model)
}
