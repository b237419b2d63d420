//! Files that are opened, read again, saved and copied: what the disk said of them, and who decides.

use std::path::{Path, PathBuf};

use super::{Outcome, choose, drafts};
use crate::awaited::Awaited;
use crate::editor::on_disk::{News, Theirs, in_conflict};
use crate::editor::{Document, Editor, Recorded, Seen, difference};
use crate::lsp::types::Sync;
use crate::model::{Link, Model, Notice, Screen};
use crate::msg::{Copies, Effect, FileRead, Opening, Sight, Unwritten};
use crate::overlay::chooser::Settling;
use crate::overlay::{Asked, Overlay, Prompt, Question, Reader, Source, Then};
use crate::widget::input::Input;

/// Open files; ask first when text would be lost. Those that are open already are read again.
pub fn open(model: &mut Model, path: PathBuf, recorded: Option<Recorded>) -> Vec<Effect> {
    let editor = &model.editor;
    let is_same = recorded.is_none() || recorded == editor.recorded;
    if is_same && editor.folder.as_ref() == Some(&path) && !editor.documents.is_empty() {
        model.screen = Screen::Editor;
        return read_again(model);
    }
    let names = editor.unsaved();
    let opening = Opening { path, recorded, number: 0 };
    if names.is_empty() {
        return load(model, opening);
    }
    let others = opening.recorded.as_ref().map_or("other files", |recorded| recorded.name.as_str());
    let text = format!("{} not saved. Open {others} instead?", names.join(", "));
    model.overlay = Some(Overlay::Question(Question { text, then: Then::Open(opening) }));
    Vec::new()
}

/// Close what is open and read other files.
pub fn load(model: &mut Model, opening: Opening) -> Vec<Effect> {
    let close = |document: &Document| Effect::Tell(Sync::Close { uri: document.uri().to_owned() });
    let mut effects: Vec<Effect> = model.editor.documents.iter().map(close).collect();
    model.screen = Screen::Editor;
    let n_asked = model.editor.n_asked;
    model.editor = Editor { loading: true, n_asked, ..Editor::default() };
    effects.push(Effect::ReadFiles(model.editor.ask(opening.path, opening.recorded)));
    effects
}

/// Read what is open again, and what came into the folder since; text that is not saved stays.
pub fn read_again(model: &mut Model) -> Vec<Effect> {
    let Some(folder) = model.editor.folder.clone() else { return Vec::new() };
    if let Some(path) = in_conflict(&model.editor.documents) {
        choose::settle(model, &path);
        return Vec::new();
    }
    model.notice = Some(Notice::Done("The files are read again.".to_owned()));
    let known = model.editor.known(true);
    let opening = model.editor.ask(folder, model.editor.recorded.clone());
    drafts::ask(model);
    vec![Effect::Look(known), Effect::ReadFiles(opening)]
}

/// See whether others changed the files that are open.
pub fn look(model: &Model) -> Outcome {
    let known = model.editor.known(false);
    let look = (!known.is_empty()).then_some(Effect::Look(known));
    Outcome { effects: look.into_iter().collect(), dirty: false }
}

/// Files were read.
pub fn on_files(
    model: &mut Model,
    found: Opening,
    files: Result<Vec<FileRead>, String>,
) -> Outcome {
    let editor = &mut model.editor;
    if found.number != editor.n_asked {
        return Outcome::NOTHING;
    }
    let is_more = !editor.documents.is_empty() && editor.folder.as_ref() == Some(&found.path);
    let before = if is_more { editor.documents.len() } else { 0 };
    let failures = match files {
        Ok(files) if is_more => editor.add(files),
        Ok(files) => editor.take(found, files),
        Err(reason) => {
            editor.loading = false;
            editor.failure = Some(reason.clone());
            vec![reason]
        }
    };
    if let Some(reason) = failures.first() {
        model.notice = Some(Notice::failed(reason, ""));
    }
    let is_ready = matches!(model.link, Link::Ready(_));
    let new = model.editor.documents.iter_mut().skip(before).filter(|_| is_ready);
    Outcome::then(new.map(|document| Effect::Tell(document.opened())).collect::<Vec<Effect>>())
}

/// Files that may be others by now were looked at.
pub fn on_looked(model: &mut Model, sights: Vec<Sight>) -> Outcome {
    let mut dirty = false;
    for Sight { file, generation } in sights {
        let mut documents = model.editor.documents.iter_mut();
        let Some(document) = documents.find(|document| document.path == file.path) else {
            continue;
        };
        let news = document.see(file, generation);
        let told = tell(document, news);
        dirty |= news != News::Nothing;
        if let Some(told) = told.filter(|_| model.screen == Screen::Editor) {
            model.notice = Some(told);
        }
        if news == News::Reloaded {
            model.editor.completion = None;
        }
    }
    Outcome::paint_if(dirty)
}

/// What there is to say when a file is another by now. Nothing is asked before the user wants to save, for
/// who is writing would answer without having read the question.
fn tell(document: &Document, news: News) -> Option<Notice> {
    let name = document.name();
    match news {
        News::Nothing => None,
        News::Settled => Some(Notice::News(format!("{name} is on disk as it was before."))),
        News::Reloaded => {
            Some(Notice::News(format!("{name} was changed on disk and is read again.")))
        }
        News::Differs => {
            let what = what_happened(document);
            Some(Notice::failed(format!("{name} {what}."), "Ctrl-S asks what to do with it."))
        }
    }
}

/// What others did to a file.
pub fn what_happened(document: &Document) -> &'static str {
    match &document.on_disk.theirs {
        Some((Theirs::Gone, _)) => "was removed from the disk",
        Some((Theirs::Unreadable(_), _)) => "was changed on disk and cannot be read any more",
        Some((Theirs::Text(_), _)) | None => "was changed on disk by another program",
    }
}

/// Write the file with the cursor, or all; ask first where others changed one.
pub fn save(model: &mut Model, all: bool) -> Vec<Effect> {
    if is_refused(model) {
        return Vec::new();
    }
    let active = model.editor.active;
    let documents = model.editor.documents.iter_mut().enumerate();
    let chosen = documents.filter(|(index, _)| all || *index == active);
    let effects: Vec<Effect> =
        chosen.filter_map(|(_, document)| document.save()).map(Effect::Write).collect();
    let here = model.editor.document().filter(|document| document.on_disk.theirs.is_some());
    let asked = here.map(|document| document.path.clone());
    let asked = if all { asked.or_else(|| in_conflict(&model.editor.documents)) } else { asked };
    if let Some(path) = asked {
        choose::settle(model, &path);
    }
    effects
}

/// Whether the files may not be changed; then that is said, with the ways out.
pub fn is_refused(model: &mut Model) -> bool {
    if model.editor.recorded.is_none() {
        return false;
    }
    let hint = "Alt-W saves copies to edit, N on the job makes a new calculation.";
    model.notice = Some(Notice::failed("Read only.", hint));
    true
}

/// A text is on disk, or why not.
pub fn on_written(
    model: &mut Model,
    path: &Path,
    revision: usize,
    written: Result<Seen, Unwritten>,
) -> Outcome {
    let document = model.editor.documents.iter_mut().find(|document| document.path == path);
    match written {
        Ok(seen) => {
            let again = document.and_then(|document| document.saved(revision, seen));
            model.notice = Some(Notice::Done(format!("{} is saved.", path.display())));
            Outcome::then(again.map(Effect::Write))
        }
        Err(Unwritten::Failed(reason)) => {
            if let Some(document) = document {
                document.not_saved(revision);
            }
            let message = format!("{} cannot be written: {reason}.", path.display());
            model.notice = Some(Notice::failed(message, "The text is still here."));
            Outcome::PAINT
        }
        Err(Unwritten::Differs(found)) => {
            let Some(document) = document else { return Outcome::NOTHING };
            document.not_saved(revision);
            let news = document.found(*found);
            let told = tell(document, news);
            let is_waiting = model.overlay.is_none() && model.awaited == Some(Awaited::Save);
            if news == News::Differs && is_waiting {
                choose::settle(model, path);
            } else {
                model.notice = told;
            }
            Outcome::PAINT
        }
    }
}

/// The user has decided between two texts.
pub fn settle(model: &mut Model, path: &Path, settling: Settling) -> Vec<Effect> {
    let mut documents = model.editor.documents.iter_mut();
    let Some(document) = documents.find(|document| document.path == path) else {
        return Vec::new();
    };
    let name = document.name();
    let Some((theirs, _)) = &document.on_disk.theirs else {
        // Others undid it while the question was on the screen.
        model.notice = tell(document, News::Settled);
        return Vec::new();
    };
    let is_gone = *theirs == Theirs::Gone;
    let told = match settling {
        Settling::Show => {
            show_difference(model, path);
            return Vec::new();
        }
        Settling::KeepMine => {
            document.keep_mine();
            format!("Your text of {name} stays; Ctrl-S writes it.")
        }
        Settling::TakeTheirs => {
            document.take_theirs();
            format!("{name} is as on disk; Ctrl-Z brings your text back.")
        }
        Settling::Close if !is_gone => format!("{name} is on disk again."),
        Settling::Close => {
            let close = Effect::Tell(Sync::Close { uri: document.uri().to_owned() });
            model.editor.close(path);
            return vec![close];
        }
    };
    model.notice = Some(Notice::Done(told));
    Vec::new()
}

fn show_difference(model: &mut Model, path: &Path) {
    let mut documents = model.editor.documents.iter();
    let Some(document) = documents.find(|document| document.path == path) else { return };
    let Some((Theirs::Text(theirs), _)) = &document.on_disk.theirs else { return };
    let lines = difference::lines(theirs, &document.text_for_disk());
    let title = format!("{}: - on disk, + here; Ctrl-S asks again", document.name());
    model.search.clear();
    model.overlay = Some(Overlay::Reader(Reader::new(title, Source::Lines(lines))));
}

/// Ask into which folder copies are to be written.
pub fn ask_for_copies(model: &mut Model) -> Vec<Effect> {
    let editor = &model.editor;
    if editor.documents.is_empty() {
        model.notice = Some(Notice::failed("No files are open.", "Ctrl-O opens some."));
        return Vec::new();
    }
    let names: Vec<String> = editor.documents.iter().map(Document::name).collect();
    let title = format!("Save copies of {} into the folder", names.join(", "));
    let folder = editor.recorded.as_ref().map(Recorded::folder_name).unwrap_or_default();
    let input = Input::new(&folder);
    model.overlay = Some(Overlay::Prompt(Prompt { title, input, asked: Asked::Folder }));
    Vec::new()
}

/// Write copies into the folder that was typed.
pub fn copy_into(model: &mut Model, folder: String) -> Vec<Effect> {
    if folder.trim().is_empty() {
        model.notice = Some(Notice::failed("No folder was named.", "Nothing is written."));
        return Vec::new();
    }
    let text = |document: &Document| (document.name(), document.text_for_disk());
    let files = model.editor.documents.iter().map(text).collect();
    let opens = model.editor.recorded.is_some();
    vec![Effect::WriteCopies(Copies { folder, files, opens })]
}

/// Copies are written, or why not. Those of a job are what the user wants to edit.
pub fn on_copied(model: &mut Model, copies: &Copies, done: Result<PathBuf, String>) -> Outcome {
    let folder = match done {
        Ok(folder) => folder,
        Err(reason) => {
            let hint = "Nothing is written over; take another folder.";
            model.notice = Some(Notice::failed(format!("{reason}."), hint));
            return Outcome::PAINT;
        }
    };
    let is_here = model.editor.recorded.is_some() && model.awaited == Some(Awaited::Copies);
    let shown = folder.display();
    if !(copies.opens && is_here) {
        model.notice = Some(Notice::Done(format!("The copies are in {shown}.")));
        return Outcome::PAINT;
    }
    model.notice = Some(Notice::Done(format!("The copies in {shown} are open now, to be edited.")));
    model.awaited = Some(Awaited::Files);
    let opening = Opening { path: folder, ..Opening::default() };
    Outcome::then(load(model, opening))
}
