//! What becomes of the model when something happens. Pure: no clock, no terminal, no server.

mod choose;
mod commands;
mod create;
mod drafts;
mod editing;
mod forms;
mod health;
mod input;
mod jobs;
mod questions;
mod recorded;
mod replies;
mod restarts;
mod search;
mod templates;

use crate::awaited::Awaited;
use crate::editor;
use crate::model::{Link, Model, Notice, Screen};
use crate::msg::{Call, Disk, Effect, Msg};
use std::time::Instant;

use crossterm::event::KeyEventKind;

/// What follows from a message.
#[derive(Debug, Default, PartialEq)]
pub struct Outcome {
    /// What to do.
    pub effects: Vec<Effect>,
    /// Whether the screen may look different now.
    pub dirty: bool,
}

impl Outcome {
    const NOTHING: Self = Self { effects: Vec::new(), dirty: false };
    const PAINT: Self = Self { effects: Vec::new(), dirty: true };

    fn then(effects: impl IntoIterator<Item = Effect>) -> Self {
        Self { effects: effects.into_iter().collect(), dirty: true }
    }

    fn paint_if(dirty: bool) -> Self {
        Self { effects: Vec::new(), dirty }
    }
}

/// Take a message in.
pub fn update(model: &mut Model, message: Msg) -> Outcome {
    let is_of_user = is_of_user(&message);
    let mut outcome = route(model, message);
    if is_of_user {
        model.wait_only_for(Awaited::of(&outcome.effects));
    }
    if matches!(model.link, Link::Ready(_)) {
        outcome.effects.extend(editor::update::changes(&mut model.editor));
        outcome.effects.extend(create::wanted(model));
        outcome.effects.extend(templates::wanted(model));
    }
    input::keep_in_sight(model);
    outcome.effects.extend(jobs::glance(model));
    outcome
}

/// Whether the user did something, and not the server, the disk or the clock.
fn is_of_user(message: &Msg) -> bool {
    match message {
        Msg::Key(key) => key.kind != KeyEventKind::Release,
        Msg::Paste(_) | Msg::Wheel(_) | Msg::Click(..) => true,
        _ => false,
    }
}

fn route(model: &mut Model, message: Msg) -> Outcome {
    match message {
        Msg::Key(key) => input::on_key(model, key),
        Msg::Paste(text) => input::on_paste(model, &text),
        Msg::Wheel(rows) => input::on_wheel(model, rows),
        Msg::Click(_, row) => input::on_click(model, row),
        Msg::Resize(width, height) => {
            model.size = (width, height);
            Outcome::PAINT
        }
        Msg::Ready(server) => {
            model.link = Link::Ready(server);
            let documents = model.editor.documents.iter_mut();
            let opened: Vec<Effect> =
                documents.map(|document| Effect::Tell(document.opened())).collect();
            let watch = model.serves("jobs.watch").then_some(Effect::Call(Call::Watch));
            let status = health::first_look(model);
            let trees = model.jobs.ask_trees(false).into_iter().map(Effect::Call);
            let asked = watch.into_iter().chain(trees).chain(status).chain(refresh(model));
            Outcome::then(opened.into_iter().chain(asked))
        }
        Msg::Refused(fault) => {
            model.link = Link::Refused(fault);
            Outcome::PAINT
        }
        Msg::Lost(reason, at) => lose(model, reason, at),
        Msg::Restart => restart(model),
        Msg::Reply(reply) => replies::on_reply(model, reply),
        Msg::Glance => {
            let call = model.glance.look();
            Outcome { effects: call.map(Effect::Call).into_iter().collect(), dirty: false }
        }
        Msg::Changed(changed) => jobs::on_changed(model, changed),
        Msg::System => Outcome { effects: health::look(model).into_iter().collect(), dirty: false },
        Msg::LookAtEngine => {
            Outcome { effects: health::look_again(model).into_iter().collect(), dirty: false }
        }
        Msg::Diagnostics(published) => Outcome::paint_if(model.editor.diagnose(published)),
        Msg::Log(line) => {
            model.log(line);
            // The log is on the screen until there are jobs, and in its own pane.
            Outcome::paint_if(
                !model.jobs.loaded || model.overlay.is_some() || model.screen == Screen::Templates,
            )
        }
        Msg::Refresh => Outcome { effects: refresh(model), dirty: false },
        Msg::Look => editing::look(model),
        Msg::Disk(disk) => on_disk(model, disk),
    }
}

/// Ask for what is on the screen.
fn refresh(model: &mut Model) -> Vec<Effect> {
    if !matches!(model.link, Link::Ready(_)) {
        return Vec::new();
    }
    let list = model.jobs.refresh().map(|params| Effect::Call(Call::List(Box::new(params))));
    let card = match model.screen {
        Screen::Card => model.card.refresh(),
        Screen::Jobs | Screen::Create | Screen::Editor | Screen::Templates => Vec::new(),
    };
    let card = card.into_iter().map(Effect::Call);
    list.into_iter().chain(card).collect()
}

/// The server is gone: whatever it was asked is not answered any more.
fn lose(model: &mut Model, reason: String, at: Instant) -> Outcome {
    model.jobs.pending = false;
    model.jobs.trees.forget_questions();
    model.resubmitting = None;
    model.glance.forget_question();
    model.card.forget_questions();
    model.watching = false;
    model.awaited = model.awaited.filter(|awaited| awaited.is_of_disk());
    model.health.forget_question();
    model.form.forget_questions();
    model.templates.forget_questions();
    let lost_restart = model.restarts.forget_questions();
    if lost_restart {
        let hint = "Restart again: the same job is not made twice.";
        model.notice = Some(Notice::failed("The server ended before it answered.", hint));
    }
    if std::mem::take(&mut model.form.pending) {
        let hint = "Submit again: the same calculation is not made twice.";
        model.notice = Some(Notice::failed("The server ended before it answered.", hint));
    }
    model.editor.completion = None;
    let Some(delay) = model.backoff.died(at) else {
        model.link = Link::Lost(reason);
        return Outcome::PAINT;
    };
    model.link = Link::Waiting(reason);
    Outcome::then([Effect::RestartIn(delay)])
}

fn restart(model: &mut Model) -> Outcome {
    if !matches!(model.link, Link::Waiting(_)) {
        return Outcome::NOTHING;
    }
    model.link = Link::Starting;
    Outcome::then([Effect::Restart])
}

fn on_disk(model: &mut Model, disk: Disk) -> Outcome {
    match disk {
        Disk::Files(found, files) => editing::on_files(model, found, files),
        Disk::Looked(sights) => editing::on_looked(model, sights),
        Disk::Written(path, revision, written) => {
            editing::on_written(model, &path, revision, written)
        }
        Disk::Copied(copies, done) => editing::on_copied(model, &copies, done),
        Disk::Drafts { found, elsewhere } => drafts::offer(model, found, &elsewhere),
        Disk::Folder(folder, listing) => choose::on_listing(model, &folder, listing),
    }
}
