//! The list of jobs.

pub mod arrange;
pub mod glance;
mod lines;
mod live;
pub mod pane;
pub mod restarts;
pub mod row;
pub mod state;
pub mod tree;
pub mod view;

pub use glance::Glance;
pub use lines::Line;
pub use restarts::Restarts;
pub use state::JobList;
