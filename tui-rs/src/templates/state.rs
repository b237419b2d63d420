//! Which templates there are, which of them are shown and what is known about the selected one.

use std::collections::BTreeMap;

use crate::api::loaded::Loaded;
use crate::api::wire::{
    Fault, PotcarNeeds, PotcarsStatusParams, StructureSource, Template, TemplateDetails, Templates,
};
use crate::create::schema::{self, Parameter};
use crate::msg::Call;
use crate::widget::input::Input;

/// The catalogue, what is looked for in it and where the cursor is.
#[derive(Debug, Default)]
pub struct Browser {
    /// All templates.
    pub list: Loaded<Vec<Template>>,
    /// What is looked for, while it is written.
    pub searching: Option<Input>,
    /// Whether the keys move through the details.
    pub in_details: bool,
    /// The first line of the details on the screen.
    pub scroll: usize,
    /// The first row on the screen.
    pub top: usize,
    needle: String,
    fitting: Vec<usize>,
    selected: usize,
    details: BTreeMap<String, Loaded<TemplateDetails>>,
    parameters: BTreeMap<String, Vec<Parameter>>,
    potcars: Option<(PotcarsStatusParams, Loaded<PotcarNeeds>)>,
}

impl Browser {
    /// How many templates are shown.
    #[must_use]
    pub fn len(&self) -> usize {
        self.fitting.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fitting.is_empty()
    }

    /// What is looked for.
    #[must_use]
    pub fn needle(&self) -> &str {
        &self.needle
    }

    /// The templates shown from a row on.
    pub fn rows(&self, from: usize) -> impl Iterator<Item = &Template> {
        let all = self.list.known().map(Vec::as_slice).unwrap_or_default();
        self.fitting.iter().skip(from).filter_map(move |index| all.get(*index))
    }

    /// The row that is selected.
    #[must_use]
    pub const fn selected_index(&self) -> usize {
        self.selected
    }

    /// The template that is selected.
    #[must_use]
    pub fn selected(&self) -> Option<&Template> {
        self.rows(self.selected).next()
    }

    /// What is known about it.
    #[must_use]
    pub fn details(&self) -> &Loaded<TemplateDetails> {
        let known = self.selected().and_then(|template| self.details.get(&template.name));
        known.unwrap_or(&Loaded::Unknown)
    }

    /// Its parameters, read once from its schema.
    #[must_use]
    pub fn parameters(&self) -> &[Parameter] {
        let known = self.selected().and_then(|template| self.parameters.get(&template.name));
        known.map(Vec::as_slice).unwrap_or_default()
    }

    /// The POTCARs that it needs on the structure of the form, when there is one.
    #[must_use]
    pub fn potcars(&self) -> Option<&Loaded<PotcarNeeds>> {
        let name = &self.selected()?.name;
        self.potcars.as_ref().filter(|(asked, _)| asked.template == *name).map(|(_, found)| found)
    }

    /// Move through the rows, or through the details.
    pub fn move_by(&mut self, rows: isize) {
        if self.in_details {
            self.scroll = self.scroll.saturating_add_signed(rows);
        } else {
            let last = self.len().saturating_sub(1);
            self.select(self.selected.saturating_add_signed(rows).min(last));
        }
    }

    /// Select a row.
    pub fn select(&mut self, row: usize) {
        if row != self.selected && row < self.len() {
            self.selected = row;
            self.scroll = 0;
        }
    }

    /// Show only the templates that have all of these words in name, title or class.
    pub fn search(&mut self, needle: &str) {
        let before = self.selected().map(|template| template.name.clone());
        needle.clone_into(&mut self.needle);
        self.fit();
        let again = before.and_then(|name| self.rows(0).position(|one| one.name == name));
        self.select(again.unwrap_or(0));
    }

    fn fit(&mut self) {
        let words: Vec<String> = self.needle.split_whitespace().map(str::to_lowercase).collect();
        let fits = |template: &Template| {
            let text = format!("{} {} {}", template.name, template.title, template.maker);
            let text = text.to_lowercase();
            words.iter().all(|word| text.contains(word.as_str()))
        };
        let all = self.list.known().map(Vec::as_slice).unwrap_or_default();
        self.fitting = (0..all.len()).filter(|index| all.get(*index).is_some_and(&fits)).collect();
        self.selected = self.selected.min(self.len().saturating_sub(1));
    }

    /// Take the catalogue in; tells whether anything changed.
    pub fn take(&mut self, answer: Result<Templates, Fault>) -> bool {
        let changed = self.list.take(answer.map(|found| found.templates));
        self.fit();
        changed
    }

    /// Take in what the server tells about a template; tells whether it is the one that is shown.
    pub fn learn(&mut self, name: &str, answer: Result<TemplateDetails, Fault>) -> bool {
        if let Ok(found) = &answer {
            self.parameters.insert(name.to_owned(), schema::of(&found.schema));
        }
        let changed = self.details.entry(name.to_owned()).or_default().take(answer);
        changed && self.selected().is_some_and(|template| template.name == name)
    }

    /// Take in which POTCARs there are.
    pub fn learn_potcars(
        &mut self,
        params: &PotcarsStatusParams,
        answer: Result<PotcarNeeds, Fault>,
    ) -> bool {
        match &mut self.potcars {
            Some((asked, found)) if asked == params => found.take(answer),
            _ => false,
        }
    }

    /// What to ask now: the catalogue, then about the selected template, and its POTCARs when there
    /// is a structure. One question at a time, so that a walk through the list asks about its end.
    pub fn wanted(
        &mut self,
        structure: Option<StructureSource>,
        code: Option<String>,
    ) -> Option<Call> {
        if self.list == Loaded::Unknown {
            self.list.ask();
            return Some(Call::Templates);
        }
        let is_asked = self.details.values().any(|details| *details == Loaded::Asked)
            || matches!(&self.potcars, Some((_, Loaded::Asked)));
        let name = self.selected().filter(|_| !is_asked)?.name.clone();
        let details = self.details.entry(name.clone()).or_default();
        if *details == Loaded::Unknown {
            details.ask();
            return Some(Call::Template(name));
        }
        let can_run = details.known().is_some_and(|found| found.refusal.is_none());
        let Some(structure) = structure.filter(|_| can_run) else {
            self.potcars = None;
            return None;
        };
        let params = PotcarsStatusParams { template: name, structure, code };
        if self.potcars.as_ref().is_some_and(|(asked, _)| *asked == params) {
            return None;
        }
        self.potcars = Some((params.clone(), Loaded::Asked));
        Some(Call::Potcars(Box::new(params)))
    }

    /// Ask again for what could not be had.
    pub fn forget_failures(&mut self) {
        if matches!(self.list, Loaded::Failed(_)) {
            self.list = Loaded::Unknown;
        }
        self.details.retain(|_, details| !matches!(details, Loaded::Failed(_)));
        self.potcars = None;
    }

    /// Note that the answers to all questions are lost with the server.
    pub fn forget_questions(&mut self) {
        self.list.forget_question();
        self.details.retain(|_, details| *details != Loaded::Asked);
        self.potcars.take_if(|(_, found)| *found == Loaded::Asked);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::wire::Kind;

    fn template(name: &str, title: &str) -> Template {
        let (name, title) = (name.to_owned(), title.to_owned());
        Template { name, title, maker: "A.BMaker".to_owned(), kind: Kind::Flow, curated: true }
    }

    fn browser() -> Browser {
        let templates = vec![
            template("static", "One energy"),
            template("relax", "Relaxation"),
            template("relax_bands", "Relaxation, then bands"),
        ];
        let mut browser = Browser::default();
        browser.take(Ok(Templates { templates }));
        browser
    }

    fn details(name: &str) -> TemplateDetails {
        TemplateDetails {
            name: name.to_owned(),
            title: String::new(),
            about: String::new(),
            maker: String::new(),
            kind: Kind::Flow,
            curated: true,
            jobs: Vec::new(),
            inputs: Vec::new(),
            packages: Vec::new(),
            schema: BTreeMap::new(),
            refusal: None,
        }
    }

    fn names(browser: &Browser) -> Vec<&str> {
        browser.rows(0).map(|template| template.name.as_str()).collect()
    }

    #[test]
    fn the_search_looks_at_names_titles_and_classes_and_keeps_the_selection() {
        let mut browser = browser();
        browser.move_by(2);
        browser.search("RELAX then");
        assert_eq!(names(&browser), ["relax_bands"]);
        browser.search("");
        assert_eq!(browser.selected().unwrap().name, "relax_bands");
        browser.search("bmaker energy");
        assert_eq!(names(&browser), ["static"]);
        browser.search("nothing such");
        assert!(browser.is_empty() && browser.selected().is_none());
        browser.move_by(1);
        assert_eq!(browser.selected_index(), 0);
    }

    #[test]
    fn one_question_is_asked_at_a_time_and_about_what_is_selected_last() {
        let mut browser = browser();
        assert_eq!(browser.wanted(None, None), Some(Call::Template("static".to_owned())));
        browser.move_by(1);
        assert_eq!(browser.wanted(None, None), None);
        browser.move_by(1);
        assert!(!browser.learn("static", Ok(details("static"))));
        assert_eq!(browser.wanted(None, None), Some(Call::Template("relax_bands".to_owned())));
        assert!(browser.learn("relax_bands", Ok(details("relax_bands"))));
        assert_eq!(browser.wanted(None, None), None);
    }

    #[test]
    fn potcars_are_looked_for_once_per_structure() {
        let mut browser = browser();
        browser.wanted(None, None);
        browser.learn("static", Ok(details("static")));
        let silicon = StructureSource { path: Some("Si.vasp".to_owned()), text: None };
        let Some(Call::Potcars(params)) = browser.wanted(Some(silicon.clone()), None) else {
            panic!("asked")
        };
        assert_eq!(browser.wanted(Some(silicon.clone()), None), None);
        assert!(browser.learn_potcars(&params, Ok(PotcarNeeds::default())));
        assert_eq!(browser.wanted(Some(silicon.clone()), None), None);
        assert!(browser.wanted(Some(silicon), Some("other".to_owned())).is_some());
        assert_eq!(browser.wanted(None, None), None);
    }

    #[test]
    fn what_was_lost_or_failed_is_asked_again() {
        let mut browser = Browser::default();
        assert_eq!(browser.wanted(None, None), Some(Call::Templates));
        browser.forget_questions();
        assert_eq!(browser.wanted(None, None), Some(Call::Templates));
        browser.take(Err(Fault::local("It died.", "")));
        assert_eq!(browser.wanted(None, None), None);
        browser.forget_failures();
        assert_eq!(browser.wanted(None, None), Some(Call::Templates));
    }
}
