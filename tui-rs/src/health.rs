//! How the engine is, and when it is looked at again.

use std::time::Duration;

use crate::api::wire::{EnginePart, EngineStatus, Verdict};
use crate::msg::Call;

/// What a part that is on its way up is found to be.
const STARTING: &str = "starting";
/// How soon is looked again while something is not well, and how often: a daemon that starts needs seconds,
/// and who has left one broken for long is not helped by looking.
const LOOKS: [(u32, Duration); 3] =
    [(20, Duration::from_secs(2)), (20, Duration::from_secs(10)), (60, Duration::from_secs(60))];

/// How the engine is; one question is out at a time.
#[derive(Debug, Default)]
pub struct Health {
    status: Option<Box<EngineStatus>>,
    pending: bool,
    /// Whether something changed after the question that is not answered yet.
    stale: bool,
    /// Whether the user has asked for a repair.
    repairing: bool,
    n_looks: u32,
}

impl Health {
    /// What is known.
    #[must_use]
    pub fn status(&self) -> Option<&EngineStatus> {
        self.status.as_deref()
    }

    fn parts(&self) -> &[EnginePart] {
        self.status.as_ref().map(|status| status.parts.as_slice()).unwrap_or_default()
    }

    /// The first part that does not work.
    #[must_use]
    pub fn fault(&self) -> Option<&EnginePart> {
        self.parts().iter().find(|part| part.verdict == Verdict::Bad && part.finding != STARTING)
    }

    /// The first part that is on its way up.
    #[must_use]
    pub fn rising(&self) -> Option<&EnginePart> {
        self.parts().iter().find(|part| part.finding == STARTING)
    }

    /// Whether there is nothing that could be different in a moment.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.fault().is_none() && self.rising().is_none()
    }

    /// Look at it now, for something happened to it.
    pub fn look(&mut self) -> Option<Call> {
        self.n_looks = 0;
        self.look_again()
    }

    /// Look at it once more.
    pub fn look_again(&mut self) -> Option<Call> {
        self.stale = self.pending;
        (!std::mem::replace(&mut self.pending, true)).then_some(Call::Status)
    }

    /// Begin to repair it.
    pub const fn repair(&mut self) -> Call {
        self.pending = true;
        self.repairing = true;
        self.n_looks = 0;
        Call::Repair
    }

    /// When to look again because jobs changed: soon, where the looks had become rare.
    pub fn on_activity(&mut self) -> Option<Duration> {
        let [(often, soon), ..] = LOOKS;
        let is_rare = !self.is_settled() && self.n_looks > often;
        is_rare.then(|| {
            self.n_looks = 0;
            soon
        })
    }

    /// When to look again after an answer; never when all is well, and not for ever.
    pub fn next_look(&mut self) -> Option<Duration> {
        if std::mem::take(&mut self.stale) {
            return Some(Duration::ZERO);
        }
        if self.is_settled() {
            return None;
        }
        self.n_looks += 1;
        let mut last = 0;
        LOOKS.iter().find_map(|(count, delay)| {
            last += count;
            (self.n_looks <= last).then_some(*delay)
        })
    }

    /// Take an answer in; tells whether it is another than before, and whether it was repaired.
    pub fn take(&mut self, status: Box<EngineStatus>) -> (bool, bool) {
        self.pending = false;
        let asked = std::mem::take(&mut self.repairing);
        let repaired = status.parts.iter().any(|part| part.verdict == Verdict::Repaired);
        let changed = self.status.as_ref() != Some(&status);
        self.status = Some(status);
        (changed, asked && repaired)
    }

    /// There is no answer; tells whether the user should hear of it.
    pub fn fail(&mut self) -> bool {
        self.pending = false;
        std::mem::take(&mut self.repairing) || self.status.is_none()
    }

    /// The server that was asked is gone.
    pub const fn forget_question(&mut self) {
        self.pending = false;
        self.repairing = false;
        self.stale = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(verdict: &str, finding: &str) -> EngineStatus {
        let text = format!(
            r#"{{"profile": "p", "versions": {{}}, "jobs": {{}}, "watching": {{"mode": "off",
            "reason": null}}, "parts": [{{"name": "worker", "verdict": "{verdict}",
            "finding": "{finding}", "hint": null}}]}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn what_starts_is_no_fault_and_is_looked_at_again() {
        for verdict in ["bad", "warning"] {
            let mut health = Health::default();
            assert_eq!(health.look(), Some(Call::Status));
            assert_eq!(health.look_again(), None);
            health.take(Box::new(status(verdict, "starting")));
            assert!(health.fault().is_none() && health.rising().is_some());
            assert_eq!(health.next_look(), Some(Duration::ZERO)); // it was wanted twice
            assert_eq!(health.next_look(), Some(Duration::from_secs(2)));
            health.take(Box::new(status("good", "listening")));
            assert_eq!(health.next_look(), None);
        }
    }

    #[test]
    fn what_stays_broken_is_looked_at_ever_more_rarely_and_then_no_more_until_jobs_change() {
        let mut health = Health::default();
        health.take(Box::new(status("bad", "dead")));
        assert!(health.fault().is_some());
        let waits: Vec<Duration> = std::iter::from_fn(|| health.next_look()).collect();
        assert!(waits.is_sorted() && waits.len() == 100, "{waits:?}");
        assert_eq!(health.on_activity(), Some(Duration::from_secs(2)));
        assert_eq!(health.on_activity(), None);
        assert_eq!(health.next_look(), Some(Duration::from_secs(2)));
    }

    #[test]
    fn a_warning_that_lasts_is_not_looked_at_again() {
        let mut health = Health::default();
        health.take(Box::new(status("warning", "there are no POTCARs")));
        assert_eq!((health.next_look(), health.on_activity()), (None, None));
    }
}
