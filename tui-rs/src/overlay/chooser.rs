//! A list to choose from, narrowed by what is written.

use std::path::PathBuf;

use serde_json::Value;

use crate::create::Field;
use crate::editor::Recorded;
use crate::keymap::Command;
use crate::lsp::types::{Action, At};
use crate::widget::input::Input;

/// What is chosen.
#[derive(Debug, Clone, PartialEq)]
pub enum Pick {
    /// A command to do.
    Command(Command),
    /// A folder to look into, for this purpose.
    Folder(PathBuf, Purpose),
    /// A file, for this purpose.
    File(PathBuf, Purpose),
    /// A text for a field of the new calculation.
    Field(Field, String),
    /// A value for a parameter, or the template's own.
    Value(Option<Value>),
    /// The code of an error to submit in spite of, or not.
    Waiver(String),
    /// A change to make in a document.
    Fix(At, Box<Action>),
    /// The input files of a step, to be looked at.
    Inputs(PathBuf, Recorded),
    /// What to do about a file that others changed.
    Settle(PathBuf, Settling),
}

/// What is done when a file and the text of it in the editor were both changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settling {
    /// Show how they differ.
    Show,
    /// Keep the text; the next save writes it over the file.
    KeepMine,
    /// Take over what is on disk.
    TakeTheirs,
    /// Close a file that is not there any more.
    Close,
}

/// What a file is chosen for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Purpose {
    /// The structure of a new calculation.
    #[default]
    Structure,
    /// To be edited.
    Edit,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// What it is called.
    pub title: String,
    /// What stands beside it.
    pub detail: String,
    /// What it means.
    pub pick: Pick,
}

/// A list to choose from.
#[derive(Debug, Clone)]
pub struct Chooser {
    /// What stands above it.
    pub title: String,
    /// What is written to narrow it.
    pub input: Input,
    choices: Vec<Choice>,
    selected: usize,
}

impl Chooser {
    /// A list.
    #[must_use]
    pub fn new(title: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self { title: title.into(), input: Input::default(), choices, selected: 0 }
    }

    /// The lines that fit what is written, the best first.
    #[must_use]
    pub fn fitting(&self) -> Vec<&Choice> {
        let needle = self.input.text().to_lowercase();
        let mut fitting: Vec<(usize, &Choice)> = self
            .choices
            .iter()
            .filter_map(|choice| Some((rank(choice, &needle)?, choice)))
            .collect();
        fitting.sort_by_key(|(rank, _)| *rank);
        fitting.into_iter().map(|(_, choice)| choice).collect()
    }

    /// Which of them is selected.
    #[must_use]
    pub const fn selected(&self) -> usize {
        self.selected
    }

    /// What is chosen.
    #[must_use]
    pub fn choice(&self) -> Option<Choice> {
        self.fitting().get(self.selected).map(|choice| (*choice).clone())
    }

    /// Select another line.
    pub fn move_by(&mut self, rows: isize) {
        let last = self.fitting().len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(rows).min(last);
    }

    /// Note that other lines fit now.
    pub fn narrowed(&mut self) {
        self.selected = 0;
    }
}

fn rank(choice: &Choice, needle: &str) -> Option<usize> {
    match choice.pick {
        _ if needle.is_empty() => Some(0),
        Pick::Command(command) => super::rank::of_command(command, needle),
        _ => super::rank::of_title(&choice.title.to_lowercase(), needle),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_fit_comes_first_and_what_does_not_fit_is_left_out() {
        let choice = |title: &str| Choice {
            title: title.to_owned(),
            detail: String::new(),
            pick: Pick::Value(None),
        };
        let mut chooser =
            Chooser::new("", ["mark all", "all jobs", "a long line", "quit"].map(choice).to_vec());
        chooser.input.insert("all");
        let titles: Vec<&str> =
            chooser.fitting().iter().map(|choice| choice.title.as_str()).collect();
        assert_eq!(titles, ["all jobs", "mark all", "a long line"]);
        chooser.move_by(9);
        assert_eq!(chooser.choice().unwrap().title, "a long line");
    }
}
