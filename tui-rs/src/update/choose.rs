//! Lists to choose from: the commands, the files, the fixes.

use std::path::{Path, PathBuf};

use super::{Outcome, commands, create, editing};
use crate::api::wire::{Code, Codes, Template};
use crate::awaited::Awaited;
use crate::create::Field;
use crate::editor;
use crate::editor::on_disk::Theirs;
use crate::keymap::{Command, Scope};
use crate::lsp::types::{Action, At};
use crate::model::{Model, Notice, Screen};
use crate::msg::{Effect, Entry};
use crate::overlay::chooser::{Purpose, Settling};
use crate::overlay::{Choice, Chooser, Overlay, Pick};

/// Offer the commands that mean something where one is.
pub fn palette(model: &mut Model) -> Vec<Effect> {
    model.overlay = None;
    let scopes = model.scopes();
    let keymap = &model.config.keymap;
    let mut choices: Vec<Choice> = Vec::new();
    let places = scopes.iter().copied().chain([Scope::Screen]);
    for binding in places.flat_map(|scope| keymap.of_scope(scope)) {
        let pick = Pick::Command(binding.command);
        let known = choices.iter().any(|choice| choice.pick == pick);
        if !known && binding.command != Command::Palette {
            choices.push(Choice {
                title: format!("{:14} {}", binding.command.name(), binding.command.about()),
                detail: keymap.keys_of(scopes, binding.command),
                pick,
            });
        }
    }
    model.overlay = Some(Overlay::Chooser(Chooser::new("Commands", choices)));
    Vec::new()
}

/// Look into the folder where the user was last, to choose a file.
pub fn browse(model: &mut Model, purpose: Purpose) -> Vec<Effect> {
    let folder = match purpose {
        Purpose::Structure => {
            let path = PathBuf::from(model.form.structure());
            path.parent().filter(|folder| folder.is_absolute()).map(Path::to_owned)
        }
        Purpose::Edit => model.editor.folder.clone(),
    };
    model.browsing = purpose;
    vec![Effect::ListFolder(folder.unwrap_or_else(|| PathBuf::from(".")))]
}

/// Offer the entries of a folder.
pub fn on_listing(
    model: &mut Model,
    folder: &Path,
    listing: Result<Vec<Entry>, String>,
) -> Outcome {
    if model.awaited != Some(Awaited::Listing) {
        return Outcome::NOTHING; // the user has gone on
    }
    let purpose = model.browsing;
    let entries = match listing {
        Ok(entries) => entries,
        Err(reason) => {
            let message = format!("{} cannot be read: {reason}.", folder.display());
            model.notice = Some(Notice::failed(message, ""));
            return Outcome::PAINT;
        }
    };
    let mut choices = Vec::new();
    if purpose == Purpose::Edit {
        choices.push(Choice {
            title: ". (the input files of this folder)".to_owned(),
            detail: String::new(),
            pick: Pick::File(folder.to_owned(), purpose),
        });
    }
    if let Some(parent) = folder.parent() {
        let pick = Pick::Folder(parent.to_owned(), purpose);
        choices.push(Choice { title: "..".to_owned(), detail: "folder above".to_owned(), pick });
    }
    choices.extend(entries.into_iter().map(|entry| {
        let path = folder.join(&entry.name);
        if entry.is_file {
            Choice { title: entry.name, detail: String::new(), pick: Pick::File(path, purpose) }
        } else {
            let title = format!("{}/", entry.name);
            Choice { title, detail: "folder".to_owned(), pick: Pick::Folder(path, purpose) }
        }
    }));
    let title = folder.display().to_string();
    model.overlay = Some(Overlay::Chooser(Chooser::new(title, choices)));
    Outcome::PAINT
}

/// Offer the templates for the field of a new calculation, if it waits for them.
pub fn templates(model: &mut Model) {
    if model.form.choosing.take_if(|field| *field == Field::Template).is_none() {
        return;
    }
    let choice = |template: &Template| Choice {
        title: template.name.clone(),
        detail: template.title.clone(),
        pick: Pick::Field(Field::Template, template.name.clone()),
    };
    let known = model.templates.list.known().map(Vec::as_slice).unwrap_or_default();
    let choices = known.iter().map(choice).collect();
    model.overlay = Some(Overlay::Chooser(Chooser::new("Templates", choices)));
}

/// Offer the codes for the field of a new calculation, if it waits for them.
pub fn codes(model: &mut Model, found: Codes) -> Outcome {
    if model.form.choosing.take_if(|field| *field == Field::Code).is_none() {
        return Outcome::NOTHING;
    }
    let choice = |code: Code| {
        let threads = if code.threads > 1 { format!("×{}", code.threads) } else { String::new() };
        let default = if code.is_default { ", default" } else { "" };
        Choice {
            detail: format!("{}, {}{threads} ranks{default}", code.computer, code.ranks),
            title: code.label.clone(),
            pick: Pick::Field(Field::Code, code.label),
        }
    };
    let choices = found.codes.into_iter().map(choice).collect();
    model.overlay = Some(Overlay::Chooser(Chooser::new("Codes", choices)));
    Outcome::PAINT
}

/// Offer fixes.
pub fn fixes(model: &mut Model, at: &At, actions: Vec<Action>) -> Outcome {
    if actions.is_empty() {
        model.notice = Some(Notice::Done("There is no fix for what stands here.".to_owned()));
        return Outcome::PAINT;
    }
    let choice = |action: Action| Choice {
        title: action.title.clone(),
        detail: String::new(),
        pick: Pick::Fix(at.clone(), Box::new(action)),
    };
    let choices = actions.into_iter().map(choice).collect();
    model.overlay = Some(Overlay::Chooser(Chooser::new("Fixes", choices)));
    Outcome::PAINT
}

/// Ask what to do about a file that others changed.
pub fn settle(model: &mut Model, path: &Path) {
    let mut documents = model.editor.documents.iter();
    let Some(document) = documents.find(|document| document.path == path) else { return };
    let offered: &[(&str, &str, Settling)] = match document.on_disk.theirs {
        None => return,
        Some((Theirs::Text(_), _)) => &[
            ("Show the difference", "", Settling::Show),
            ("Keep my text", "the next save writes it over the file", Settling::KeepMine),
            ("Take the text on disk", "undo brings mine back", Settling::TakeTheirs),
        ],
        Some((Theirs::Gone, _)) => &[
            ("Keep my text", "the next save makes the file again", Settling::KeepMine),
            ("Close the file here", "my text is given up", Settling::Close),
        ],
        Some((Theirs::Unreadable(_), _)) => {
            &[("Keep my text", "the next save writes it over the file", Settling::KeepMine)]
        }
    };
    let choice = |(title, detail, settling): &(&str, &str, Settling)| Choice {
        title: (*title).to_owned(),
        detail: (*detail).to_owned(),
        pick: Pick::Settle(path.to_owned(), *settling),
    };
    let title = format!("{} {}", document.name(), editing::what_happened(document));
    let choices = offered.iter().map(choice).collect();
    model.editor.completion = None;
    model.overlay = Some(Overlay::Chooser(Chooser::new(title, choices)));
}

/// Do a command in a list to choose from.
pub fn obey(model: &mut Model, command: Command) -> Outcome {
    let Some(Overlay::Chooser(chooser)) = &mut model.overlay else { return Outcome::NOTHING };
    match command {
        Command::Up => chooser.move_by(-1),
        Command::Down => chooser.move_by(1),
        Command::PageUp => chooser.move_by(-10),
        Command::PageDown => chooser.move_by(10),
        Command::Accept => {
            let Some(choice) = chooser.choice() else { return Outcome::NOTHING };
            model.overlay = None;
            return take(model, choice.pick);
        }
        _ => return Outcome::NOTHING,
    }
    Outcome::PAINT
}

fn take(model: &mut Model, pick: Pick) -> Outcome {
    match pick {
        Pick::Command(command) => commands::obey(model, command),
        Pick::Folder(path, _) => Outcome::then([Effect::ListFolder(path)]),
        Pick::File(path, Purpose::Edit) => Outcome::then(editing::open(model, path, None)),
        Pick::Inputs(folder, recorded) => {
            Outcome::then(editing::open(model, folder, Some(recorded)))
        }
        Pick::Settle(path, settling) => Outcome::then(editing::settle(model, &path, settling)),
        Pick::File(path, Purpose::Structure) => {
            model.screen = Screen::Create;
            model.form.set_structure(&path.to_string_lossy());
            Outcome::PAINT
        }
        Pick::Field(field, text) => {
            model.screen = Screen::Create;
            model.form.set(field, &text);
            Outcome::PAINT
        }
        Pick::Waiver(code) => {
            create::toggle_waiver(model, &code);
            Outcome::PAINT
        }
        // Belongs to the list of parameters, which takes it itself.
        Pick::Value(_) => Outcome::NOTHING,
        Pick::Fix(at, action) => {
            if !editor::update::mend(&mut model.editor, &at, &action) {
                let hint = "Ask for the fixes again.";
                model.notice = Some(Notice::failed("The text has changed since.", hint));
            }
            Outcome::PAINT
        }
    }
}
