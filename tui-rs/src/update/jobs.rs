//! What is done with jobs: ended, paused, gone on with, compared, removed.

use super::Outcome;
use crate::api::wire::{
    Controlled, Deleted, EngineStatus, Fault, JobDifferences, JobState, JobsChanged,
    JobsDiffParams, JobsLabelParams, JobsReadParams, JobsRestartParams, TreeNode, Verdict,
    Watching,
};
use crate::card::Pane;
use crate::keymap::Command;
use crate::model::{Model, Notice, Screen};
use crate::msg::{Call, Effect, Verb};
use crate::overlay::{Overlay, Prompt, Question, Reader, Source, Then};
use crate::view::layout;
use crate::widget::input::Input;

/// The jobs that a command is about.
fn targets(model: &Model) -> Vec<i64> {
    match model.screen {
        Screen::Card => vec![model.card.id],
        Screen::Jobs | Screen::Create | Screen::Editor | Screen::Templates => model.jobs.targets(),
    }
}

/// Do a command with jobs; nothing when it is another command.
pub fn obey(model: &mut Model, command: Command) -> Option<Vec<Effect>> {
    let method = match command {
        Command::Cancel => "jobs.cancel",
        Command::Pause => "jobs.pause",
        Command::Restart => "jobs.restart",
        Command::Delete => "jobs.delete",
        Command::Label => "jobs.label",
        Command::Diff => "jobs.diff",
        Command::Repair => "system.repair",
        Command::Resubmit => "jobs.submit",
        _ => return None,
    };
    if !model.serves(method) {
        let message = format!("The server does not serve {method}.");
        model.notice = Some(Notice::failed(message, "It may be starting, or of another release."));
        return Some(Vec::new());
    }
    let ids = targets(model);
    let Some(&first) = ids.first() else {
        return Some(if command == Command::Repair { repair(model) } else { Vec::new() });
    };
    Some(match command {
        Command::Cancel => ask(model, "End", "They cannot go on afterwards.", &ids, Then::Cancel),
        Command::Delete => {
            ask(model, "Remove", "Results and files are gone for good.", &ids, Then::Delete)
        }
        Command::Pause => ids.iter().map(|id| pause(model, *id)).collect(),
        Command::Restart => vec![Effect::Call(Call::Restart(Box::new(JobsRestartParams {
            id: first.into(),
            key: Some(crate::api::fresh_key()),
            ..JobsRestartParams::default()
        })))],
        Command::Label => prompt(model, first),
        Command::Diff => compare(model, &ids),
        Command::Resubmit => resubmit(model),
        _ => repair(model),
    })
}

fn repair(model: &mut Model) -> Vec<Effect> {
    model.notice = Some(Notice::Done("Repairing the engine; this takes some seconds.".to_owned()));
    vec![Effect::Call(Call::Repair)]
}

fn ask(
    model: &mut Model,
    verb: &str,
    warning: &str,
    ids: &[i64],
    then: impl FnOnce(Vec<i64>) -> Then,
) -> Vec<Effect> {
    let names: Vec<String> = ids.iter().take(12).map(i64::to_string).collect();
    let more = if ids.len() > 12 { " …" } else { "" };
    let (count, noun) = (ids.len(), if ids.len() == 1 { "job" } else { "jobs" });
    let text = format!("{verb} {count} {noun}: {}{more}? {warning}", names.join(", "));
    model.overlay = Some(Overlay::Question(Question { text, then: then(ids.to_vec()) }));
    Vec::new()
}

fn pause(model: &Model, id: i64) -> Effect {
    let paused = model.jobs.find(id).is_some_and(|row| row.state == JobState::Paused);
    Effect::Call(Call::Control(if paused { Verb::Resume } else { Verb::Pause }, id))
}

fn prompt(model: &mut Model, id: i64) -> Vec<Effect> {
    let label = model.jobs.find(id).map(|row| row.label.to_string()).unwrap_or_default();
    let title = format!("Label of job {id}");
    model.overlay = Some(Overlay::Prompt(Prompt { title, input: Input::new(&label), id }));
    Vec::new()
}

/// Take what was written for a job.
pub fn label(model: &mut Model) -> Outcome {
    let Some(Overlay::Prompt(prompt)) = model.overlay.take() else { return Outcome::PAINT };
    let params = JobsLabelParams { id: prompt.id.into(), label: prompt.input.text() };
    Outcome::then([Effect::Call(Call::Label(params))])
}

fn compare(model: &mut Model, ids: &[i64]) -> Vec<Effect> {
    let before = model.card.detail.as_ref().and_then(|detail| detail.restart_of.clone());
    let pair = match (ids, before) {
        ([left, right], _) => Some(((*left).into(), (*right).into())),
        ([id], Some(before)) if *id == model.card.id => Some((before.into(), (*id).into())),
        _ => None,
    };
    let Some((left, right)) = pair else {
        let hint = "Mark two jobs with Space, then press the key again.";
        model.notice = Some(Notice::failed("Two jobs are needed to compare them.", hint));
        return Vec::new();
    };
    vec![Effect::Call(Call::Diff(JobsDiffParams { left, right }))]
}

/// Fill the form of a new calculation with what a job was asked for.
fn resubmit(model: &mut Model) -> Vec<Effect> {
    let request = model.card.detail.as_ref().and_then(|detail| detail.request.clone());
    if let (Screen::Card, Some(request)) = (model.screen, request) {
        model.form = crate::create::Form::of(&request);
        model.screen = Screen::Create;
    } else {
        let hint = "Open a job that was made from a template.";
        model.notice = Some(Notice::failed("It is not known what was asked for.", hint));
    }
    Vec::new()
}

/// Do what was asked about.
#[must_use]
pub fn confirmed(then: &Then) -> Vec<Effect> {
    match then {
        Then::Cancel(ids) => {
            ids.iter().map(|id| Effect::Call(Call::Control(Verb::Cancel, *id))).collect()
        }
        Then::Delete(ids) => ids.iter().map(|id| Effect::Call(Call::Delete(*id))).collect(),
        Then::Quit | Then::OpenFolder(_) | Then::TakeDrafts => Vec::new(),
    }
}

/// A job was told something.
pub fn on_controlled(
    model: &mut Model,
    verb: Verb,
    id: i64,
    answer: Result<Controlled, Fault>,
) -> Outcome {
    model.notice = Some(match (answer, verb) {
        (Err(fault), _) => fault.into(),
        (Ok(done), _) if !done.changed => Notice::Done(format!("Job {id} was so already.")),
        (Ok(_), Verb::Cancel) => Notice::Done(format!("Job {id} is being ended.")),
        (Ok(_), Verb::Pause) => Notice::Done(format!("Job {id} pauses.")),
        (Ok(_), Verb::Resume) => Notice::Done(format!("Job {id} goes on.")),
    });
    Outcome::then(super::refresh(model))
}

/// A job was removed.
pub fn on_deleted(model: &mut Model, id: i64, answer: Result<Deleted, Fault>) -> Outcome {
    match answer {
        Ok(_) => {
            let changed = JobsChanged { removed: vec![id], ..JobsChanged::default() };
            model.jobs.apply(changed);
            if model.screen == Screen::Card && model.card.id == id {
                model.screen = Screen::Jobs;
            }
            model.notice = Some(Notice::Done(format!("Job {id} is removed.")));
        }
        Err(fault) => model.notice = Some(fault.into()),
    }
    Outcome::PAINT
}

/// Two jobs were compared.
pub fn on_diff(model: &mut Model, found: &JobDifferences) -> Outcome {
    if found.differences.is_empty() {
        model.notice = Some(Notice::Done("Both jobs were given the same.".to_owned()));
        return Outcome::PAINT;
    }
    let side = |value: &Option<String>| value.clone().unwrap_or_else(|| "(not there)".to_owned());
    let lines = found.differences.iter().map(|other| {
        let (left, right) = (side(&other.left), side(&other.right));
        format!("step {} {} {}: {left} → {right}", other.step, other.file, other.name)
    });
    let reader = Reader::new("Differences", Source::Lines(lines.collect()));
    model.overlay = Some(Overlay::Reader(reader));
    Outcome::PAINT
}

/// The server tells of changes by itself from now on, or says why not.
pub fn on_watching(model: &mut Model, answer: Result<Watching, Fault>) -> Outcome {
    use crate::api::wire::Mode;
    model.watching = answer.is_ok_and(|found| found.mode != Mode::Off);
    Outcome::NOTHING
}

/// How the engine is.
pub fn on_status(model: &mut Model, answer: Result<Box<EngineStatus>, Fault>) -> Outcome {
    match answer {
        Ok(status) => {
            if status.parts.iter().any(|part| part.verdict == Verdict::Repaired) {
                model.notice = Some(Notice::Done("The engine is repaired.".to_owned()));
            }
            model.health = Some(status);
        }
        Err(fault) => model.notice = Some(fault.into()),
    }
    Outcome::PAINT
}

/// Open what is selected in a job: a file to read.
pub fn open_in_card(model: &mut Model) -> Vec<Effect> {
    let card = &mut model.card;
    if card.pane != Pane::Files || card.panes.file.is_some() || !model.jobs.loaded {
        return Vec::new();
    }
    let files = card.panes.files.known();
    let Some(file) = files.and_then(|files| files.files.get(card.panes.selected)) else {
        return Vec::new();
    };
    let params =
        JobsReadParams { id: card.id.into(), name: file.name.clone(), ..JobsReadParams::default() };
    card.panes.file = Some(crate::api::loaded::Loaded::Asked);
    card.top = 0;
    vec![Effect::Call(Call::ReadFile(card.id, params))]
}

/// Go to another side of a job.
pub fn next_pane(model: &mut Model, forward: bool) -> Vec<Effect> {
    let methods = match &model.link {
        crate::model::Link::Ready(server) => server.methods.clone(),
        _ => return Vec::new(),
    };
    model.card.panes.file = None;
    let call = model.card.next_pane(forward, |method| methods.contains(method));
    call.map(Effect::Call).into_iter().collect()
}

/// Look at the selected job when it has rested and there is room to show it.
pub fn glance(model: &mut Model) -> Option<Effect> {
    let seen = model.screen == Screen::Jobs
        && layout::list_and_pane(model.size.0).1 > 0
        && model.serves("jobs.get");
    seen.then(|| model.glance.follow(model.jobs.selected_id())).flatten()
}

/// Show what is below the selected job or step.
pub fn unfold(model: &mut Model) -> Vec<Effect> {
    if !model.serves("jobs.tree") {
        let message = "The server does not serve jobs.tree.";
        model.notice = Some(Notice::failed(message, "It may be starting, or of another release."));
        return Vec::new();
    }
    model.jobs.unfold().map(Effect::Call).into_iter().collect()
}

/// The steps of a job are known, or why not.
pub fn on_tree(model: &mut Model, id: i64, answer: Result<TreeNode, Fault>) -> Outcome {
    match &answer {
        Err(fault) => model.notice = Some(fault.clone().into()),
        Ok(root) if root.children.is_empty() => {
            model.notice = Some(Notice::Done(format!("Job {id} has no steps yet.")));
        }
        Ok(_) => {}
    }
    let (next, dirty) = model.jobs.take_tree(id, answer);
    Outcome { effects: next.map(Effect::Call).into_iter().collect(), dirty }
}

/// Jobs changed without having been asked about.
pub fn on_changed(model: &mut Model, changed: JobsChanged) -> Outcome {
    let open =
        model.screen == Screen::Card && changed.jobs.iter().any(|job| job.id == model.card.id);
    let all = changed.all;
    let ids: Vec<i64> = changed.jobs.iter().map(|job| job.id).collect();
    model.glance.changed(ids.iter().copied());
    let trees = model.jobs.trees.changed(ids);
    let dirty = model.jobs.apply(changed);
    let mut effects = super::replies::told(model);
    effects.extend(trees.into_iter().map(Effect::Call));
    if all {
        effects.extend(super::refresh(model));
    } else if open {
        effects.extend(model.card.refresh().into_iter().map(Effect::Call));
    }
    Outcome { effects, dirty }
}
