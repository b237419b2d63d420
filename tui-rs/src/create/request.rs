//! What a form asks of the server.

use super::{Field, Form, resources, settings};
use crate::api::loaded::Loaded;
use crate::api::wire::{
    InputsCheckParams, InputsPreviewParams, JobsSubmitParams, Resources, StructureSource,
};

impl Form {
    /// The structure, or that there is none.
    pub fn source(&self) -> Result<StructureSource, String> {
        match (self.structure(), &self.pasted) {
            (path, None) if path.is_empty() => Err("The structure is missing.".to_owned()),
            (path, Some(text)) if path.is_empty() => {
                Ok(StructureSource { text: Some(text.to_string()), path: None })
            }
            (path, _) => Ok(StructureSource { path: Some(path), text: None }),
        }
    }

    fn template(&self) -> Result<String, String> {
        let template = self.text(Field::Template);
        if template.is_empty() { Err("The template is missing.".to_owned()) } else { Ok(template) }
    }

    /// The code, or nothing for the default one.
    #[must_use]
    pub fn code(&self) -> Option<String> {
        Some(self.text(Field::Code)).filter(|code| !code.is_empty())
    }

    fn resources(&self) -> Result<Option<Resources>, String> {
        let text = |field| self.text(field);
        resources::read(&text(Field::Ranks), &text(Field::Threads), &text(Field::WallTime))
    }

    /// What to ask a preview of, or what is missing.
    pub fn preview(&mut self, step: i64) -> Result<InputsPreviewParams, String> {
        let params = InputsPreviewParams {
            template: self.template()?,
            structure: self.source()?,
            overrides: settings::read(&self.text(Field::Settings))?,
            parameters: self.nested()?,
            step: (step > 1).then_some(step),
        };
        self.preview = Loaded::Asked;
        Ok(params)
    }

    /// What to check, or what is missing.
    pub fn check(&mut self) -> Result<InputsCheckParams, String> {
        let params = InputsCheckParams {
            template: self.template()?,
            structure: self.source()?,
            overrides: settings::read(&self.text(Field::Settings))?,
            parameters: self.nested()?,
            code: self.code(),
        };
        self.check = Loaded::Asked;
        Ok(params)
    }

    /// What to submit, or what is missing. Submitting the same again uses the same key, so that
    /// an answer that was lost does not make a second job.
    pub fn submit(
        &mut self,
        fresh_key: impl FnOnce() -> String,
    ) -> Result<JobsSubmitParams, String> {
        let params = JobsSubmitParams {
            structure: self.source()?,
            template: self.template()?,
            overrides: settings::read(&self.text(Field::Settings))?,
            parameters: self.nested()?,
            code: self.code(),
            resources: self.resources()?,
            waive: self.text(Field::Waive).split_whitespace().map(str::to_owned).collect(),
            label: self.text(Field::Label),
            key: Some(self.key.get_or_insert_with(fresh_key).clone()),
        };
        self.pending = true;
        self.refusal = None;
        Ok(params)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> Form {
        let mut form = Form::default();
        form.insert(" /tmp/Si.vasp ");
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
        form.insert("2");
        assert_eq!(form.submit(|| "c".to_owned()).unwrap().key.as_deref(), Some("c"));
    }

    #[test]
    fn what_a_job_was_asked_for_fills_the_fields() {
        let mut form = filled();
        form.set(Field::Settings, "ENCUT = 600");
        form.set(Field::Parameters, "name = tight; a.b = [1, 2]; a.c = \"600\"");
        form.set(Field::Ranks, "4");
        form.set(Field::WallTime, "90min");
        form.set(Field::Waive, "unknown-tag");
        let request = form.submit(|| "k".to_owned()).unwrap();
        let mut again = Form::of(1, &request);
        assert_eq!(again.submit(|| "k".to_owned()).unwrap(), request);
    }
}
