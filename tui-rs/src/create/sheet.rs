//! The parameters of a template as a list to search in, and one of them being given a value.

use serde_json::Value;

use super::schema::{Parameter, written};
use super::{Form, given};
use crate::overlay::{Choice, Chooser, Pick};
use crate::widget::input::Input;

/// The list, and what is being written.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// What is looked for.
    pub input: Input,
    /// The value that is being given.
    pub editing: Option<Editing>,
    selected: usize,
}

/// A value that is being given.
#[derive(Debug, Clone)]
pub enum Editing {
    /// One that is written, with what is wrong with it.
    Text {
        /// What is written.
        input: Input,
        /// Why it was not taken.
        refusal: Option<String>,
    },
    /// One of several.
    Choice(Chooser),
}

impl Sheet {
    /// A list that is searched for this.
    #[must_use]
    pub fn searching(text: &str) -> Self {
        Self { input: Input::new(text), ..Self::default() }
    }

    /// The parameters that fit what is looked for, the best first.
    #[must_use]
    pub fn fitting<'a>(&self, parameters: &'a [Parameter]) -> Vec<&'a Parameter> {
        let needle = self.input.text().to_lowercase();
        let mut fitting: Vec<(usize, &Parameter)> =
            parameters.iter().filter_map(|one| Some((one.rank(&needle)?, one))).collect();
        fitting.sort_by_key(|(rank, _)| *rank);
        fitting.into_iter().map(|(_, parameter)| parameter).collect()
    }

    /// Which of them is selected.
    #[must_use]
    pub const fn selected(&self) -> usize {
        self.selected
    }

    /// The selected one.
    #[must_use]
    pub fn parameter<'a>(&self, parameters: &'a [Parameter]) -> Option<&'a Parameter> {
        self.fitting(parameters).get(self.selected).copied()
    }

    /// Where keys are text now.
    pub fn writing(&mut self) -> &mut Input {
        match &mut self.editing {
            None => {
                self.selected = 0;
                &mut self.input
            }
            Some(Editing::Text { input, refusal }) => {
                *refusal = None;
                input
            }
            Some(Editing::Choice(chooser)) => {
                chooser.narrowed();
                &mut chooser.input
            }
        }
    }

    /// Select another row.
    pub fn move_by(&mut self, rows: isize, parameters: &[Parameter]) {
        match &mut self.editing {
            None => {
                let last = self.fitting(parameters).len().saturating_sub(1);
                self.selected = self.selected.saturating_add_signed(rows).min(last);
            }
            Some(Editing::Text { .. }) => {}
            Some(Editing::Choice(chooser)) => chooser.move_by(rows),
        }
    }

    /// Begin to give the selected parameter a value, or take the one that is written.
    pub fn accept(&mut self, form: &mut Form) {
        let Some(parameter) = self.parameter(&form.parameters).cloned() else { return };
        match &mut self.editing {
            None => self.editing = Some(begin(form, &parameter)),
            Some(Editing::Text { input, refusal }) => {
                let text = input.text();
                if text.trim().is_empty() {
                    form.give(&parameter.path, None);
                } else {
                    match parameter.read(&text) {
                        Ok(value) => form.give(&parameter.path, Some(value)),
                        Err(reason) => {
                            *refusal = Some(reason);
                            return;
                        }
                    }
                }
                self.editing = None;
            }
            Some(Editing::Choice(chooser)) => {
                if let Some(Choice { pick: Pick::Value(value), .. }) = chooser.choice() {
                    form.give(&parameter.path, value);
                    self.editing = None;
                }
            }
        }
    }

    /// Give the selected parameter its default again.
    pub fn unset(&mut self, form: &mut Form) {
        if let Some(parameter) = self.parameter(&form.parameters) {
            let path = parameter.path.clone();
            form.give(&path, None);
        }
        self.editing = None;
    }

    /// Leave the innermost thing: the value, what is looked for. Tells whether there was one.
    pub fn back(&mut self) -> bool {
        if self.editing.take().is_some() {
            return true;
        }
        let was_searching = !self.input.text().is_empty();
        self.input = Input::default();
        self.selected = 0;
        was_searching
    }
}

fn begin(form: &Form, parameter: &Parameter) -> Editing {
    let values = form.given().unwrap_or_default();
    let given = given::get(&values, &parameter.path);
    let choices = parameter.choices();
    if choices.is_empty() {
        let text = given.as_ref().map(written).unwrap_or_default();
        return Editing::Text { input: Input::new(&text), refusal: None };
    }
    let of_template = Choice {
        title: "as the template has it".to_owned(),
        detail: parameter.default_value().map(written).unwrap_or_default(),
        pick: Pick::Value(None),
    };
    let of = |value: Value| Choice {
        title: written(&value),
        detail: if given.as_ref() == Some(&value) { "given now".to_owned() } else { String::new() },
        pick: Pick::Value(Some(value)),
    };
    let choices = choices.into_iter().map(of).chain([of_template]).collect();
    Editing::Choice(Chooser::new(parameter.path.clone(), choices))
}

#[cfg(test)]
mod tests {
    use super::super::schema::tests::parameters;
    use super::*;
    use crate::create::Field;

    fn form() -> Form {
        Form { parameters: parameters(), ..Form::default() }
    }

    fn sheet(text: &str) -> Sheet {
        Sheet::searching(text)
    }

    #[test]
    fn what_is_looked_for_is_found_by_name_and_by_description() {
        let found = |text: &str| {
            let found = sheet(text);
            found.parameter(&parameters()).map(|one| one.path.clone()).unwrap_or_default()
        };
        assert_eq!(found("sym"), "input_set_generator.sym_prec");
        assert_eq!(found("job"), "name");
        assert_eq!(found("generator VDW"), "input_set_generator.vdw");
        assert_eq!(found("nothing such"), "");
    }

    #[test]
    fn a_wrong_value_stays_and_is_told_and_a_right_one_is_taken() {
        let (mut form, mut sheet) = (form(), sheet("steps"));
        sheet.accept(&mut form);
        sheet.writing().insert("many");
        sheet.accept(&mut form);
        let Some(Editing::Text { refusal: Some(reason), .. }) = &sheet.editing else {
            panic!("refused");
        };
        assert!(reason.contains("a whole number"), "{reason}");
        assert_eq!(form.text(Field::Parameters), "");
        *sheet.writing() = Input::new("12");
        sheet.accept(&mut form);
        assert!(sheet.editing.is_none());
        assert_eq!(form.text(Field::Parameters), "steps = 12");
        sheet.unset(&mut form);
        assert_eq!(form.text(Field::Parameters), "");
    }

    #[test]
    fn one_of_several_values_is_chosen() {
        let (mut form, mut sheet) = (form(), sheet("vdw"));
        sheet.accept(&mut form);
        sheet.move_by(1, &form.parameters);
        sheet.accept(&mut form);
        assert_eq!(form.text(Field::Parameters), "input_set_generator.vdw = df2");
        sheet.accept(&mut form);
        sheet.writing().insert("as the");
        sheet.accept(&mut form);
        assert_eq!(form.text(Field::Parameters), "");
    }

    #[test]
    fn back_leaves_one_thing_after_the_other() {
        let (mut form, mut sheet) = (form(), sheet("vdw"));
        sheet.accept(&mut form);
        assert!(sheet.back() && sheet.editing.is_none());
        assert!(sheet.back() && sheet.input.text().is_empty());
        assert!(!sheet.back());
    }
}
