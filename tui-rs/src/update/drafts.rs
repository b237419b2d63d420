//! Text that was not saved when the program last ended is offered, never taken silently.

use std::path::{Path, PathBuf};

use super::Outcome;
use crate::model::{Model, Notice};
use crate::msg::Draft;
use crate::overlay::{Overlay, Question, Then};

/// Offer the drafts of the files that were opened; tell of those that another program keeps.
pub fn offer(model: &mut Model, found: Vec<Draft>, elsewhere: &[PathBuf]) -> Outcome {
    let mut names = Vec::new();
    for draft in found {
        let mut documents = model.editor.documents.iter_mut();
        if let Some(document) = documents.find(|document| document.path == draft.path) {
            names.push(document.name());
            document.draft = Some(draft.text);
        }
    }
    if let Some(path) = elsewhere.first() {
        let message = format!("Another terminal UI has {} open.", name(path));
        let hint = "What is not saved here is lost if this one ends unexpectedly.";
        model.notice = Some(Notice::failed(message, hint));
    }
    if !names.is_empty() {
        let text = format!(
            "The program ended before {} was saved. Take the unsaved text over? Undo brings the file back; \
             after a no it is offered again until the file is changed.",
            names.join(", ")
        );
        model.overlay = Some(Overlay::Question(Question { text, then: Then::TakeDrafts }));
    }
    Outcome::PAINT
}

/// Take the drafts over.
pub fn take(model: &mut Model) {
    for document in &mut model.editor.documents {
        document.take_draft();
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
