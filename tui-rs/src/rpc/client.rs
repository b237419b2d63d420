//! Calls in flight: numbers them, knows what each answer means and when it is overdue.
//!
//! Does no I/O: it makes bodies to send and takes bodies that came; time is handed in.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::api::wire::{Fault, JobsGet, JobsList, JobsSubmit, Method, PROTOCOL};
use crate::msg::{Call, Msg, Reply, ServerInfo};
use crate::rpc::message::{self, Incoming};

/// What the client waits beyond the server's own deadline, so that the server's reason arrives.
const GRACE: Duration = Duration::from_secs(2);
const INITIALIZE_DEADLINE: Duration = Duration::from_secs(30);
const METHOD_NOT_FOUND: i64 = -32601;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Initialize,
    List,
    Get,
    Submit,
}

#[derive(Debug)]
struct Pending {
    kind: Kind,
    deadline: Instant,
}

/// The calls of one connection.
#[derive(Debug, Default)]
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
            "capabilities": {"experimental": {"crystalmath": {"protocol": PROTOCOL}}},
        });
        let id = self.register(Kind::Initialize, now + INITIALIZE_DEADLINE);
        message::request(id, "initialize", &params)
    }

    /// The body of a call, which is remembered until it is answered or overdue.
    pub fn call(&mut self, call: &Call, now: Instant) -> serde_json::Result<Vec<u8>> {
        match call {
            Call::List(params) => self.request::<JobsList>(Kind::List, params, now),
            Call::Get(params) => self.request::<JobsGet>(Kind::Get, params, now),
            Call::Submit(params) => self.request::<JobsSubmit>(Kind::Submit, params, now),
        }
    }

    fn request<M: Method>(
        &mut self,
        kind: Kind,
        params: &M::Params,
        now: Instant,
    ) -> serde_json::Result<Vec<u8>> {
        let id = self.register(kind, now + M::DEADLINE + GRACE);
        message::request(id, M::NAME, params)
    }

    fn register(&mut self, kind: Kind, deadline: Instant) -> i64 {
        self.last_id += 1;
        self.pending.insert(self.last_id, Pending { kind, deadline });
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
            // Nothing that the server tells by itself is asked for yet; whatever comes is ignored.
            (None, _) => (None, None),
            // An answer nobody waits for any more is the late one of an overdue call.
            (Some(id), None) => match self.pending.remove(&id) {
                Some(pending) => (Some(understand(pending.kind, &incoming)), None),
                None => (None, None),
            },
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
        let fault = Fault::local("The server did not answer in time.", "Press r to ask again.");
        overdue
            .into_iter()
            .filter_map(|id| self.pending.remove(&id).map(|pending| (id, pending)))
            .map(|(id, pending)| {
                let cancel = message::notification("$/cancelRequest", &json!({ "id": id })).ok();
                (failed(pending.kind, fault.clone()), cancel)
            })
            .collect()
    }
}

fn refuse(id: i64, method: &str) -> Option<Vec<u8>> {
    let message = format!("crystalmath-tui has no method {method}");
    let error = json!({"code": METHOD_NOT_FOUND, "message": message});
    serde_json::to_vec(&json!({"jsonrpc": "2.0", "id": id, "error": error})).ok()
}

fn understand(kind: Kind, incoming: &Incoming<'_>) -> Msg {
    if let Some(fault) = &incoming.error {
        return failed(kind, fault.clone());
    }
    let text = incoming.result.map_or("null", serde_json::value::RawValue::get);
    match kind {
        Kind::Initialize => greet(text),
        Kind::List => Msg::Reply(Reply::List(parse(text))),
        Kind::Get => Msg::Reply(Reply::Get(parse(text).map(Box::new))),
        Kind::Submit => Msg::Reply(Reply::Submit(parse(text))),
    }
}

fn failed(kind: Kind, fault: Fault) -> Msg {
    match kind {
        Kind::Initialize => Msg::Refused(fault),
        Kind::List => Msg::Reply(Reply::List(Err(fault))),
        Kind::Get => Msg::Reply(Reply::Get(Err(fault))),
        Kind::Submit => Msg::Reply(Reply::Submit(Err(fault))),
    }
}

fn parse<T: for<'de> serde::Deserialize<'de>>(text: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|error| {
        Fault::local(
            format!("The server's answer is not of the agreed form: {error}."),
            "Install client and server of one release.",
        )
    })
}

/// Read the answer to `initialize`, and refuse a server of another version.
fn greet(text: &str) -> Msg {
    let answer: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let ours = answer.pointer("/capabilities/experimental/crystalmath");
    let protocol = ours.and_then(|ours| ours.get("protocol")).and_then(serde_json::Value::as_i64);
    if protocol == Some(PROTOCOL) {
        let version = answer.pointer("/serverInfo/version").and_then(serde_json::Value::as_str);
        return Msg::Ready(ServerInfo { version: version.unwrap_or("?").to_owned() });
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
    use crate::api::wire::JobsListParams;

    fn listing(client: &mut Client, now: Instant) -> Vec<u8> {
        client.call(&Call::List(JobsListParams::default()), now).unwrap()
    }

    #[test]
    fn an_answer_finds_its_call_whatever_the_order() {
        let now = Instant::now();
        let mut client = Client::default();
        listing(&mut client, now);
        client.call(&Call::Get(crate::api::wire::JobsGetParams { id: json!(7) }), now).unwrap();
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
