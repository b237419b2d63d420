//! The jobs as plain text, for scripts and screen readers: the same client, no terminal.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::api::wire::{Fault, JobsListParams, JobsPage};
use crate::jobs::arrange::Filter;
use crate::jobs::row::Row;
use crate::msg::{Call, Msg, Reply};
use crate::rpc::client::Client;
use crate::rpc::frame::FrameEvent;
use crate::rpc::message;
use crate::rpc::transport::{Place, Server, ServerEvent};

const PAGE: i64 = 2000;
const PATIENCE: Duration = Duration::from_millis(1500);
/// What a column is when there is nothing to say, so that each line has as many words.
const NOTHING: &str = "-";

/// Print the jobs that pass the filter, newest first.
pub fn print(place: &Place, filter: &Filter, out: &mut impl Write) -> Result<(), Fault> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Fault::local(error.to_string(), ""))?;
    runtime.block_on(async {
        let mut talk = Talk::begin(place)?;
        let printed = talk.print(filter, out).await;
        talk.end().await;
        printed
    })
}

/// A conversation with the server that waits for each answer.
struct Talk {
    server: Server,
    client: Client,
    last_words: String,
}

impl Talk {
    fn begin(place: &Place) -> Result<Self, Fault> {
        let server = Server::start(place).map_err(|error| {
            let program = place.program();
            Fault::local(
                format!("The server {program:?} cannot be started: {error}."),
                "Name it with --server, or install it: pip install crystalmath",
            )
        })?;
        let mut talk = Self { server, client: Client::default(), last_words: String::new() };
        let greeting = talk.client.initialize(Instant::now());
        talk.send(greeting)?;
        talk.send(message::notification("initialized", &serde_json::json!({})))?;
        Ok(talk)
    }

    fn send(&self, body: serde_json::Result<Vec<u8>>) -> Result<(), Fault> {
        body.map(|body| self.server.send(body)).map_err(|error| Fault::local(error.to_string(), ""))
    }

    async fn print(&mut self, filter: &Filter, out: &mut impl Write) -> Result<(), Fault> {
        while !matches!(self.next().await?, Msg::Ready(_)) {}
        let mut written = write_head(out);
        let mut after = None;
        while written.is_ok() {
            let page = self.page(after.take()).await?;
            let mut rows = page.jobs.into_iter().map(Row::from).filter(|row| filter.fits(row));
            written = rows.try_for_each(|row| write_row(&row, out));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        match written.and_then(|()| out.flush()) {
            // A reader that has seen enough is no failure of ours.
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Fault::local(format!("The jobs cannot be written: {error}."), ""))
            }
            _ => Ok(()),
        }
    }

    async fn page(&mut self, after: Option<String>) -> Result<JobsPage, Fault> {
        let params = JobsListParams { limit: Some(PAGE), after, ..JobsListParams::default() };
        let body = self.client.call(&Call::List(Box::new(params)), Instant::now());
        self.send(body)?;
        loop {
            if let Msg::Reply(Reply::List(page)) = self.next().await? {
                return page;
            }
        }
    }

    /// The next message; a refusal and the end of the server are errors.
    async fn next(&mut self) -> Result<Msg, Fault> {
        loop {
            let overdue = self.client.next_deadline().map(tokio::time::Instant::from_std);
            let event = match overdue {
                Some(at) => tokio::time::timeout_at(at, self.server.events.recv()).await,
                None => Ok(self.server.events.recv().await),
            };
            match event {
                Err(_) => {
                    if let Some((message, _)) = self.client.expire(Instant::now()).pop() {
                        return accepted(message);
                    }
                }
                Ok(Some(ServerEvent::Frame(FrameEvent::Body(body)))) => {
                    let (message, answer) = self.client.receive(&body);
                    if let Some(answer) = answer {
                        self.send(Ok(answer))?;
                    }
                    if let Some(message) = message {
                        return accepted(message);
                    }
                }
                Ok(Some(ServerEvent::Frame(_))) => {}
                Ok(Some(ServerEvent::Log(line))) => self.last_words = line,
                Ok(Some(ServerEvent::Refused(fault))) => return Err(fault),
                Ok(Some(ServerEvent::Closed(why))) => return Err(self.gone(why).await),
                Ok(None) => return Err(self.gone(None).await),
            }
        }
    }

    async fn gone(&mut self, why: Option<String>) -> Fault {
        let how = match why {
            Some(why) => why,
            None => self.server.how_it_ended().await,
        };
        while let Ok(event) = self.server.events.try_recv() {
            if let ServerEvent::Log(line) = event {
                self.last_words = line;
            }
        }
        let hint = "Run it by itself to see more: crystalmath-server --stdio";
        Fault::local(format!("{how} {}", self.last_words).trim_end(), hint)
    }

    async fn end(self) {
        let farewell = [
            message::request(i64::MAX, "shutdown", &Value::Null),
            message::notification("exit", &Value::Null),
        ];
        self.server.stop(farewell.into_iter().flatten().collect(), PATIENCE).await;
    }
}

fn accepted(message: Msg) -> Result<Msg, Fault> {
    match message {
        Msg::Refused(fault) => Err(fault),
        message => Ok(message),
    }
}

fn write_head(out: &mut impl Write) -> io::Result<()> {
    write_line(["id", "state", "formula", "template", "created", "label"], out)
}

fn write_row(row: &Row, out: &mut impl Write) -> io::Result<()> {
    let id = row.id.to_string();
    let created = row.created.replace(' ', "T");
    write_line([&id, row.state.word(), &row.formula, &row.template, &created, &row.label], out)
}

/// Columns stand below each other, and are words: only the last may hold blanks.
fn write_line(columns: [&str; 6], out: &mut impl Write) -> io::Result<()> {
    let clean = |text: &str| {
        let text: String = text.chars().filter(|character| !character.is_control()).collect();
        if text.trim().is_empty() { NOTHING.to_owned() } else { text }
    };
    let [id, state, formula, template, created, label] = columns.map(clean);
    writeln!(out, "{id:<8} {state:<12} {formula:<16} {template:<20} {created:<16} {label}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::wire::JobState;

    #[test]
    fn a_line_has_as_many_words_as_columns_whatever_is_missing() {
        let row = Row {
            id: 7,
            state: JobState::Failed,
            label: "two words\x1b[31m".into(),
            formula: "".into(),
            template: "relax".into(),
            created: "2026-11-22 10:00".into(),
        };
        let mut out = Vec::new();
        write_row(&row, &mut out).unwrap();
        let line = String::from_utf8(out).unwrap();
        let words: Vec<&str> = line.split_whitespace().collect();
        let expected = ["7", "failed", "-", "relax", "2026-11-22T10:00", "two", "words[31m"];
        assert_eq!(words, expected);
        assert!(line.ends_with("two words[31m\n"));
    }
}
