//! JSON-RPC 2.0 messages of the client's side.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::api::wire::Fault;

/// A message from the server, its payload still JSON text.
#[derive(Debug, Deserialize)]
pub struct Incoming<'a> {
    /// The number of the request that this answers.
    pub id: Option<i64>,
    /// The method, when the server asks or tells something by itself.
    pub method: Option<String>,
    /// What it asks or tells.
    #[serde(borrow)]
    pub params: Option<&'a RawValue>,
    /// The answer.
    #[serde(borrow)]
    pub result: Option<&'a RawValue>,
    /// The refusal.
    pub error: Option<Fault>,
}

#[derive(Serialize)]
struct Request<'a, P> {
    jsonrpc: &'static str,
    id: i64,
    method: &'a str,
    params: &'a P,
}

#[derive(Serialize)]
struct Notification<'a, P> {
    jsonrpc: &'static str,
    method: &'a str,
    params: &'a P,
}

/// The body of a request.
pub fn request<P: Serialize>(id: i64, method: &str, params: &P) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(&Request { jsonrpc: "2.0", id, method, params })
}

/// The body of a notification.
pub fn notification<P: Serialize>(method: &str, params: &P) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(&Notification { jsonrpc: "2.0", method, params })
}
