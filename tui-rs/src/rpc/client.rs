//! Calls in flight: numbers them, knows what each answer means and when it is overdue.
//!
//! Does no I/O: it makes bodies to send and takes bodies that came; time is handed in.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::api::wire::{
    Fault, JobsCancel, JobsCancelParams, JobsDelete, JobsDeleteParams, JobsDiff, JobsFiles,
    JobsFilesParams, JobsGet, JobsGetParams, JobsLabel, JobsList, JobsLog, JobsLogParams,
    JobsPause, JobsRead, JobsRestart, JobsResume, JobsTree, JobsTreeParams, JobsWatch,
    JobsWatchParams, Method, NoParams, PROTOCOL, ResultsBands, ResultsBandsParams,
    ResultsConvergence, ResultsConvergenceParams, SystemRepair, SystemStatus,
};
use crate::card::Pane;
use crate::lsp::types::{At, Proposals, Span, Sync};
use crate::msg::{Call, Msg, Reply, ServerInfo, Verb};
use crate::rpc::message::{self, Incoming};

/// What the client waits beyond the server's own deadline, so that the server's reason arrives.
const GRACE: Duration = Duration::from_secs(2);
const INITIALIZE_DEADLINE: Duration = Duration::from_secs(30);
/// The language half loads its rules with the first document.
const LANGUAGE_DEADLINE: Duration = Duration::from_secs(20);
const METHOD_NOT_FOUND: i64 = -32601;
/// How much of a program's output is asked for.
const LOG_LINES: i64 = 1000;
const MAX_LOG_CHARACTERS: usize = 500;

/// What becomes of the text of an answer, or of the reason why there is none.
type Understand = Box<dyn FnOnce(Result<&str, Fault>) -> Msg + Send>;

struct Pending {
    understand: Understand,
    deadline: Instant,
}

/// The calls of one connection.
#[derive(Default)]
pub struct Client {
    last_id: i64,
    pending: HashMap<i64, Pending>,
}

impl Client {
    /// The body of the first request.
    pub fn initialize(&mut self, now: Instant) -> serde_json::Result<Vec<u8>> {
        let params = json!({
            "processId": std::process::id(),
            "clientInfo": {"name": "crystalmath-tui", "version": env!("CARGO_PKG_VERSION")},
            "rootUri": null,
            "capabilities": {
                "experimental": {"crystalmath": {"protocol": PROTOCOL}},
                "general": {"positionEncodings": ["utf-32"]},
            },
        });
        let understand = |answer: Result<&str, Fault>| answer.map_or_else(Msg::Refused, greet);
        let id = self.register(Box::new(understand), now + INITIALIZE_DEADLINE);
        message::request(id, "initialize", &params)
    }

    /// The body of a call, which is remembered until it is answered or overdue.
    pub fn call(&mut self, call: &Call, now: Instant) -> serde_json::Result<Vec<u8>> {
        match call {
            Call::List(params) => self.ask::<JobsList>(params, now, Reply::List),
            Call::Get(params) => {
                self.ask::<JobsGet>(params, now, |answer| Reply::Get(answer.map(Box::new)))
            }
            Call::Glance(id) => {
                let (id, params) = (*id, JobsGetParams { id: (*id).into() });
                self.ask::<JobsGet>(&params, now, move |found| {
                    Reply::Glance(id, found.map(Box::new))
                })
            }
            Call::Inputs(id) => {
                let (id, params) = (*id, JobsGetParams { id: (*id).into() });
                self.ask::<JobsGet>(&params, now, move |found| {
                    Reply::Inputs(id, found.map(Box::new))
                })
            }
            Call::Tree(id) => {
                let (id, params) = (*id, JobsTreeParams { id: (*id).into() });
                self.ask::<JobsTree>(&params, now, move |found| Reply::Tree(id, found))
            }
            Call::Complete(_)
            | Call::Explain(_)
            | Call::Fixes(..)
            | Call::Format(_)
            | Call::Define(_) => self.call_language(call, now),
            Call::Pane(pane, id) => self.call_pane(*pane, *id, now),
            Call::Control(verb, id) => self.control(*verb, *id, now),
            Call::Watch => {
                self.ask::<JobsWatch>(&JobsWatchParams { on: Some(true) }, now, Reply::Watching)
            }
            Call::Status => self.ask::<SystemStatus>(&NoParams {}, now, |answer| {
                Reply::Status(answer.map(Box::new))
            }),
            Call::Repair => self.ask::<SystemRepair>(&NoParams {}, now, |answer| {
                Reply::Status(answer.map(Box::new))
            }),
            Call::Submit(_)
            | Call::Preview(_)
            | Call::Check(_)
            | Call::Templates
            | Call::Template(_)
            | Call::Potcars(_)
            | Call::Codes => self.call_create(call, now),
            Call::Diff(params) => self.ask::<JobsDiff>(params, now, Reply::Diff),
            Call::Restart(params) => {
                let id = params.id.as_i64().unwrap_or_default();
                self.ask::<JobsRestart>(params, now, move |answer| Reply::Restarted(id, answer))
            }
            Call::Label(params) => {
                self.ask::<JobsLabel>(params, now, |answer| Reply::Labelled(answer.map(Box::new)))
            }
            Call::Delete(id) => {
                let (id, params) = (*id, JobsDeleteParams { id: (*id).into() });
                self.ask::<JobsDelete>(&params, now, move |answer| Reply::Deleted(id, answer))
            }
            Call::ReadFile(id, params) => {
                let id = *id;
                self.ask::<JobsRead>(params, now, move |answer| Reply::File(id, answer))
            }
        }
    }

    fn call_pane(&mut self, pane: Pane, id: i64, now: Instant) -> serde_json::Result<Vec<u8>> {
        let job = Value::from(id);
        match pane {
            Pane::Card => self.call(&Call::Get(JobsGetParams { id: job }), now),
            Pane::Convergence => {
                let params = ResultsConvergenceParams { id: job, step: None };
                self.ask::<ResultsConvergence>(&params, now, move |answer| {
                    Reply::Convergence(id, answer)
                })
            }
            Pane::Log => {
                let params = JobsLogParams { id: job, n_lines: Some(LOG_LINES) };
                self.ask::<JobsLog>(&params, now, move |answer| Reply::Said(id, answer))
            }
            Pane::Files => {
                let params = JobsFilesParams { id: job };
                self.ask::<JobsFiles>(&params, now, move |answer| Reply::Files(id, answer))
            }
            Pane::Bands => {
                let params = ResultsBandsParams { id: job };
                self.ask::<ResultsBands>(&params, now, move |answer| Reply::Bands(id, answer))
            }
        }
    }

    fn control(&mut self, verb: Verb, id: i64, now: Instant) -> serde_json::Result<Vec<u8>> {
        let params = JobsCancelParams { id: id.into() };
        let reply = move |answer| Reply::Controlled(verb, id, answer);
        match verb {
            Verb::Cancel => self.ask::<JobsCancel>(&params, now, reply),
            Verb::Pause => self.ask::<JobsPause>(&params, now, reply),
            Verb::Resume => self.ask::<JobsResume>(&params, now, reply),
        }
    }

    fn call_language(&mut self, call: &Call, now: Instant) -> serde_json::Result<Vec<u8>> {
        match call {
            Call::Complete(at) => {
                self.ask_language("completion", at, &place(at), now, |at, answer| {
                    let items =
                        answer.map(|found: Option<Proposals>| found.unwrap_or_default().items);
                    Reply::Complete(at, items)
                })
            }
            Call::Explain(at) => self.ask_language("hover", at, &place(at), now, Reply::Explain),
            Call::Fixes(at, span) => {
                self.ask_language("codeAction", at, &range(at, *span), now, |at, answer| {
                    Reply::Fixes(at, answer.map(Option::unwrap_or_default))
                })
            }
            Call::Format(at) => {
                let options = json!({"tabSize": 8, "insertSpaces": true});
                let params = json!({"textDocument": {"uri": at.uri}, "options": options});
                self.ask_language("formatting", at, &params, now, |at, answer| {
                    Reply::Format(at, answer.map(Option::unwrap_or_default))
                })
            }
            Call::Define(at) => {
                self.ask_language("definition", at, &place(at), now, |at, answer| {
                    Reply::Define(at, answer.map(Option::unwrap_or_default))
                })
            }
            _ => message::notification("$/nothing", &Value::Null),
        }
    }

    pub(super) fn ask<M: Method>(
        &mut self,
        params: &M::Params,
        now: Instant,
        reply: impl FnOnce(Result<M::Result, Fault>) -> Reply + Send + 'static,
    ) -> serde_json::Result<Vec<u8>> {
        let understand: Understand =
            Box::new(move |answer| Msg::Reply(reply(answer.and_then(parse))));
        let id = self.register(understand, now + M::DEADLINE + GRACE);
        message::request(id, M::NAME, params)
    }

    fn ask_language<T: DeserializeOwned>(
        &mut self,
        method: &str,
        at: &At,
        params: &Value,
        now: Instant,
        reply: impl FnOnce(At, Result<T, Fault>) -> Reply + Send + 'static,
    ) -> serde_json::Result<Vec<u8>> {
        let at = at.clone();
        let understand: Understand =
            Box::new(move |answer| Msg::Reply(reply(at, answer.and_then(parse))));
        let id = self.register(understand, now + LANGUAGE_DEADLINE);
        message::request(id, &format!("textDocument/{method}"), params)
    }

    fn register(&mut self, understand: Understand, deadline: Instant) -> i64 {
        self.last_id += 1;
        self.pending.insert(self.last_id, Pending { understand, deadline });
        self.last_id
    }

    /// What a message means, and the body to answer it with when it asks something.
    #[must_use]
    pub fn receive(&mut self, body: &[u8]) -> (Option<Msg>, Option<Vec<u8>>) {
        let incoming: Incoming<'_> = match serde_json::from_slice(body) {
            Ok(incoming) => incoming,
            Err(error) => return (Some(Msg::Log(format!("unreadable message: {error}"))), None),
        };
        match (incoming.id, &incoming.method) {
            (Some(id), Some(method)) => (None, refuse(id, method)),
            (None, Some(method)) => (told(method, &incoming), None),
            (None, None) => (None, None),
            // An answer nobody waits for any more is the late one of an overdue call.
            (Some(id), None) => (self.pending.remove(&id).map(|call| answer(call, incoming)), None),
        }
    }

    /// When the first pending call is overdue.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Instant> {
        self.pending.values().map(|pending| pending.deadline).min()
    }

    /// Give up the calls that are overdue: what to tell the model, what to tell the server.
    pub fn expire(&mut self, now: Instant) -> Vec<(Msg, Option<Vec<u8>>)> {
        let overdue: Vec<i64> = self
            .pending
            .iter()
            .filter(|(_, pending)| pending.deadline <= now)
            .map(|(id, _)| *id)
            .collect();
        let fault = || Fault::local("The server did not answer in time.", "Ask again.");
        overdue
            .into_iter()
            .filter_map(|id| self.pending.remove(&id).map(|pending| (id, pending)))
            .map(|(id, pending)| {
                let cancel = message::notification("$/cancelRequest", &json!({ "id": id })).ok();
                ((pending.understand)(Err(fault())), cancel)
            })
            .collect()
    }
}

/// The body that tells the server about a document.
pub fn tell(sync: &Sync) -> serde_json::Result<Vec<u8>> {
    match sync {
        Sync::Open { uri, language, version, text } => {
            let document =
                json!({"uri": uri, "languageId": language, "version": version, "text": text});
            message::notification("textDocument/didOpen", &json!({"textDocument": document}))
        }
        Sync::Change { uri, version, changes } => {
            let document = json!({"uri": uri, "version": version});
            let params = json!({"textDocument": document, "contentChanges": changes});
            message::notification("textDocument/didChange", &params)
        }
        Sync::Close { uri } => {
            message::notification("textDocument/didClose", &json!({"textDocument": {"uri": uri}}))
        }
    }
}

fn place(at: &At) -> Value {
    json!({"textDocument": {"uri": at.uri}, "position": at.place})
}

fn range(at: &At, span: Span) -> Value {
    json!({"textDocument": {"uri": at.uri}, "range": span, "context": {"diagnostics": []}})
}

fn answer(call: Pending, incoming: Incoming<'_>) -> Msg {
    let text = incoming.result.map_or("null", serde_json::value::RawValue::get);
    (call.understand)(incoming.error.map_or(Ok(text), Err))
}

/// What the server tells by itself.
fn told(method: &str, incoming: &Incoming<'_>) -> Option<Msg> {
    let params = incoming.params.map_or("null", serde_json::value::RawValue::get);
    let message = match method {
        "textDocument/publishDiagnostics" => parse(params).map(Msg::Diagnostics),
        "jobs.changed" => parse(params).map(Msg::Changed),
        "system.changed" => Ok(Msg::System),
        "window/logMessage" | "window/showMessage" => parse(params)
            .map(|said: Said| Msg::Log(said.message.chars().take(MAX_LOG_CHARACTERS).collect())),
        _ => return None,
    };
    Some(message.unwrap_or_else(|fault| Msg::Log(fault.message)))
}

#[derive(serde::Deserialize)]
struct Said {
    message: String,
}

fn refuse(id: i64, method: &str) -> Option<Vec<u8>> {
    let message = format!("crystalmath-tui has no method {method}");
    let error = json!({"code": METHOD_NOT_FOUND, "message": message});
    serde_json::to_vec(&json!({"jsonrpc": "2.0", "id": id, "error": error})).ok()
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|error| {
        Fault::local(
            format!("The server's answer is not of the agreed form: {error}."),
            "Install client and server of one release.",
        )
    })
}

/// Read the answer to `initialize`, and refuse a server of another version.
fn greet(text: &str) -> Msg {
    let answer: Value = serde_json::from_str(text).unwrap_or_default();
    let ours = answer.pointer("/capabilities/experimental/crystalmath");
    let protocol = ours.and_then(|ours| ours.get("protocol")).and_then(Value::as_i64);
    if protocol == Some(PROTOCOL) {
        let version = answer.pointer("/serverInfo/version").and_then(Value::as_str);
        let methods = ours.and_then(|ours| ours.get("methods")).and_then(Value::as_array);
        return Msg::Ready(ServerInfo {
            version: version.unwrap_or("?").to_owned(),
            methods: methods
                .into_iter()
                .flatten()
                .filter_map(|name| name.as_str().map(str::to_owned))
                .collect(),
        });
    }
    let theirs = protocol.map_or("none at all".to_owned(), |number| format!("version {number}"));
    Msg::Refused(Fault::local(
        format!("This terminal UI speaks version {PROTOCOL} of the protocol, the server {theirs}."),
        "Install both of one release: pip install --upgrade crystalmath crystalmath-tui",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(client: &mut Client, now: Instant) -> Vec<u8> {
        client.call(&Call::List(Box::default()), now).unwrap()
    }

    #[test]
    fn an_answer_finds_its_call_whatever_the_order() {
        let now = Instant::now();
        let mut client = Client::default();
        listing(&mut client, now);
        client.call(&Call::Get(JobsGetParams { id: json!(7) }), now).unwrap();
        let (message, _) =
            client.receive(br#"{"jsonrpc":"2.0","id":2,"error":{"code":-32016,"message":"no"}}"#);
        assert!(
            matches!(message, Some(Msg::Reply(Reply::Get(Err(fault)))) if fault.code == -32016)
        );
        let (message, _) =
            client.receive(br#"{"jsonrpc":"2.0","id":1,"result":{"jobs":[],"next":null}}"#);
        assert!(matches!(message, Some(Msg::Reply(Reply::List(Ok(page)))) if page.jobs.is_empty()));
    }

    #[test]
    fn an_overdue_call_fails_is_cancelled_and_its_late_answer_dropped() {
        let now = Instant::now();
        let mut client = Client::default();
        listing(&mut client, now);
        let late = client.next_deadline().unwrap();
        assert!(client.expire(now).is_empty());
        let expired = client.expire(late);
        let [(Msg::Reply(Reply::List(Err(_))), Some(cancel))] = expired.as_slice() else {
            panic!("one call expires");
        };
        assert!(String::from_utf8_lossy(cancel).contains(r#""params":{"id":1}"#));
        let (message, _) =
            client.receive(br#"{"jsonrpc":"2.0","id":1,"result":{"jobs":[],"next":null}}"#);
        assert!(message.is_none());
    }

    #[test]
    fn a_request_of_the_server_is_answered() {
        let (message, answer) = Client::default()
            .receive(br#"{"jsonrpc":"2.0","id":5,"method":"window/ask","params":{}}"#);
        assert!(message.is_none());
        assert!(String::from_utf8(answer.unwrap()).unwrap().contains("-32601"));
    }

    #[test]
    fn a_server_of_another_version_is_refused_in_words() {
        let mut client = Client::default();
        client.initialize(Instant::now()).unwrap();
        let body = br#"{"jsonrpc":"2.0","id":1,"result":{"capabilities":{"experimental":{"crystalmath":{"protocol":99,"methods":[]}}}}}"#;
        let (message, _) = client.receive(body);
        let Some(Msg::Refused(fault)) = message else { panic!("refused") };
        assert!(fault.message.contains("version 99"), "{}", fault.message);
    }

    #[test]
    fn a_message_that_is_no_json_is_logged() {
        let (message, _) = Client::default().receive(b"{]");
        assert!(matches!(message, Some(Msg::Log(_))));
    }
}
