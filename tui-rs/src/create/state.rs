//! The fields of a new calculation.

use crate::api::wire::{JobsSubmitParams, StructureSource};
use crate::widget::input::Input;

/// The fields, and where the cursor is.
#[derive(Debug)]
pub struct Form {
    /// The fields with their names, in order.
    pub fields: [(&'static str, Input); 3],
    /// Which field has the cursor.
    pub focus: usize,
    /// Whether a submit is awaited.
    pub pending: bool,
    key: Option<String>,
}

impl Default for Form {
    fn default() -> Self {
        Self {
            fields: [
                ("structure", Input::default()),
                ("template", Input::new("relax")),
                ("label", Input::default()),
            ],
            focus: 0,
            pending: false,
            key: None,
        }
    }
}

impl Form {
    /// The field that takes the keys. Any change makes it another calculation, with another key.
    pub fn focused(&mut self) -> Option<&mut Input> {
        if self.pending {
            return None;
        }
        self.key = None;
        self.fields.get_mut(self.focus).map(|(_, input)| input)
    }

    /// Write what was pasted into the field; tells whether it was taken.
    pub fn paste(&mut self, text: &str) -> bool {
        self.focused().map(|input| input.insert(text)).is_some()
    }

    /// The structure, as it is written.
    #[must_use]
    pub fn structure(&self) -> String {
        self.fields.first().map(|(_, input)| input.text()).unwrap_or_default()
    }

    /// Choose a structure and go on to the next field.
    pub fn set_structure(&mut self, path: &str) {
        if self.pending {
            return;
        }
        self.key = None;
        if let Some((_, input)) = self.fields.first_mut() {
            *input = Input::new(path);
        }
        self.focus = 1;
    }

    /// Go to the next field, or to the one before.
    pub fn move_focus(&mut self, forward: bool) {
        let count = self.fields.len();
        let step = if forward { 1 } else { count - 1 };
        self.focus = (self.focus + step) % count;
    }

    /// Whether the cursor is in the last field.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.focus + 1 == self.fields.len()
    }

    /// What to submit, or what is missing. Submitting the same again uses the same key, so that
    /// an answer that was lost does not make a second job.
    pub fn submit(
        &mut self,
        fresh_key: impl FnOnce() -> String,
    ) -> Result<JobsSubmitParams, String> {
        let [(_, structure), (_, template), (_, label)] = &self.fields;
        let missing = [("structure", structure), ("template", template)];
        if let Some((name, _)) = missing.iter().find(|(_, input)| input.text().trim().is_empty()) {
            return Err(format!("The {name} is missing."));
        }
        self.pending = true;
        Ok(JobsSubmitParams {
            template: template.text().trim().to_owned(),
            structure: StructureSource {
                path: Some(structure.text().trim().to_owned()),
                ..StructureSource::default()
            },
            label: label.text().trim().to_owned(),
            key: Some(self.key.get_or_insert_with(fresh_key).clone()),
            ..JobsSubmitParams::default()
        })
    }
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
    fn a_structure_must_be_named() {
        assert_eq!(
            Form::default().submit(String::new),
            Err("The structure is missing.".to_owned())
        );
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
    fn the_focus_goes_round() {
        let mut form = Form::default();
        form.move_focus(false);
        assert!(form.is_last());
        form.move_focus(true);
        assert_eq!(form.focus, 0);
    }
}
