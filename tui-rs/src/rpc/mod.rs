//! The conversation with the server: frames, messages, calls and the server itself.

pub mod backoff;
pub mod client;
pub mod command;
mod create;
pub mod frame;
pub mod message;
pub mod socket;
pub mod transport;
