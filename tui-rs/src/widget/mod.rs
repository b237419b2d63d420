//! Pieces that screens are made of.

pub mod input;
pub mod text;
pub mod theme;
