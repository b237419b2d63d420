//! The recorded messages are read and written by this side exactly as recorded; the Python tests
//! test the other side.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test may fail

use std::time::Instant;

use crystalmath_tui::api::wire::{
    self, Fault, JobDetail, JobState, JobsGetParams, JobsListParams, JobsPage, JobsSubmitParams,
    Method, StructureSource,
};
use crystalmath_tui::msg::{Call, Msg};
use crystalmath_tui::rpc::client::Client;
use crystalmath_tui::rpc::frame::{FrameDecoder, FrameEvent, encode};
use crystalmath_tui::rpc::message;
use serde_json::{Value, json};

struct Recorded {
    name: String,
    kind: String,
    method: String,
    frame: String,
}

fn recorded() -> Vec<Recorded> {
    let text = include_str!("../../tests/data/wire/messages.jsonl");
    let field = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    text.lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .map(|row| Recorded {
            name: field(&row, "name"),
            kind: field(&row, "kind"),
            method: field(&row, "method"),
            frame: field(&row, "frame"),
        })
        .collect()
}

fn body(name: &str) -> Vec<u8> {
    let frame = recorded().into_iter().find(|row| row.name == name).map(|row| row.frame);
    decode(&frame.unwrap_or_default())
}

fn decode(frame: &str) -> Vec<u8> {
    let mut decoder = FrameDecoder::default();
    decoder.feed(frame.as_bytes());
    match decoder.next_event() {
        Some(FrameEvent::Body(body)) => body,
        _ => Vec::new(),
    }
}

/// What a client sends when it makes these calls, the greeting left out.
fn sent(calls: &[Call]) -> Vec<Vec<u8>> {
    let mut client = Client::default();
    let now = Instant::now();
    let greeting = client.initialize(now);
    assert!(greeting.is_ok());
    calls.iter().filter_map(|call| client.call(call, now).ok()).collect()
}

#[test]
fn every_recorded_frame_is_written_as_it_was() {
    assert!(recorded().len() > 15);
    for row in recorded() {
        let body = decode(&row.frame);
        assert!(!body.is_empty(), "{}", row.name);
        assert_eq!(encode(&body), row.frame.as_bytes(), "{}", row.name);
    }
}

#[test]
fn the_calls_are_written_as_recorded() {
    let submit = JobsSubmitParams {
        template: "relax".to_owned(),
        structure: StructureSource { path: Some("/tmp/Si.vasp".to_owned()), text: None },
        label: "Si".to_owned(),
        key: Some("tui-4711-1".to_owned()),
        ..JobsSubmitParams::default()
    };
    let calls = [
        Call::List(Box::default()),
        Call::List(Box::new(JobsListParams {
            after: Some("[7, 7]".to_owned()),
            ..JobsListParams::default()
        })),
        Call::Get(JobsGetParams { id: json!(42) }),
        Call::Submit(Box::new(submit)),
    ];
    let expected = ["list", "list from there on", "open", "submit"].map(body);
    for (ours, theirs) in sent(&calls).iter().zip(&expected) {
        assert_eq!(String::from_utf8_lossy(ours), String::from_utf8_lossy(theirs));
    }
}

#[test]
fn greeting_and_farewell_are_written_as_recorded() {
    let ours = Client::default().initialize(Instant::now()).unwrap();
    let mut greeting: Value = serde_json::from_slice(&ours).unwrap();
    greeting["params"]["processId"] = json!(4711);
    assert_eq!(greeting, serde_json::from_slice::<Value>(&body("greeting")).unwrap());
    assert_eq!(message::request(7, "shutdown", &Value::Null).unwrap(), body("farewell"));
    assert_eq!(message::notification("exit", &Value::Null).unwrap(), body("gone"));
    assert_eq!(message::notification("initialized", &json!({})).unwrap(), body("greeting done"));
    assert_eq!(
        message::notification("$/cancelRequest", &json!({"id": 5})).unwrap(),
        body("give up")
    );
}

#[test]
fn the_recorded_greeting_is_understood() {
    let mut client = Client::default();
    assert!(client.initialize(Instant::now()).is_ok());
    let (message, answer) = client.receive(&body("greeting answered"));
    assert!(matches!(message, Some(Msg::Ready(server)) if server.version == "0.1.0"));
    assert!(answer.is_none());
}

/// Read a result as the type of its method and write it again.
fn again(method: &str, result: &Value) -> Option<Value> {
    macro_rules! try_each {
        ($($marker:ident),* $(,)?) => {
            $(if method == wire::$marker::NAME {
                let read: <wire::$marker as Method>::Result = from(result);
                return serde_json::to_value(read).ok();
            })*
        };
    }
    try_each!(
        SystemStatus,
        SystemRepair,
        ProfilesList,
        ProfilesUse,
        JobsList,
        JobsGet,
        JobsTree,
        JobsSubmit,
        JobsRestart,
        JobsWatch,
        JobsCancel,
        JobsPause,
        JobsResume,
        JobsLog,
        JobsFiles,
        JobsRead,
        JobsDiff,
        JobsLabel,
        JobsDelete,
        CodesList,
        CodesCreate,
        CodesUse,
        CodesDelete,
        TemplatesList,
        TemplatesGet,
        InputsPreview,
        InputsCheck,
        InputsWrite,
        StructuresRead,
        PotcarsStatus,
        PotcarsIndex,
        ResultsGet,
        ResultsConvergence,
        ResultsBands,
    );
    None
}

#[test]
fn every_recorded_result_has_the_type_of_its_method() {
    for row in recorded().iter().filter(|row| row.kind == "result") {
        let message: Value = serde_json::from_slice(&decode(&row.frame)).unwrap();
        // What was read is written again: no field is lost or renamed on this side.
        match again(&row.method, &message["result"]) {
            Some(written) => assert_eq!(written, message["result"], "{}", row.name),
            None => {
                assert!(["initialize", "shutdown"].contains(&row.method.as_str()), "{}", row.name);
            }
        }
    }
}

#[test]
fn what_the_server_tells_unasked_is_understood() {
    let params = |name: &str| -> Value {
        let message: Value = serde_json::from_slice(&body(name)).unwrap();
        message["params"].clone()
    };
    let told = params("told jobs.changed");
    assert_eq!(serde_json::to_value(from::<wire::JobsChanged>(&told)).unwrap(), told);
    let told = params("told system.changed");
    assert_eq!(serde_json::to_value(from::<wire::SystemChanged>(&told)).unwrap(), told);
}

fn from<T: for<'de> serde::Deserialize<'de>>(value: &Value) -> T {
    T::deserialize(value).unwrap()
}

#[test]
fn the_recorded_values_are_read_right() {
    let message: Value = serde_json::from_slice(&body("list answered")).unwrap();
    let page: JobsPage = from(&message["result"]);
    assert_eq!(page.next.as_deref(), Some("[7, 7]"));
    assert_eq!(page.jobs[0].label, "Si test äö 東京");
    assert_eq!(page.jobs[0].state, JobState::Running);
    assert!(page.jobs[2].foreign && page.jobs[2].formula.is_none());
    let message: Value = serde_json::from_slice(&body("open answered")).unwrap();
    let detail: JobDetail = from(&message["result"]);
    assert_eq!(detail.card.energy_ev, Some(-9.26125));
    assert_eq!(detail.card.standin, Some(true));
    assert_eq!(detail.steps.len(), 1);
}

#[test]
fn a_recorded_error_carries_its_hint() {
    let message: Value = serde_json::from_slice(&body("submit refused")).unwrap();
    let fault: Fault = from(&message["error"]);
    assert_eq!(fault.code, -32011);
    assert_eq!(fault.hint(), "Correct the lattice vector in line 3.");
}
