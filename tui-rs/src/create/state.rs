//! What is written for a new calculation.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::field::Field;
use super::given::{self, Given, Nested};
use super::history::{Change, Content, History};
use super::schema::{self, Parameter};
use super::{resources, settings};
use crate::api::loaded::Loaded;
use crate::api::wire::{
    Fault, InputRemarks, JobsSubmitParams, PreviewedInputs, Severity, TemplateDetails,
};
use crate::widget::input::Input;

/// The fields, where the cursor is, and what the server says about them.
#[derive(Debug)]
pub struct Form {
    /// The fields with their names, in the order of [`Field`].
    pub fields: [(&'static str, Input); 10],
    /// Which field has the cursor.
    pub focus: usize,
    /// Whether a submit is awaited.
    pub pending: bool,
    /// A structure that was pasted.
    pub pasted: Option<Arc<str>>,
    /// All about the template that was last asked about.
    pub details: Loaded<TemplateDetails>,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// The inputs as they would be.
    pub preview: Loaded<PreviewedInputs>,
    /// What there is to say about them.
    pub check: Loaded<InputRemarks>,
    /// Why the last submit was refused.
    pub refusal: Option<Fault>,
    /// The field that the user waits to choose for.
    pub choosing: Option<Field>,
    /// The job whose inputs the form began with.
    pub origin: Option<i64>,
    /// The job that was made of what is written, as long as it is not changed.
    pub made: Option<i64>,
    pub(super) asked: String,
    pub(super) key: Option<String>,
    pub(super) history: History,
    /// What was written when the form began.
    pub(super) begin: Option<Content>,
}

impl Default for Form {
    fn default() -> Self {
        let mut form = Self {
            fields: Field::ALL.map(|field| (field.name(), Input::default())),
            focus: 0,
            pending: false,
            pasted: None,
            details: Loaded::Unknown,
            parameters: Vec::new(),
            preview: Loaded::Unknown,
            check: Loaded::Unknown,
            refusal: None,
            choosing: None,
            origin: None,
            made: None,
            asked: String::new(),
            key: None,
            history: History::default(),
            begin: None,
        };
        form.write(Field::Template, "relax");
        form.begin = Some(form.content());
        form
    }
}

impl Form {
    /// The fields filled with what a job was asked for.
    #[must_use]
    pub fn of(job: i64, request: &JobsSubmitParams) -> Self {
        let mut form = Self { origin: Some(job), ..Self::default() };
        form.pasted = request.structure.text.as_deref().map(Arc::from);
        let asked = request.resources.clone().unwrap_or_default();
        let count =
            |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        let texts = [
            (Field::Structure, request.structure.path.clone().unwrap_or_default()),
            (Field::Template, request.template.clone()),
            (Field::Parameters, given::line(&given::flat(&request.parameters))),
            (Field::Settings, settings::line(&request.overrides)),
            (Field::Code, request.code.clone().unwrap_or_default()),
            (Field::Ranks, count(asked.ranks)),
            (Field::Threads, count(asked.threads)),
            (Field::WallTime, asked.walltime_s.map(resources::written).unwrap_or_default()),
            (Field::Waive, request.waive.join(" ")),
            (Field::Label, request.label.clone()),
        ];
        for (field, text) in texts {
            form.write(field, &text);
        }
        form.focus = Field::Parameters.index();
        form.begin = Some(form.content());
        form
    }

    /// The field that has the cursor.
    #[must_use]
    pub fn field(&self) -> Field {
        Field::at(self.focus)
    }

    /// Any change makes it another calculation, with another key.
    pub(super) fn changed(&mut self) {
        self.key = None;
        self.made = None;
        self.refusal = None;
        self.check = Loaded::Unknown;
    }

    pub(super) fn write(&mut self, field: Field, text: &str) {
        if let Some((_, input)) = self.fields.get_mut(field.index()) {
            *input = Input::new(text);
        }
    }

    /// What is written in a field.
    #[must_use]
    pub fn text(&self, field: Field) -> String {
        let input = self.fields.get(field.index());
        input.map(|(_, input)| input.text().trim().to_owned()).unwrap_or_default()
    }

    /// The path of the structure, as it is written.
    #[must_use]
    pub fn structure(&self) -> String {
        self.text(Field::Structure)
    }

    /// Choose a structure and go on to the next field.
    pub fn set_structure(&mut self, path: &str) {
        self.set(Field::Structure, path);
        if !self.pending {
            self.pasted = None;
        }
    }

    /// Write a field and go on to the next one.
    pub fn set(&mut self, field: Field, text: &str) {
        if self.pending {
            return;
        }
        self.keep(Change::Whole);
        self.changed();
        self.write(field, text);
        self.focus = (field.index() + 1) % self.fields.len();
    }

    /// Go to the next field, or to the one before.
    pub fn move_focus(&mut self, forward: bool) {
        let count = self.fields.len();
        let step = if forward { 1 } else { count - 1 };
        self.focus = (self.focus + step) % count;
        self.history.pause();
    }

    /// Whether the cursor is in the last field.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.focus + 1 == self.fields.len()
    }

    // --- the template ------------------------------------------------------------------------------

    /// The template to ask about: the one that is written, once the cursor has left its field.
    pub fn wanted(&mut self) -> Option<String> {
        let name = self.text(Field::Template);
        if self.field() == Field::Template || name.is_empty() || name == self.asked {
            return None;
        }
        self.asked.clone_from(&name);
        self.details = Loaded::Asked;
        self.parameters.clear();
        Some(name)
    }

    /// Take in what the server tells about a template; tells whether it was wanted.
    pub fn learn(&mut self, name: &str, answer: Result<TemplateDetails, Fault>) -> bool {
        if name != self.text(Field::Template) {
            return false;
        }
        name.clone_into(&mut self.asked);
        self.details = Loaded::Unknown;
        self.parameters =
            answer.as_ref().map(|found| schema::of(&found.schema)).unwrap_or_default();
        self.details.take(answer)
    }

    /// Note that the answers to all questions are lost with the server.
    pub fn forget_questions(&mut self) {
        if self.details == Loaded::Asked {
            self.asked.clear();
        }
        self.details.forget_question();
        self.preview.forget_question();
        self.check.forget_question();
        self.choosing = None;
    }

    fn known(&self) -> Option<&[Parameter]> {
        self.details.known().map(|_| self.parameters.as_slice())
    }

    /// The parameters that are given, by their paths.
    pub fn given(&self) -> Result<Given, String> {
        given::read(&self.text(Field::Parameters), self.known())
    }

    /// Give a parameter a value, or its default again. What cannot be read is replaced.
    pub fn give(&mut self, path: &str, value: Option<Value>) {
        if self.pending {
            return;
        }
        self.keep(Change::Whole);
        self.changed();
        let mut values = self.given().unwrap_or_default();
        given::put(&mut values, path, value);
        self.write(Field::Parameters, &given::line(&values));
    }

    pub(super) fn nested(&self) -> Result<Nested, String> {
        given::nested(&self.given()?)
    }

    // --- what is wrong -----------------------------------------------------------------------------

    /// What is wrong with what is written in a field.
    #[must_use]
    pub fn problem(&self, field: Field) -> Option<String> {
        let text = self.text(field);
        match field {
            Field::Template => match &self.details {
                Loaded::Failed(fault) if text == self.asked => {
                    Some(format!("{} {}", fault.message, fault.hint()))
                }
                Loaded::Known(found) if found.name == text => found.refusal.clone(),
                _ => None,
            },
            Field::Parameters => self.nested().err(),
            Field::Settings => settings::read(&text).err(),
            Field::Ranks | Field::Threads => resources::count(&text).err(),
            Field::WallTime => resources::seconds(&text).err(),
            Field::Structure | Field::Code | Field::Waive | Field::Label => None,
        }
    }

    /// The codes of the errors that were found, with what they say.
    #[must_use]
    pub fn errors(&self) -> BTreeMap<String, String> {
        let found = self.check.known().map(|found| found.remarks.as_slice()).unwrap_or_default();
        let errors = found.iter().filter(|remark| remark.severity == Severity::Error);
        errors.map(|remark| (remark.code.clone(), remark.message.clone())).collect()
    }

    /// Whether an error is waived.
    #[must_use]
    pub fn is_waived(&self, code: &str) -> bool {
        self.text(Field::Waive).split_whitespace().any(|waived| waived == code)
    }

    /// Waive an error, or stop to.
    pub fn toggle_waiver(&mut self, code: &str) {
        let text = self.text(Field::Waive);
        let mut codes: Vec<&str> = text.split_whitespace().collect();
        if self.is_waived(code) {
            codes.retain(|waived| *waived != code);
        } else {
            codes.push(code);
        }
        // What was found is as true as before.
        let check = std::mem::take(&mut self.check);
        self.keep(Change::Whole);
        self.changed();
        self.check = check;
        self.write(Field::Waive, &codes.join(" "));
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
