//! What is done in the form of a new calculation.

use super::{Outcome, choose, forms, restarts};
use crate::api::wire::{Fault, InputRemarks, Submitted, TemplateDetails, Templates};
use crate::awaited::Awaited;
use crate::create::{Field, Sheet};
use crate::keymap::Command;
use crate::model::{Link, Model, Notice, Screen};
use crate::msg::{Call, Effect, Reply};
use crate::overlay::chooser::Purpose;
use crate::overlay::{Choice, Chooser, Overlay, Pick, Reader, Source};

/// Do a command in the form.
pub fn obey(model: &mut Model, command: Command) -> Vec<Effect> {
    match command {
        Command::PreviousField => model.form.move_focus(false),
        Command::Accept if model.form.is_last() => return submit(model),
        Command::NextField | Command::Accept => model.form.move_focus(true),
        Command::Browse => return browse(model),
        Command::Preview => return preview(model, 1),
        Command::Submit => return submit(model),
        Command::EmptyForm => forms::empty(model),
        Command::OtherForm => forms::show_other(model),
        Command::Undo | Command::Redo => forms::step(model, command == Command::Undo),
        _ => {}
    }
    Vec::new()
}

/// What the form wants to know of the server.
pub fn wanted(model: &mut Model) -> Option<Effect> {
    if model.screen != Screen::Create || !model.serves("templates.get") {
        return None;
    }
    model.form.wanted().map(|name| Effect::Call(Call::Template(name)))
}

/// Offer what the field can hold.
fn browse(model: &mut Model) -> Vec<Effect> {
    let field = model.form.field();
    let method = match field {
        Field::Template => "templates.list",
        Field::Parameters => "templates.get",
        Field::Code => "codes.list",
        Field::Waive => "inputs.check",
        Field::Structure => return choose::browse(model, Purpose::Structure),
        _ => {
            model.notice = Some(Notice::Done("There is nothing to choose from here.".to_owned()));
            return Vec::new();
        }
    };
    if !model.serves(method) {
        model.notice = Some(not_served(method));
        return Vec::new();
    }
    model.form.choosing = Some(field);
    match field {
        Field::Template if model.templates.list.known().is_some() => {
            choose::templates(model);
            Vec::new()
        }
        Field::Template => vec![Effect::Call(Call::Templates)],
        Field::Code => vec![Effect::Call(Call::Codes)],
        Field::Waive if model.form.check.known().is_some() => {
            waivers(model);
            Vec::new()
        }
        Field::Waive => check(model),
        _ => {
            model.overlay = Some(Overlay::Sheet(Sheet::default()));
            Vec::new()
        }
    }
}

fn not_served(method: &str) -> Notice {
    let hint = "It may be starting, or of another release.";
    Notice::failed(format!("The server does not serve {method}."), hint)
}

/// Show the inputs of a step, and check all of them.
pub fn preview(model: &mut Model, step: i64) -> Vec<Effect> {
    if !model.serves("inputs.preview") {
        model.notice = Some(not_served("inputs.preview"));
        return Vec::new();
    }
    let params = match model.form.preview(step) {
        Ok(params) => params,
        Err(message) => return refuse(model, message),
    };
    if !matches!(&model.overlay, Some(Overlay::Reader(_))) {
        let title = format!("Inputs of {}", params.template);
        model.overlay = Some(Overlay::Reader(Reader::new(title, Source::Inputs)));
    }
    let mut effects = vec![Effect::Call(Call::Preview(Box::new(params)))];
    if model.form.check.known().is_none() {
        effects.extend(check(model));
    }
    effects
}

/// Show the inputs of the next step, or of the one before.
pub fn other_step(model: &mut Model, forward: bool) -> Vec<Effect> {
    let Some(found) = model.form.preview.known() else { return Vec::new() };
    let last = i64::try_from(found.steps.len()).unwrap_or(i64::MAX);
    let step = found.step + if forward { 1 } else { -1 };
    if (1..=last).contains(&step) { preview(model, step) } else { Vec::new() }
}

fn check(model: &mut Model) -> Vec<Effect> {
    if !model.serves("inputs.check") {
        return Vec::new();
    }
    match model.form.check() {
        Ok(params) => vec![Effect::Call(Call::Check(Box::new(params)))],
        Err(message) => refuse(model, message),
    }
}

/// Say what is wrong with the form, and go where it can be mended.
fn refuse(model: &mut Model, message: String) -> Vec<Effect> {
    let form = &model.form;
    let is_wrong = |field: &Field| form.problem(*field).is_some();
    let wrong = Field::ALL.into_iter().find(is_wrong);
    let wrong = if form.source().is_err() { Some(Field::Structure) } else { wrong };
    if let Some(field) = wrong {
        model.form.focus = field.index();
    }
    model.form.choosing = None;
    model.notice = Some(Notice::failed(message, "Correct it, then go on."));
    Vec::new()
}

fn submit(model: &mut Model) -> Vec<Effect> {
    if !matches!(model.link, Link::Ready(_)) {
        model.notice = Some(Notice::failed("The server is not ready.", "Try again in a moment."));
        return Vec::new();
    }
    if model.form.pending {
        return Vec::new();
    }
    match model.form.submit(crate::api::fresh_key) {
        Ok(params) => vec![Effect::Call(Call::Submit(Box::new(params)))],
        Err(message) => refuse(model, message),
    }
}

/// Take in an answer about a new calculation, or about the catalogue.
pub fn on_reply(model: &mut Model, reply: Reply) -> Outcome {
    match reply {
        Reply::Submit(answer) => on_submitted(model, answer),
        Reply::Preview(answer) => {
            Outcome::paint_if(model.form.preview.take(answer.map(|found| *found)))
        }
        Reply::Check(answer) => on_check(model, answer),
        Reply::Templates(answer) => on_templates(model, answer),
        Reply::Template(name, answer) => on_template(model, &name, answer),
        Reply::Potcars(params, answer) => {
            Outcome::paint_if(model.templates.learn_potcars(&params, answer))
        }
        Reply::Codes(Ok(found)) => choose::codes(model, found),
        Reply::Codes(Err(fault)) => {
            model.form.choosing = None;
            model.notice = Some(fault.into());
            Outcome::PAINT
        }
        _ => Outcome::NOTHING,
    }
}

/// The catalogue is known, or not: the form may wait to choose from it.
fn on_templates(model: &mut Model, answer: Result<Templates, Fault>) -> Outcome {
    let failure = answer.as_ref().err().cloned();
    model.templates.take(answer);
    match failure {
        Some(fault) if model.form.choosing.take().is_some() => model.notice = Some(fault.into()),
        _ => choose::templates(model),
    }
    Outcome::PAINT
}

/// The job is stored, or it was refused: then the errors are listed, so that they can be waived.
fn on_submitted(model: &mut Model, answer: Result<Submitted, Fault>) -> Outcome {
    match answer {
        Ok(job) => {
            on_made(model, &job);
            Outcome::then(super::refresh(model))
        }
        Err(fault) if model.form.pending => {
            model.form.pending = false;
            // The server's hint is written for the command line.
            let can_waive = fault.hint().contains("--waive");
            model.form.refusal = Some(if can_waive {
                let hint = "Correct them, or choose what to waive (Ctrl-O in the field waive).";
                Fault::local(fault.message, hint)
            } else {
                fault
            });
            Outcome::then(if can_waive { check(model) } else { Vec::new() })
        }
        Err(fault) => {
            model.notice = Some(fault.into());
            Outcome::PAINT
        }
    }
}

/// The job of the form is stored: show it to who waits for it, and only tell of it else.
fn on_made(model: &mut Model, job: &Submitted) {
    let text = format!("Job {} is {}", job.id, job.state.word());
    let waits = model.awaited == Some(Awaited::Submission);
    if model.screen == Screen::Create && !waits {
        // Whoever is at the form still sees what became of it, and the same is not submitted twice.
        model.form.pending = false;
        model.form.made = Some(job.id);
    } else {
        forms::finish(model);
    }
    restarts::tell_of(model, job.id, &text);
    if waits && model.screen == Screen::Create && model.overlay.is_none() {
        model.screen = Screen::Jobs;
        model.jobs.select(job.id);
        model.notice = Some(Notice::Done(format!("{text}.")));
    }
}

/// All about a template is known, or why not: the form and the catalogue both want to hear.
fn on_template(
    model: &mut Model,
    name: &str,
    answer: Result<Box<TemplateDetails>, Fault>,
) -> Outcome {
    let answer = answer.map(|found| *found);
    let shown = model.templates.learn(name, answer.clone());
    let wanted = model.form.learn(name, answer);
    Outcome::paint_if(shown || wanted)
}

/// The inputs are checked.
fn on_check(model: &mut Model, answer: Result<InputRemarks, Fault>) -> Outcome {
    let is_asked = model.form.check == crate::api::loaded::Loaded::Asked;
    if !is_asked {
        return Outcome::NOTHING; // The form is another by now.
    }
    model.form.check.take(answer);
    if !model.form.errors().is_empty() {
        // The list says it better, error by error.
        model.form.refusal = None;
    }
    if model.form.check.known().is_none() {
        model.form.choosing = None;
    } else if model.form.choosing == Some(Field::Waive) {
        waivers(model);
    }
    Outcome::PAINT
}

/// Offer the errors that were found, to waive them or not.
fn waivers(model: &mut Model) {
    model.form.choosing = None;
    let choice = |(code, message): (String, String)| {
        let sign = if model.form.is_waived(&code) { "[x]" } else { "[ ]" };
        let title = format!("{sign} {code}: {message}");
        Choice { title, detail: String::new(), pick: Pick::Waiver(code) }
    };
    let choices: Vec<Choice> = model.form.errors().into_iter().map(choice).collect();
    if choices.is_empty() {
        model.notice = Some(Notice::Done("No error stands in the way.".to_owned()));
    } else {
        let title = "Errors; Enter waives one or takes that back";
        model.overlay = Some(Overlay::Chooser(Chooser::new(title, choices)));
    }
}

/// Waive an error or take it back, and offer the others.
pub fn toggle_waiver(model: &mut Model, code: &str) {
    model.form.toggle_waiver(code);
    waivers(model);
}

/// Do a command in the list of parameters.
pub fn in_sheet(model: &mut Model, command: Command) -> Outcome {
    let page = isize::try_from(crate::view::layout::body_height(model.size) / 2).unwrap_or(1);
    let Some(Overlay::Sheet(sheet)) = &mut model.overlay else { return Outcome::NOTHING };
    let parameters = &model.form.parameters;
    match command {
        Command::Up => sheet.move_by(-1, parameters),
        Command::Down => sheet.move_by(1, parameters),
        Command::PageUp => sheet.move_by(-page, parameters),
        Command::PageDown => sheet.move_by(page, parameters),
        Command::Accept => sheet.accept(&mut model.form),
        Command::Unset => sheet.unset(&mut model.form),
        _ => return Outcome::NOTHING,
    }
    Outcome::PAINT
}
