//! The input files that a job ran with: which step's, and that they are only looked at.

use std::path::PathBuf;

use super::{Outcome, editing};
use crate::api::wire::{Fault, JobDetail, JobStep};
use crate::awaited::Awaited;
use crate::editor::Recorded;
use crate::keymap::{Command, Scope};
use crate::model::{Model, Notice, Screen};
use crate::msg::{Call, Effect};
use crate::overlay::{Choice, Chooser, Overlay, Pick};

/// Show the input files of the job that is selected or open; ask for its steps when they are not known.
pub fn show(model: &mut Model) -> Vec<Effect> {
    let Some(id) = job(model) else {
        let hint = "3 goes to the editor, where Ctrl-O opens files.";
        model.notice = Some(Notice::failed("No job is selected.", hint));
        return Vec::new();
    };
    if !model.serves("jobs.get") {
        let message = "The server does not serve jobs.get.";
        model.notice = Some(Notice::failed(message, "It may be starting, or of another release."));
        return Vec::new();
    }
    let card = model.card.detail.as_deref().filter(|_| model.screen == Screen::Card);
    // What is known of a job that goes on may be old in the list.
    let glance = model.glance.detail().filter(|detail| !detail.job.state.is_active());
    let known = [card, glance].into_iter().flatten().find(|detail| detail.job.id == id).cloned();
    if let Some(detail) = known {
        return choose(model, &detail);
    }
    model.notice = Some(Notice::Done(format!("Asking for the steps of job {id}.")));
    vec![Effect::Call(Call::Inputs(id))]
}

fn job(model: &Model) -> Option<i64> {
    match model.screen {
        Screen::Card => Some(model.card.id),
        _ => model.jobs.selected_id(),
    }
}

/// The steps of a job are known, or why not; its files are shown to who still waits for them.
pub fn on_inputs(model: &mut Model, id: i64, answer: Result<Box<JobDetail>, Fault>) -> Outcome {
    match answer {
        Ok(detail) if model.awaited == Some(Awaited::Inputs) => {
            return Outcome::then(choose(model, &detail));
        }
        Ok(_) => {
            let keys = model.config.keymap.keys_of(&[Scope::Jobs], Command::Inputs);
            let text = format!("The steps of job {id} are known now: {keys} shows its inputs.");
            model.notice = Some(Notice::News(text));
        }
        Err(fault) => model.notice = Some(fault.into()),
    }
    Outcome::PAINT
}

/// Open the files of the only step, or let the user choose one: first that which the card shows.
fn choose(model: &mut Model, detail: &JobDetail) -> Vec<Effect> {
    model.notice = None;
    let id = detail.job.id;
    let steps: Vec<&JobStep> =
        detail.steps.iter().filter(|step| step.directory.is_some()).collect();
    match steps.as_slice() {
        [] => {
            model.notice = Some(nothing(detail));
            Vec::new()
        }
        [only] => open(model, id, only, detail.steps.len()),
        _ => {
            let choices = steps.iter().map(|step| choice(id, step, detail.steps.len()));
            let title = format!("The inputs of which step of job {id}?");
            let mut chooser = Chooser::new(title, choices.collect());
            let here = |step: &&JobStep| step.directory == detail.card.directory;
            let index = steps.iter().position(here).unwrap_or(0);
            chooser.move_by(isize::try_from(index).unwrap_or(0));
            model.overlay = Some(Overlay::Chooser(chooser));
            Vec::new()
        }
    }
}

fn nothing(detail: &JobDetail) -> Notice {
    let id = detail.job.id;
    if detail.job.state.is_active() {
        let message = format!("Job {id} has no input files yet.");
        return Notice::failed(message, "They come with its first VASP run.");
    }
    let message = format!("{id} has no VASP run, and so no input files.");
    Notice::failed(message, "Try the row of the job, or of a VASP run in it.")
}

fn choice(id: i64, step: &JobStep, n_steps: usize) -> Choice {
    let folder = PathBuf::from(step.directory.clone().unwrap_or_default());
    Choice {
        title: format!("{}. {}", step.index, step.name),
        detail: format!("{} {}", step.state.glyph(), step.state.word()),
        pick: Pick::Inputs(folder, Recorded::step(id, step.index, n_steps)),
    }
}

fn open(model: &mut Model, id: i64, step: &JobStep, n_steps: usize) -> Vec<Effect> {
    let folder = PathBuf::from(step.directory.clone().unwrap_or_default());
    editing::open(model, folder, Some(Recorded::step(id, step.index, n_steps)))
}
