//! What was asked of the server and is known, is awaited, or is known not to come.

use super::wire::Fault;

/// Something that the server has.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Loaded<T> {
    /// Nobody asked.
    #[default]
    Unknown,
    /// It was asked for.
    Asked,
    /// It is known, and may be asked for again meanwhile.
    Known(T),
    /// It cannot be had.
    Failed(Fault),
}

impl<T: PartialEq> Loaded<T> {
    /// What is known.
    #[must_use]
    pub const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown | Self::Asked | Self::Failed(_) => None,
        }
    }

    /// Note that it is asked for.
    pub fn ask(&mut self) {
        if !matches!(self, Self::Known(_)) {
            *self = Self::Asked;
        }
    }

    /// Note that the question is lost with the server.
    pub fn forget_question(&mut self) {
        if matches!(self, Self::Asked) {
            *self = Self::Unknown;
        }
    }

    /// Take an answer in; tells whether anything changed. What is known is kept when a later
    /// question fails.
    pub fn take(&mut self, answer: Result<T, Fault>) -> bool {
        let next = match answer {
            Ok(value) => Self::Known(value),
            Err(_) if self.known().is_some() => return false,
            Err(fault) => Self::Failed(fault),
        };
        let changed = *self != next;
        *self = next;
        changed
    }

    /// What to say while nothing is known.
    #[must_use]
    pub fn excuse(&self, what: &str) -> String {
        match self {
            Self::Unknown | Self::Asked => format!("Loading {what}."),
            Self::Known(_) => format!("There is no {what}."),
            Self::Failed(fault) => format!("{} {}", fault.message, fault.hint()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_outlives_a_later_failure() {
        let mut loaded = Loaded::default();
        loaded.ask();
        assert_eq!(loaded, Loaded::Asked);
        assert!(loaded.take(Ok(1)));
        assert!(!loaded.take(Ok(1)));
        loaded.ask();
        assert!(!loaded.take(Err(Fault::local("no", ""))));
        assert_eq!(loaded.known(), Some(&1));
    }

    #[test]
    fn a_lost_question_is_asked_again() {
        let mut loaded: Loaded<i64> = Loaded::Asked;
        loaded.forget_question();
        assert_eq!(loaded, Loaded::Unknown);
        assert!(loaded.take(Err(Fault::local("It failed.", "Wait."))));
        assert_eq!(loaded.excuse("log"), "It failed. Wait.");
    }
}
