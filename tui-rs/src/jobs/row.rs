//! What the list keeps of a job: a third of what the server says, for there may be very many.

use crate::api::wire::{JobRow, JobState};

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The job's number.
    pub id: i64,
    /// Its state.
    pub state: JobState,
    /// What the user calls it.
    pub label: Box<str>,
    /// The formula, empty when it is somebody else's process.
    pub formula: Box<str>,
    /// The template.
    pub template: Box<str>,
    /// When it was made, to the minute.
    pub created: Box<str>,
}

impl From<JobRow> for Row {
    fn from(job: JobRow) -> Self {
        let template = job.template.unwrap_or_else(|| "(foreign)".to_owned());
        Self {
            id: job.id,
            state: job.state,
            label: job.label.into(),
            formula: job.formula.unwrap_or_default().into(),
            template: template.into(),
            created: minutes(&job.created_at).into(),
        }
    }
}

/// `2026-11-22 10:00` of an ISO 8601 time.
#[must_use]
pub fn minutes(time: &str) -> String {
    time.replacen('T', " ", 1).chars().take(16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_to_the_minute() {
        assert_eq!(minutes("2026-11-22T10:07:05.250+00:00"), "2026-11-22 10:07");
        assert_eq!(minutes("no time"), "no time");
    }
}
