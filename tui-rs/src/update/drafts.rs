//! Text that was not saved when the program last ended is offered, never taken silently.

use std::path::{Path, PathBuf};

use super::Outcome;
use crate::awaited::Awaited;
use crate::editor::Document;
use crate::keymap::{Command, Scope};
use crate::model::{Model, Notice, Screen};
use crate::msg::Draft;
use crate::overlay::{Overlay, Question, Then};

/// Offer the drafts of the files that were opened to who waits for these, and only tell of them else: a
/// question would take the letters of what is written. Tell of those that another program keeps, too.
pub fn offer(model: &mut Model, found: Vec<Draft>, elsewhere: &[PathBuf]) -> Outcome {
    for draft in found {
        let mut documents = model.editor.documents.iter_mut();
        if let Some(document) = documents.find(|document| document.path == draft.path) {
            document.draft = Some(draft.text);
        }
    }
    if let Some(path) = elsewhere.first() {
        let message = format!("Another terminal UI has {} open.", name(path));
        let hint = "What is not saved here is lost if this one ends unexpectedly.";
        model.notice = Some(Notice::failed(message, hint));
    }
    if is_waited_for(model) {
        ask(model);
    } else if let Some(names) = names(model) {
        let keys = model.config.keymap.keys_of(&[Scope::Anywhere], Command::Refresh);
        let text = format!(
            "The program ended before {names} was saved; {keys} in the editor offers the text."
        );
        model.notice = Some(Notice::News(text));
    }
    Outcome::PAINT
}

fn is_waited_for(model: &Model) -> bool {
    let is_clear = model.screen == Screen::Editor && model.overlay.is_none();
    is_clear && model.awaited == Some(Awaited::Files)
}

/// Ask whether to take the drafts over, if there are any.
pub fn ask(model: &mut Model) {
    let Some(names) = names(model) else { return };
    let text = format!(
        "The program ended before {names} was saved. Take the unsaved text over? Undo brings the file back; \
         after a no it is offered again until the file is changed."
    );
    model.overlay = Some(Overlay::Question(Question { text, then: Then::TakeDrafts }));
}

/// The files that have a draft.
fn names(model: &Model) -> Option<String> {
    let drafts = model.editor.documents.iter().filter(|document| document.draft.is_some());
    let names: Vec<String> = drafts.map(Document::name).collect();
    (!names.is_empty()).then(|| names.join(", "))
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
