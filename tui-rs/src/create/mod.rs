//! A new calculation.

pub mod field;
pub mod given;
pub mod inputs;
pub mod request;
pub mod resources;
pub mod schema;
pub mod sheet;
pub mod sheet_view;
pub mod state;
pub mod view;

pub use field::Field;
pub use sheet::Sheet;
pub use state::Form;
