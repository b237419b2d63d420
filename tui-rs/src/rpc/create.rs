//! The calls of a new calculation.

use std::time::Instant;

use super::client::Client;
use super::message;
use crate::api::wire::{
    CodesList, InputsCheck, InputsPreview, JobsSubmit, NoParams, PotcarsStatus, TemplateName,
    TemplatesGet, TemplatesList,
};
use crate::msg::{Call, Reply};

impl Client {
    /// The body of a call of a new calculation; of another call, a message that asks nothing.
    pub(super) fn call_create(&mut self, call: &Call, now: Instant) -> serde_json::Result<Vec<u8>> {
        match call {
            Call::Submit(params) => {
                let mut params = params.as_ref().clone();
                params.structure = params.structure.from_here();
                self.ask::<JobsSubmit>(&params, now, Reply::Submit)
            }
            Call::Preview(params) => {
                let mut params = params.as_ref().clone();
                params.structure = params.structure.from_here();
                self.ask::<InputsPreview>(&params, now, |answer| {
                    Reply::Preview(answer.map(Box::new))
                })
            }
            Call::Check(params) => {
                let mut params = params.as_ref().clone();
                params.structure = params.structure.from_here();
                self.ask::<InputsCheck>(&params, now, Reply::Check)
            }
            Call::Templates => self.ask::<TemplatesList>(&NoParams {}, now, Reply::Templates),
            Call::Template(name) => {
                let params = TemplateName { name: name.clone() };
                let name = name.clone();
                self.ask::<TemplatesGet>(&params, now, move |answer| {
                    Reply::Template(name, answer.map(Box::new))
                })
            }
            Call::Potcars(params) => {
                let about = params.clone();
                let mut params = params.as_ref().clone();
                params.structure = params.structure.from_here();
                self.ask::<PotcarsStatus>(&params, now, move |answer| Reply::Potcars(about, answer))
            }
            Call::Codes => self.ask::<CodesList>(&NoParams {}, now, Reply::Codes),
            _ => message::notification("$/nothing", &serde_json::Value::Null),
        }
    }
}
