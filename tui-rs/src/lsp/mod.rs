//! The editor's side of the language server protocol.

pub mod types;
