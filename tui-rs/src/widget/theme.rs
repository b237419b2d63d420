//! Colours by meaning, from the sixteen that every terminal has; no meaning is told by colour alone.

use ratatui::style::{Color, Modifier, Style};

use crate::api::wire::JobState;

/// What is less important.
#[must_use]
pub const fn faint() -> Style {
    Style::new().add_modifier(Modifier::DIM)
}

/// What stands out.
#[must_use]
pub const fn strong() -> Style {
    Style::new().add_modifier(Modifier::BOLD)
}

/// What is as it is; the colours of what stood there before are taken away.
#[must_use]
pub const fn plain() -> Style {
    Style::reset()
}

/// What is selected.
#[must_use]
pub const fn selected() -> Style {
    Style::new().add_modifier(Modifier::REVERSED)
}

/// The name of what has the cursor.
#[must_use]
pub const fn heading() -> Style {
    Style::new().add_modifier(Modifier::BOLD.union(Modifier::REVERSED))
}

/// What is meant by a finding.
#[must_use]
pub const fn underlined() -> Style {
    Style::new().add_modifier(Modifier::UNDERLINED)
}

/// What should be looked at.
#[must_use]
pub const fn warning() -> Style {
    Style::new().fg(Color::Yellow)
}

/// What went wrong.
#[must_use]
pub const fn alarm() -> Style {
    Style::new().fg(Color::Red)
}

/// What went well.
#[must_use]
pub const fn well() -> Style {
    Style::new().fg(Color::Green)
}

/// A job's state.
#[must_use]
pub const fn of_state(state: JobState) -> Style {
    match state {
        JobState::Finished => well(),
        JobState::Failed | JobState::Excepted | JobState::Killed => alarm(),
        JobState::Asking | JobState::Paused => Style::new().fg(Color::Yellow),
        JobState::Running | JobState::Transferring => Style::new().fg(Color::Cyan),
        JobState::Created | JobState::Queued => Style::new(),
    }
}
