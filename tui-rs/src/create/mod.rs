//! A new calculation.

pub mod field;
pub mod given;
pub mod history;
pub mod inputs;
pub mod request;
pub mod resources;
pub mod schema;
pub mod settings;
pub mod sheet;
pub mod sheet_view;
pub mod state;
pub mod view;
pub mod writing;

pub use field::Field;
pub use sheet::Sheet;
pub use state::Form;
pub use writing::Typed;
