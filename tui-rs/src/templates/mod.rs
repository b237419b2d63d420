//! The catalogue of templates.

pub mod details;
pub mod state;
pub mod view;

pub use state::Browser;
