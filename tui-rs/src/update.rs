//! What becomes of the model when something happens. Pure: no clock, no terminal, no server.

use std::time::Duration;

use crossterm::event::{KeyEvent, KeyEventKind};

use crate::api::wire::{Fault, Submitted};
use crate::keys::{self, Command};
use crate::model::{Link, Model, Notice, Screen};
use crate::msg::{Call, Effect, Msg, Reply};

const ACTIVE_REFRESH: Duration = Duration::from_secs(1);
const IDLE_REFRESH: Duration = Duration::from_secs(5);
const PAGE_ROWS: isize = 10;

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
}

/// Take a message in.
pub fn update(model: &mut Model, message: Msg) -> Outcome {
    match message {
        Msg::Key(key) if key.kind == KeyEventKind::Release => Outcome::NOTHING,
        Msg::Key(key) => on_key(model, key),
        Msg::Paste(text) => paste(model, &text),
        Msg::Resize => Outcome::PAINT,
        Msg::Ready(server) => {
            model.link = Link::Ready(server);
            Outcome::then(refresh(model))
        }
        Msg::Refused(fault) => {
            model.link = Link::Refused(fault);
            Outcome::PAINT
        }
        Msg::Lost(reason) => lose(model, reason),
        Msg::Reply(reply) => on_reply(model, reply),
        Msg::Log(line) => {
            model.log(line);
            // The log is on the screen until there are jobs.
            Outcome { effects: Vec::new(), dirty: !model.jobs.loaded }
        }
        Msg::Refresh => Outcome { effects: refresh(model), dirty: false },
    }
}

fn on_key(model: &mut Model, key: KeyEvent) -> Outcome {
    if let Some(command) = keys::command(model.screen, key) {
        model.notice = None;
        return Outcome::then(obey(model, command));
    }
    if model.screen == Screen::Create
        && let Some(input) = model.form.focused()
    {
        return if input.key(key) { Outcome::PAINT } else { Outcome::NOTHING };
    }
    Outcome::NOTHING
}

fn paste(model: &mut Model, text: &str) -> Outcome {
    if model.screen == Screen::Create
        && let Some(input) = model.form.focused()
    {
        input.insert(text);
        return Outcome::PAINT;
    }
    Outcome::NOTHING
}

fn obey(model: &mut Model, command: Command) -> Vec<Effect> {
    match command {
        Command::Quit => return vec![Effect::Quit],
        Command::Back => model.screen = Screen::Jobs,
        Command::Up => model.jobs.move_by(-1),
        Command::Down => model.jobs.move_by(1),
        Command::PageUp => model.jobs.move_by(-PAGE_ROWS),
        Command::PageDown => model.jobs.move_by(PAGE_ROWS),
        Command::First => model.jobs.move_to_end(false),
        Command::Last => model.jobs.move_to_end(true),
        Command::Open => return open(model),
        Command::Create => model.screen = Screen::Create,
        Command::Refresh => return again(model),
        Command::PreviousField => model.form.move_focus(false),
        Command::Accept if model.form.is_last() => return submit(model),
        Command::NextField | Command::Accept => model.form.move_focus(true),
    }
    Vec::new()
}

fn open(model: &mut Model) -> Vec<Effect> {
    let Some(id) = model.jobs.selected().map(|row| row.id) else { return Vec::new() };
    model.screen = Screen::Card;
    vec![Effect::Call(Call::Get(model.card.open(id)))]
}

fn again(model: &mut Model) -> Vec<Effect> {
    match model.link {
        Link::Lost(_) | Link::Refused(_) => {
            model.link = Link::Starting;
            vec![Effect::Restart]
        }
        Link::Starting => Vec::new(),
        Link::Ready(_) => refresh(model),
    }
}

fn submit(model: &mut Model) -> Vec<Effect> {
    if !matches!(model.link, Link::Ready(_)) {
        model.notice = Some(failure("The server is not ready.", "Try again in a moment."));
        return Vec::new();
    }
    if model.form.pending {
        return Vec::new();
    }
    match model.form.submit(crate::api::fresh_key) {
        Ok(params) => vec![Effect::Call(Call::Submit(Box::new(params)))],
        Err(message) => {
            model.notice =
                Some(failure(&message, "Fill it in, then press Enter in the last field."));
            Vec::new()
        }
    }
}

fn failure(message: &str, hint: &str) -> Notice {
    Notice::Failed { message: message.to_owned(), hint: hint.to_owned() }
}

/// Ask for what is on the screen.
fn refresh(model: &mut Model) -> Vec<Effect> {
    if !matches!(model.link, Link::Ready(_)) {
        return Vec::new();
    }
    let list = model.jobs.refresh().map(|params| Effect::Call(Call::List(params)));
    let card = match model.screen {
        Screen::Card => model.card.refresh().map(|params| Effect::Call(Call::Get(params))),
        Screen::Jobs | Screen::Create => None,
    };
    list.into_iter().chain(card).collect()
}

fn on_reply(model: &mut Model, reply: Reply) -> Outcome {
    match reply {
        Reply::List(Ok(page)) => {
            let (next, dirty) = model.jobs.take(page);
            let soon = if model.jobs.has_active() { ACTIVE_REFRESH } else { IDLE_REFRESH };
            let follow =
                next.map_or(Effect::RefreshIn(soon), |params| Effect::Call(Call::List(params)));
            Outcome { effects: vec![follow], dirty }
        }
        Reply::List(Err(fault)) => {
            model.notice = Some(fault.clone().into());
            model.jobs.fail(fault);
            Outcome::then([Effect::RefreshIn(IDLE_REFRESH)])
        }
        Reply::Get(answer) => Outcome { effects: Vec::new(), dirty: model.card.take(answer) },
        Reply::Submit(answer) => on_submitted(model, answer),
    }
}

fn on_submitted(model: &mut Model, answer: Result<Submitted, Fault>) -> Outcome {
    match answer {
        Ok(job) => {
            model.notice = Some(Notice::Done(format!("Job {} is {}.", job.id, job.state.word())));
            model.form = crate::create::Form::default();
            model.screen = Screen::Jobs;
            model.jobs.select(job.id);
            Outcome::then(refresh(model))
        }
        Err(fault) => {
            model.form.pending = false;
            model.notice = Some(fault.into());
            Outcome::PAINT
        }
    }
}

fn lose(model: &mut Model, reason: String) -> Outcome {
    model.link = Link::Lost(reason);
    model.jobs.pending = false;
    model.card.pending = false;
    model.form.pending = false;
    Outcome::PAINT
}
