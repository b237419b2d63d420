//! A new calculation.

pub mod state;
pub mod view;

pub use state::Form;
