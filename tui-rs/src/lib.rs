//! The terminal UI of `CrystalMath`.
//!
//! Data flows one way: whatever happens becomes a [`msg::Msg`], [`update::update`] changes the
//! [`model::Model`] and asks for [`msg::Effect`]s, [`view::draw`] paints the model. Only [`run`]
//! touches the terminal, the clock and the server.

pub mod api;
pub mod awaited;
pub mod card;
pub mod cli;
pub mod config;
pub mod create;
pub mod editor;
pub mod health;
pub mod jobs;
pub mod keymap;
pub mod lsp;
pub mod model;
pub mod msg;
pub mod overlay;
pub mod plain;
pub mod rpc;
pub mod run;
pub mod search;
pub mod sys;
pub mod templates;
pub mod text;
pub mod update;
pub mod view;
pub mod widget;
