//! Text that is edited: the buffer with its history, and how wide text is on the screen.

pub mod buffer;
pub mod width;

pub use buffer::Buffer;
