//! When a server that died is started again.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(8);
const WINDOW: Duration = Duration::from_secs(60);
const MAX_IN_WINDOW: usize = 5;

/// The last deaths.
#[derive(Debug, Default, Clone)]
pub struct Backoff {
    deaths: VecDeque<Instant>,
}

impl Backoff {
    /// Note a death. Gives how long to wait, or nothing when it dies too often to try again.
    pub fn died(&mut self, now: Instant) -> Option<Duration> {
        self.deaths.push_back(now);
        self.deaths.retain(|death| now.saturating_duration_since(*death) < WINDOW);
        let count = self.deaths.len();
        if count > MAX_IN_WINDOW {
            return None;
        }
        let doublings = u32::try_from(count.saturating_sub(1)).unwrap_or(u32::MAX);
        Some(FIRST.saturating_mul(2_u32.saturating_pow(doublings)).min(LONGEST))
    }

    /// Forget the deaths: the user wants to try again.
    pub fn reset(&mut self) {
        self.deaths.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_and_ends_after_five_deaths_in_a_minute() {
        let mut backoff = Backoff::default();
        let now = Instant::now();
        let waits: Vec<Option<u128>> =
            (0..6).map(|_| backoff.died(now).map(|wait| wait.as_millis())).collect();
        let expected = [Some(250), Some(500), Some(1000), Some(2000), Some(4000), None];
        assert_eq!(waits, expected);
    }

    #[test]
    fn deaths_far_apart_do_not_add_up() {
        let mut backoff = Backoff::default();
        let mut now = Instant::now();
        for _ in 0..100 {
            assert_eq!(backoff.died(now), Some(FIRST));
            now += WINDOW;
        }
    }

    #[test]
    fn a_user_who_wants_to_try_again_may() {
        let mut backoff = Backoff::default();
        let now = Instant::now();
        while backoff.died(now).is_some() {}
        backoff.reset();
        assert_eq!(backoff.died(now), Some(FIRST));
    }
}
