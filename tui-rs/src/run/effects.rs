//! What is done for the model: calls, files, timers and the start of the server.

use std::io;
use std::time::Instant;

use serde_json::Value;

use super::{App, FromDisk, SERVER_PATIENCE, Wish};
use crate::msg::{Disk, Effect, Msg};
use crate::rpc::client::{self, Client};
use crate::rpc::message;
use crate::rpc::transport::Server;
use crate::sys::{clipboard, disk};

impl App {
    pub(super) fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Call(call) => {
                let body = self.client.call(&call, Instant::now());
                self.send(body);
            }
            Effect::Tell(sync) => self.send(client::tell(&sync)),
            Effect::RefreshIn(delay) => self.refresh_at = Some(Instant::now() + delay),
            Effect::RestartIn(delay) => self.restart_at = Some(Instant::now() + delay),
            Effect::GlanceIn(delay) => self.glance_at = Some(Instant::now() + delay),
            Effect::StatusIn(delay) => self.status_at = Some(Instant::now() + delay),
            Effect::Restart => self.start_server(),
            Effect::ReadFiles(opening) => {
                let store = self.keeper.store.clone();
                self.ask_disk(move || {
                    let read = disk::read(opening);
                    let claimed = match &read {
                        // What is only looked at has no drafts, and those of other files are left.
                        Disk::Files(found, Ok(files)) => {
                            let edited =
                                if found.recorded.is_none() { files.as_slice() } else { &[] };
                            Some(store.claim(edited))
                        }
                        _ => None,
                    };
                    std::iter::once(read).chain(claimed).map(FromDisk::Said)
                });
            }
            Effect::Look(known) => {
                self.looks.is_under_way = true;
                self.ask_disk(move || [FromDisk::Said(disk::look(known))]);
            }
            Effect::Write(writing) => {
                self.ask_disk(move || [FromDisk::Said(disk::write(writing))]);
            }
            Effect::WriteCopies(copies) => {
                self.ask_disk(move || [FromDisk::Said(disk::write_copies(copies))]);
            }
            Effect::ListFolder(path) => self.ask_disk(move || [FromDisk::Said(disk::list(path))]),
            Effect::Copy(text) => match clipboard::copying(&text) {
                Some(sequence) => clipboard::emit(&sequence),
                None => self.model.log("too long for the clipboard of a terminal".to_owned()),
            },
            Effect::Notify(text) => clipboard::emit(&clipboard::notifying(&text)),
            Effect::Redraw => (self.wish, self.dirty) = (Some(Wish::Repaint), true),
            Effect::Suspend => self.wish = Some(Wish::Suspend),
            Effect::Quit => self.ended = true,
        }
    }

    pub(super) fn ask_disk<I: IntoIterator<Item = FromDisk>>(
        &self,
        work: impl FnOnce() -> I + Send + 'static,
    ) {
        let answer = self.to_disk.clone();
        tokio::task::spawn_blocking(move || {
            for done in work() {
                let _ended_meanwhile = answer.send(done);
            }
        });
    }

    pub(super) fn on_disk(&mut self, said: Disk) {
        if let Disk::Drafts { found, .. } = &said {
            self.keeper.found(found);
        }
        if matches!(said, Disk::Looked(_)) {
            self.looks.is_under_way = false;
        }
        self.take(Msg::Disk(said));
    }

    pub(super) fn on_kept_drafts(&mut self, kept: io::Result<()>) {
        self.keeper.wrote();
        self.keeper.look(&self.model.editor, Instant::now());
        if let Err(error) = kept {
            self.take(Msg::Log(format!("unsaved text cannot be kept: {error}")));
        }
    }

    pub(super) fn start_server(&mut self) {
        self.client = Client::default();
        self.restart_at = None;
        self.server = None;
        match Server::start(&self.place) {
            Ok(server) => {
                self.server = Some(server);
                let greeting = self.client.initialize(Instant::now());
                self.send(greeting);
                self.send(message::notification("initialized", &serde_json::json!({})));
            }
            Err(error) => {
                let program = self.place.program();
                let reason = format!("The server {program:?} cannot be started: {error}.");
                self.take(Msg::Lost(reason, Instant::now()));
            }
        }
    }

    pub(super) fn send(&mut self, body: serde_json::Result<Vec<u8>>) {
        match (body, &self.server) {
            (Ok(body), Some(server)) => server.send(body),
            (Ok(_), None) => {}
            (Err(error), _) => self.model.log(format!("unwritable message: {error}")),
        }
    }

    pub(super) async fn say_goodbye(&mut self) {
        if let Some(server) = self.server.take() {
            let farewell = [
                message::request(i64::MAX, "shutdown", &Value::Null),
                message::notification("exit", &Value::Null),
            ];
            server.stop(farewell.into_iter().flatten().collect(), SERVER_PATIENCE).await;
        }
    }
}
