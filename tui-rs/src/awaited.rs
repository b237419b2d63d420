//! What the user waits for: the one thing whose answer may change the screen.

use crate::msg::{Call, Effect};

/// What was asked for by the last thing that the user did. Anything done since, be it a letter, means that
/// the user has gone on: then an answer changes neither screen nor selection, and is told at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaited {
    /// The job of the form.
    Submission,
    /// What this job was asked for, to fill the form with.
    Request(i64),
    /// The steps of a job, to show the input files that it ran with.
    Inputs,
    /// The end of this job, which is removed.
    Removal(i64),
    /// Files that are opened, or read again.
    Files,
    /// The end of a save.
    Save,
    /// Copies of the files, which are opened then.
    Copies,
    /// The entries of a folder, to choose from.
    Listing,
    /// The templates, to choose from.
    Templates,
    /// The codes, to choose from.
    Codes,
    /// The errors of the inputs, to choose from.
    Check,
    /// What two jobs were given differently.
    Differences,
    /// What can be written at the cursor of the editor.
    Proposals,
    /// What stands at the cursor of the editor.
    Explanation,
    /// The fixes of what stands there.
    Fixes,
    /// Where that is which stands there.
    Definition,
}

impl Awaited {
    /// What is awaited after these effects of what the user did.
    #[must_use]
    pub fn of(effects: &[Effect]) -> Option<Self> {
        effects.iter().find_map(|effect| match effect {
            Effect::Call(call) => Self::of_call(call),
            Effect::ListFolder(_) => Some(Self::Listing),
            Effect::ReadFiles(_) => Some(Self::Files),
            Effect::Write(_) => Some(Self::Save),
            Effect::WriteCopies(_) => Some(Self::Copies),
            _ => None,
        })
    }

    /// Whether the disk answers, which no end of the server keeps from it.
    #[must_use]
    pub const fn is_of_disk(self) -> bool {
        matches!(self, Self::Files | Self::Save | Self::Copies | Self::Listing)
    }

    fn of_call(call: &Call) -> Option<Self> {
        Some(match call {
            Call::Submit(_) => Self::Submission,
            // The pane beside the list asks when the selection has rested, and not at a key.
            Call::Glance(id) => Self::Request(*id),
            Call::Inputs(_) => Self::Inputs,
            Call::Delete(id) => Self::Removal(*id),
            Call::Templates => Self::Templates,
            Call::Codes => Self::Codes,
            Call::Check(_) => Self::Check,
            Call::Diff(_) => Self::Differences,
            Call::Complete(_) => Self::Proposals,
            Call::Explain(_) => Self::Explanation,
            Call::Fixes(..) => Self::Fixes,
            Call::Define(_) => Self::Definition,
            _ => return None,
        })
    }
}
