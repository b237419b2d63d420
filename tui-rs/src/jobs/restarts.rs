//! The jobs that are being restarted.

use std::collections::{BTreeMap, BTreeSet};

/// What a label of a restarted job ends with, before the number of the job that it goes on from.
const CONTINUES: &str = "(restart of ";
/// The server takes a thousand characters.
const LONGEST_LABEL: usize = 900;

/// The restarts that are asked for. A key outlives its question, so that a restart whose answer was lost
/// is not made twice.
#[derive(Debug, Default)]
pub struct Restarts {
    keys: BTreeMap<i64, String>,
    pending: BTreeSet<i64>,
}

impl Restarts {
    /// Begin to restart a job: the key for it, or nothing while it is being restarted already.
    pub fn begin(&mut self, id: i64, fresh_key: impl FnOnce() -> String) -> Option<String> {
        let is_new = self.pending.insert(id);
        is_new.then(|| self.keys.entry(id).or_insert_with(fresh_key).clone())
    }

    /// The answer has come; after a good one the next restart is another job.
    pub fn answered(&mut self, id: i64, is_made: bool) {
        self.pending.remove(&id);
        if is_made {
            self.keys.remove(&id);
        }
    }

    /// The server that was asked is gone; tells whether a question is lost with it.
    pub fn forget_questions(&mut self) -> bool {
        !std::mem::take(&mut self.pending).is_empty()
    }
}

/// The label of a job that goes on from another: that of the other, and which one it is.
#[must_use]
pub fn label(before: &str, id: i64) -> String {
    let own = match before.rfind(CONTINUES) {
        Some(at) if before.ends_with(')') => before.get(..at).unwrap_or(before),
        _ => before,
    };
    let own: String = own.trim_end().chars().take(LONGEST_LABEL).collect();
    format!("{own} {CONTINUES}{id})").trim_start().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_names_the_job_that_is_gone_on_from_and_not_those_before() {
        assert_eq!(label("silicon", 23), "silicon (restart of 23)");
        assert_eq!(label(&label("silicon", 23), 192), "silicon (restart of 192)");
        assert_eq!(label("", 7), "(restart of 7)");
        assert_eq!(label(&label("", 7), 8), "(restart of 8)");
    }

    #[test]
    fn a_restart_that_was_not_answered_has_the_same_key_when_it_is_asked_for_again() {
        let mut restarts = Restarts::default();
        let begin = |restarts: &mut Restarts, key: &str| restarts.begin(1, || key.to_owned());
        assert_eq!(begin(&mut restarts, "a").as_deref(), Some("a"));
        assert_eq!(begin(&mut restarts, "b"), None);
        assert!(restarts.forget_questions() && !restarts.forget_questions());
        assert_eq!(begin(&mut restarts, "c").as_deref(), Some("a"));
        restarts.answered(1, true);
        assert_eq!(begin(&mut restarts, "d").as_deref(), Some("d"));
    }
}
