//! What the server offers, as types.

pub mod loaded;

#[allow(missing_docs, clippy::doc_markdown, clippy::derive_partial_eq_without_eq)] // generated
#[rustfmt::skip]
pub mod wire;

use wire::{Fault, Hint, JobState, JobsChanged};

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

impl JobsChanged {
    /// Take what was told later in, so that both are one change.
    pub fn absorb(&mut self, later: Self) {
        if !later.removed.is_empty() {
            self.jobs.retain(|job| !later.removed.contains(&job.id));
        }
        self.jobs.extend(later.jobs);
        self.removed.extend(later.removed);
        self.all |= later.all;
    }
}

/// A key that no other submit has: a repeated submit with it gives the same job.
#[must_use]
pub fn fresh_key() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    format!("tui-{}-{:x}", std::process::id(), since.unwrap_or_default().as_nanos())
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::JobRow;

    fn told(states: &[(i64, JobState)], removed: &[i64]) -> JobsChanged {
        let job = |&(id, state): &(i64, JobState)| -> JobRow {
            let text = format!(
                r#"{{"id": {id}, "uuid": "u", "label": "", "formula": null, "template": null,
                "n_atoms": null, "code": null, "state": "{}", "exit_status": null, "exit_message": null,
                "created_at": "", "modified_at": "", "foreign": false}}"#,
                state.word()
            );
            serde_json::from_str(&text).unwrap()
        };
        JobsChanged {
            jobs: states.iter().map(job).collect(),
            removed: removed.to_vec(),
            all: false,
        }
    }

    #[test]
    fn the_later_of_two_changes_wins() {
        let mut changed = told(&[(1, JobState::Queued), (2, JobState::Queued)], &[]);
        changed.absorb(told(&[(1, JobState::Running)], &[2]));
        let left: Vec<(i64, JobState)> =
            changed.jobs.iter().map(|job| (job.id, job.state)).collect();
        assert_eq!(left, [(1, JobState::Queued), (1, JobState::Running)]);
        assert_eq!((changed.removed.as_slice(), changed.all), ([2].as_slice(), false));
    }
}
