//! The conversation with the server: frames, messages, calls and the child process.

pub mod backoff;
pub mod client;
pub mod command;
pub mod frame;
pub mod message;
pub mod transport;
