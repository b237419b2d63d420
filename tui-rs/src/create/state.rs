//! The fields of a new calculation.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::api::loaded::Loaded;
use crate::api::wire::{InputsPreviewParams, JobsSubmitParams, PreviewedInputs, StructureSource};
use crate::widget::input::Input;

/// The fields, and where the cursor is.
#[derive(Debug)]
pub struct Form {
    /// The fields with their names, in order.
    pub fields: [(&'static str, Input); 6],
    /// Which field has the cursor.
    pub focus: usize,
    /// Whether a submit is awaited.
    pub pending: bool,
    /// A structure that was pasted.
    pub pasted: Option<String>,
    /// The inputs as they would be.
    pub preview: Loaded<PreviewedInputs>,
    /// The first line of them on the screen.
    pub top: usize,
    key: Option<String>,
}

impl Default for Form {
    fn default() -> Self {
        Self {
            fields: [
                ("structure", Input::default()),
                ("template", Input::new("relax")),
                ("settings", Input::default()),
                ("code", Input::default()),
                ("waive", Input::default()),
                ("label", Input::default()),
            ],
            focus: 0,
            pending: false,
            pasted: None,
            preview: Loaded::Unknown,
            top: 0,
            key: None,
        }
    }
}

impl Form {
    /// The fields filled with what a job was asked for.
    #[must_use]
    pub fn of(request: &JobsSubmitParams) -> Self {
        let mut form = Self::default();
        form.pasted.clone_from(&request.structure.text);
        let settings: Vec<String> = request
            .overrides
            .iter()
            .map(|(tag, value)| {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                format!("{tag} = {text}")
            })
            .collect();
        let path = request.structure.path.clone().unwrap_or_default();
        let texts = [
            path,
            request.template.clone(),
            settings.join("; "),
            request.code.clone().unwrap_or_default(),
            request.waive.join(" "),
            request.label.clone(),
        ];
        for ((_, input), text) in form.fields.iter_mut().zip(&texts) {
            *input = Input::new(text);
        }
        form.focus = 2;
        form
    }

    /// The field that takes the keys. Any change makes it another calculation, with another key.
    pub fn focused(&mut self) -> Option<&mut Input> {
        if self.pending {
            return None;
        }
        self.key = None;
        self.fields.get_mut(self.focus).map(|(_, input)| input)
    }

    /// Write what was pasted into the field; several lines in that of the structure are one. Tells
    /// whether it was taken.
    pub fn paste(&mut self, text: &str) -> bool {
        let n_lines = text.trim().lines().count().max(text.trim().matches('\r').count() + 1);
        if self.focus == 0 && n_lines > 2 && !self.pending {
            self.key = None;
            self.pasted = Some(text.replace("\r\n", "\n").replace('\r', "\n"));
            return true;
        }
        self.focused().map(|input| input.insert(text)).is_some()
    }

    /// The path of the structure, as it is written.
    #[must_use]
    pub fn structure(&self) -> String {
        self.text(0)
    }

    fn text(&self, index: usize) -> String {
        self.fields.get(index).map(|(_, input)| input.text().trim().to_owned()).unwrap_or_default()
    }

    /// Choose a structure and go on to the next field.
    pub fn set_structure(&mut self, path: &str) {
        self.pasted = None;
        self.set(0, path);
    }

    /// Write a field and go on to the next one.
    pub fn set(&mut self, index: usize, text: &str) {
        if self.pending {
            return;
        }
        self.key = None;
        if let Some((_, input)) = self.fields.get_mut(index) {
            *input = Input::new(text);
        }
        self.focus = (index + 1) % self.fields.len();
    }

    /// Go to the next field, or to the one before.
    pub fn move_focus(&mut self, forward: bool) {
        let count = self.fields.len();
        let step = if forward { 1 } else { count - 1 };
        self.focus = (self.focus + step) % count;
    }

    /// Move through the preview.
    pub fn scroll(&mut self, lines: isize) {
        self.top = self.top.saturating_add_signed(lines);
    }

    /// Whether the cursor is in the last field.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.focus + 1 == self.fields.len()
    }

    fn source(&self) -> Result<StructureSource, String> {
        match (self.structure(), &self.pasted) {
            (path, None) if path.is_empty() => Err("The structure is missing.".to_owned()),
            (path, Some(text)) if path.is_empty() => {
                Ok(StructureSource { text: Some(text.clone()), path: None })
            }
            (path, _) => Ok(StructureSource { path: Some(path), text: None }),
        }
    }

    fn template(&self) -> Result<String, String> {
        let template = self.text(1);
        if template.is_empty() { Err("The template is missing.".to_owned()) } else { Ok(template) }
    }

    /// What to ask a preview of, or what is missing.
    pub fn preview(&mut self) -> Result<InputsPreviewParams, String> {
        let params = InputsPreviewParams {
            template: self.template()?,
            structure: self.source()?,
            overrides: overrides(&self.text(2))?,
            ..InputsPreviewParams::default()
        };
        self.preview = Loaded::Asked;
        self.top = 0;
        Ok(params)
    }

    /// What to submit, or what is missing. Submitting the same again uses the same key, so that
    /// an answer that was lost does not make a second job.
    pub fn submit(
        &mut self,
        fresh_key: impl FnOnce() -> String,
    ) -> Result<JobsSubmitParams, String> {
        let code = self.text(3);
        let params = JobsSubmitParams {
            structure: self.source()?,
            template: self.template()?,
            overrides: overrides(&self.text(2))?,
            code: (!code.is_empty()).then_some(code),
            waive: self.text(4).split_whitespace().map(str::to_owned).collect(),
            label: self.text(5),
            key: Some(self.key.get_or_insert_with(fresh_key).clone()),
            ..JobsSubmitParams::default()
        };
        self.pending = true;
        Ok(params)
    }
}

/// Read `ENCUT = 600; ISPIN = 2`; without a semicolon blanks part the settings.
fn overrides(text: &str) -> Result<BTreeMap<String, Value>, String> {
    let parts: Vec<&str> = if text.contains(';') || text.matches('=').count() < 2 {
        text.split(';').collect()
    } else {
        text.split_whitespace().collect()
    };
    let settings = parts.into_iter().map(str::trim).filter(|part| !part.is_empty());
    settings
        .map(|part| match part.split_once('=') {
            Some((tag, value)) if !tag.trim().is_empty() && !value.trim().is_empty() => {
                Ok((tag.trim().to_uppercase(), Value::from(value.trim())))
            }
            _ => Err(format!("{part:?} is no setting: write TAG = value; TAG = value.")),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> Form {
        let mut form = Form::default();
        form.focused().unwrap().insert(" /tmp/Si.vasp ");
        form
    }

    #[test]
    fn a_structure_must_be_named_or_pasted() {
        let mut form = Form::default();
        assert_eq!(form.submit(String::new), Err("The structure is missing.".to_owned()));
        assert!(form.paste("Si\r1.0\r1 0 0\r"));
        let structure = form.submit(String::new).unwrap().structure;
        assert_eq!(structure.text.as_deref(), Some("Si\n1.0\n1 0 0\n"));
    }

    #[test]
    fn the_same_form_submitted_again_has_the_same_key() {
        let mut form = filled();
        let first = form.submit(|| "a".to_owned()).unwrap();
        form.pending = false;
        assert_eq!(form.submit(|| "b".to_owned()).unwrap(), first);
        assert_eq!(first.structure.path.as_deref(), Some("/tmp/Si.vasp"));
        form.pending = false;
        form.focused().unwrap().insert("2");
        assert_eq!(form.submit(|| "c".to_owned()).unwrap().key.as_deref(), Some("c"));
    }

    #[test]
    fn settings_are_read_with_and_without_semicolons() {
        let read = |text: &str| {
            overrides(text).map(|found| {
                let pair = |(tag, value): (String, Value)| format!("{tag}={value}");
                found.into_iter().map(pair).collect::<Vec<_>>().join(" ")
            })
        };
        assert_eq!(read("encut = 600; MAGMOM = 1 2").unwrap(), "ENCUT=\"600\" MAGMOM=\"1 2\"");
        assert_eq!(read("A=1 B=2").unwrap(), "A=\"1\" B=\"2\"");
        assert_eq!(read("MAGMOM = 1 2").unwrap(), "MAGMOM=\"1 2\"");
        assert_eq!(read(" ").unwrap(), "");
        assert!(read("ENCUT").is_err() && read("= 3").is_err());
    }

    #[test]
    fn what_a_job_was_asked_for_fills_the_fields() {
        let mut form = filled();
        form.set(2, "ENCUT = 600");
        form.set(4, "unknown-tag");
        let request = form.submit(|| "k".to_owned()).unwrap();
        let mut again = Form::of(&request);
        assert_eq!(again.submit(|| "k".to_owned()).unwrap(), request);
    }

    #[test]
    fn the_focus_goes_round() {
        let mut form = Form::default();
        form.move_focus(false);
        assert!(form.is_last());
        form.move_focus(true);
        assert_eq!(form.focus, 0);
    }
}
