//! The terminal, the signals and the disk.

pub mod clipboard;
pub mod disk;
pub mod drafts;
pub mod hangup;
pub mod signals;
pub mod stats;
pub mod terminal;
