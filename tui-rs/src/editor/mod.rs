//! The editor of input files: INCAR, KPOINTS, POSCAR side by side, with what the server finds.

pub mod difference;
pub mod document;
pub mod on_disk;
pub mod popup;
pub mod recorded;
pub mod seen;
pub mod state;
pub mod update;
pub mod view;

pub use document::Document;
pub use recorded::Recorded;
pub use seen::{Seen, Stamp};
pub use state::Editor;
