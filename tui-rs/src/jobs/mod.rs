//! The list of jobs.

pub mod arrange;
pub mod row;
pub mod state;
pub mod view;

pub use state::JobList;
