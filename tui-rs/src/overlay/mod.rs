//! What stands above a screen: a list to choose from, a text to read, or a question.

pub mod chooser;
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
    /// Read the files of a folder into the editor.
    OpenFolder(std::path::PathBuf),
}
