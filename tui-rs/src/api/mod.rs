//! What the server offers, as types.

pub mod loaded;

#[allow(missing_docs, clippy::doc_markdown, clippy::derive_partial_eq_without_eq)] // generated
#[rustfmt::skip]
pub mod wire;

use wire::{Fault, Hint, JobState, JobsChanged, StructureSource};

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

impl StructureSource {
    /// The same for a server that may run in another folder than this program.
    #[must_use]
    pub fn from_here(&self) -> Self {
        let whole = |path: &String| {
            let here = std::path::absolute(path).ok().filter(|_| !path.starts_with('~'));
            here.map_or_else(|| path.clone(), |path| path.to_string_lossy().into_owned())
        };
        Self { path: self.path.as_ref().map(whole), text: self.text.clone() }
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

    #[test]
    fn a_path_is_told_from_the_root_unless_it_is_somebodys_home() {
        let told = |path: &str| {
            let source = StructureSource { path: Some(path.to_owned()), text: None };
            source.from_here().path.unwrap()
        };
        let here = std::env::current_dir().unwrap();
        assert_eq!(told("Si.vasp"), here.join("Si.vasp").to_string_lossy());
        assert_eq!(told("/tmp/Si.vasp"), "/tmp/Si.vasp");
        assert_eq!(told("~/Si.vasp"), "~/Si.vasp");
    }
}
