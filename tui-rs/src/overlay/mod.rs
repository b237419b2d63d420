//! What stands above a screen: a list to choose from, a text to read, or a question.

pub mod chooser;
pub mod rank;
pub mod reader;
pub mod view;

pub use chooser::{Choice, Chooser, Pick};
pub use reader::{Reader, Source};

/// What stands above the screen.
#[derive(Debug, Clone)]
pub enum Overlay {
    /// A list to choose from.
    Chooser(Chooser),
    /// A text to read.
    Reader(Reader),
    /// A question.
    Question(Question),
    /// A line to be written.
    Prompt(Prompt),
    /// The parameters of a template.
    Sheet(crate::create::Sheet),
}

/// A line to be written.
#[derive(Debug, Clone)]
pub struct Prompt {
    /// What is asked for.
    pub title: String,
    /// What is written.
    pub input: crate::widget::input::Input,
    /// What it is for.
    pub asked: Asked,
}

/// What a line is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The label of a job.
    Label(i64),
    /// The folder for copies of the files that are open.
    Folder,
}

/// A question that is answered with yes or no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What happens, in words.
    pub text: String,
    /// What is done after a yes.
    pub then: Then,
}

/// What is done after a yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Then {
    /// End the program.
    Quit,
    /// Tell these jobs to end, to pause or to go on.
    Control(Vec<(crate::msg::Verb, i64)>),
    /// Remove these jobs for good.
    Delete(Vec<i64>),
    /// Go on from where these jobs ended, in new ones.
    Restart(Vec<i64>),
    /// Read other files into the editor.
    Open(crate::msg::Opening),
    /// Take over what was not saved when the program last ended.
    TakeDrafts,
}
