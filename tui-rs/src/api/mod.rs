//! What the server offers, as types.

pub mod loaded;

#[allow(missing_docs, clippy::doc_markdown, clippy::derive_partial_eq_without_eq)] // generated
#[rustfmt::skip]
pub mod wire;

use wire::{Fault, Hint, JobState};

impl JobState {
    /// Whether the state may still change by itself.
    #[must_use]
    pub const fn is_active(self) -> bool {
        !matches!(self, Self::Finished | Self::Failed | Self::Excepted | Self::Killed)
    }

    /// A sign for the state, so that it can be told without colour.
    #[must_use]
    pub const fn glyph(self) -> &'static str {
        match self {
            Self::Created | Self::Queued => "·",
            Self::Running | Self::Transferring => "▸",
            Self::Paused => "‖",
            Self::Asking => "?",
            Self::Finished => "✓",
            Self::Failed | Self::Excepted => "✗",
            Self::Killed => "■",
        }
    }
}

impl Fault {
    /// An error that arises on this side of the wire.
    #[must_use]
    pub fn local(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { code: 0, message: message.into(), data: Some(Hint { hint: hint.into() }) }
    }

    /// The next thing to do, or nothing.
    #[must_use]
    pub fn hint(&self) -> &str {
        self.data.as_ref().map_or("", |data| data.hint.as_str())
    }
}

/// A key that no other submit has: a repeated submit with it gives the same job.
#[must_use]
pub fn fresh_key() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    format!("tui-{}-{:x}", std::process::id(), since.unwrap_or_default().as_nanos())
}
