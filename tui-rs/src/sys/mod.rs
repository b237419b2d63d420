//! The terminal and the signals.

pub mod signals;
pub mod terminal;
