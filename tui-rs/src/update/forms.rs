//! The forms of new calculations: none that is filled is lost for another.

use crate::api::wire::{Fault, JobDetail, JobsSubmitParams};
use crate::awaited::Awaited;
use crate::create::Form;
use crate::keymap::{Command, Scope};
use crate::model::{Model, Notice, Screen};
use crate::msg::{Call, Effect};

/// Fill a form with what a job was asked for; ask for that when it is not known.
pub fn resubmit(model: &mut Model, id: i64) -> Vec<Effect> {
    if is_pending(model) {
        return Vec::new();
    }
    let card = model.card.detail.as_deref();
    let details = [card, model.glance.detail()].into_iter().flatten();
    let known =
        details.into_iter().find(|detail| detail.job.id == id).map(|detail| detail.request.clone());
    let Some(request) = known else {
        model.resubmitting = Some(id);
        model.notice = Some(Notice::Done(format!("Asking what job {id} was given.")));
        return vec![Effect::Call(Call::Glance(id))];
    };
    fill(model, id, request.as_ref());
    Vec::new()
}

/// What a job was asked for is known, or why not; the form is shown to who still waits for it.
pub fn on_request(model: &mut Model, id: i64, answer: &Result<Box<JobDetail>, Fault>) {
    match answer {
        Err(fault) => model.notice = Some(fault.clone().into()),
        Ok(detail) if model.awaited == Some(Awaited::Request(id)) => {
            let request = detail.request.clone();
            fill(model, id, request.as_ref());
        }
        Ok(_) => {
            let keys = model.config.keymap.keys_of(&[Scope::Job], Command::Resubmit);
            let text = format!("It is known now what job {id} was given: {keys} shows it.");
            model.notice = Some(Notice::News(text));
        }
    }
}

fn fill(model: &mut Model, id: i64, request: Option<&JobsSubmitParams>) {
    let Some(request) = request else {
        let hint = "Only jobs that were made from a template can be changed.";
        model.notice = Some(Notice::failed("It is not known what was asked for.", hint));
        return;
    };
    let before = std::mem::replace(&mut model.form, Form::of(id, request));
    model.notice = None;
    model.screen = Screen::Create;
    if before.has_content() {
        model.forms_aside.push(before);
        let keys = model.config.keymap.keys_of(&[Scope::Create], Command::OtherForm);
        let text = format!("The form that you had begun is kept; {keys} shows it.");
        model.notice = Some(Notice::Done(text));
    }
}

/// Whether the form waits for its job; then it cannot be put away, which is said.
fn is_pending(model: &mut Model) -> bool {
    if model.form.pending {
        let hint = "Wait until it is answered.";
        model.notice = Some(Notice::failed("Another calculation is being submitted.", hint));
    }
    model.form.pending
}

/// The form is done with: the one that was put aside last takes its place, else an empty one.
pub fn finish(model: &mut Model) {
    model.form = model.forms_aside.pop().unwrap_or_default();
}

/// Leave the form: what was written stays, what nobody has written in is done with.
pub fn leave(model: &mut Model) {
    let form = &model.form;
    let is_used_up = form.origin.is_some() || form.made.is_some() || !model.forms_aside.is_empty();
    if is_used_up && !form.pending && !form.has_content() {
        finish(model);
    }
}

/// Show the form that was put aside first, and put this one aside.
pub fn show_other(model: &mut Model) {
    if is_pending(model) {
        return;
    }
    if model.forms_aside.is_empty() {
        model.notice = Some(Notice::Done("There is no other form.".to_owned()));
        return;
    }
    let other = model.forms_aside.remove(0);
    let before = std::mem::replace(&mut model.form, other);
    if before.has_content() || before.origin.is_some() {
        model.forms_aside.push(before);
    }
}

/// Empty the form.
pub fn empty(model: &mut Model) {
    if is_pending(model) {
        return;
    }
    model.form.empty();
    let keys = model.config.keymap.keys_of(&[Scope::Create], Command::Undo);
    model.notice =
        Some(Notice::Done(format!("The form is empty; {keys} brings back what was in it.")));
}

/// Undo or redo a change of the form.
pub fn step(model: &mut Model, back: bool) {
    let changed = if back { model.form.undo() } else { model.form.redo() };
    if !changed {
        let word = if back { "undo" } else { "redo" };
        model.notice = Some(Notice::Done(format!("There is nothing to {word}.")));
    }
}
