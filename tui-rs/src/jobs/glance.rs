//! What is known of the selected job, for the pane beside the list.

use std::time::Duration;

use crate::api::wire::{Fault, JobDetail};
use crate::msg::{Call, Effect};

/// How long the selection must rest before it is looked at: holding a key asks for nothing.
const REST: Duration = Duration::from_millis(80);
/// How soon a job that runs is looked at again.
const AGAIN: Duration = Duration::from_secs(2);

/// How it stands with the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Stage {
    /// There is something to ask.
    #[default]
    Due,
    /// It is asked when the time has come.
    Resting,
    /// It is asked.
    Asked,
    /// What is known is new enough.
    Known,
}

/// The selected job, or its step, and what is known of it. One question is out at a time, and an
/// answer about another job than the selected one is dropped.
#[derive(Debug, Default)]
pub struct Glance {
    wanted: Option<i64>,
    stage: Stage,
    /// Whether it changed after it was asked about.
    stale: bool,
    detail: Option<Box<JobDetail>>,
    failure: Option<Fault>,
}

impl Glance {
    /// What is known of the selected job.
    #[must_use]
    pub fn detail(&self) -> Option<&JobDetail> {
        self.detail.as_deref().filter(|detail| Some(detail.job.id) == self.wanted)
    }

    /// Why nothing is known of it.
    #[must_use]
    pub const fn failure(&self) -> Option<&Fault> {
        self.failure.as_ref()
    }

    /// Follow the selection.
    pub fn follow(&mut self, id: Option<i64>) -> Option<Effect> {
        let moved = self.wanted != id;
        if moved {
            self.wanted = id;
            self.failure = None;
        }
        let due = match self.stage {
            Stage::Due => true,
            Stage::Resting | Stage::Known => moved,
            Stage::Asked => false,
        };
        if !due || id.is_none() {
            return None;
        }
        self.stage = Stage::Resting;
        Some(Effect::GlanceIn(REST))
    }

    /// The time to ask has come.
    pub fn look(&mut self) -> Option<Call> {
        if self.stage != Stage::Resting {
            return None;
        }
        self.stage = Stage::Asked;
        self.stale = false;
        self.wanted.map(Call::Glance)
    }

    /// These jobs changed.
    pub fn changed(&mut self, mut ids: impl Iterator<Item = i64>) {
        if !ids.any(|id| Some(id) == self.wanted) {
            return;
        }
        match self.stage {
            Stage::Known | Stage::Due => self.stage = Stage::Due,
            Stage::Asked => self.stale = true,
            Stage::Resting => {}
        }
    }

    /// The server that was asked is gone, or the pane is.
    pub const fn forget_question(&mut self) {
        self.stage = Stage::Due;
    }

    /// Take an answer in: what follows, and whether anything changed.
    pub fn take(
        &mut self,
        id: i64,
        answer: Result<Box<JobDetail>, Fault>,
    ) -> (Option<Effect>, bool) {
        self.stage = Stage::Due;
        if Some(id) != self.wanted {
            return (None, false);
        }
        if !self.stale {
            self.stage = Stage::Known;
        }
        let detail = match answer {
            Ok(detail) => detail,
            Err(fault) => {
                self.failure = Some(fault);
                return (None, true);
            }
        };
        let changed = self.detail.as_ref() != Some(&detail);
        let again = detail.job.state.is_active() && self.stage == Stage::Known;
        self.detail = Some(detail);
        self.failure = None;
        if again {
            self.stage = Stage::Resting;
        }
        (again.then_some(Effect::GlanceIn(AGAIN)), changed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moving_selection_asks_for_nothing_until_it_rests() {
        let mut glance = Glance::default();
        for id in 1..50 {
            assert_eq!(glance.follow(Some(id)), Some(Effect::GlanceIn(REST)));
        }
        assert_eq!(glance.follow(Some(49)), None);
        assert_eq!(glance.look(), Some(Call::Glance(49)));
        assert_eq!((glance.look(), glance.follow(Some(49))), (None, None));
    }

    #[test]
    fn one_question_is_out_at_a_time_and_the_latest_wins() {
        let mut glance = Glance::default();
        glance.follow(Some(1));
        glance.look();
        assert_eq!((glance.follow(Some(2)), glance.look()), (None, None));
        let late = glance.take(1, Err(Fault::local("late", "")));
        assert_eq!((late, glance.failure()), ((None, false), None));
        assert_eq!(glance.follow(Some(2)), Some(Effect::GlanceIn(REST)));
        assert_eq!(glance.look(), Some(Call::Glance(2)));
    }

    #[test]
    fn what_changes_is_looked_at_again_also_while_the_answer_is_on_its_way() {
        let mut glance = Glance::default();
        glance.follow(Some(1));
        glance.look();
        glance.changed([3, 1].into_iter());
        glance.take(1, Err(Fault::local("no", "")));
        assert!(glance.follow(Some(1)).is_some());
        glance.look();
        glance.take(1, Err(Fault::local("no", "")));
        assert!(glance.follow(Some(1)).is_none());
        glance.changed([2].into_iter());
        assert!(glance.follow(Some(1)).is_none());
        glance.changed([1].into_iter());
        assert!(glance.follow(Some(1)).is_some());
    }
}
