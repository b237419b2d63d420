//! The editor of input files: INCAR, KPOINTS, POSCAR side by side, with what the server finds.

pub mod document;
pub mod popup;
pub mod state;
pub mod update;
pub mod view;

pub use document::Document;
pub use state::Editor;
